"""A case conference of a centre: when and where, its agenda, who came, what was decided and what became of it."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from casework.agencies.roles import May, agency_of, granted
from casework.landing import landed_once
from casework.numbers import make_number
from households.conferences.workflow import CONFERENCE, TOOK_PLACE, ConferenceStatus

NUMBER_GROUPS = (4, 4)


def new_conference_number():
    """Return a random number of a conference with a check digit, such as "C-7QX4-1DTM-5"."""
    return f"C-{make_number(NUMBER_GROUPS)}"


def frozen_with(name, of, changed):
    """Return the trigger that lets nothing be added once a record is closed, and nothing of it be changed.

    `of`: SQL for the conference of NEW. `changed`: SQL condition of an update that would change the record."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=f"""
            IF (TG_OP = 'INSERT' OR {changed}) AND EXISTS (
                SELECT FROM households_caseconference held
                WHERE held.id = {of} AND held.status IN ('closed', 'cancelled')
            ) THEN
                RAISE EXCEPTION 'The record of this conference is closed: nothing of it changes.'
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NEW;
        """,
    )


def kept_for_good(name):
    """Return the trigger that refuses to delete a row."""
    return pgtrigger.Protect(name=name, operation=pgtrigger.Delete)


class CaseConferenceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """That a conference takes place, when and who sits there, is seen by those of the centre who look after
        households. Which households it speaks of is seen by household: see `ConferenceItem.visible_to`."""
        return self.filter(Exists(granted(May.SEE_CASELOAD, user)), centre=agency_of(user))

    def open(self):
        """Return those that are still to be held."""
        return self.exclude(status__in=[*TOOK_PLACE, ConferenceStatus.CANCELLED])


@pghistory.track()
class CaseConference(models.Model):
    """One conference. Its status changes only through `conferences.workflow.CONFERENCE`.

    `record`: what was said and decided, frozen when it was closed: {"v": 1, "present": [name], "guests":
    [{"name", "agency"}], "items": {household id: {"number", "why", "by", "material", "decisions"}}}. `version` counts
    changes of when, where and who leads, so that two who change it at once are told.
    """

    number = models.CharField(max_length=14, unique=True, default=new_conference_number, editable=False)
    centre = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="case_conferences")
    starts_at = models.DateTimeField(_("Begins"))
    place = models.CharField(_("Place"), max_length=120)
    chair = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=pgettext_lazy("case conference", "Chair"),
    )
    status = models.CharField(max_length=10, choices=ConferenceStatus, default=ConferenceStatus.PLANNED, editable=False)
    version = models.PositiveIntegerField(default=0)
    announced_at = models.DateTimeField(null=True)
    held_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    record = models.JSONField(default=dict)
    reason = models.CharField(max_length=300, blank=True, help_text="why it was cancelled")
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    client_key = models.UUIDField(null=True)

    objects = CaseConferenceQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-id"]
        constraints = [
            landed_once("case_conference", author="planned_by"),
            models.CheckConstraint(
                condition=~Q(status__in=["held", "closed"]) | Q(held_at__isnull=False), name="conference_held_at"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None) & ~Q(status="closed")
                | Q(closed_at__isnull=False, closed_by__isnull=False, status="closed"),
                name="conference_closed_when_and_by",
            ),
            models.CheckConstraint(
                condition=~Q(status="cancelled") | ~Q(reason=""),
                name="conference_cancelled_with_a_reason",
                violation_error_message=_("Please give the reason."),
            ),
        ]
        indexes = [models.Index(fields=["centre", "starts_at"], name="conference_centre")]
        triggers = [
            CONFERENCE.trigger(),
            pgtrigger.Protect(
                name="closed_for_good",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__status="closed"),
            ),
        ]

    def __str__(self):
        return self.number


class ConferencePresenceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Who came is seen by whoever sees the conference."""
        return self.filter(conference__in=CaseConference.objects.visible_to(user).order_by().values("pk"))


@pghistory.track()
class ConferencePresence(models.Model):
    """Who came: somebody of the centre (`user`), or a guest in words, with the agency."""

    conference = models.ForeignKey(CaseConference, models.PROTECT, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    guest = models.CharField(max_length=60, blank=True)
    agency = models.CharField(max_length=80, blank=True)
    present = models.BooleanField(default=True)

    objects = ConferencePresenceQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["conference", "user", "guest", "agency"], nulls_distinct=False, name="conference_presence_once"
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False, guest="", agency="") | (Q(user=None) & ~Q(guest="")),
                name="conference_presence_of_somebody",
            ),
        ]
        triggers = [frozen_with("presence_frozen", "NEW.conference_id", "TRUE"), kept_for_good("presence_kept")]

    def __str__(self):
        return str(self.user) if self.user_id else " · ".join(filter(None, [self.guest, self.agency]))
