"""When the receiver's clock stood still, and why. Only clocks of working days stand still, and never the law's."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models.functions import Now

from referrals.states import Waits


class PauseQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A pause is seen by whoever sees the referral."""
        from referrals.models.referral import Referral

        return self.filter(referral__in=Referral.objects.visible_to(user).order_by().values("pk"))

    def running(self):
        """Return the pauses that have not ended."""
        return self.filter(during__endswith=None)


class Pause(models.Model):
    """From a moment until a moment (open while it lasts) a referral waited for somebody else."""

    may_only_end = ("during", "ended_by_id")

    referral = models.ForeignKey("referrals.Referral", models.PROTECT, related_name="pauses")
    waits_for = models.CharField(max_length=10, choices=Waits)
    during = DateTimeRangeField()
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = PauseQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            ExclusionConstraint(
                name="one_pause_at_a_time",
                expressions=[("referral", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
            )
        ]

    def __str__(self):
        return f"{self.referral} · {self.get_waits_for_display()}"
