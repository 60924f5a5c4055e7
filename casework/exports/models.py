"""A list that somebody takes away as a file: who asked, why, how far it is, and the file as long as it is kept."""

from datetime import timedelta

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Length, Trim
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from casework.agencies.roles import agency_of
from casework.landing import landed_once
from casework.numbers import make_number

NUMBER_GROUPS = (4, 4)
LEAST_REASON, MOST_REASON = 20, 200
KEPT = timedelta(hours=24)
"""So long the file can be taken away; then its content is deleted."""
ANSWERED_WITHIN = timedelta(days=7)
"""So long a second person may agree; then the question lapses. Our own criterion."""


def new_export_number() -> str:
    """Return a random number with a check digit, such as "X-7QX4-1DTM-5"."""
    return f"X-{make_number(NUMBER_GROUPS)}"


class State(models.TextChoices):
    """Where an export stands; read from its moments, stored nowhere."""

    ASKED = "asked", _("Waiting for a second person")
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Ready")
    DELETED = "deleted", _("File deleted")
    FAILED = "failed", _("Not made")
    CANCELLED = "cancelled", _("Cancelled")


class Why(models.TextChoices):
    """Why an export was not made, in the sentence that the asker reads."""

    DECLINED = "declined", _("The second person did not agree. Please speak with them.")
    LAPSED = "lapsed", _("Nobody agreed in time, or you left the agency at which you asked. Please ask again.")
    RIGHTS = "rights", _("You may not take this list away any more.")
    TOO_MANY = "too_many", _("The list is longer than a file may be. Please narrow it down and ask again.")
    LOST = "lost", _("The work was interrupted several times. Please ask again.")
    ERROR = "error", _("An error stopped the work. Please ask again, or tell the administrator the number.")


class ExportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """An export is seen by whoever asked for it and by nobody else, whatever their role."""
        return self.filter(asker=user.pk)

    def to_answer(self, user, *, now):
        """Return what others asked for at the user's agency and nobody has answered, unless it has lapsed: who may
        answer, says `answering`."""
        return self.of_agency_of(user).unanswered().filter(~_lapsed(now))

    def of_agency_of(self, user):
        """Return what others asked for at the user's agency, wherever they work now; whoever answers reads the question
        and never the file."""
        return self.filter(agency=agency_of(user)).exclude(asker=user.pk)

    def lapsed(self, *, now):
        """Return what waits for a second person in vain: too long, or the asker works there no more."""
        return self.unanswered().filter(_lapsed(now))

    def unanswered(self):
        """Return those that wait for a second person."""
        return self.open().filter(answered_at=None)

    def open(self):
        """Return those that wait or run, the first asked for first."""
        return self.filter(done_at=None, failed_at=None, cancelled_at=None).order_by("id")

    def without_content(self):
        """Leave the file and whose data it holds in the database: no page but the download needs them."""
        return self.defer("content", "records", "closed", "subjects", "households")


def _lapsed(now):
    stays = Q(asker__is_active=True, asker__agency=F("agency"))
    return Q(asked_at__lte=now - ANSWERED_WITHIN) | ~stays


class Export(models.Model):
    """One file. What was asked never changes; how far it is stands in its moments, of which one ends it.

    `asked`: the filters as the kind of list understands them. `agency`: where the asker worked then; people of it
    answer. `records`: the ids of the rows whose contents stand in the file, `closed`: of those that stand there
    without; by both the rights are checked again at the download. `subjects`, `households`: whose data it holds, for
    the access log. `held_until`: until then one worker has it.
    `answered_at`: from then on it may be made; `answered_by`: the second person, None where the list names nobody.
    """

    may_only_end = (
        "answered_by_id",
        "answered_at",
        "started_at",
        "done_at",
        "failed_at",
        "cancelled_at",
        "expires_at",
        "held_until",
        "tries",
        "why",
        "rows",
        "done_rows",
        "content",
        "records",
        "closed",
        "subjects",
        "households",
    )

    number = models.CharField(max_length=14, unique=True, default=new_export_number, editable=False)
    kind = models.CharField(max_length=30)
    asker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="exports")
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, null=True, related_name="+", db_index=False)
    asked = models.JSONField(default=dict)
    reason = models.CharField(_("Why you need this file"), max_length=MOST_REASON)
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    held_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0, help_text="how many workers have begun it")
    why = models.CharField(max_length=10, blank=True, choices=Why)
    rows = models.PositiveIntegerField(null=True)
    done_rows = models.PositiveIntegerField(default=0)
    content = models.BinaryField(null=True)
    records = ArrayField(models.BigIntegerField(), default=list)
    closed = ArrayField(models.BigIntegerField(), default=list)
    subjects = ArrayField(models.BigIntegerField(), default=list)
    households = ArrayField(models.BigIntegerField(), default=list)
    client_key = models.UUIDField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    answered_at = models.DateTimeField(null=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            landed_once("export", author="asker"),
            models.CheckConstraint(
                condition=GreaterThanOrEqual(Length(Trim("reason")), LEAST_REASON),
                name="export_says_why",
                violation_error_message=_("Please say in at least 20 characters why you need this file."),
            ),
            models.CheckConstraint(
                condition=LessThanOrEqual(
                    Func(
                        F("done_at"),
                        F("failed_at"),
                        F("cancelled_at"),
                        function="num_nonnulls",
                        output_field=models.IntegerField(),
                    ),
                    1,
                ),
                name="export_ends_once",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None, expires_at=None, content=None)
                | Q(done_at__isnull=False, expires_at__isnull=False, started_at__isnull=False, rows__isnull=False),
                name="export_expires_when_done",
            ),
            models.CheckConstraint(
                condition=Q(answered_by=None) | (~Q(answered_by=F("asker")) & Q(answered_at__isnull=False)),
                name="export_answered_by_another",
                violation_error_message=_("Somebody else agrees to it than who asks."),
            ),
            models.CheckConstraint(
                condition=Q(started_at=None) | Q(answered_at__isnull=False), name="export_made_once_agreed"
            ),
            models.CheckConstraint(
                condition=Q(failed_at=None, why="") | (Q(failed_at__isnull=False) & ~Q(why="")),
                name="export_fails_for_a_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                condition=Q(done_at=None, failed_at=None, cancelled_at=None),
                name="export_open",
            ),
            models.Index(fields=["expires_at"], condition=Q(content__isnull=False), name="export_kept"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="answered_once",
                operation=pgtrigger.UpdateOf("answered_by_id", "answered_at"),
                condition=pgtrigger.Q(old__answered_at__isnull=False),
            ),
            pgtrigger.Protect(
                name="ended_for_good",
                operation=pgtrigger.UpdateOf("done_at", "failed_at", "cancelled_at"),
                condition=pgtrigger.Q(old__done_at__isnull=False)
                | pgtrigger.Q(old__failed_at__isnull=False)
                | pgtrigger.Q(old__cancelled_at__isnull=False),
            ),
            pgtrigger.Protect(
                name="kept_no_longer",
                operation=pgtrigger.UpdateOf("expires_at"),
                condition=pgtrigger.Q(new__expires_at__gt=pgtrigger.F("old__expires_at")),
            ),
            pgtrigger.Protect(
                name="forgotten_for_good",
                operation=pgtrigger.UpdateOf("content"),
                condition=pgtrigger.Q(old__done_at__isnull=False, new__content__isnull=False),
            ),
        ]

    def __str__(self):
        return self.number

    @property
    def is_open(self):
        """Whether it waits or runs."""
        return not (self.done_at or self.failed_at or self.cancelled_at)

    @property
    def answer_until(self):
        """The moment at which the question for a second person lapses."""
        return self.asked_at + ANSWERED_WITHIN

    @property
    def percent(self):
        """How far it is, 0 to 100."""
        return 100 * self.done_rows // self.rows if self.rows else 0

    def state(self, *, now):
        """Return its State at a moment; a file that has expired counts as deleted before it is."""
        if self.cancelled_at:
            return State.CANCELLED
        if self.failed_at:
            return State.FAILED
        if self.done_at:
            return State.DONE if self.expires_at > now else State.DELETED
        if self.answered_at is None:
            return State.ASKED
        return State.RUNNING if self.started_at else State.WAITING
