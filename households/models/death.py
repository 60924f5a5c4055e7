"""The review of a person's death, and what was done for those who stay."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from households.deaths.workflow import DEATH_REVIEW, ReviewStatus
from households.models.circle import Household
from households.models.person import Person


class DeathReviewQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The review of a death is seen at the centre that keeps the household's file, by whoever sees the household
        there; a share does not open it."""
        return self.filter(household__in=Household.objects.kept_by(user).order_by().values("pk"))


@pghistory.track()
class DeathReview(models.Model):
    """What was known before a person died (사망 경위 검토), opened when the death is recorded; no trial of anybody.

    `ended` lists the facts that ended with the death, so that a mistake can be put right: see `actions.death`.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="death_reviews")
    household = models.ForeignKey(Household, models.PROTECT, related_name="+")
    centre = models.ForeignKey("agencies.Agency", models.PROTECT, null=True, related_name="+")
    died_on = models.DateField()
    status = models.CharField(max_length=10, choices=ReviewStatus, default=ReviewStatus.DRAFT, editable=False)
    known = models.TextField(_("What did we know?"), max_length=4000, blank=True)
    last_contact = models.TextField(_("When was the last contact, and what was said?"), max_length=4000, blank=True)
    waits = models.TextField(_("Who waited for whom: referrals, applications, answers"), max_length=4000, blank=True)
    learnt = models.TextField(_("What do we do differently?"), max_length=4000, blank=True)
    ended = models.JSONField(default=list, editable=False)
    told = models.JSONField(default=list, editable=False, help_text="what others were told, which cannot be taken back")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(db_default=Now(), editable=False)
    finished_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    finished_at = models.DateTimeField(null=True)
    mistake = models.CharField(max_length=500, blank=True, help_text="how it was found that the record was a mistake")

    objects = DeathReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=~Q(status=ReviewStatus.WITHDRAWN), name="one_death_review"
            ),
            models.CheckConstraint(
                condition=Q(finished_at=None, finished_by=None)
                | Q(finished_at__isnull=False, finished_by__isnull=False, status__in=["finished", "withdrawn"]),
                name="death_review_finished_at",
            ),
            models.CheckConstraint(
                condition=~Q(status=ReviewStatus.WITHDRAWN) | ~Q(mistake=""), name="death_mistake_has_a_reason"
            ),
        ]
        triggers = [DEATH_REVIEW.trigger()]

    def __str__(self):
        return f"{self.person_id} {self.died_on.isoformat()}"


class BereavedStepQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What was done for the bereaved is seen by whoever may see the review of the death."""
        return self.filter(review__in=DeathReview.objects.visible_to(user).order_by().values("pk"))


class BereavedStep(models.Model):
    """Something was done for those who stay. What is still to be done is counted, not stored; nothing is promised."""

    append_only = True

    class Kind(models.TextChoices):
        FUNERAL = "funeral", _("Funeral: asked what help is needed, and who can give it")
        COUNSELLING = "counselling", _("Grief: counselling offered")
        BENEFITS = "benefits", _("Benefits and papers: what changes was explained")

    review = models.ForeignKey(DeathReview, models.PROTECT, related_name="bereaved")
    kind = models.CharField(max_length=12, choices=Kind)
    done_on = models.DateField(_("Done on"))
    words = models.CharField(_("In words"), max_length=500, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = BereavedStepQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["review", "kind"],
                name="bereaved_step_once",
                violation_error_message=_("Somebody recorded this already. Please look again."),
            )
        ]
