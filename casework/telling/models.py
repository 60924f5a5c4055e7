"""Who was told what, how they wish to be told, and the mails that wait: a number and a link, nothing about anybody."""

from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.contrib.postgres.fields.ranges import RangeEndsWith
from django.db import models
from django.db.models import Case, Q, When
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from casework.telling.kinds import at_any_hour, kinds, label_of
from casework.telling.quiet import QUIET_FROM, QUIET_UNTIL, after_quiet


class NotificationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A notification is seen by the person it was written to, and by nobody else."""
        return self.filter(user=user.pk)

    def unread(self):
        """Return those that were not opened yet."""
        return self.filter(read_at=None)

    def listed(self):
        """Return them as the page shows them: unread first, then the newest."""
        read = Case(When(read_at=None, then=0), default=1, output_field=models.SmallIntegerField())
        return self.order_by(read, "-at", "-id")


class Notification(models.Model):
    """One person is told of one event: its kind, the number it is about and where it is to be seen.

    `key` names the event, so that it is told once. The number is a label and no reference: what it names may move.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=30)
    key = models.CharField(max_length=120)
    label = models.CharField(max_length=40)
    url_name = models.CharField(max_length=60)
    url_args = ArrayField(models.CharField(max_length=60), default=list)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    read_at = models.DateTimeField(null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind", "key"],
                name="told_once",
                violation_error_message=_("This person was told already."),
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-at"], name="told_to_user"),
            models.Index(fields=["user"], condition=Q(read_at=None), name="told_unread"),
            models.Index(fields=["kind", "label"], name="told_of_number"),
            models.Index(fields=["read_at"], condition=Q(read_at__isnull=False), name="told_read_at"),
        ]

    def __str__(self):
        return f"{self.label} · {label_of(self.kind)}"

    @property
    def words(self):
        """What the kind is called."""
        return label_of(self.kind)


class Preference(models.Model):
    """How one person wishes to be told; who has no row takes the usual. `mail`: {code of a kind: yes or no}."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="telling_preference"
    )
    mail = models.JSONField(default=dict)
    quiet_from = models.TimeField(default=QUIET_FROM)
    quiet_until = models.TimeField(default=QUIET_UNTIL)
    days_off = models.BooleanField(default=True)
    digest = models.BooleanField(default=True)

    def __str__(self):
        return str(self.user)

    def mails(self, code):
        """Tell whether a notification of this kind is sent by e-mail as well."""
        kind = kinds().get(code)
        return bool(self.mail.get(code, kind.mailed if kind else False))

    def moment_for(self, code, *, now, holidays):
        """Return when a mail of this kind is sent: `now`, or the end of the quiet hours. `code` may be a digest's."""
        return now if at_any_hour(code) else self.next_moment(now=now, holidays=holidays)

    def next_moment(self, *, now, holidays):
        """Return `now`, or, in this person's quiet hours, their end."""
        quiet = {"begins": self.quiet_from, "ends": self.quiet_until, "days_off": self.days_off}
        return after_quiet(now, holidays=holidays, **quiet)


def preference_of(user):
    """Return the Preference of a user, or the usual one, unsaved."""
    return getattr(user, "telling_preference", None) or Preference(user=user)


class Mail(models.Model):
    """One mail to one person, written with the event and sent by a worker: at least once, always under one Message-ID.

    `due_at`: when it should go out; quiet hours are asked about again at each try, unless it goes `at_any_hour`.
    `next_at`: the next try, or, while a worker has it, the end of its lease.
    `dead_at`: all tries were used up; `settled_at`: an administrator gave it up for good.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=160)
    message_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    label = models.CharField(max_length=40, blank=True)
    subject = models.CharField(max_length=120)
    body = models.TextField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    due_at = models.DateTimeField()
    next_at = models.DateTimeField()
    at_any_hour = models.BooleanField(default=False)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=60, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="mailed_once"),
            models.CheckConstraint(condition=Q(sent_at=None) | Q(dead_at=None), name="mail_sent_or_dead"),
            models.CheckConstraint(
                condition=Q(settled_at=None, settled_by=None)
                | Q(settled_at__isnull=False, settled_by__isnull=False, dead_at__isnull=False),
                name="mail_settled_by",
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(sent_at=None, dead_at=None), name="mail_due"),
            models.Index(fields=["-dead_at"], condition=Q(dead_at__isnull=False), name="mail_dead"),
            models.Index(fields=["sent_at"], condition=Q(sent_at__isnull=False), name="mail_sent"),
        ]

    def __str__(self):
        return self.label or str(self.message_id)


class Digest(models.Model):
    """The ledger of weekly digests: the range that one covered for one person. Ranges never overlap: nothing is said
    twice, and the next one begins where the last ended, however many Mondays were missed."""

    append_only = True

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="digests", db_index=False)
    during = DateTimeRangeField()
    count = models.PositiveIntegerField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-id"]
        constraints = [
            ExclusionConstraint(
                name="digest_told_once",
                expressions=[("user", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
            ),
        ]
        indexes = [models.Index("user", RangeEndsWith("during"), name="digest_until")]

    def __str__(self):
        return f"{self.user_id} · {self.during}"


class Occasion(models.Model):
    """The ledger of what a tick finds and tells: `key` among those of its `kind` was dealt with, whether or not there
    was anybody to tell, and is not asked about again."""

    kind = models.CharField(max_length=30)
    key = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="occasion_once")]
        indexes = [models.Index(fields=["at"], name="occasion_at")]

    def __str__(self):
        return f"{self.kind} {self.key}"
