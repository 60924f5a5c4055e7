"""The pages of docs/states/: one for each workflow, with its diagram and its table, from the table of steps itself."""

from dataclasses import dataclass
from typing import Any

from casework.workflow import Workflow
from desks.said import NOTE, both
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
from households.monthly.workflow import MONTHLY
from households.plans.workflow import PLAN, PlanStatus
from households.reports.workflow import REPORT
from households.requests.workflow import DATA, DataStatus
from households.signed.workflow import ReportStatus
from households.tasklist.workflow import TASK, TaskStatus
from households.visits.workflow import VISIT, VisitStatus
from referrals.concerns.workflow import CONCERN, ConcernStatus
from referrals.council.workflow import MEETING, MeetingStatus
from referrals.transfers.workflow import TRANSFER, TransferStatus
from risk.campaigns.states import CAMPAIGN, CampaignStatus
from risk.changes.workflow import CHANGE, ChangeStatus


@dataclass(frozen=True)
class Flow:
    """One workflow: the name of its page, its title, its table of steps, the words of its states in order, those from
    which nothing goes on, and the first of them."""

    name: str
    title: str
    workflow: Workflow
    states: Any
    ends: str
    begins: str = "draft"


FLOWS = (
    Flow("rule_change", "a change of a rule (기준 변경)", CHANGE, ChangeStatus, "approved discarded"),
    Flow(
        "entitlement",
        "a version of an entitlement (지원 목록의 판)",
        ENTITLEMENT,
        VersionStatus,
        "approved discarded",
    ),
    Flow("campaign", "a survey (전수조사)", CAMPAIGN, CampaignStatus, "closed discarded"),
    Flow(
        "transfer",
        "a transfer between centres (이관)",
        TRANSFER,
        TransferStatus,
        "done withdrawn",
        "proposed",
    ),
    # Each of them can be looked at again.
    Flow("concern", "a concern (제보)", CONCERN, ConcernStatus, "", "waiting"),
    Flow(
        "meeting",
        "a council meeting (지역협의회 회의)",
        MEETING,
        MeetingStatus,
        "minuted cancelled",
        "planned",
    ),
    Flow("extension", "a request (보호기간 연장·단축 요청)", REQUEST, RequestStatus, "told withdrawn"),
    Flow("sitting", "a sitting (협의회 회의)", SITTING, SittingStatus, "closed cancelled", "planned"),
    Flow("objection", "an objection (이의신청)", OBJECTION, ObjectionStatus, "answered withdrawn", "received"),
    # One that was sent is corrected by a new version.
    Flow("settlement_report", "a settlement report (정착실태 보고서)", REPORT, ReportStatus, "sent"),
    Flow("monthly_report", "a monthly report (월간 실적 보고)", MONTHLY, ReportStatus, "sent"),
    Flow(
        "handover",
        "a handover from Hanawon (하나원 인계)",
        HANDOVER,
        HandoverStatus,
        "moved_in withdrawn",
        "announced",
    ),
    Flow(
        "conference",
        "a case conference (사례회의)",
        CONFERENCE,
        ConferenceStatus,
        "closed cancelled",
        "planned",
    ),
    # One that was agreed is changed by a new one.
    Flow("service_plan", "a service plan (서비스 제공계획)", PLAN, PlanStatus, "ended replaced dropped"),
    Flow("task", "a task (할 일)", TASK, TaskStatus, "done dropped", "open"),
    Flow("planned_visit", "a planned visit (방문 계획)", VISIT, VisitStatus, "back cancelled", "planned"),
    Flow("closing", "a closing (종결)", CLOSING, ClosingStatus, "sent_back withdrawn reopened", "proposed"),
    Flow(
        "death_review",
        "the review of a death (사망 경위 검토)",
        DEATH_REVIEW,
        ReviewStatus,
        "finished withdrawn",
    ),
    Flow("data_request", "a data request (개인정보 요구)", DATA, DataStatus, "told withdrawn", "received"),
    Flow("person_link", "a link of two records (연결된 기록)", LINK, LinkStatus, "declined undone", "proposed"),
)


def state_pages() -> dict[str, str]:
    """Return {path below docs/: text} of every workflow but the referral's, which says more."""
    return {f"states/{flow.name}.md": flow_page(flow) for flow in FLOWS}


def flow_page(flow: Flow) -> str:
    """Return the page of a workflow: a diagram and the table."""
    steps = flow.workflow.steps.values()
    lines = [NOTE, "", f"# States of {flow.title}", "", "```mermaid", "stateDiagram-v2", f"    [*] --> {flow.begins}"]
    lines += [
        f"    {source.value} --> {step.target}: {step.verb}"
        for step in steps
        for source in flow.states
        if source in step.sources
    ]
    lines += [f"    {end} --> [*]" for end in flow.ends.split()] + ["```", ""]
    lines += ["| Step | Button | From | To | By | Reason asked | Recorded as |", "|---|---|---|---|---|---|---|"]
    for step in steps:
        sources = ", ".join(state.value for state in flow.states if state in step.sources)
        cells = [step.verb, both(step.label), sources, flow.states(step.target).value, step.actor]
        lines.append("| " + " | ".join([*cells, "yes" if step.needs_reason else "–", step.recorded_as]) + " |")
    lines += ["", "| State | Words |", "|---|---|"]
    lines += [f"| {state.value} | {both(state.label)} |" for state in flow.states]
    return "\n".join(lines) + "\n"
