"""The second record beside the first: what it says, and what was asked for under it, as far as the reader may see it.

A link opens nothing. Facts of the other record are shown to whoever keeps its file, its referrals to whoever reads them
anyway; of a record at another agency only that it exists and whom to ask.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse

from casework.agencies.models import User
from households.duplicates.shown import Record, Row, compared, paired, records_of
from households.duplicates.workflow import LinkStatus
from households.models import PersonLink
from referrals.models import Referral
from referrals.states import FINISHED


@dataclass(frozen=True)
class Linked:
    """A link as the page of one of its two records shows it: `here` the one of the page, `other` the second; `kept`:
    whether the record here is the one that is kept. `referrals`: open ones about the other record or its home."""

    link: PersonLink
    here: Record
    other: Record
    kept: bool
    rows: list[Row]
    referrals: list[Referral]

    @property
    def href(self) -> str:
        """The page of the link, where it is undone."""
        return reverse("households:duplicate_link", args=[self.link.pk])


def links_of(people: Iterable[int], user: User, statuses: Iterable[str] = (LinkStatus.LINKED,)) -> list[PersonLink]:
    """Return the links of `people` (ids) that the user may see; one query."""
    ids = sorted(set(people))
    rows = PersonLink.objects.visible_to(user).filter(Q(person__in=ids) | Q(duplicate__in=ids), status__in=statuses)
    return list(rows.order_by("person", "duplicate"))


def linked_of(people: Iterable[int], user: User, *, on: date) -> list[Linked]:
    """Return the second records of `people` (ids); one query where there are none, six where there are some."""
    ids = set(people)
    links = links_of(ids, user)
    if not links:
        return []
    records = records_of({pk for link in links for pk in link.records}, user, on)
    asked = _referrals([pk for pk in records if pk not in ids], records, user)
    return [_linked(link, records, asked, kept=link.person_id in ids) for link in links]


def seen_of(linked: Iterable[Linked]) -> list[int]:
    """Return the ids of the second records whose facts are shown, for the access log."""
    return [one.other.pk for one in linked if one.other.seen]


def _linked(link: PersonLink, records: dict[int, Record], asked: dict[int, Any], *, kept: bool) -> Linked:
    one, two = paired(*(records[pk] for pk in link.records))
    here, other = (one, two) if kept else (two, one)
    return Linked(link, here, other, kept, compared(here, other), asked.get(other.pk, []))


def _referrals(others: list[int], records: dict[int, Record], user: User) -> dict[int, list[Referral]]:
    """Return {person id: open referrals about the record, or about its home where nobody of it is named}."""
    homes = {records[pk].household_id: pk for pk in others if records[pk].household_id}
    rows = Referral.objects.read_by(user).filter(Q(person__in=others) | Q(person=None, household__in=homes))
    found: dict[int, list[Referral]] = {}
    for row in rows.exclude(status__in=FINISHED).select_related("to_agency").order_by("sent_at", "id"):
        found.setdefault(row.person_id or homes[row.household_id], []).append(row)
    return found
