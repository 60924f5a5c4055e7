"""당직표: who answers for an agency at night and at weekends, for what is owed within 24 hours."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class DutyShiftQuerySet(models.QuerySet):
    def at(self, moment):
        """Return the shifts that run at a moment."""
        return self.filter(during__contains=moment)


class DutyShift(models.Model):
    """One person is on duty for an agency from and until a moment."""

    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="duty_shifts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="duty_shifts")
    during = DateTimeRangeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = DutyShiftQuerySet.as_manager()

    class Meta:
        ordering = ["agency", "during"]
        constraints = [
            ExclusionConstraint(
                name="one_on_duty",
                expressions=[("agency", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                violation_error_message=_("Somebody is already on duty in this time."),
            ),
            models.CheckConstraint(
                condition=Q(during__startswith__isnull=False, during__endswith__isnull=False), name="duty_ends"
            ),
        ]

    def __str__(self):
        return f"{self.agency} · {self.user}"
