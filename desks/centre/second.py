"""Decisions of the centre that wait for a second person: the button stands where the supervisor works, and beside it
what is agreed to. All of them are shown, the oldest first: what is cut off nobody agrees to.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import DateTimeField, Exists, F, OuterRef, Q, Value
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from casework.agencies.models import User
from casework.templatetags.format import band_name
from households.models import Contact
from risk.bands import Band
from risk.models import Review, SearchEnd
from risk.rules import name_of


@dataclass(frozen=True)
class Waiting:
    """A decision that counts only once somebody else agrees, with why it was taken; for the end of a search, on what
    evidence too. `read` is the page that tells more. `mine`: the user took it and cannot be the second."""

    household: int
    band: int
    what: str
    reason: str
    evidence: str
    by: str
    at: datetime
    mine: bool
    agree: str
    read: str


def waiting_for_second(user: User, households: Any, *, on: date) -> list[Waiting]:
    """Return the decisions about `households` (ids, or a queryset of them) still waiting, the oldest first."""
    return sorted([*_reviews(user, households, on), *_ends(user, households)], key=lambda waiting: waiting.at)


def _reviews(user: User, households: Any, on: date) -> list[Waiting]:
    lowered = Q(decision=Review.Decision.ADJUST, machine_band__gte=Band.HIGH, band__lt=F("machine_band"))
    set_aside = Q(decision=Review.Decision.DISMISS, flag__cleared_at=None) & (
        Q(machine_band__gte=Band.HIGH) | Q(flag__trump=True) | Q(flag__floor__gte=Band.HIGH)
    )
    rows = Review.objects.filter(lowered | set_aside, household__in=households, endorsement=None, review_on__gt=on)
    found = rows.select_related("recorded_by", "flag", "household").order_by("recorded_at", "id")
    return [
        _waiting(user, row, what=_said(row), reason=row.reason, agree="risk:endorse", read="risk:review")
        for row in found
    ]


def _ends(user: User, households: Any) -> list[Waiting]:
    """Return the ends of searches; not those whose run of attempts has ended without them, by a talk for instance."""
    run = Coalesce(OuterRef("household__standing__run_since"), Cast(Value("-infinity"), DateTimeField()))
    tried = Contact.objects.current().filter(household=OuterRef("household"), contact_made=False)
    open_still = tried.filter(occurred_at__gt=run, occurred_at__lte=OuterRef("recorded_at"))
    rows = SearchEnd.objects.filter(Exists(open_still), needs_second=True, household__in=households, agreement=None)
    found = rows.select_related("recorded_by", "household").order_by("recorded_at", "id")
    said = {"what": _("End the contact steps"), "agree": "risk:agree_to_end", "read": "risk:end_search"}
    return [_waiting(user, row, reason=str(row), evidence=row.evidence, **said) for row in found]


def _waiting(user: User, row: Any, *, what: str, reason: str, agree: str, read: str, evidence: str = "") -> Waiting:
    return Waiting(
        household=row.household_id,
        band=row.machine_band,
        what=what,
        reason=reason,
        evidence=evidence,
        by=str(row.recorded_by),
        at=row.recorded_at,
        mine=row.recorded_by_id == user.pk,
        agree=reverse(agree, args=[row.household.number, row.pk]),
        read=reverse(read, args=[row.household.number]),
    )


def _said(row: Review) -> str:
    if row.decision == Review.Decision.ADJUST:
        return f"{band_name(row.machine_band)} → {band_name(row.band)}"
    return _("Set aside: %(reason)s") % {"reason": name_of(row.flag.rule, row.flag.evidence) if row.flag else ""}
