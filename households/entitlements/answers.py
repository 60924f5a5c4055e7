"""The answers for one household: likely, not, or cannot be told, criterion by criterion, with what was applied for.

The register never promises: "likely" means that what is recorded fits the criteria, and somebody named decides.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from households.entitlements import compiled
from households.entitlements.catalogue import Catalogue, catalogue_of
from households.entitlements.told import NO, STATES, YES, Line, line_of
from households.models import EntitlementStep
from households.models.circumstance import label_of as circumstance_words
from households.models.entitlement import EntitlementVersion, Whom

SOON = 90
"""Days ahead within which an end is told; our own criterion."""
LABELS = {
    "yes": _("May be entitled · to be checked"),
    "ask": _("Cannot be told"),
    "no": _("Not entitled by what is recorded"),
}
SETTLED = {"granted", "receiving"}
ORDER = {"yes": 0, "ask": 1, "no": 2}


@dataclass(frozen=True)
class Came:
    """What came of it: the words, the day, the last day of a grant; `fact_id` of the step, or none for a benefit that
    is a Circumstance."""

    state: str
    words: str
    on: date | None
    until: date | None = None
    fact_id: int | None = None
    amount: int | None = None

    @property
    def settled(self) -> bool:
        """Whether it is received: nothing needs to be applied for."""
        return self.state in SETTLED


@dataclass(frozen=True)
class Answer:
    """One entitlement for one person: `state` is "yes", "no" or "ask"; `until` the last day by the same facts."""

    version: EntitlementVersion
    person: int
    state: str
    until: date | None
    lines: list[Line] = field(default_factory=list)
    came: Came | None = None
    size: int = 1

    @property
    def code(self) -> str:
        return self.version.entitlement.code

    @property
    def label(self) -> Any:
        """The answer in words that promise nothing."""
        return LABELS[self.state]

    @property
    def missing(self) -> list[str]:
        """What is missing to tell, or, where it is likely, what whoever decides looks at."""
        wanted = [line.missing for line in self.lines if line.missing and (line.check or self.state != YES)]
        return list(dict.fromkeys(wanted))

    @property
    def open(self) -> bool:
        """Likely, and nothing is on record of its being applied for."""
        return self.state == YES and self.came is None

    @property
    def amounts(self) -> list[dict[str, Any]]:
        """The amounts that fit the size of the household."""
        return [
            amount
            for amount in self.version.amounts
            if (amount.get("least") or 0) <= self.size <= (amount.get("most") or 99)
        ]


def answers_of(household: int, *, on: date, catalogue: Catalogue | None = None) -> list[Answer]:
    """Return the answers for one household (its id) as of a day, likely ones first within each person; four queries."""
    known = catalogue or catalogue_of(on=on)
    rows = compiled.rows_of([household], on=on, medians=known.medians)
    return judged(rows, known, on=on, came=came_of(rows, known, on=on))


def judged(
    rows: list[dict[str, Any]], catalogue: Catalogue, *, on: date, came: dict[tuple[int, str], Came] | None = None
) -> list[Answer]:
    """Return the answers that rows of facts give; `came` is {(person, code): Came}."""
    facts = {row["person_id"]: row for row in rows}
    found = [
        Answer(
            version=version,
            person=person,
            state=STATES[state],
            until=until if state else None,
            lines=[line_of(*pair, facts[person], on) for pair in zip(version.criteria, told, strict=True)],
            came=(came or {}).get((person, version.entitlement.code)),
            size=facts[person]["size"],
        )
        for person, version, state, until, told in compiled.answered(rows, catalogue, on=on)
    ]
    return sorted(found, key=lambda answer: (ORDER[answer.state], answer.version.entitlement.position))


def came_of(rows: list[dict[str, Any]], catalogue: Catalogue, *, on: date) -> dict[tuple[int, str], Came]:
    """Return {(person, code): what came of it} by the day: the latest step, or the state of a basic benefit. What
    is given to the household once stands for all its members, whoever applied."""
    people = [row["person_id"] for row in rows]
    steps = EntitlementStep.objects.current().filter(person__in=people, stated_on__lte=on).select_related("entitlement")
    found: dict[tuple[int, str], Came] = {}
    for step in steps.order_by("stated_on", "fact_id"):
        words = (
            step.state,
            str(step.get_state_display()),
            step.stated_on,
            step.until_on,
            step.fact_id,
            step.amount_krw,
        )
        once = step.entitlement.whom == Whom.HOUSEHOLD
        found |= {(person, step.entitlement.code): Came(*words) for person in (people if once else [step.person_id])}
    entries = [version.entitlement for version in catalogue.versions]
    received = _benefits(rows)
    return found | {
        (row["person_id"], entry.code): received[entry.benefit]
        for row in rows
        for entry in entries
        if entry.benefit in received
    }


def _benefits(rows: list[dict[str, Any]]) -> dict[str, Came]:
    """Return {benefit: how it stands} of the household; of several members who receives it goes before who does not."""
    found: dict[str, Came] = {}
    for row in sorted(rows, key=lambda row: not row["asks"]):
        for code, value in (row["benefits"] or {}).items():
            told = (row["told"] or {}).get(f"benefit:{code}", {})
            day = told.get("since") or told.get("known")
            one = Came(value, circumstance_words("benefit", value, code), day and date.fromisoformat(day))
            if code not in found or (one.settled and not found[code].settled):
                found[code] = one
    return found


def ends_soon(answers: list[Answer], *, on: date, within: int = SOON) -> list[tuple[date, Answer]]:
    """Return (last day, answer) of what ends within so many days, the nearest first: by the criteria where it is
    likely, and by the grant where it was granted for a time."""
    last = on + timedelta(days=within)
    found = []
    for answer in answers:
        granted = answer.came.until if answer.came and answer.came.settled else None
        day = granted or (answer.until if answer.state != NO else None)
        if day and on <= day <= last:
            found.append((day, answer))
    return sorted(found, key=lambda pair: pair[0])
