"""What a source of registers last said, so that saying it again is no news."""

from django.db import models


class Stated(models.Model):
    """The last loaded row of one source about one reference: {group of cells: digest}, no value of any cell.

    A register is sent whole, month after month, also by those who have not heard what was put right on screen since.
    Only what such a file says differently from the time before is news; see `households.imports.news`.
    """

    class About(models.TextChoices):
        PERSON = "person"
        HOUSEHOLD = "household"
        CIRCUMSTANCE = "circumstance"
        SCREENING = "screening"
        HANDOVER = "handover"

    source = models.CharField(max_length=80, blank=True)
    about = models.CharField(max_length=12, choices=About)
    ref = models.CharField(max_length=60)
    said = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "about", "ref"], name="stated_once")]

    def __str__(self):
        return f"{self.about} {self.ref}"
