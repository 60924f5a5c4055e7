"""The Consultative Council (북한이탈주민 보호 및 정착지원협의회, 제6조): members, sittings, votes.

It is the national council at the Ministry, not the regional ones of `referrals.council`.
"""

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Exists, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from casework.agencies.roles import May, granted
from casework.landing import landed_once
from casework.numbers import make_number
from households.extensions.workflow import SITTING, SittingStatus
from households.models.conflict import barred_people

SITTING_GROUPS = (3, 3)


def new_sitting_number():
    """Return a random number of a sitting with a check digit, such as "S-3FK-72M-8"."""
    return f"S-{make_number(SITTING_GROUPS)}"


class OfMinistryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The council, its sittings and its votes are seen by the Ministry's officers who decide on protection."""
        return self.filter(Exists(granted(May.DECIDE_PROTECTION, user)))


class SittingItemQuerySet(OfMinistryQuerySet):
    def visible_to(self, user):
        """What stands on an agenda is seen by the Ministry's officers who decide on protection, unless a conflict of
        interest bars the officer from the person."""
        return super().visible_to(user).exclude(request__person__in=barred_people(user))


class CouncilSeatQuerySet(OfMinistryQuerySet):
    def on(self, day):
        """Return the seats that are taken on a day."""
        return self.filter(during__contains=day)


class CouncilSeat(models.Model):
    """A member of the council on some days: an office and, where it is known, who holds it. The Vice Minister of
    Unification is in the chair (제6조제2항)."""

    office = models.CharField(_("Office"), max_length=120)
    name = models.CharField(_("Name"), max_length=60, blank=True)
    is_chair = models.BooleanField(_("Chair"), default=False)
    during = DateRangeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    client_key = models.UUIDField(null=True)

    objects = CouncilSeatQuerySet.as_manager()

    class Meta:
        ordering = ["-is_chair", "office", "id"]
        constraints = [
            landed_once("council_seat"),
            ExclusionConstraint(
                name="one_chair_at_a_time",
                expressions=[("is_chair", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=Q(is_chair=True),
                violation_error_message=_("Somebody is in the chair on some of these days already."),
            ),
            ExclusionConstraint(
                name="one_council_seat_of_an_office",
                expressions=[
                    ("office", RangeOperators.EQUAL),
                    ("name", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This member is entered on some of these days already."),
            ),
        ]

    def __str__(self):
        return f"{self.office} {self.name}".strip()


@pghistory.track()
class Sitting(models.Model):
    """One sitting. Its status changes only through `extensions.workflow.SITTING`."""

    number = models.CharField(max_length=12, unique=True, default=new_sitting_number, editable=False)
    starts_at = models.DateTimeField(_("Begins at"))
    place = models.CharField(_("Place"), max_length=200, blank=True)
    status = models.CharField(max_length=10, choices=SittingStatus, default=SittingStatus.PLANNED, editable=False)
    announced_at = models.DateTimeField(null=True)
    minutes = models.TextField(_("Minutes of the sitting"), max_length=20000, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    client_key = models.UUIDField(null=True)

    objects = OfMinistryQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-id"]
        constraints = [landed_once("sitting", author="planned_by")]
        triggers = [SITTING.trigger()]

    def __str__(self):
        return self.number


class Presence(models.Model):
    """Whether a member came to a sitting."""

    sitting = models.ForeignKey(Sitting, models.CASCADE, related_name="presences")
    seat = models.ForeignKey(CouncilSeat, models.PROTECT, related_name="+")
    present = models.BooleanField(default=False)

    objects = OfMinistryQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sitting", "seat"], name="present_once")]


@pghistory.track()
class SittingItem(models.Model):
    """A request on the agenda of a sitting, and how the members voted; withdrawn where it was taken off."""

    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="items")
    request = models.ForeignKey("households.ExtensionRequest", models.PROTECT, related_name="items")
    votes_for = models.PositiveSmallIntegerField(_("For"), null=True)
    votes_against = models.PositiveSmallIntegerField(_("Against"), null=True)
    abstained = models.PositiveSmallIntegerField(_("Abstained"), null=True)
    words = models.TextField(_("What was said"), max_length=3000, blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = SittingItemQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["sitting", "request"],
                condition=Q(withdrawn_at=None),
                name="on_an_agenda_once",
                violation_error_message=_("This request stands on the agenda already."),
            ),
            models.CheckConstraint(
                condition=Q(votes_for=None, votes_against=None, abstained=None)
                | Q(votes_for__isnull=False, votes_against__isnull=False, abstained__isnull=False),
                name="votes_together",
            ),
        ]

    @property
    def voted(self):
        """Whether the members voted on it."""
        return self.votes_for is not None
