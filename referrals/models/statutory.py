"""What the law counts: the decision on a benefit from the day it was applied for, and urgent danger looked at again."""

from functools import reduce
from operator import or_

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Exists, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from casework.agencies.roles import May, agency_of, granted
from casework.landing import landed_once

# Who looks again at an urgent danger: who reviews at a centre; at an office, somebody else who asks there.
LOOKS_AGAIN = (May.REVIEW, May.ASK_FOR)


class OfReferralQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Seen by whoever sees the referral."""
        from referrals.models.referral import Referral

        return self.filter(referral__in=Referral.objects.visible_to(user).order_by().values("pk"))


@pghistory.track()
class BenefitApplication(models.Model):
    """A benefit was applied for on a day: it is decided within 30 calendar days, 60 with a stated reason.

    사회보장급여법 시행령 제6조. Counted from the application, not from our referral; nothing pauses it.
    """

    referral = models.ForeignKey("referrals.Referral", models.PROTECT, related_name="applications")
    benefit = models.CharField(_("Benefit"), max_length=80)
    applied_on = models.DateField(_("Applied for on"))
    extended_because = models.CharField(_("Why 60 days"), max_length=300, blank=True)
    decided_on = models.DateField(_("Decided on"), null=True, blank=True)
    granted = models.BooleanField(_("Granted"), null=True, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    client_key = models.UUIDField(null=True)

    objects = OfReferralQuerySet.as_manager()

    class Meta:
        ordering = ["applied_on", "id"]
        constraints = [
            landed_once("benefit_application"),
            models.CheckConstraint(
                condition=Q(decided_on=None, granted=None)
                | Q(decided_on__gte=models.F("applied_on"), granted__isnull=False),
                name="decided_after_applied",
                violation_error_message=_("A decision comes after the application, and says granted or not."),
            ),
        ]

    def __str__(self):
        return f"{self.benefit} · {self.applied_on}"


class GroundReviewQuerySet(OfReferralQuerySet):
    def waiting(self):
        """Return those that nobody has looked at."""
        return self.filter(reviewed_at=None)

    def of_agency_of(self, user):
        """Return those of `visible_to` that the user's own agency answers for, to those of it who look again."""
        mine = self.visible_to(user).filter(referral__from_agency=agency_of(user))
        return mine.filter(reduce(or_, (Q(Exists(granted(word, user))) for word in LOOKS_AGAIN)))


@pghistory.track()
class GroundReview(models.Model):
    """Facts told without consent for urgent danger: somebody else looks at it within 3 working days of sending.

    Not upheld: the receiver's view closes. Our own criterion beside 개인정보 보호법 제18조제2항제3호.
    """

    referral = models.OneToOneField("referrals.Referral", models.PROTECT, related_name="ground_review")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    upheld = models.BooleanField(null=True)
    reason = models.CharField(_("Reason"), max_length=500, blank=True)

    objects = GroundReviewQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=models.F("asked_by")),
                name="ground_reviewed_by_another",
                violation_error_message=_("Somebody else looks at it than who sent it."),
            ),
            models.CheckConstraint(
                condition=Q(reviewed_at=None, reviewed_by=None, upheld=None)
                | (Q(reviewed_at__isnull=False, reviewed_by__isnull=False, upheld__isnull=False) & ~Q(reason="")),
                name="ground_reviewed_with_reason",
            ),
        ]

    def __str__(self):
        return str(self.referral)
