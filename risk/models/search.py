"""A supervisor's decision that the search for somebody who cannot be reached is over: why, and on what evidence."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from casework.landing import landed_once
from casework.touched import OF_HOUSEHOLD, touches
from households.models.base import BesideHouseholdQuerySet
from risk.bands import Band


class SearchEndQuerySet(BesideHouseholdQuerySet):
    """Ends of searches; seen with the household."""


class SearchEnd(models.Model):
    """The run of attempts up to `recorded_at` ends by decision; whatever is tried later begins a new one.

    `needs_second`: it ends nothing until a second person has agreed. So it is of High and Emergency, and for a reason
    in free words, which could say "no answer" over again. The database keeps it, so that every question asks the same.
    """

    append_only = True

    class Reason(models.TextChoices):
        MET_ELSEWHERE = "met", _("Somebody of another agency met the person: name and day are known")
        TAKEN_OVER = "taken_over", _("Another centre has taken over and reached the person")
        DUPLICATE = "duplicate", _("The person is on file twice and was reached there")
        OTHER = "other", _("Another reason, with evidence")

    household = models.ForeignKey("households.Household", models.PROTECT, db_index=False)
    reason = models.CharField(max_length=12, choices=Reason)
    evidence = models.TextField()
    machine_band = models.PositiveSmallIntegerField(choices=Band)
    decided_on = models.DateField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    client_key = models.UUIDField(null=True)
    needs_second = models.GeneratedField(
        expression=models.ExpressionWrapper(
            Q(machine_band__gte=Band.HIGH) | Q(reason=Reason.OTHER), output_field=models.BooleanField()
        ),
        output_field=models.BooleanField(),
        db_persist=True,
    )

    objects = SearchEndQuerySet.as_manager()

    class Meta:
        constraints = [
            landed_once("search_end"),
            models.CheckConstraint(condition=~Q(evidence=""), name="search_end_has_evidence"),
        ]
        indexes = [models.Index("household", F("recorded_at").desc(), name="search_end_house")]
        triggers = [touches(OF_HOUSEHOLD)]

    def __str__(self):
        return f"{self.get_reason_display()}"


class SearchAgreementQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The second person's yes is seen by whoever may see the decision."""
        return self.filter(end__in=SearchEnd.objects.visible_to(user).values("pk"))


class SearchAgreement(models.Model):
    """The second person's yes to an end that needs one (`SearchEnd.needs_second`); without it the search goes on."""

    append_only = True

    end = models.OneToOneField(SearchEnd, models.PROTECT, related_name="agreement")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = SearchAgreementQuerySet.as_manager()

    class Meta:
        triggers = [
            touches("SELECT found.household_id FROM new_rows JOIN risk_searchend found ON found.id = new_rows.end_id")
        ]
