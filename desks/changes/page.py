"""What the page of a change shows: what is proposed, what it would do, which households to read, who may do what."""

from datetime import date, datetime
from string import Formatter
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from casework.agencies.models import Agency, User
from casework.clock import seoul_day
from risk.changes.forms import ApprovalForm, DiscardForm, NumbersForm, PatternForm
from risk.changes.proposals import differences, law_left
from risk.changes.readiness import is_stale, readers_of, unread, unread_by_second
from risk.changes.workflow import CHANGE, OPEN, ChangeStatus
from risk.criteria import CODE
from risk.models import ChangeReading, RuleChange, RuleVersion, Simulation
from risk.rules import RULES
from risk.sentences import sentence


def rule_name(code: str, version: Any = None) -> str:
    """Return what a rule, the bands or a pattern is called; `version`: whatever carries the pattern's names."""
    if code == CODE:
        return _("Bands and contact limits")
    if code in RULES:
        return str(RULES[code].name)
    name = (version.name_en if get_language() == "en" else version.name_ko) if version else ""
    return name or _("New signal pattern")


def form_for(code: str, version: Any, data: Any = None, **initial: Any) -> NumbersForm | PatternForm:
    """Return the form of a rule's numbers or of a pattern; `version`: the version or the proposal that fills it."""
    if code == "pattern" or (version is not None and version.pattern):
        return PatternForm(data, version=version, initial=initial)
    return NumbersForm(data, version=version, initial=initial)


def parts_of(code: str, form: Any) -> list[dict[str, Any]]:
    """Return the sentence of the rule in pieces, text or field, so that each number is changed where it is read."""
    if code not in RULES or not hasattr(form, "numbers"):
        return []
    parts: list[dict[str, Any]] = []
    told = set()
    for text, name, __, __ in Formatter().parse(str(RULES[code].condition)):
        parts.append({"text": text, "field": None})
        if name in form.numbers:
            told.add(name)
            parts.append({"text": "", "field": form[name]})
    if "weight" not in told:
        before, __, after = _("Points: {n}.").partition("{n}")
        parts += [
            {"text": f" {before}", "field": None},
            {"text": "", "field": form["weight"]},
            {"text": after, "field": None},
        ]
    return parts


def fields_beside(code: str, form: Any, parts: list[dict[str, Any]]) -> list[Any]:
    """Return the number fields that the sentence does not hold."""
    held = {part["field"].name for part in parts if part["field"] is not None}
    return [form[name] for name in getattr(form, "numbers", ()) if name not in held]


def steps_of(change: RuleChange | None) -> list[dict[str, Any]]:
    """Return the four stations at the top of the page: draft, tried out, approval, in force."""
    status = ChangeStatus(change.status) if change else None
    order = [ChangeStatus.DRAFT, ChangeStatus.SIMULATED, ChangeStatus.REQUESTED, ChangeStatus.APPROVED]
    at = order.index(status) if status in order else -1
    labels = (pgettext("change of a rule", "Draft"), _("Trial"), _("Approval"), _("In force"))
    notes: list[Any] = ["", "", _("by another person"), ""]
    if change:
        notes[0] = change.proposed_by
        notes[2] = change.decided_by if status == ChangeStatus.APPROVED else notes[2]
        notes[3] = change.starts_on or ""
    done = len(order) if status == ChangeStatus.APPROVED else at
    return [
        {"label": label, "note": note, "state": "done" if n < done else "now" if n == done else "", "day": n == 3}
        for n, (label, note) in enumerate(zip(labels, notes, strict=True))
    ]


def sample_shown(change: RuleChange, simulation: Simulation) -> list[dict[str, Any]]:
    """Return the households to read: no name, the bands before and after, why, and what readers said."""
    said: dict[int, ChangeReading] = {}
    for reading in change.readings.filter(numbers=change.numbers).select_related("recorded_by").order_by("id"):
        said[reading.household_id] = reading
    centres = Agency.objects.in_bulk([line["centre"] for line in simulation.sample if line["centre"]])
    return [
        {
            **line,
            "place": centres.get(line["centre"], _("No centre answers")),
            "why": why_of(line, simulation.on),
            "reading": said.get(line["household"]),
        }
        for line in simulation.sample
    ]


def why_of(line: dict[str, Any], on: date) -> list[str]:
    """Return the sentences of what comes, goes or weighs otherwise.

    List-safe ones where an address is protected, and of what a screening gave: that is for the household's workers.
    """
    came, went = ({hit["rule"]: hit for hit in line[name]} for name in ("came", "went"))
    found = []
    for code in {**came, **went}:
        hit = came.get(code) or went[code]
        kind = "list" if line["protected"] or screened(hit) else "full"
        said = sentence(code, hit["evidence"], date.fromisoformat(hit["since"]), on, kind=kind)
        if code in came and code in went:
            points = {"before": went[code]["points"], "after": came[code]["points"]}
            weighed = _("%(before)s points before, %(after)s after") % points
            found.append(f"{said} ({weighed})")
        else:
            found.append(said if code in came else _("No longer counts: %(reason)s") % {"reason": said})
    if line["before"] == line["after"] and line["came"] and line["score"][0] == line["score"][1]:
        found.append(_("The band stays: the points of the group have reached their cap."))
    if line["limit"][0] != line["limit"][1]:
        found.append(
            _("A contact is owed every %(after)s days instead of %(before)s.")
            % dict(zip(("before", "after"), line["limit"], strict=True))
        )
    return found


def screened(hit: dict[str, Any]) -> bool:
    """Tell whether a hit rests on a screening."""
    return any(fact["kind"] == "screening" for fact in hit["evidence"].get("facts", []))


def decisions_of(change: RuleChange, simulation: Simulation | None, user: User, now: datetime) -> dict[str, Any]:
    """Return which steps the user can take, their forms, who has read how much, and what the trial does not rest on."""
    left = len(unread(change, simulation)) if simulation else 0
    open_still = change.status in OPEN
    return {
        "steps": steps_of(change),
        "open": {step.verb for step in CHANGE.open_to(change, user)},
        "left": left,
        "read": (len(simulation.sample) - left) if simulation else 0,
        "readers": _readers(change, simulation) if simulation else None,
        "stale": bool(simulation and open_still and is_stale(simulation, on=seoul_day(now))),
        "to_come": _to_come(change, simulation) if simulation and open_still else [],
        "approval": ApprovalForm(today=seoul_day(now)),
        "discarding": DiscardForm(),
    }


def _readers(change: RuleChange, simulation: Simulation) -> dict[str, Any]:
    """Return how many households the proposer and others have read, and of which kind others still have to read one."""
    readers = readers_of(change)
    by = [readers.get(line["household"], set()) for line in simulation.sample]
    return {
        "proposer": sum(change.proposed_by_id in who for who in by),
        "others": sum(bool(who - {change.proposed_by_id}) for who in by),
        "missing": [direction.label for direction in unread_by_second(change, simulation)],
    }


def _to_come(change: RuleChange, simulation: Simulation) -> list[dict[str, Any]]:
    """Return what was decided before the trial and begins after it, so that the trial does not count it."""
    decided = RuleVersion.objects.filter(pk__in=simulation.rests_on.get("decided", [])).exclude(code=change.code)
    return [
        {"name": rule_name(version.code, version), "day": version.in_force.lower}
        for version in decided.order_by("in_force", "code")
    ]


def proposed_shown(change: RuleChange) -> dict[str, Any]:
    """Return what is proposed, in words: what differs, and whether a number leaves what a law fixes."""
    before = change.base.parameters if change.base else {}
    return {
        "name": rule_name(change.code, change),
        "differences": differences(change),
        "law": law_left(change.code, before, change.parameters),
        "version": change.base.version + 1 if change.base else 1,
    }


def version_of(change: RuleChange) -> RuleVersion:
    """Return the proposal as the form reads it."""
    return RuleVersion(
        pk=change.base_id,
        code=change.code,
        parameters=change.parameters,
        off=change.off,
        pattern=change.pattern,
        name_ko=change.name_ko,
        name_en=change.name_en,
    )
