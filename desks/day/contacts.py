"""Contacts that are owed and that were planned, reviews and second looks: what the standings and decisions say."""

from datetime import timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce, TruncDate
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from casework.agencies.roles import May, granted
from casework.clock import SEOUL, day_begins, day_ends
from desks.day.due import Due, Scope, Source, due_rows
from households.models import Contact
from households.models.task import URGENT
from referrals.lateness import SeoulDay
from risk.bands import Band
from risk.models import Review, SearchEnd, Standing

YEAR = timedelta(days=365)
PASSED = timedelta(days=30)
"""How long a planned contact that nobody made stands on the list as such: our own criterion."""


def _owed(scope: Scope) -> QuerySet[Any]:
    """A limit of no days is every day until somebody is met: then it is due today."""
    daily = Case(When(limit_days=0, shown_band=Band.EMERGENCY, then=Value(scope.on)), output_field=DateField())
    rows: Any = Standing.objects
    return rows.filter(household__in=scope.households).annotate(day=Coalesce("contact_due_on", daily))


def contacts(scope: Scope) -> QuerySet[Any]:
    """Return the contacts that are owed to households below High."""
    rows = _owed(scope).filter(shown_band__lt=Band.HIGH, day__isnull=False)
    return due_rows(rows, "contact", day="day", household="household")


def urgent_contacts(scope: Scope) -> QuerySet[Any]:
    """Return those owed to households in Emergency or High, which nothing puts off."""
    rows = _owed(scope).filter(shown_band__gte=Band.HIGH, day__isnull=False)
    return due_rows(rows, URGENT, day="day", household="household")


def planned(scope: Scope) -> QuerySet[Any]:
    """Return what the latest contact of each household planned as the next one. What was planned long ago and never
    came to be is owed as a contact, and stands there."""
    rows: Any = Contact.objects
    last = scope.until or scope.on + YEAR
    when = {"next_at__gte": day_begins(scope.on - PASSED), "next_at__lt": day_ends(last)}
    later = rows.current().filter(household=OuterRef("household"), occurred_at__gt=OuterRef("occurred_at"))
    found = rows.current().filter(~Exists(later.order_by()), household__in=scope.households, **when)
    return due_rows(found, "planned", day=TruncDate("next_at", tzinfo=SEOUL), household="household", key="fact_id")


def reviews(scope: Scope) -> QuerySet[Any]:
    """Return the reviews that are owed, for whoever decides about bands."""
    rows: Any = Standing.objects
    owed = rows.filter(household__in=scope.households).awaiting_review(on=scope.on)
    owed = owed.filter(Exists(granted(May.REVIEW, scope.user)))
    return due_rows(owed, "review", day="review_due_on", household="household")


def seconds(scope: Scope) -> QuerySet[Any]:
    """Return the decisions that count only once a second person agrees, from the day on which they were taken; not
    those of the user's own."""
    lowered = Q(decision=Review.Decision.ADJUST, machine_band__gte=Band.HIGH, below=True)
    serious = Q(machine_band__gte=Band.HIGH) | Q(flag__trump=True) | Q(flag__floor__gte=Band.HIGH)
    aside = Q(decision=Review.Decision.DISMISS, flag__cleared_at=None) & serious
    rows: Any = Review.objects
    found = rows.annotate(below=_below()).filter(lowered | aside, household__in=scope.households, endorsement=None)
    found = found.filter(Exists(granted(May.REVIEW, scope.user)), review_on__gt=scope.on)
    found = found.exclude(recorded_by=scope.user.pk)
    return due_rows(found, "second", day=SeoulDay("recorded_at"), household="household")


def ends(scope: Scope) -> QuerySet[Any]:
    """Return the ends of searches that a second person has to agree to, from the day on which they were recorded."""
    rows: Any = SearchEnd.objects
    found = rows.filter(household__in=scope.households, needs_second=True, agreement=None)
    found = found.filter(Exists(granted(May.REVIEW, scope.user))).exclude(recorded_by=scope.user.pk)
    return due_rows(found, "search_end", day=SeoulDay("recorded_at"), household="household")


def _below() -> ExpressionWrapper:
    return ExpressionWrapper(Q(band__lt=F("machine_band")), output_field=BooleanField())


def _log(due: Due, number: str) -> str:
    return reverse("households:contact", args=[number])


def _review(due: Due, number: str) -> str:
    return reverse("risk:review", args=[number])


def _search(due: Due, number: str) -> str:
    return reverse("risk:end_search", args=[number])


OF_CONTACTS = (
    Source(URGENT, _("Contact owed: Emergency or High"), urgent_contacts, _log, waits=False),
    Source("contact", _("Contact owed"), contacts, _log),
    Source("planned", _("Contact that was planned"), planned, _log),
)
OF_DECISIONS = (
    Source("review", _("Review of the band"), reviews, _review),
    Source("second", _("A decision waits for a second person"), seconds, _review),
    Source("search_end", _("The end of a search waits for a second person"), ends, _search),
)
