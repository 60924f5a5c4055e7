"""A back-test as a job: who asked, how far it is, what it found. PostgreSQL holds it; a message only rings."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from casework.agencies.roles import May, granted
from casework.landing import landed_once

MONTHS = 12


class BacktestQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Back-tests are seen by whoever sees figures; they hold counts and no household. Small counts are hidden by
        the page that shows them."""
        return self.filter(Exists(granted(May.SEE_FIGURES, user)))

    def open(self):
        """Return those that wait or run, the first asked for first."""
        return self.filter(state__in=BacktestRun.OPEN).order_by("id")


class BacktestRun(models.Model):
    """One run over the last twelve month ends before `on`, by the rules in force on that day or by those of `change`.

    `result`: the object of `risk.backtest.warned.tally()`. `versions`: {code: version}. `done_months` of MONTHS says
    how far it is.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled")
        FAILED = "failed", _("Stopped by an error")

    OPEN = (State.QUEUED, State.RUNNING)

    on = models.DateField()
    known_by = models.DateTimeField(help_text="recorded crises count as known by then")
    change = models.ForeignKey("risk.RuleChange", models.PROTECT, null=True, related_name="backtests")
    numbers = models.CharField(max_length=32, blank=True, help_text="the digest of what the change then proposed")
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED, editable=False)
    done_months = models.PositiveSmallIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0, help_text="how many workers have begun it")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    requested_at = models.DateTimeField(db_default=Now(), editable=False)
    began_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    seconds = models.FloatField(default=0)
    versions = models.JSONField(default=dict)
    result = models.JSONField(null=True)
    client_key = models.UUIDField(null=True)

    objects = BacktestQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            landed_once("backtest", author="requested_by"),
            models.CheckConstraint(condition=~Q(state="done") | Q(result__isnull=False), name="backtest_has_a_result"),
        ]

    def __str__(self):
        return f"{self.on} {self.pk}"

    @property
    def is_open(self):
        """Whether it waits or runs."""
        return self.state in self.OPEN

    @property
    def percent(self):
        """How far it is, 0 to 100."""
        return 100 * self.done_months // MONTHS
