"""The pages of docs/ that are made from the code: the states of a referral, and one page for each rule.

Both languages stand on each page, so that a caseworker and a developer read the same words.
"""

import re

from desks.said import NOTE, both, said
from desks.statepages import state_pages
from referrals.clocks import NAMES
from referrals.routing import written_lines
from referrals.states import NEEDS, RECEIVERS_TURN, SENDERS_TURN, Status, Urgency
from referrals.workflow import REFERRAL
from risk.rules import RULES

BASES = {"statute": "Law (법령)", "published": "Published practice (공표)", "own": "Our own criterion (자체 기준)"}
HOLE = re.compile(r"\{(\w+)(?::([^}]*))?\}")


def pages():
    """Return {path below docs/: text} of every generated page, with the list of the rules as their first page."""
    rules = {f"rules/{code}.md": rule_page(rule) for code, rule in RULES.items()}
    return {
        "states/referral.md": states_page(),
        **state_pages(),
        "rules/README.md": rules_index(),
        **rules,
    }


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
