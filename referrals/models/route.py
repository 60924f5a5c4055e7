"""Where a need goes first, whom to ask beside, and how long each side has: data with dates of validity.

Our own criterion throughout (domain §3.6); the one statutory date, the decision on a benefit, runs elsewhere.
"""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from casework.agencies.models import Kind
from referrals.limits import Limit
from referrals.states import NEEDS, Urgency


class RouteQuerySet(models.QuerySet):
    def in_force(self, on):
        """Return the lines in force on a day."""
        return self.filter(during__contains=on)

    def best_for(self, need, urgency, district, *, on):
        """Return the line for a need: that of the `district` (or its id, or None) before the one for everywhere.

        Raises `LookupError` where none stands; the reference data holds one for every need and urgency.
        """
        lines = self.in_force(on).filter(Q(district=district) | Q(district=None), need=need, urgency=urgency)
        line = lines.order_by(F("district").asc(nulls_last=True)).first()
        if line is None:
            raise LookupError(f"no route for {need} ({urgency}) on {on}")
        return line


class Route(models.Model):
    """One line of the table: need, urgency, district (empty: everywhere), whom to ask, and the clocks.

    `limits` maps each station of `referrals.clocks` to [amount, unit]; the unit is "wd", a working day, or "h", an
    hour by the clock that nothing stops.
    """

    need = models.CharField(_("What is needed"), max_length=20, choices=NEEDS)
    urgency = models.CharField(_("How soon"), max_length=10, choices=Urgency, default=Urgency.USUAL)
    district = models.ForeignKey("agencies.District", models.PROTECT, null=True, blank=True, related_name="+")
    first = ArrayField(models.CharField(max_length=20, choices=Kind), verbose_name=_("Whom to ask first"))
    also = ArrayField(
        models.CharField(max_length=20, choices=Kind), default=list, blank=True, verbose_name=_("Whom to ask beside")
    )
    limits = models.JSONField(_("How long each side has"))
    during = DateRangeField(_("In force"))

    objects = RouteQuerySet.as_manager()

    class Meta:
        ordering = ["need", "urgency", "id"]
        constraints = [
            ExclusionConstraint(
                name="one_route_at_a_time",
                expressions=[
                    ("need", RangeOperators.EQUAL),
                    ("urgency", RangeOperators.EQUAL),
                    (Coalesce("district", 0), RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Another line for this need and district is in force on some of these days."),
            )
        ]

    def __str__(self):
        return f"{self.get_need_display()} · {self.get_urgency_display()}"

    def limit(self, station):
        """Return the Limit of a station by its name."""
        return Limit(*self.limits[station])

    @property
    def same_day(self):
        """Say whether the first answer is counted by the clock and not in working days."""
        return self.limit("acknowledge").unit == "h"
