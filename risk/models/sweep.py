"""One evaluation of the rules: as of when, over whom, how long, what opened, what cleared."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Sweep(models.Model):
    """A sweep is one record; only a live one writes flags."""

    class Kind(models.TextChoices):
        FULL = "full", _("Every household")
        TOUCHED = "touched", _("Households that changed")
        PAST = "past", _("Past day")

    kind = models.CharField(max_length=8, choices=Kind)
    on = models.DateField()
    known_by = models.DateTimeField()
    began_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)
    persons = models.PositiveIntegerField(default=0)
    households = models.PositiveIntegerField(default=0)
    seconds = models.FloatField(default=0)
    opened = models.PositiveIntegerField(default=0)
    cleared = models.PositiveIntegerField(default=0)
    bands = models.JSONField(default=dict)
    rules = models.JSONField(default=dict, help_text="code: {version, hits}")
    snapshot = models.TextField(blank=True, help_text="pg_current_snapshot() of the reading transaction")

    class Meta:
        indexes = [models.Index(fields=["kind", "-finished_at"], name="sweep_latest")]

    def __str__(self):
        return f"{self.kind} {self.on}"
