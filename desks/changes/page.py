"""What the page of a change shows: what is proposed, what it would do, which households to read, who may do what."""

from datetime import date, datetime
from string import Formatter
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from casework.agencies.models import Agency, User
from casework.agencies.roles import May, can
from casework.clock import seoul_day
from desks.changes.charts import BANDS, bars_of, flow_of, matrix_of
from desks.figures.suppression import ABOUT, EXACT, FEW, LEAST, Cell, Column, suppressed
from risk.bands import Band
from risk.changes.actions import unread
from risk.changes.forms import ApprovalForm, DiscardForm, NumbersForm, PatternForm
from risk.changes.proposals import differences, law_left
from risk.changes.workflow import CHANGE, ChangeStatus
from risk.criteria import CODE
from risk.models import ChangeReading, RuleChange, RuleVersion, Simulation
from risk.rules import RULES
from risk.sentences import sentence

MOST_CENTRES = 8


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


def effect_shown(simulation: Simulation, user: User) -> dict[str, Any]:
    """Return what the page draws of a simulation, suppressed by centre; workers by name only of one's own centre."""
    result = simulation.result
    names = {agency.pk: str(agency) for agency in Agency.objects.filter(pk__in=_ids(result["centres"]))}
    rows = [
        {**row, "key": row["centre"], "name": names.get(row["centre"], _("No centre answers"))}
        for row in result["centres"]
    ]
    rows.sort(key=lambda row: (-row["new"] - row["cleared"], row["name"]))
    new, cleared = (suppressed({row["key"]: {None: row[name]} for row in rows}) for name in ("new", "cleared"))
    return {
        "result": result,
        "new": total_words(new, result["new_up"]),
        "cleared": total_words(cleared, result["cleared_down"]),
        "emergency": sum(count for before, __, count in result["moves"] if before == Band.EMERGENCY),
        "emergency_after": sum(count for __, after, count in result["moves"] if after == Band.EMERGENCY),
        "flow": flow_of(result["moves"]),
        "matrix": matrix_of(result["moves"]),
        "bands": BANDS,
        "moved": result["up"] + result["down"],
        "stay": result["households"] - result["up"] - result["down"],
        "bars": bars_of(rows, new, cleared),
        "work": work_of(rows),
        "ours": _workers(result["workers"], user) if can(user, May.SEE_CENTRE) else [],
    }


def total_words(column: Column, part: int) -> dict[str, str]:
    """Return the total of a column as it may be shown, and how many of them move; the part tells no more than it."""
    cell = column.total
    if cell.state not in (EXACT, ABOUT):
        return {"all": _("fewer than 5 households") if cell.state == FEW else _("hidden"), "part": ""}
    return {"all": _words(cell), "part": _words(Cell(part, FEW if part < LEAST else cell.state))}


def _words(cell: Cell) -> str:
    if cell.state == FEW:
        return _("fewer than 5 households")
    words = _("%(n)s households") if cell.state == EXACT else _("about %(n)s households")
    return words % {"n": f"{cell.shown:,}"}


def work_of(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the contacts owed a week by one worker: for all, and by centre, the largest increase first."""
    workers = sum(row["workers"] for row in rows) or 1
    lines = [_work(row) for row in rows if row["workers"]]
    lines.sort(key=lambda line: (-line["more"], line["name"]))
    before, after = (sum(row[name] for row in rows) / workers for name in ("before", "after"))
    return {
        "before": before,
        "after": after,
        "first": lines[:MOST_CENTRES],
        "rest": lines[MOST_CENTRES:],
        "most": lines[0] if lines and lines[0]["more"] >= 0.05 else None,
    }


def _work(row: dict[str, Any]) -> dict[str, Any]:
    before, after = row["before"] / row["workers"], row["after"] / row["workers"]
    return {
        "name": row["name"],
        "workers": row["workers"],
        "before": before,
        "after": after,
        **difference(before, after),
    }


def difference(before: float, after: float) -> dict[str, Any]:
    """Return the difference of two figures shown with one decimal, as a number and as a word with its sign."""
    more = round(after, 1) - round(before, 1)
    return {"more": more, "words": f"+{more:.1f}" if more >= 0.05 else f"−{-more:.1f}" if more <= -0.05 else "0"}


def _workers(workers: list[dict[str, Any]], user: User) -> list[dict[str, Any]]:
    ours = [row for row in workers if row["centre"] == user.agency_id]
    names = User.objects.in_bulk([row["worker"] for row in ours])
    lines = [
        {
            "name": names.get(row["worker"], ""),
            "households": row["households"],
            "before": row["before"],
            "after": row["after"],
        }
        for row in ours
    ]
    return [
        {**line, **difference(line["before"], line["after"])}
        for line in sorted(lines, key=lambda line: str(line["name"]))
    ]


def _ids(rows: list[dict[str, Any]]) -> list[int]:
    return [row["centre"] for row in rows if row["centre"]]


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
    """Return which steps the user can take, their forms, and how many households are left to read."""
    left = len(unread(change, simulation)) if simulation else 0
    return {
        "steps": steps_of(change),
        "open": {step.verb for step in CHANGE.open_to(change, user)},
        "left": left,
        "read": (len(simulation.sample) - left) if simulation else 0,
        "approval": ApprovalForm(today=seoul_day(now)),
        "discarding": DiscardForm(),
    }


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
