"""What the rules are measured by: a crisis that was recorded, whoever noticed it. No rule reads it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from casework.facts import Fact, one_version
from casework.landing import landed_once
from households.models.base import OfHouseholdQuerySet
from households.models.circle import Household
from households.models.screening import keepers_of


class IncidentQuerySet(OfHouseholdQuerySet):
    def visible_to(self, user):
        """A crisis is seen by the household's workers and by the supervisors and the head of the centre that answers
        for it. A share alone opens none. Whoever sees figures sees counts of five or more, never which."""
        return self.filter(household__in=Household.objects.filter(pk__in=keepers_of(user)).order_by().values("pk"))


class Incident(Fact):
    """One crisis of a household, or of one member: what, on which day, how it is known.

    It is no reason to judge the household anew, so it touches no queue: the rules are measured by it, and what measures
    must not move what is measured. A mistaken entry is superseded without a successor.
    """

    class Kind(models.TextChoices):
        DEATH = "death", _("Death")
        HOSPITALISATION = "hospitalisation", _("Taken to hospital in an emergency")
        EVICTION = "eviction", _("Eviction")
        FOUND = "found", _("Found in crisis by somebody else")
        REVIEW = "review", _("Crisis confirmed by a review")

    household = models.ForeignKey("households.Household", models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey("households.Person", models.PROTECT, null=True, related_name="+", db_index=False)
    kind = models.CharField(max_length=16, choices=Kind)
    occurred_on = models.DateField()
    source = models.CharField(max_length=80, blank=True)
    reference = models.CharField(max_length=80, blank=True)
    note = models.TextField(blank=True)
    client_key = models.UUIDField(null=True)

    objects = IncidentQuerySet.as_manager()

    class Meta(Fact.Meta):
        abstract = False
        constraints = [
            one_version("incident"),
            models.UniqueConstraint(
                fields=["source", "reference"],
                condition=Q(superseded_at=None) & ~Q(reference=""),
                name="incident_reference_once",
            ),
            landed_once("incident", versions=True),
        ]
        indexes = [models.Index("household", F("occurred_on").desc(), name="incident_house")]

    def __str__(self):
        return f"{self.get_kind_display()} {self.occurred_on:%Y-%m-%d}"
