"""A crisis signal about one person, as a feed told it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from casework.facts import one_version
from households.models.base import OfPersonQuerySet
from households.models.person import OfPerson


class SignalCode(models.Model):
    """One of the 44 crisis signals (unofficial transcription of the welfare blind-spot columns)."""

    code = models.CharField(max_length=3, primary_key=True)
    group = models.CharField(max_length=20)
    group_ko = models.CharField(max_length=20)
    group_en = models.CharField(max_length=30)
    name_ko = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)
    of_dwelling = models.BooleanField(default=False)
    in_overlap = models.BooleanField(default=True)

    class Meta:
        ordering = ["code"]

    def __str__(self):
        return self.name_ko if get_language() != "en" else self.name_en


class SignalQuerySet(OfPersonQuerySet):
    """Signals follow the person; `visible_to` as for every fact of a person."""


class Signal(OfPerson):
    """One crisis signal: what, when observed, when it ended, how much, and who told us."""

    code = models.ForeignKey(SignalCode, models.PROTECT, db_index=False)
    observed_on = models.DateField()
    ended_on = models.DateField(null=True)
    received_on = models.DateField(null=True)
    months = models.PositiveSmallIntegerField(null=True)
    amount_krw = models.BigIntegerField(null=True)
    source = models.CharField(max_length=80)
    reference = models.CharField(max_length=80)

    objects = SignalQuerySet.as_manager()

    class Meta(OfPerson.Meta):
        abstract = False
        constraints = [
            one_version("signal"),
            models.UniqueConstraint(
                fields=["source", "reference"], condition=Q(superseded_at=None), name="signal_reference_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("observed_on")),
                name="signal_ends_after_it_began",
                violation_error_message=_("A signal cannot end before it was observed."),
            ),
            models.CheckConstraint(
                condition=Q(amount_krw=None) | Q(amount_krw__gte=0),
                name="signal_amount_not_negative",
                violation_error_message=_("An amount cannot be negative."),
            ),
        ]
        indexes = [
            models.Index("person", "code", F("observed_on").desc(), name="signal_person_code"),
            # A sweep asks for the few that have ended, and would read a million rows for them.
            models.Index(fields=["ended_on"], condition=models.Q(ended_on__isnull=False), name="signal_ended"),
        ]


class Feed(models.Model):
    """A source of signals and the rhythm it is expected in, so that a late one can be said aloud."""

    source = models.CharField(max_length=80, unique=True)
    name_ko = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80, blank=True)
    every_days = models.PositiveSmallIntegerField(default=60)
    last_received_on = models.DateField(null=True)

    def __str__(self):
        return self.name_ko if get_language() != "en" else self.name_en or self.name_ko

    def days_late(self, on):
        """Return how many days past its rhythm the feed is on the day; 0 when it is in time."""
        return max(0, (on - self.last_received_on).days - self.every_days) if self.last_received_on else 0
