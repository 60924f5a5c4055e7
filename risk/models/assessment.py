"""What a sweep found of one household: appended for ever, and the latest one kept at hand."""

from django.db import models
from django.db.models.functions import Now

from households.models.base import BesideHouseholdQuerySet
from risk.bands import Band
from risk.models.review import Review


class AssessmentQuerySet(BesideHouseholdQuerySet):
    """Judgements; seen with the household."""


class Assessment(models.Model):
    """The machine's judgement of a household by one live sweep; a row is added when the judgement changed.

    `hits` is a list of {rule, version, person, since, weight, points, floor, trump, evidence} in falling strength.
    """

    append_only = True

    household = models.ForeignKey("households.Household", models.PROTECT, db_index=False)
    sweep = models.ForeignKey("risk.Sweep", models.PROTECT, db_index=False)
    on = models.DateField()
    known_by = models.DateTimeField()
    band = models.PositiveSmallIntegerField(choices=Band)
    score = models.PositiveSmallIntegerField()
    hits = models.JSONField(default=list)
    digest = models.CharField(max_length=32)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index("household", models.F("recorded_at").desc(), name="assessment_house")]


# The order of `StandingQuerySet.ranked` for lists that are written in SQL.
RANKED = "shown_band DESC, (shown_band = 4 AND minor_lives_here) DESC, acted_at ASC NULLS FIRST, household_id"

# The condition of `StandingQuerySet.awaiting_review`, with the day as its one value.
AWAITING_REVIEW = """(review_due_on IS NOT NULL AND (review_due_on <= %s OR NOT EXISTS (
    SELECT FROM risk_review WHERE risk_review.household_id = standing.household_id AND recorded_at >= band_since)))"""


class StandingQuerySet(BesideHouseholdQuerySet):
    """Standings; seen with the household."""

    def ranked(self):
        """The order of the at-risk list: band first, then High with a minor, then by how long nobody has acted."""
        minor_first = models.Case(models.When(shown_band=Band.HIGH, minor_lives_here=True, then=0), default=1)
        waited = models.F("acted_at").asc(nulls_first=True)
        return self.order_by("-shown_band", minor_first, waited, "household_id")

    def awaiting_review(self, *, on):
        """Return where somebody still has to decide: not since the band came, or it is the day to look again."""
        decided = Review.objects.filter(
            household=models.OuterRef("household"), recorded_at__gte=models.OuterRef("band_since")
        )
        open_still = models.Q(review_due_on__lte=on) | ~models.Exists(decided)
        return self.filter(open_still, review_due_on__isnull=False)


class Standing(models.Model):
    """Where a household stands now: derived, one row each, written by sweeps and reviews, read by every list.

    `band` is the machine's, `decided_band` a person's until `decided_until`, `shown_band` what lists rank by.
    `limit_days` 0 means "daily until met". `contact_on` None means no contact on record. `run_since` is where the run
    of attempts begins: what a sweep found to have ended the one before, and the one answer that every desk reads.
    """

    household = models.OneToOneField("households.Household", models.CASCADE, primary_key=True)
    assessment = models.ForeignKey(Assessment, models.PROTECT, null=True, db_index=False)
    band = models.PositiveSmallIntegerField(choices=Band, default=Band.GENERAL)
    decided_band = models.PositiveSmallIntegerField(choices=Band, null=True)
    decided_until = models.DateField(null=True)
    shown_band = models.PositiveSmallIntegerField(choices=Band, default=Band.GENERAL)
    score = models.PositiveSmallIntegerField(default=0)
    since = models.DateField(null=True, help_text="when the shown band was reached")
    band_since = models.DateTimeField(
        null=True, help_text="when the machine's band last changed: review clocks run from it"
    )
    reason_rule = models.CharField(max_length=20, blank=True)
    reason_since = models.DateField(null=True)
    reason_evidence = models.JSONField(default=dict)
    reasons = models.PositiveSmallIntegerField(default=0)
    address_protected = models.BooleanField(default=False)
    minor_lives_here = models.BooleanField(default=False)
    contact_on = models.DateField(null=True)
    contact_person = models.BigIntegerField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="since the last two-way contact")
    run_since = models.DateTimeField(
        null=True, help_text="what was tried up to then counts no longer; null: everything counts"
    )
    limit_days = models.PositiveSmallIntegerField(default=200)
    contact_due_on = models.DateField(null=True)
    acted_at = models.DateTimeField(null=True)
    review_due_on = models.DateField(null=True, help_text="a review is required by this day; null when none is")
    protection_ends_on = models.DateField(null=True, help_text="earliest last day among members")
    swept_at = models.DateTimeField(null=True, help_text="the sweep that last changed this row")

    objects = StandingQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["-shown_band", "acted_at", "household"], name="standing_rank")]
