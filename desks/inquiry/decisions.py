"""What people decided about a household in the year before a day: reviews, ends of a search, and each second yes."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from casework.clock import day_begins
from casework.templatetags.format import fullday
from desks.atrisk.rows import decision_word
from desks.inquiry.facts import dot
from households.models import Household
from risk.actions import needs_second_person
from risk.models import Endorsement, Review, SearchAgreement, SearchEnd
from risk.rules import name_of

FAR_BACK = timedelta(days=365)
"""Decisions, attempts and promises are told for a year before the day asked about."""


@dataclass(frozen=True)
class Decision:
    """One step of a decision: when, of which kind, what it said, and who took it."""

    at: datetime
    what: str
    said: str
    by: str


def decisions_of(household: Household, on: date, then: datetime, *, protected: bool) -> list[Decision]:
    """Return what was decided in the year up to the moment `then` of the day `on`, the latest first; four queries.

    `protected`: the address is hidden, and so is what a decision rests on, which may tell where somebody is.
    """
    during = (day_begins(on - FAR_BACK), then)
    reviews = Review.objects.filter(household=household, recorded_at__range=during, decided_on__lte=on)
    yeses = Endorsement.objects.filter(review__household=household, recorded_at__range=during)
    ends = SearchEnd.objects.filter(household=household, recorded_at__range=during, decided_on__lte=on)
    agreed = SearchAgreement.objects.filter(end__household=household, recorded_at__range=during)
    found = [
        *(_review(row, then) for row in reviews.select_related("flag", "recorded_by", "endorsement").order_by("pk")),
        *(_endorsed(row) for row in yeses.select_related("review__flag", "review__recorded_by", "recorded_by")),
        *(_end(row, then, protected) for row in ends.select_related("recorded_by", "agreement").order_by("pk")),
        *(_agreed(row) for row in agreed.select_related("end__recorded_by", "recorded_by")),
    ]
    return sorted(found, key=lambda decision: decision.at, reverse=True)


def _review(row: Review, then: datetime) -> Decision:
    waits = needs_second_person(row) and not _given(row, "endorsement", then)
    again = _("look again on %(day)s") % {"day": fullday(row.review_on)}
    said = dot(_what(row), row.reason, again, _("Second person to agree") if waits else "")
    return Decision(row.recorded_at, _("Review"), said, str(row.recorded_by))


def _endorsed(row: Endorsement) -> Decision:
    return Decision(row.recorded_at, _("Second person's yes"), _of(row.review, _what(row.review)), str(row.recorded_by))


def _end(row: SearchEnd, then: datetime, protected: bool) -> Decision:
    waits = row.needs_second and not _given(row, "agreement", then)
    evidence = "" if protected else row.evidence
    said = dot(row.get_reason_display(), evidence, _("Second person to agree") if waits else "")
    return Decision(row.recorded_at, _("Contact steps ended by decision"), said, str(row.recorded_by))


def _agreed(row: SearchAgreement) -> Decision:
    said = _of(row.end, _("Contact steps ended by decision"))
    return Decision(row.recorded_at, _("Second person's yes"), said, str(row.recorded_by))


def _what(row: Review) -> str:
    """Return "lowered", or which reason was set aside."""
    word = decision_word(row.decision, row.band, row.machine_band)
    return dot(name_of(row.flag.rule, row.flag.evidence) if row.flag else "", word)


def _of(row: Any, what: str) -> str:
    """Return to whose decision of which day somebody said yes."""
    words = _("decided by %(name)s on %(day)s")
    return dot(what, words % {"name": row.recorded_by, "day": fullday(row.decided_on)})


def _given(row: Any, name: str, then: datetime) -> bool:
    """Say whether the second person had said yes by then."""
    yes = getattr(row, name, None)
    return yes is not None and yes.recorded_at <= then
