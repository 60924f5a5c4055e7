"""One piece of SQL for each word of the vocabulary, over the relation `p` of `entitlement_facts.sql`.

A piece has three expressions: `state` (true, false, or null where the facts do not tell), and, of what time decides,
the first and the last day on which it holds by the same facts. `%(on)s` is the day asked about. What a criterion tells
is written in as numbers, days and codes that `vocabulary.validated` let through.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from casework.clock import PROTECTION_YEARS
from households.entitlements.vocabulary import validated

ON = "%(on)s::date"
NONE = "NULL::date"
EVER = "'infinity'::date"


@dataclass(frozen=True)
class Piece:
    """Three SQL expressions: the state, the first and the last day."""

    state: str
    starts: str = NONE
    until: str = NONE


def pieces(criteria: list[dict[str, Any]]) -> list[Piece]:
    """Return the piece of each criterion, in order; what does not pass `validated` is refused with ValidationError."""
    return [PIECES[criterion["word"]](criterion) for criterion in validated(criteria)]


def together(criteria: list[dict[str, Any]], found: list[Piece]) -> Piece:
    """Return the answer of all criteria: one of each group must hold, and everything that is in no group.

    SQL's own logic of three values says "cannot be told" exactly where the unknown could still decide.
    """
    groups: dict[str, list[Piece]] = {}
    for place, (criterion, piece) in enumerate(zip(criteria, found, strict=True)):
        if not criterion.get("check"):
            groups.setdefault(criterion.get("group") or str(place), []).append(piece)
    states = [" OR ".join(f"({piece.state})" for piece in group) for group in groups.values()]
    ends = [_group_until(group) for group in groups.values()]
    return Piece(" AND ".join(f"({state})" for state in states), NONE, f"LEAST({', '.join(ends)})")


def _group_until(group: list[Piece]) -> str:
    """The last day on which one of the alternatives that hold today still holds."""
    if len(group) == 1:
        return f"COALESCE({group[0].until}, {EVER})"
    holds = [f"CASE WHEN {piece.state} THEN COALESCE({piece.until}, {EVER}) END" for piece in group]
    return f"COALESCE(GREATEST({', '.join(holds)}), {EVER})"


def anniversary(day: str, years: int) -> str:
    """Return the SQL of the day on which so many years have passed: 1 March where there is no 29 February, as
    `casework.clock` counts."""
    later = f"({day} + interval '{int(years)} years')::date"
    return f"({later} + (date_part('day', {later}) <> date_part('day', {day}))::int)"


def _months_later(day: str, months: int) -> str:
    return f"({day} + interval '{int(months)} months')::date"


def _window(starts: str, until: str) -> Piece:
    return Piece(f"{ON} BETWEEN {starts} AND {until}", starts, until)


def _codes(column: str) -> Callable[[dict[str, Any]], Piece]:
    return lambda told: Piece(f"{column} IN ({_listed(told)})")


def _listed(told: dict[str, Any]) -> str:
    codes = [str(code) for code in told["codes"]]
    if not codes or any("'" in code or "%" in code or "\\" in code for code in codes):
        raise ValueError("a code of the closed lists has none of these signs")
    return ", ".join(f"'{code}'" for code in codes)


def _decision(told: dict[str, Any]) -> Piece:
    """A changed decision protects still; what a suspended one leaves cannot be told."""
    changed = f"WHEN p.decision = 'changed' THEN 'protected' IN ({_listed(told)})"
    return Piece(
        f"CASE WHEN p.decision IN ({_listed(told)}) THEN TRUE WHEN p.decision = 'suspended' THEN NULL {changed} "
        "WHEN p.decision IS NOT NULL THEN FALSE END"
    )


def _since_move_in(column: str) -> Callable[[dict[str, Any]], Piece]:
    return lambda told: _window(column, f"({anniversary(column, told['years'])} - 1)")


def _facility_left(told: dict[str, Any]) -> Piece:
    return _window("(p.facility_until + 1)", _months_later("p.facility_until", told["months"]))


def _aged(told: dict[str, Any], on: str) -> tuple[str, str, str]:
    """Return (state, starts, until). Where only the month or the year of birth is known both its ends must agree."""
    surely, maybe = [], []
    starts, until = NONE, NONE
    if "least" in told:
        starts = anniversary("p.born_last", told["least"])
        surely.append(f"{on} >= {starts}")
        maybe.append(f"{on} >= {anniversary('p.born_first', told['least'])}")
    if "most" in told:
        until = f"({anniversary('p.born_first', told['most'] + 1)} - 1)"
        surely.append(f"{on} <= {until}")
        maybe.append(f"{on} < {anniversary('p.born_last', told['most'] + 1)}")
    state = f"CASE WHEN {' AND '.join(surely)} THEN TRUE WHEN NOT ({' AND '.join(maybe)}) THEN FALSE END"
    return state, starts, until


def _age(told: dict[str, Any]) -> Piece:
    return Piece(*_aged(told, ON))


def _age_at_decision(told: dict[str, Any]) -> Piece:
    return Piece(_aged(told, "p.decided_on")[0])


def _entered(told: dict[str, Any]) -> Piece:
    days = {
        name: f"'{date.fromisoformat(told[name]).isoformat()}'::date" for name in ("since", "until") if name in told
    }
    conditions = [
        f"p.entered_on {sign} {days[name]}" for name, sign in (("since", ">="), ("until", "<=")) if name in days
    ]
    return Piece(" AND ".join(conditions))


def _income(told: dict[str, Any], *, else_false: bool) -> Piece:
    share = f"p.income_krw * 100 <= p.median_krw * {int(told['percent'])}"
    more = "WHEN p.income IN ('near_line', 'above_line') THEN FALSE" if else_false else ""
    return Piece(f"CASE WHEN p.income_krw IS NOT NULL THEN {share} WHEN p.income = 'below_line' THEN TRUE {more} END")


def _receives(told: dict[str, Any]) -> str:
    known = [f"p.benefits ->> '{code}'" for code in told["codes"]]
    return " OR ".join(f"({benefit} = 'receiving')" for benefit in known)


def _child_at_home(told: dict[str, Any]) -> Piece:
    """Young enough by the earliest day of birth is yes; no needs every child's latest one, and unknown is neither."""
    until = f"({anniversary('p.child_born', told['under'])} - 1)"
    grown = anniversary("p.child_born_last", told["under"])
    state = f"CASE WHEN p.children = 0 THEN FALSE WHEN {ON} <= {until} THEN TRUE WHEN {ON} >= {grown} THEN FALSE END"
    return Piece(state, NONE, until)


def _employed(told: dict[str, Any]) -> Piece:
    works = f"p.employment IN ({_listed(told)})"
    if not told["months"]:
        return Piece(works)
    starts = _months_later("p.employed_since", told["months"])
    return Piece(f"{works} AND {ON} >= {starts}", starts)


def _lives_there(told: dict[str, Any]) -> Piece:
    starts = anniversary("p.sido_since", told["years"])
    return Piece(f"{ON} >= {starts}", starts)


def _size(told: dict[str, Any]) -> Piece:
    return Piece(f"p.size BETWEEN {int(told.get('least', 0))} AND {int(told.get('most', 99))}")


# Without a period on record: over once the years from the first move-in are, unless an extension was not told.
PROTECTED = """CASE WHEN p.decision = 'suspended' AND {on} <= p.protected_until THEN NULL
    WHEN {on} <= p.protected_until THEN TRUE WHEN p.last_protected_on IS NOT NULL THEN FALSE
    WHEN p.decision IN ('non_protected', 'none') THEN FALSE WHEN {on} >= {over} THEN FALSE END"""
_OVER = anniversary("p.moved_in_on", PROTECTION_YEARS)
SINGLE = """CASE WHEN p.children = 0 OR p.role <> 'head' OR p.has_spouse OR p.marital = 'married' THEN FALSE
    WHEN p.marital IS NOT NULL THEN TRUE END"""
PIECES: dict[str, Callable[[dict[str, Any]], Piece]] = {
    "defector": lambda told: Piece("p.defector"),
    "with_defector": lambda told: Piece("p.with_defector"),
    "child_of_defector": lambda told: Piece("p.role = 'child' AND NOT p.defector AND p.parent_defector"),
    "decision": _decision,
    "since_move_in": _since_move_in("p.moved_in_on"),
    "home_since_move_in": _since_move_in("p.home_moved_in_on"),
    "residence_protected": lambda told: Piece(PROTECTED.format(on=ON, over=_OVER), NONE, "p.protected_until"),
    "protection_over": lambda told: Piece(
        f"{ON} > COALESCE(p.last_protected_on, {_OVER} - 1)", f"COALESCE(p.last_protected_on + 1, {_OVER})"
    ),
    "facility_left": _facility_left,
    "age": _age,
    "age_at_decision": _age_at_decision,
    "entered": _entered,
    "income_below_line": lambda told: _income(told, else_false=True),
    "income_up_to": lambda told: _income(told, else_false=False),
    "receiving": lambda told: Piece(_receives(told)),
    "not_receiving": lambda told: Piece(f"NOT ({_receives(told)})"),
    "disability": _codes("p.disability"),
    "illness": _codes("p.illness"),
    "child_at_home": _child_at_home,
    "single_parent": lambda told: Piece(SINGLE),
    "third_country_child": lambda told: Piece("CASE WHEN NOT p.other_child THEN FALSE END"),
    "employed": _employed,
    "employment": _codes("p.employment"),
    "lives_in": _codes("p.sido"),
    "lives_there": _lives_there,
    "household_size": _size,
    "not_kept": lambda told: Piece("NULL::boolean"),
}
