"""The pages of docs/ that are made from the code: the states of a referral, and one page for each rule.

Both languages stand on each page, so that a caseworker and a developer read the same words.
"""

import re

from django.utils.translation import override

from households.closings.workflow import CLOSING, ClosingStatus
from households.conferences.workflow import CONFERENCE, ConferenceStatus
from households.deaths.workflow import DEATH_REVIEW, ReviewStatus
from households.duplicates.workflow import LINK, LinkStatus
from households.entitlements.workflow import ENTITLEMENT, VersionStatus
from households.extensions.workflow import (
    OBJECTION,
    REQUEST,
    SITTING,
    ObjectionStatus,
    RequestStatus,
    SittingStatus,
)
from households.handover.workflow import HANDOVER, HandoverStatus
from households.monthly.workflow import MONTHLY, MonthlyStatus
from households.plans.workflow import PLAN, PlanStatus
from households.reports.workflow import REPORT, ReportStatus
from households.requests.workflow import DATA, DataStatus
from households.tasklist.workflow import TASK, TaskStatus
from households.visits.workflow import VISIT, VisitStatus
from referrals.clocks import NAMES
from referrals.concerns.workflow import CONCERN, ConcernStatus
from referrals.council.workflow import MEETING, MeetingStatus
from referrals.routing import written_lines
from referrals.states import NEEDS, RECEIVERS_TURN, SENDERS_TURN, Status, Urgency
from referrals.transfers.workflow import TRANSFER, TransferStatus
from referrals.workflow import REFERRAL
from risk.campaigns.states import CAMPAIGN, CampaignStatus
from risk.changes.workflow import CHANGE, ChangeStatus
from risk.rules import RULES

NOTE = "<!-- Made by `manage.py docs` from the code. Change the code, not this page. -->"
BASES = {"statute": "Law (법령)", "published": "Published practice (공표)", "own": "Our own criterion (자체 기준)"}
HOLE = re.compile(r"\{(\w+)(?::([^}]*))?\}")


def pages():
    """Return {path below docs/: text} of every generated page, with the list of the rules as their first page."""
    rules = {f"rules/{code}.md": rule_page(rule) for code, rule in RULES.items()}
    return {
        "states/referral.md": states_page(),
        "states/rule_change.md": change_page(),
        "states/entitlement.md": entitlement_page(),
        "states/campaign.md": campaign_page(),
        "states/transfer.md": transfer_page(),
        "states/concern.md": concern_page(),
        "states/meeting.md": meeting_page(),
        "states/extension.md": extension_page(),
        "states/handover.md": handover_page(),
        "states/sitting.md": sitting_page(),
        "states/conference.md": conference_page(),
        "states/objection.md": objection_page(),
        "states/settlement_report.md": report_page(),
        "states/service_plan.md": plan_page(),
        "states/monthly_report.md": monthly_page(),
        "states/closing.md": closing_page(),
        "states/death_review.md": death_page(),
        "states/data_request.md": data_page(),
        "states/person_link.md": person_link_page(),
        "states/task.md": workflow_page(
            "States of a task (할 일)", TASK, TaskStatus, (TaskStatus.DONE, TaskStatus.DROPPED), begins="open"
        ),
        "states/planned_visit.md": workflow_page(
            "States of a planned visit (방문 계획)",
            VISIT,
            VisitStatus,
            (VisitStatus.BACK, VisitStatus.CANCELLED),
            begins="planned",
        ),
        "rules/README.md": rules_index(),
        **rules,
    }


def both(text):
    """Return a translatable text as "English (한국어)"; once where both are the same."""
    english, korean = said(text, "en"), said(text, "ko")
    return english if english == korean else f"{english} ({korean})"


def said(text, language):
    """Return a translatable text in one language."""
    with override(language):
        return str(text)


def states_page():
    """Return the page of the referral's states: a diagram and the table, from the table of steps itself."""
    lines = [NOTE, "", "# States of a referral (의뢰 상태)", "", "```mermaid", "stateDiagram-v2", "    [*] --> draft"]
    lines += [
        f"    {source} --> {step.target}: {step.verb}"
        for step in REFERRAL.steps.values()
        for source in _in_order(step.sources)
    ]
    lines += [f"    {state} --> [*]" for state in ("closed", "cancelled")] + ["```", ""]
    lines += ["| Step | Button | From | To | By | Reason asked | Recorded as |", "|---|---|---|---|---|---|---|"]
    lines += [_step_row(step) for step in REFERRAL.steps.values()]
    lines += ["", "| State | Words | Whose turn |", "|---|---|---|"]
    lines += [f"| {state.value} | {both(state.label)} | {_turn(state)} |" for state in Status]
    return "\n".join([*lines, "", *_deadlines()]) + "\n"


def _in_order(states):
    return [state.value for state in Status if state in states]


def _turn(state):
    if state in SENDERS_TURN:
        return "sender"
    return "receiver" if state in RECEIVERS_TURN else "–"


def _step_row(step):
    cells = [step.verb, both(step.label), ", ".join(_in_order(step.sources)), Status(step.target).value, step.actor]
    return "| " + " | ".join([*cells, "yes" if step.needs_reason else "–", step.recorded_as]) + " |"


def _deadlines():
    labels = dict(NEEDS)
    lines = [
        "## Deadlines (자체 기준)",
        "",
        "Receipt and acceptance count from the first sending, first contact and outcome from acceptance, the",
    ]
    lines += [
        "confirmation from the outcome, `again` from the day it came back, `reply` from the question.",
        "`wd` is a working day, which holidays, closures and stated pauses stop; `h` an hour by the clock,",
        "which nothing stops.",
        "",
    ]
    lines += [
        "| Need | How soon | Since | First | Beside | " + " | ".join(NAMES) + " |",
        "|---" * (5 + len(NAMES)) + "|",
    ]
    urgencies = dict(Urgency.choices)
    for line in written_lines():
        limits = ["".join(map(str, line.limits[name])) for name in NAMES]
        what = [both(labels[line.need]), both(urgencies[line.urgency]), str(line.during.lower)]
        cells = [*what, " ".join(line.first), " ".join(line.also), *limits]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def change_page():
    """Return the page of the states of a change of a rule."""
    ends = (ChangeStatus.APPROVED, ChangeStatus.DISCARDED)
    return workflow_page("States of a change of a rule (기준 변경)", CHANGE, ChangeStatus, ends)


def entitlement_page():
    """Return the page of the states of a version of an entitlement."""
    ends = (VersionStatus.APPROVED, VersionStatus.DISCARDED)
    return workflow_page("States of a version of an entitlement (지원 목록의 판)", ENTITLEMENT, VersionStatus, ends)


def campaign_page():
    """Return the page of the states of a survey."""
    ends = (CampaignStatus.CLOSED, CampaignStatus.DISCARDED)
    return workflow_page("States of a survey (전수조사)", CAMPAIGN, CampaignStatus, ends)


def transfer_page():
    """Return the page of the states of a transfer between centres."""
    ends = (TransferStatus.DONE, TransferStatus.WITHDRAWN)
    return workflow_page(
        "States of a transfer between centres (이관)", TRANSFER, TransferStatus, ends, begins="proposed"
    )


def concern_page():
    """Return the page of the states of a concern; each of them can be looked at again."""
    return workflow_page("States of a concern (제보)", CONCERN, ConcernStatus, (), begins="waiting")


def meeting_page():
    """Return the page of the states of a council meeting."""
    ends = (MeetingStatus.MINUTED, MeetingStatus.CANCELLED)
    return workflow_page(
        "States of a council meeting (지역협의회 회의)", MEETING, MeetingStatus, ends, begins="planned"
    )


def extension_page():
    """Return the page of the states of a request to extend or shorten protection."""
    ends = (RequestStatus.TOLD, RequestStatus.WITHDRAWN)
    return workflow_page("States of a request (보호기간 연장·단축 요청)", REQUEST, RequestStatus, ends)


def handover_page():
    """Return the page of the states of a handover from Hanawon."""
    ends = (HandoverStatus.MOVED_IN, HandoverStatus.WITHDRAWN)
    title = "States of a handover from Hanawon (하나원 인계)"
    return workflow_page(title, HANDOVER, HandoverStatus, ends, begins="announced")


def sitting_page():
    """Return the page of the states of a sitting of the Consultative Council."""
    ends = (SittingStatus.CLOSED, SittingStatus.CANCELLED)
    return workflow_page("States of a sitting (협의회 회의)", SITTING, SittingStatus, ends, begins="planned")


def conference_page():
    """Return the page of the states of a case conference."""
    ends = (ConferenceStatus.CLOSED, ConferenceStatus.CANCELLED)
    title = "States of a case conference (사례회의)"
    return workflow_page(title, CONFERENCE, ConferenceStatus, ends, begins="planned")


def objection_page():
    """Return the page of the states of an objection."""
    ends = (ObjectionStatus.ANSWERED, ObjectionStatus.WITHDRAWN)
    return workflow_page("States of an objection (이의신청)", OBJECTION, ObjectionStatus, ends, begins="received")


def data_page():
    """Return the page of the states of a request about the own data."""
    ends = (DataStatus.TOLD, DataStatus.WITHDRAWN)
    return workflow_page("States of a data request (개인정보 요구)", DATA, DataStatus, ends, begins="received")


def report_page():
    """Return the page of the states of a settlement report; one that was sent is corrected by a new version."""
    ends = (ReportStatus.SENT,)
    return workflow_page("States of a settlement report (정착실태 보고서)", REPORT, ReportStatus, ends)


def plan_page():
    """Return the page of the states of a service plan; one that was agreed is changed by a new one."""
    ends = (PlanStatus.ENDED, PlanStatus.REPLACED, PlanStatus.DROPPED)
    return workflow_page("States of a service plan (서비스 제공계획)", PLAN, PlanStatus, ends)


def monthly_page():
    """Return the page of the states of a monthly report; one that was sent is corrected by a new version."""
    ends = (MonthlyStatus.SENT,)
    return workflow_page("States of a monthly report (월간 실적 보고)", MONTHLY, MonthlyStatus, ends)


def closing_page():
    """Return the page of the states of the closing of a case."""
    ends = (ClosingStatus.SENT_BACK, ClosingStatus.WITHDRAWN, ClosingStatus.REOPENED)
    return workflow_page("States of a closing (종결)", CLOSING, ClosingStatus, ends, begins="proposed")


def death_page():
    """Return the page of the states of the review of a death."""
    ends = (ReviewStatus.FINISHED, ReviewStatus.WITHDRAWN)
    return workflow_page("States of the review of a death (사망 경위 검토)", DEATH_REVIEW, ReviewStatus, ends)


def person_link_page():
    """Return the page on the states of a link of two records of one person."""
    ends = {LinkStatus.DECLINED, LinkStatus.UNDONE}
    return workflow_page("States of a link of two records (연결된 기록)", LINK, LinkStatus, ends, begins="proposed")


def workflow_page(title, workflow, states, ends, begins="draft"):
    """Return the page of a workflow: a diagram and the table, from the table of steps itself. `states`: its words in
    order, `begins`: the first of them, `ends`: those from which nothing goes on."""
    steps = workflow.steps.values()
    lines = [NOTE, "", f"# {title}", "", "```mermaid", "stateDiagram-v2", f"    [*] --> {begins}"]
    lines += [
        f"    {source.value} --> {step.target}: {step.verb}"
        for step in steps
        for source in states
        if source in step.sources
    ]
    lines += [f"    {state.value} --> [*]" for state in ends] + ["```", ""]
    lines += ["| Step | Button | From | To | By | Reason asked | Recorded as |", "|---|---|---|---|---|---|---|"]
    for step in steps:
        sources = ", ".join(state.value for state in states if state in step.sources)
        cells = [step.verb, both(step.label), sources, states(step.target).value, step.actor]
        lines.append("| " + " | ".join([*cells, "yes" if step.needs_reason else "–", step.recorded_as]) + " |")
    lines += ["", "| State | Words |", "|---|---|"]
    lines += [f"| {state.value} | {both(state.label)} |" for state in states]
    return "\n".join(lines) + "\n"


def rules_index():
    """Return the list of the rules in force."""
    lines = [NOTE, "", "# Rules (위험도 기준)", "", "| Code | Name | Group | Weight | Floor |", "|---|---|---|---|---|"]
    for code, rule in RULES.items():
        cells = [f"[{code}]({code}.md)", both(rule.name), rule.group, str(rule.weight), _floor(rule)]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def rule_page(rule):
    """Return the page of one rule: names, condition, sentences, numbers, basis."""
    lines = [NOTE, "", f"# {rule.code}: {both(rule.name)}", ""]
    if str(rule.condition):
        lines += _sentences("Condition", rule.condition, rule)
    lines += ["| Group | Weight | Floor | Decides by itself |", "|---|---|---|---|"]
    lines += [f"| {rule.group} | {rule.weight} | {_floor(rule)} | {'yes' if rule.trump else 'no'} |", ""]
    lines += ["## Sentences", ""]
    sentences = [("", rule.explanation, rule.listed)]
    sentences += [(name, words.full, words.list) for name, words in rule.variants.items()]
    for name, full, short in sentences:
        title = f" ({name})" if name else ""
        lines += _sentences(f"On the household's page{title}", full, rule) + _sentences(f"In lists{title}", short, rule)
    lines += ["## Numbers", "", *_numbers(rule), "", "## Basis", ""]
    return "\n".join([*lines, *(_basis(basis) for basis in rule.basis)]) + "\n"


def _floor(rule):
    return (
        "–" if rule.floor is None else said(rule.floor.label if hasattr(rule.floor, "label") else rule.floor.name, "en")
    )


def _sentences(title, text, rule):
    return [f"{title}:", "", *(f"- {language}: {_filled(said(text, language), rule)}" for language in ("en", "ko")), ""]


def _filled(text, rule):
    """Put in the numbers of the first version; what comes from the evidence stands as its name."""
    numbers = rule.defaults()

    def fill(hole):
        name, particle = hole.group(1), hole.group(2) or ""
        if name in numbers:
            return format(numbers[name], "" if "/" in particle else particle)
        return f"‹{name}›" + (particle if "/" in particle else "")

    return HOLE.sub(fill, text)


def _numbers(rule):
    lines = ["| Parameter | Value | From | To | Unit |", "|---|---|---|---|---|"]
    rows = [f"| {name} | {p.value} | {p.minimum} | {p.maximum} | {p.unit} |" for name, p in rule.parameters().items()]
    return [*lines, *rows] if rows else ["None."]


def _basis(basis):
    fixes = " – ".join(
        both_part for both_part in (_fixed(basis), both(basis.source) if basis.source else "") if both_part
    )
    return f"- {BASES[basis.kind]}" + (f": {fixes}" if fixes else "")


def _fixed(basis):
    if not basis.fixes:
        return ""
    english, korean = (said(basis.fixes, language).replace("{n}", str(basis.at_least)) for language in ("en", "ko"))
    return english if english == korean else f"{english} ({korean})"
