"""A review: what a person decided about a household or one of its flags, why, and until when."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from casework.landing import landed_once
from casework.touched import OF_HOUSEHOLD, touches
from households.models.base import BesideHouseholdQuerySet
from risk.bands import Band

REVIEW_DAYS = 90


class ReviewQuerySet(BesideHouseholdQuerySet):
    """Reviews; seen with the household."""


class Review(models.Model):
    """Confirm, adjust the band, or dismiss a flag; with a reason and a review date of at most 90 days.

    A dismissed flag comes back when `review_on` passes or its condition worsens beyond `points` or `facts`.
    """

    append_only = True

    class Decision(models.TextChoices):
        CONFIRM = "confirm", _("Confirm")
        ADJUST = "adjust", _("Adjust the band")
        DISMISS = "dismiss", _("Dismiss a reason")

    household = models.ForeignKey("households.Household", models.PROTECT, db_index=False)
    decision = models.CharField(max_length=8, choices=Decision)
    flag = models.ForeignKey("risk.Flag", models.PROTECT, null=True, related_name="reviews")
    band = models.PositiveSmallIntegerField(choices=Band, null=True, help_text="the band decided on")
    machine_band = models.PositiveSmallIntegerField(choices=Band)
    reason = models.TextField(_("Reason"))
    review_on = models.DateField(_("Look again on"))
    decided_on = models.DateField()
    points = models.PositiveSmallIntegerField(default=0)
    facts = models.PositiveSmallIntegerField(default=0)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    client_key = models.UUIDField(null=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        constraints = [
            landed_once("review"),
            models.CheckConstraint(
                condition=Q(review_on__gt=F("decided_on"))
                & Q(review_on__lte=F("decided_on") + models.Value(REVIEW_DAYS, output_field=models.IntegerField())),
                name="review_within_ninety_days",
                violation_error_message=_("The day to look again is at most 90 days ahead."),
            ),
            models.CheckConstraint(
                condition=Q(decision="dismiss", flag__isnull=False) | (~Q(decision="dismiss") & Q(flag=None)),
                name="only_a_flag_is_dismissed",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="review_has_a_reason"),
        ]
        indexes = [models.Index("household", F("recorded_at").desc(), name="review_house")]
        triggers = [touches(OF_HOUSEHOLD)]


class EndorsementQuerySet(models.QuerySet):
    def visible_to(self, user):
        """An endorsement is seen by whoever may see the review."""
        return self.filter(review__in=Review.objects.visible_to(user).values("pk"))


class Endorsement(models.Model):
    """The second person's yes to a review that lowers High or Emergency; without it the review does not count."""

    append_only = True

    review = models.OneToOneField(Review, models.PROTECT)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = EndorsementQuerySet.as_manager()

    class Meta:
        triggers = [
            touches(
                "SELECT review.household_id FROM new_rows JOIN risk_review review ON review.id = new_rows.review_id"
            )
        ]
