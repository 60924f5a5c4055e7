"""What lists showed at the end of a day, beside what is computed of that day now (design §3).

What was shown is read from the assessments that live sweeps kept; why it may differ, from the facts: some were
committed after the sweep had read, others came later and were stated as known before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from desks.asof import Asked, end_of
from households.models import Household, Membership
from risk.records import Record, records_of

LISTED = 20


@dataclass(frozen=True)
class Differing:
    """A household that was shown in another band than is computed now, and why that may be; `people`: whose data it
    is, the ids of who lived there on the day."""

    household: int
    people: tuple[int, ...]
    number: str
    href: str
    shown: int
    computed: int
    why: str


@dataclass(frozen=True)
class Shown:
    """How many could be compared, of how many nothing was kept, and which differ (`listed`, `more` beyond them)."""

    compared: int
    missing: int
    differing: Sequence[Any]
    listed: list[Differing]

    @property
    def more(self) -> int:
        return max(0, len(self.differing) - LISTED)


def shown_beside(asked: Asked) -> Shown:
    """Return what was shown on the day beside what is computed; within `as_it_was`, over the same households."""
    with connection.cursor() as cursor:
        cursor.execute(_COMPARED, {"ends": end_of(asked.on)})
        rows = cursor.fetchall()
    kept = [row for row in rows if row[2] is not None]
    differing = sorted((row for row in kept if row[1] != row[2]), key=lambda row: (-max(row[1], row[2]), row[0]))
    return Shown(len(kept), len(rows) - len(kept), differing, _listed(asked, differing[:LISTED]))


def _listed(asked: Asked, rows: Sequence[Any]) -> list[Differing]:
    numbers = Household.objects.in_bulk([row[0] for row in rows])
    by_snapshot: dict[str, list[int]] = {}
    for household, _computed, _shown, _read, snapshot in rows:
        by_snapshot.setdefault(snapshot, []).append(household)
    found = [record for snapshot, ids in by_snapshot.items() for record in records_of(ids, snapshot=snapshot)]
    lived = Membership.objects.current().during(asked.on).filter(household__in=list(numbers)).order_by("id")
    people: dict[int, tuple[int, ...]] = {}
    for household, person in lived.values_list("household", "person"):
        people[household] = (*people.get(household, ()), person)
    return [_differing(asked, str(numbers[row[0]].number), people.get(row[0], ()), row, found) for row in rows]


def _differing(
    asked: Asked, number: str, people: tuple[int, ...], row: Sequence[Any], found: list[Record]
) -> Differing:
    household, computed, shown, read_at, _snapshot = row
    href = f"{reverse('desks:household', args=[number])}?{urlencode(asked.pairs)}"
    records = [record for record in found if record.household_id == household]
    late = [record for record in records if committed_late(record, read_at)]
    after = [record for record in records if record.recorded_at > read_at >= record.known_at]
    return Differing(household, people, number, href, shown, computed, _why(len(late), len(after)))


def committed_late(record: Record, read_at: Any) -> bool:
    """Say whether a fact had begun to be written when a sweep read (`read_at`), which yet could not see it."""
    return record.unseen and record.recorded_at <= read_at


def _why(late: int, after: int) -> str:
    told = []
    if late:
        words = ngettext(
            "%(n)s fact was committed after the evaluation had read",
            "%(n)s facts were committed after the evaluation had read",
            late,
        )
        told.append(words % {"n": late})
    if after:
        words = ngettext(
            "%(n)s fact came later, stated as known before", "%(n)s facts came later, stated as known before", after
        )
        told.append(words % {"n": after})
    return " · ".join(told) or _(
        "Evaluated before the day was over, with other knowledge, or by other versions of the rules"
    )


# `risk_standing` is the computed one of the block; the assessments are read as they stand, up to the end of the day.
_COMPARED = """
SELECT computed.household_id, computed.band, shown.band, shown.read_at, shown.snapshot
FROM risk_standing computed
LEFT JOIN (
    SELECT DISTINCT ON (assessment.household_id) assessment.household_id, assessment.band,
        sweep.began_at AS read_at, sweep.snapshot
    FROM public.risk_assessment assessment JOIN risk_sweep sweep ON sweep.id = assessment.sweep_id
    WHERE assessment.recorded_at <= %(ends)s
    ORDER BY assessment.household_id, assessment.recorded_at DESC, assessment.id DESC
) shown ON shown.household_id = computed.household_id
ORDER BY computed.household_id
"""
