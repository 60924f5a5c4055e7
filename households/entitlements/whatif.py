"""What would change if: the same question put to facts that somebody thinks of. Nothing is stored.

The facts of the household are read as they stand on the day thought of, so that a child is as old then as it will be;
then what is assumed is written over them, and both are answered by the same statement.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from households.entitlements import compiled
from households.entitlements.answers import Answer, came_of, judged
from households.entitlements.catalogue import catalogue_of
from households.entitlements.told import ASK


@dataclass(frozen=True)
class Assumed:
    """What somebody thinks of. `on`: the day it is asked for; `person`: whose work it is, an id.

    `wage`: won a month, the household's whole income then; `since`: the first day of the work; `income`: a band of
    Circumstance instead of a wage; `sido`: where the household lives then, from `moved_on` on.
    """

    on: date
    person: int | None = None
    wage: int | None = None
    since: date | None = None
    employment: str = ""
    income: str = ""
    sido: str = ""
    moved_on: date | None = None


@dataclass(frozen=True)
class Change:
    """One entitlement before and after; `before` or `after` is None where it concerns the person on one day only."""

    before: Answer | None
    after: Answer | None

    @property
    def shown(self) -> Answer:
        """The one that the line names."""
        return self.after or self.before  # type: ignore[return-value]  # one of them is there

    @property
    def differs(self) -> bool:
        """Whether the answer, or the day on which it ends, is another."""
        if self.before is None or self.after is None:
            return True
        return _read(self.before) != _read(self.after)


def _read(answer: Answer) -> tuple[Any, ...]:
    """What a reader would notice: the answer, its last day, what would be met later, what is missing to tell."""
    later = [line.starts for line in answer.lines if line.starts]
    return answer.state, answer.until, later, answer.missing if answer.state == ASK else []


def what_if(household: int, assumed: Assumed, *, today: date) -> list[Change]:
    """Return every entitlement of a household (its id) today and as assumed, those that change first."""
    now, then = catalogue_of(on=today), catalogue_of(on=assumed.on)
    rows = compiled.rows_of([household], on=today, medians=now.medians)
    came = came_of(rows, now, on=today)
    later = compiled.rows_of([household], on=assumed.on, medians=then.medians)
    before = {_key(answer): answer for answer in judged(rows, now, on=today, came=came)}
    after = {_key(answer): answer for answer in judged(assume(later, assumed), then, on=assumed.on, came=came)}
    keys = list(dict.fromkeys([*after, *before]))
    changes = [Change(before.get(key), after.get(key)) for key in keys]
    return sorted(changes, key=lambda change: not change.differs)


def _key(answer: Answer) -> tuple[int, str]:
    return answer.person, answer.code


def assume(rows: list[dict[str, Any]], assumed: Assumed) -> list[dict[str, Any]]:
    """Return the rows with what is assumed written over them; the rows given stay as they are."""
    changed = [dict(row) for row in rows]
    for row in changed:
        if assumed.wage is not None:
            row["income_krw"] = assumed.wage
        if assumed.income:
            row["income"], row["income_krw"] = assumed.income, None
        if assumed.sido:
            row["sido"], row["sido_since"] = assumed.sido, (assumed.moved_on or assumed.on).isoformat()
        if row["person_id"] == assumed.person and assumed.employment:
            row["employment"] = None if assumed.employment == "unknown" else assumed.employment
            row["employed_since"] = (assumed.since or assumed.on).isoformat()
    return changed
