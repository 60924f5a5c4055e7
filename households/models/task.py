"""What a worker has set themselves to do, and what is due and was put off for some days."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext_lazy as _

from casework.agencies.roles import May, agency_of, granted
from casework.landing import landed_once
from households.models.absence import Absence
from households.models.circle import TODAY, Assignment, Household, ours
from households.tasklist.workflow import TASK, TaskStatus

URGENT = "contact_urgent"
"""The kind of a contact that is owed to a household in Emergency or High: nothing puts it off."""
LONGEST_SNOOZE = 14
"""Days for which a thing can be put off at most: our own criterion."""


class TaskQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A task of a household is seen at the centre that keeps the household's file, by whoever sees the household
        there, and by whom it was given to; a share does not open it. A task without a household is seen at the agency
        where it was set, by its author, its owner, who stands in for the owner today, and those who oversee the
        agency."""
        of_households = Q(household__in=Household.objects.kept_by(user).order_by().values("pk"))
        return self.filter(of_households | _beside(user))

    def beside(self, user):
        """Return those of `visible_to` that come to the user without a household of theirs: without any, and given to
        the user by name."""
        return self.filter(_beside(user))

    def open(self):
        """Return those that are still to be done."""
        return self.filter(status=TaskStatus.OPEN)

    def with_doer(self):
        """Annotate `doer`: whose task it is today, an id: whom it was given to on purpose, else the household's
        responsible worker of today, so that it goes with the household."""
        return self.annotate(
            doer=Coalesce("owner", Subquery(_main().values("worker")[:1]), output_field=models.BigIntegerField())
        )


def _beside(user):
    mine, leads = Q(owner=user.pk), Q(Exists(granted(May.SEE_CENTRE, user)))
    alone = Q(household=None, agency=agency_of(user))
    given = mine & Q(household__in=ours(user).order_by().values("household"))
    return alone & (Q(recorded_by=user.pk) | mine | Q(owner__in=away_from(user)) | leads) | given


def _main():
    return (
        Assignment.objects.current()
        .filter(household=OuterRef("household"), kind=Assignment.Kind.MAIN, during__contains=TODAY)
        .order_by("id")
    )


def away_from(user):
    """Return the ids of whom the user stands in for today, as a subquery: absences of that day, and no longer."""
    today = Absence.objects.current().filter(substitute=user.pk, during__contains=TODAY, worker__agency=agency_of(user))
    return today.order_by().values("worker")


@pghistory.track()
class Task(models.Model):
    """One thing to do by a day. Its status changes only through `tasklist.workflow.TASK`.

    `owner` None: whoever is responsible for the household today. `source`: where it came from, in words.
    """

    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="+", db_index=False)
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", help_text="where it was set")
    what = models.CharField(_("What is to be done"), max_length=300)
    due_on = models.DateField(_("By when"))
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    source = models.CharField(max_length=120, blank=True)
    status = models.CharField(max_length=8, choices=TaskStatus, default=TaskStatus.OPEN, editable=False)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    dropped_because = models.CharField(max_length=300, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    client_key = models.UUIDField(null=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            landed_once("task"),
            models.CheckConstraint(
                condition=Q(household__isnull=False) | Q(owner__isnull=False),
                name="task_has_somebody",
                violation_error_message=_("A task without a household belongs to somebody by name."),
            ),
            models.CheckConstraint(
                condition=Q(status="open", settled_by=None, settled_at=None, dropped_because="")
                | Q(status="done", settled_by__isnull=False, settled_at__isnull=False, dropped_because="")
                | Q(status="dropped", settled_by__isnull=False, settled_at__isnull=False) & ~Q(dropped_because=""),
                name="task_settled_by",
                violation_error_message=_("Say why the task is not needed any more."),
            ),
            models.CheckConstraint(condition=~Q(what=""), name="task_says_what"),
        ]
        indexes = [
            models.Index(fields=["household"], condition=Q(status="open"), name="task_house_open"),
            models.Index(fields=["owner"], condition=Q(status="open"), name="task_owner_open"),
        ]
        triggers = [TASK.trigger()]

    def __str__(self):
        """What is to be done may name somebody: logs call a task by its number."""
        return f"T-{self.pk}"


class SnoozeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """That something was put off, by whom and why, is seen by whoever sees what was put off: at the centre that
        keeps the household's file; without a household by who put it off and those who oversee the agency."""
        kept = Q(household__in=Household.objects.kept_by(user).order_by().values("pk"))
        leads = Q(by__agency=agency_of(user)) & Q(Exists(granted(May.SEE_CENTRE, user)))
        return self.filter(kept | Q(household=None) & (Q(by=user.pk) | leads))

    def holding(self, on):
        """Return those that hold on a day: it ends by itself, and sooner where somebody took it back."""
        return self.filter(until__gt=on, lifted_at=None)


class Snooze(models.Model):
    """What is due on `due_on` (`kind` and `key` as the day's list names it) is put off: it comes back on `until`.

    It holds for this due day alone: what falls due anew is due.
    """

    may_only_end = ("lifted_at", "lifted_by_id")  # it ends by itself, or somebody takes it back

    kind = models.CharField(max_length=30)
    key = models.CharField(max_length=80)
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="+", db_index=False)
    due_on = models.DateField()
    put_off_on = models.DateField()
    until = models.DateField(_("Comes back on"))
    reason = models.CharField(_("Reason"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)

    objects = SnoozeQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key", "due_on"],
                condition=Q(lifted_at=None),
                name="snoozed_once",
                violation_error_message=_("This was put off already."),
            ),
            models.CheckConstraint(
                condition=Q(until__gt=F("put_off_on")) & Q(until__lte=F("put_off_on") + LONGEST_SNOOZE),
                name="snooze_at_most_14_days",
                violation_error_message=_("It can be put off by at most 14 days."),
            ),
            models.CheckConstraint(
                condition=~Q(kind=URGENT),
                name="snooze_never_urgent",
                violation_error_message=_("A contact owed to a household in Emergency or High is not put off."),
            ),
            models.CheckConstraint(
                condition=~Q(reason=""), name="snooze_says_why", violation_error_message=_("Please say why.")
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None) | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="snooze_lifted_by",
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.key}"
