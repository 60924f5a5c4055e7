"""Visits that are planned, and what to be careful about at an address."""

from datetime import timedelta

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from casework.agencies.models import DutyShift
from casework.agencies.roles import agency_of
from casework.facts import one_version
from casework.landing import landed_once
from households.models.base import OfHouseholdQuerySet
from households.models.circle import Household, OfHousehold
from households.models.conflict import barred_from
from households.visits.workflow import OUT, VISIT, VisitStatus

GRACE = timedelta(minutes=30)
"""How long after the expected return nobody has said that they are back until somebody is told: our own criterion."""
LONGEST_VISIT = timedelta(hours=12)


class AddressWarningQuerySet(OfHouseholdQuerySet):
    def visible_to(self, user):
        """What to be careful about at an address is read at the centre that keeps the household's file, by whoever sees
        the household there, and by who is to go there: it is about the safety of those who go. No share and no packet
        tells it to another agency, no list shows it, and no conflict of interest lets it through."""
        goes = PlannedVisit.objects.out().filter(Q(worker=user.pk) | Q(companion=user.pk), agency=agency_of(user))
        goes = goes.exclude(household__in=barred_from(user))
        kept = Household.objects.kept_by(user).order_by().values("pk")
        return self.filter(Q(household__in=kept) | Q(household__in=goes.order_by().values("household")))


class AddressWarning(OfHousehold):
    """Something to be careful about when going there, on the days of `during`."""

    class Kind(models.TextChoices):
        DOG = "dog", pgettext_lazy("warning", "A dog")
        PERSON = "person", pgettext_lazy("warning", "Somebody there may be dangerous")
        DARK = "dark", pgettext_lazy("warning", "No light, or a bad way in")
        ALONE = "alone", pgettext_lazy("warning", "Do not go alone")
        ILLNESS = "illness", pgettext_lazy("warning", "Danger of infection")
        OTHER = "other", pgettext_lazy("warning", "Something else")

    kind = models.CharField(max_length=8, choices=Kind)
    words = models.CharField(max_length=200, blank=True)
    during = DateRangeField()
    client_key = models.UUIDField(null=True)

    objects = AddressWarningQuerySet.as_manager()

    class Meta(OfHousehold.Meta):
        abstract = False
        constraints = [
            one_version("address_warning"),
            landed_once("address_warning", versions=True),
            models.CheckConstraint(
                condition=~Q(kind="other") | ~Q(words=""),
                name="address_warning_says_what",
                violation_error_message=_("Please say what it is."),
            ),
            models.CheckConstraint(
                condition=Q(during__isempty=True) | Q(during__startswith__isnull=False), name="address_warning_since"
            ),
        ]
        indexes = [
            models.Index(fields=["household"], condition=Q(superseded_at=None), name="address_warning_house"),
        ]

    @property
    def last_day(self):
        """The last day on which it holds, or None."""
        return self.during.upper and self.during.upper - timedelta(days=1)


NOT_ALONE = (AddressWarning.Kind.PERSON, AddressWarning.Kind.ALONE)
"""Warnings with which nobody goes alone: our own criterion."""


class PlannedVisitQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A planned visit is seen at the centre that keeps the household's file, by whoever sees the household there;
        by those who go; and, while they are not back, by who is on duty for their agency and who oversees it. A share
        does not open it, and a conflict of interest closes it to everybody."""
        kept = Q(household__in=Household.objects.kept_by(user).order_by().values("pk"))
        goes = Q(worker=user.pk) | Q(companion=user.pk)
        duty = DutyShift.objects.filter(agency=OuterRef("agency"), user=user.pk, during__contains=Now())
        on_duty = Q(agency=agency_of(user), status__in=OUT) & Q(Exists(duty.order_by()))
        seen = self.filter(kept | (goes & Q(agency=agency_of(user))) | on_duty)
        return seen.exclude(household__in=barred_from(user))

    def out(self):
        """Return those of which nobody said yet that they are back, or that they were called off."""
        return self.filter(status__in=OUT)

    def missing(self, now):
        """Return those of `out` whose return was expected more than half an hour ago."""
        return self.out().filter(expected_back__lte=now - GRACE)


@pghistory.track()
class PlannedVisit(models.Model):
    """One visit to one household. Its status changes only through `visits.workflow.VISIT`."""

    class Place(models.TextChoices):
        HOME = "home", pgettext_lazy("place of a visit", "At home")
        CENTRE = "centre", pgettext_lazy("place of a visit", "At the centre")
        AGREED = "agreed", pgettext_lazy("place of a visit", "At a place agreed on")

    household = models.ForeignKey(Household, models.PROTECT, related_name="+", db_index=False)
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", help_text="of those who go")
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    companion = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    begins = models.DateTimeField(_("From"))
    expected_back = models.DateTimeField(_("Expected back"))
    place = models.CharField(_("Where"), max_length=8, choices=Place, default=Place.HOME)
    place_words = models.CharField(max_length=120, blank=True)
    purpose = models.CharField(max_length=200, blank=True)
    alone_because = models.CharField(max_length=200, blank=True)
    alone_allowed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    status = models.CharField(max_length=10, choices=VisitStatus, default=VisitStatus.PLANNED, editable=False)
    started_at = models.DateTimeField(null=True)
    back_at = models.DateTimeField(null=True)
    back_said_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    cancelled_because = models.CharField(max_length=200, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    client_key = models.UUIDField(null=True)

    objects = PlannedVisitQuerySet.as_manager()

    class Meta:
        ordering = ["begins", "id"]
        constraints = [
            landed_once("planned_visit"),
            models.CheckConstraint(
                condition=Q(expected_back__gt=F("begins")) & Q(expected_back__lte=F("begins") + LONGEST_VISIT),
                name="visit_ends_within_12_hours",
                violation_error_message=_("The return lies after the beginning, within 12 hours."),
            ),
            models.CheckConstraint(
                condition=Q(companion=None) | ~Q(companion=F("worker")),
                name="visit_by_two_different_people",
                violation_error_message=_("Please choose somebody else to go along."),
            ),
            models.CheckConstraint(
                condition=Q(alone_because="", alone_allowed_by=None)
                | ~Q(alone_because="") & Q(alone_allowed_by__isnull=False),
                name="visit_alone_says_why",
                violation_error_message=_("Please say why one person goes alone."),
            ),
            models.CheckConstraint(
                condition=~Q(place="agreed") | ~Q(place_words=""),
                name="visit_says_where",
                violation_error_message=_("Please say which place was agreed on."),
            ),
            models.CheckConstraint(
                condition=Q(status="back", back_at__isnull=False, back_said_by__isnull=False)
                | ~Q(status="back") & Q(back_at=None, back_said_by=None),
                name="visit_back_said_by",
            ),
            models.CheckConstraint(
                condition=Q(status="cancelled") & ~Q(cancelled_because="")
                | ~Q(status="cancelled") & Q(cancelled_because=""),
                name="visit_cancelled_says_why",
                violation_error_message=_("Please say why it was called off."),
            ),
        ]
        indexes = [
            models.Index(fields=["household", "begins"], name="visit_house"),
            models.Index(fields=["agency", "begins"], name="visit_agency"),
            models.Index(fields=["expected_back"], condition=Q(status__in=["planned", "started"]), name="visit_out"),
        ]
        triggers = [VISIT.trigger()]

    def __str__(self):
        return f"{self.household_id} · {self.begins:%Y-%m-%d}"

    def missing(self, now):
        """Whether the return was expected more than half an hour ago and nobody has said that they are back."""
        return self.status in OUT and self.expected_back <= now - GRACE
