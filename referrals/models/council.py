"""A council of agencies that a local government convenes, its members by agency, and its meetings."""

from datetime import timedelta

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from casework.agencies.roles import May, agency_of, granted
from casework.landing import landed_once
from casework.numbers import make_number
from households.models.circle import TODAY
from referrals.council.workflow import MEETING, OPEN, MeetingStatus

MEETING_GROUPS = (4, 4)
# What is shown for a meeting ends so many days after it unless another end is stated, and never later than that.
SHOWN_AFTER, SHOWN_AT_MOST = timedelta(days=7), timedelta(days=30)


def new_meeting_number():
    """Return a random meeting number with a check digit, such as "M-7QX4-1DTM-5"."""
    return f"M-{make_number(MEETING_GROUPS)}"


def works_between_agencies(user):
    """Return the condition that the user refers or receives now."""
    return Q(Exists(granted(May.REFER, user))) | Q(Exists(granted(May.RECEIVE, user)))


class CouncilQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A council is seen by the residence-protection officers of the agency that convenes it, and by those of its
        members' agencies of today who refer or receive; where a member is one person, by that person alone."""
        here = agency_of(user)
        seats = CouncilMember.objects.filter(council=OuterRef("pk")).of(user)
        keepers = Q(convened_by=here) & Exists(granted(May.SEE_REGISTER, user))
        return self.filter(keepers | (works_between_agencies(user) & Exists(seats)))


@pghistory.track()
class Council(models.Model):
    """A body of agencies that meets about households of some districts."""

    class Kind(models.TextChoices):
        REGIONAL = "regional", _("Regional Council (Enforcement Decree of the Act, Article 42-3)")
        SECURITY = "security", _("Regional Social Security Body (Social Security Benefits Act, Article 41)")

    kind = models.CharField(_("Kind of council"), max_length=10, choices=Kind)
    name = models.CharField(_("Name of the council"), max_length=120)
    convened_by = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="councils")
    districts = models.ManyToManyField("agencies.District", related_name="+", verbose_name=_("Districts"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    client_key = models.UUIDField(null=True)

    objects = CouncilQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            landed_once("council"),
            models.UniqueConstraint(
                fields=["convened_by", "name"],
                name="council_named_once",
                violation_error_message=_("Your agency already convenes a council of this name."),
            ),
        ]

    def __str__(self):
        return self.name


class CouncilMemberQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Seen by whoever sees the council."""
        return self.filter(council__in=Council.objects.visible_to(user).order_by().values("pk"))

    def on(self, day):
        """Return the memberships of a day."""
        return self.filter(during__contains=day)

    def of(self, user):
        """Return the seats of today on which the user sits: the agency's, or the user's own."""
        named = Q(user=None) | Q(user=user.pk)
        return self.filter(named, agency=agency_of(user), during__contains=TODAY)


@pghistory.track()
class CouncilMember(models.Model):
    """An agency is a member on some days; `user` where it is one person of the agency and nobody else."""

    council = models.ForeignKey(Council, models.PROTECT, related_name="members")
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="seats")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    during = DateRangeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = CouncilMemberQuerySet.as_manager()

    class Meta:
        ordering = ["agency__kind", "agency__name_ko", "id"]
        constraints = [
            ExclusionConstraint(
                name="one_seat_of_an_agency",
                expressions=[
                    ("council", RangeOperators.EQUAL),
                    ("agency", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This agency is a member of the council on some of these days already."),
            ),
        ]

    def __str__(self):
        return f"{self.agency} · {self.user}" if self.user_id else str(self.agency)


class CouncilMeetingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A meeting is seen by those who keep the council; by those who see it, until what was shown for the meeting
        has ended; and, after that, by those who still see a household that their own agency
        brought there. What it is about is seen by household: see `AgendaItem.visible_to`."""
        from referrals.models.agenda import AgendaItem

        keepers = Q(council__convened_by=agency_of(user)) & Exists(granted(May.SEE_REGISTER, user))
        seen = Council.objects.visible_to(user).order_by().values("pk")
        brought = AgendaItem.objects.brought_by(user).filter(meeting=OuterRef("pk"))
        return self.filter(keepers | Q(council__in=seen, open_until__gt=Now()) | Exists(brought.order_by()))

    def open(self):
        """Return those that are still to be held."""
        return self.filter(status__in=OPEN)


@pghistory.track()
class CouncilMeeting(models.Model):
    """One meeting. Its status changes only through `council.workflow.MEETING`. What is shown ends at `open_until`.

    `version` counts its changes, so that two who change it at once are told.
    """

    number = models.CharField(max_length=14, unique=True, default=new_meeting_number, editable=False)
    council = models.ForeignKey(Council, models.PROTECT, related_name="meetings")
    status = models.CharField(max_length=10, choices=MeetingStatus, default=MeetingStatus.PLANNED, editable=False)
    starts_at = models.DateTimeField(_("Begins"))
    place = models.CharField(_("Place"), max_length=200)
    chair = models.CharField(_("Chair"), max_length=80)
    open_until = models.DateTimeField(_("Shown until"))
    note = models.CharField(max_length=300, blank=True, help_text="to the members, about this meeting")
    version = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    held_at = models.DateTimeField(null=True)
    minuted_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True, help_text="why it was cancelled")
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    client_key = models.UUIDField(null=True)

    objects = CouncilMeetingQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-id"]
        constraints = [
            landed_once("meeting", author="planned_by"),
            models.CheckConstraint(
                condition=Q(open_until__gt=F("starts_at"), open_until__lte=F("starts_at") + SHOWN_AT_MOST),
                name="meeting_shown_for_a_time",
                violation_error_message=_("What is shown for a meeting ends after it, 30 days later at most."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["sent", "held", "minuted"]) | Q(sent_at__isnull=False),
                name="meeting_held_after_its_agenda",
            ),
            models.CheckConstraint(
                condition=~Q(status=MeetingStatus.CANCELLED) | ~Q(reason=""), name="meeting_cancelled_with_a_reason"
            ),
        ]
        triggers = [MEETING.trigger()]

    def __str__(self):
        return self.number


class CouncilAttendanceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Seen by whoever sees the meeting."""
        return self.filter(meeting__in=CouncilMeeting.objects.visible_to(user).order_by().values("pk"))


@pghistory.track()
class CouncilAttendance(models.Model):
    """Whether a member was there, and who sat there for it."""

    meeting = models.ForeignKey(CouncilMeeting, models.PROTECT, related_name="attendances")
    member = models.ForeignKey(CouncilMember, models.PROTECT, related_name="+")
    present = models.BooleanField(default=False)
    who = models.CharField(max_length=80, blank=True)

    objects = CouncilAttendanceQuerySet.as_manager()

    class Meta:
        ordering = ["member"]
        constraints = [models.UniqueConstraint(fields=["meeting", "member"], name="attendance_once")]

    def __str__(self):
        return f"{self.meeting} · {self.member}"
