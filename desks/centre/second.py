"""Decisions of the centre that wait for a second person: the button stands where the supervisor works."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from casework.agencies.models import User
from casework.templatetags.format import band_name
from risk.bands import Band
from risk.models import Review, SearchEnd
from risk.rules import RULES

MOST = 50


@dataclass(frozen=True)
class Waiting:
    """A decision that counts only once somebody else agrees. `mine`: the user took it and cannot be the second."""

    household: int
    band: int
    what: str
    reason: str
    by: str
    at: datetime
    mine: bool
    agree: str


def waiting_for_second(user: User, households: Any, *, on: date) -> list[Waiting]:
    """Return the decisions about `households` (ids, or a queryset of them) still waiting, the oldest first."""
    return sorted([*_reviews(user, households, on), *_ends(user, households)], key=lambda waiting: waiting.at)


def _reviews(user: User, households: Any, on: date) -> list[Waiting]:
    lowered = Q(decision=Review.Decision.ADJUST, machine_band__gte=Band.HIGH, band__lt=F("machine_band"))
    set_aside = Q(decision=Review.Decision.DISMISS, flag__cleared_at=None) & (
        Q(machine_band__gte=Band.HIGH) | Q(flag__trump=True) | Q(flag__floor__gte=Band.HIGH)
    )
    rows = Review.objects.filter(lowered | set_aside, household__in=households, endorsement=None, review_on__gt=on)
    found = rows.select_related("recorded_by", "flag", "household").order_by("recorded_at", "id")[:MOST]
    return [_waiting(user, row, row.machine_band, _said(row), row.reason, "risk:endorse") for row in found]


def _ends(user: User, households: Any) -> list[Waiting]:
    asked = Q(machine_band__gte=Band.HIGH) | Q(reason=SearchEnd.Reason.OTHER)
    rows = SearchEnd.objects.filter(asked, household__in=households, agreement=None)
    found = rows.select_related("recorded_by", "household").order_by("recorded_at", "id")[:MOST]
    what = _("End the contact steps")
    return [_waiting(user, row, row.machine_band, what, row.evidence, "risk:agree_to_end") for row in found]


def _waiting(user: User, row: Any, band: int, what: str, reason: str, name: str) -> Waiting:
    return Waiting(
        household=row.household_id,
        band=band,
        what=what,
        reason=reason,
        by=str(row.recorded_by),
        at=row.recorded_at,
        mine=row.recorded_by_id == user.pk,
        agree=reverse(name, args=[row.household.number, row.pk]),
    )


def _said(row: Review) -> str:
    if row.decision == Review.Decision.ADJUST:
        return f"{band_name(row.machine_band)} → {band_name(row.band)}"
    rule = row.flag.rule if row.flag else ""
    return _("Set aside: %(reason)s") % {"reason": RULES[rule].name if rule in RULES else rule}
