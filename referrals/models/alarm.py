"""The ledger of alarms: whom a clock that ran out was told to, when, and when they said that they have seen it."""

from functools import reduce
from operator import or_

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from casework.agencies.models import User
from casework.agencies.roles import agency_of
from households.models.task import away_from
from referrals.alarms import needed
from referrals.alarms.rungs import WAITS, Rung
from referrals.clocks import AGAIN, OUTCOME, REPLY, RUNNING, STATIONS
from referrals.states import Waits

LABELS = {station.name: station.label for station in (*STATIONS, *AGAIN, REPLY)} | WAITS
ABOUT = ("referral", "item", "transfer", "concern")
"""What an alarm is about: one of these. An application for a benefit stands beside its referral."""

# The first moment at which so many days of a clock of working days have passed and it does not stand still. What a
# pause adds later does not move a moment that has passed: an alarm that was due stays due.
REACHES = """
CREATE OR REPLACE FUNCTION referral_clock_reaches(
    asked bigint, since timestamptz, days integer, moment timestamptz, agency bigint
)
RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT min(passed.at)
    FROM generate_series(days, days + referral_stood_still(asked, since, moment)) AS counted (number)
    CROSS JOIN LATERAL (SELECT working_days_after(since, counted.number, agency) AS at) usual
    LEFT JOIN referrals_pause pause
        ON pause.referral_id = asked AND lower(pause.during) >= since AND pause.during @> usual.at
    CROSS JOIN LATERAL (SELECT CASE WHEN pause.id IS NULL THEN usual.at ELSE upper(pause.during) END AS at) passed
    WHERE passed.at <= moment AND counted.number - referral_stood_still(asked, since, passed.at) >= days
$$
"""


class AlarmQuerySet(models.QuerySet):
    def visible_to(self, user):
        """An alarm is seen by the person it names, at the agency where it reached them; on days of absence by who
        stands in for them there and sees what it is about; and by whoever sees that. It names the referral, transfer,
        concern or meeting by its number and says nothing of the household."""
        return self.filter(_names(user) | needed.seen_by(user))

    def named(self, user):
        """Return those of `visible_to` that name the user, or whom the user stands in for today: they come, and go
        again, with the days of the absence."""
        return self.filter(_names(user))

    def needed(self):
        """Return those whose clock still runs; the others were settled by a step, whatever came of them."""
        return self.filter(_still_runs())

    def open(self):
        """Return those that were told, whose clock still runs, and that their person has not yet acknowledged."""
        return self.needed().filter(skipped=False, acknowledged_at=None)


def _names(user):
    mine = User.objects.filter(pk=user.pk).order_by().values("pk")
    reached = Q(to_user__in=mine.union(away_from(user), all=True), to_agency=agency_of(user))
    return reached & (Q(to_user=user.pk) | needed.seen_by(user))


def _still_runs():
    """The clock of the alarm is the one that counts on its referral, the same choice as `clocks.running`; or nobody has
    taken the step that something else waits for."""
    asked = Q(referral__waits_for=Waits.SENDER)
    found = asked & Q(station=REPLY.name, begins_at=F(f"referral__{REPLY.begins}"))
    for status, station in RUNNING.items():
        never_waits = Q(**{f"referral__route__limits__{station.name}__1": "h"})
        own = Q(station=station.name, referral__status=status, begins_at=_told_from(station))
        found |= own & (~asked | never_waits)
    return found | needed.still_waits()


def _told_from(station):
    """The moment that names a clock in the ledger: its first one; of an outcome that did not arrive, when that was
    said, so that whoever was told before is told anew."""
    begins = F(f"referral__{station.begins}")
    return Greatest(begins, F("referral__disputed_at")) if station.name == OUTCOME else begins


def _only(column):
    return Q(**{f"{one}__isnull": one != column for one in ABOUT})


class Alarm(models.Model):
    """One person was told on one rung that one clock (`station`, named by `begins_at`) of a referral, or of something
    else between agencies, had run out.

    `due_at`: when the rung was due; `raised_at`: when a run wrote it. `skipped`: a higher rung of the same agency was
    due in the same run, so that this person was not told as of something new.
    """

    may_only_end = ("acknowledged_at", "note")

    referral = models.ForeignKey("referrals.Referral", models.PROTECT, null=True, related_name="alarms", db_index=False)
    station = models.CharField(max_length=12, choices=list(LABELS.items()))
    begins_at = models.DateTimeField()
    rung = models.PositiveSmallIntegerField(choices=Rung)
    ran_out_at = models.DateTimeField()
    due_at = models.DateTimeField()
    raised_at = models.DateTimeField()
    to_user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    to_agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", db_index=False)
    skipped = models.BooleanField(default=False)
    acknowledged_at = models.DateTimeField(null=True)
    note = models.CharField(_("Note"), max_length=300, blank=True)
    application = models.ForeignKey(
        "referrals.BenefitApplication", models.PROTECT, null=True, related_name="+", db_index=False
    )
    item = models.ForeignKey("referrals.AgendaItem", models.PROTECT, null=True, related_name="+", db_index=False)
    transfer = models.ForeignKey("referrals.Transfer", models.PROTECT, null=True, related_name="+", db_index=False)
    concern = models.ForeignKey("referrals.Concern", models.PROTECT, null=True, related_name="+", db_index=False)

    objects = AlarmQuerySet.as_manager()

    class Meta:
        ordering = ["-raised_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["referral", "station", "begins_at", "rung", "to_user", "application"],
                condition=Q(referral__isnull=False),
                nulls_distinct=False,
                name="alarm_raised_once",
            ),
            *(
                models.UniqueConstraint(
                    fields=[column, "station", "begins_at", "rung", "to_user"],
                    condition=Q(**{f"{column}__isnull": False}),
                    name=f"{column}_alarm_raised_once",
                )
                for column in ("item", "transfer", "concern")
            ),
            models.CheckConstraint(
                condition=reduce(or_, (_only(column) for column in ABOUT)), name="alarm_about_one_thing"
            ),
            models.CheckConstraint(
                condition=Q(application=None) | Q(referral__isnull=False), name="alarm_application_with_its_referral"
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=False) | Q(note=""), name="alarm_note_when_acknowledged"
            ),
        ]
        indexes = [
            models.Index(
                fields=["to_user", "-raised_at"], condition=Q(acknowledged_at=None, skipped=False), name="alarm_waiting"
            ),
            models.Index(fields=["to_user", "-raised_at"], name="alarm_of_user"),
        ]

    def __str__(self):
        return f"{self.number} · {self.get_rung_display()}"

    @property
    def about(self):
        """The referral, household on an agenda, transfer or concern that it is about."""
        return self.referral or self.item or self.transfer or self.concern

    @property
    def number(self):
        """The number by which it names that: of the meeting, where it is about a household on an agenda."""
        return self.item.meeting.number if self.item else self.about.number
