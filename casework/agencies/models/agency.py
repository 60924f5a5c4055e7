"""Agencies and the districts they cover."""

import pghistory
from django.contrib.auth.models import Group
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    MINISTRY = "ministry", _("Ministry")
    FOUNDATION = "foundation", _("Hana Foundation")
    HANAWON = "hanawon", _("Hanawon")
    HANA_CENTER = "hana_center", _("Hana Center")
    PROVINCE = "province", _("Province")
    CITY = "city", _("City, county or district office")
    TOWN = "town", _("Town office")
    JOB_CENTRE = "job_centre", _("Job centre")
    EDUCATION_OFFICE = "education_office", _("Education office")
    POLICE = "police", _("Police")
    MENTAL_HEALTH = "mental_health", _("Mental-health centre")
    OTHER = "other", _("Other")


class AgencyQuerySet(models.QuerySet):
    def centres(self):
        return self.filter(kind=Kind.HANA_CENTER)

    def covering(self, district, *, on):
        """Return the agencies whose jurisdiction holds `district` on the day."""
        return self.filter(jurisdictions__district=district, jurisdictions__during__contains=on)


@pghistory.track()
class Agency(models.Model):
    """An office that works with cases. `group` carries what is shared with the whole agency."""

    kind = models.CharField(max_length=20, choices=Kind)
    name_ko = models.CharField(max_length=80, unique=True)
    name_en = models.CharField(max_length=120, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True)
    region = models.CharField(max_length=120, blank=True)
    phone = models.CharField(_("Telephone of the agency"), max_length=30, blank=True)
    private = models.BooleanField(
        _("Run by a private body"), default=False, help_text=_("Facts are told to it with the person's consent only")
    )
    unofficial = models.BooleanField(default=False, help_text="Name or area not taken from an official list")
    group = models.OneToOneField(Group, models.PROTECT, null=True, editable=False)

    objects = AgencyQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "name_ko"]
        verbose_name_plural = "agencies"

    def __str__(self):
        return self.name_ko if get_language() != "en" else self.name_en or self.name_ko


@pghistory.track()
class Jurisdiction(models.Model):
    """An agency covers a district during a range of days."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="jurisdictions")
    district = models.ForeignKey("agencies.District", models.PROTECT)
    during = DateRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="jurisdiction_no_overlap",
                expressions=[
                    ("agency", RangeOperators.EQUAL),
                    ("district", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This agency already covers this district on some of these days."),
            )
        ]

    def __str__(self):
        return f"{self.agency} · {self.district}"
