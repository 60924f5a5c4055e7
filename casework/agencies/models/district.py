"""시·도 and 시·군·구."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class District(models.Model):
    """A province or metropolitan city (sido), or a city, county or district in it (sigungu)."""

    class Kind(models.TextChoices):
        SIDO = "sido", _("Province or metropolitan city")
        SIGUNGU = "sigungu", _("City, county or district")

    code = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=10, choices=Kind)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="parts")
    name = models.CharField(max_length=40)
    short = models.CharField(max_length=20, blank=True, help_text="서울; empty below the province")
    name_en = models.CharField(max_length=60)

    class Meta:
        ordering = ["code"]

    def __str__(self):
        return self.name if get_language() != "en" else self.name_en
