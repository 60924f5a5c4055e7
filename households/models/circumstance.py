"""How a member stands: income, work, benefits, health, marriage, who earns; each as of some days and from a source."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from casework.facts import one_version
from casework.landing import landed_once
from households.models.base import OfPersonQuerySet
from households.models.person import OfPerson


class CircumstanceQuerySet(OfPersonQuerySet):
    def visible_to(self, user):
        """A circumstance is seen like the household's other facts, by whoever may see one of
        the person's households."""
        return super().visible_to(user)


class Aspect(models.TextChoices):
    """Which side of a life a circumstance tells of."""

    INCOME = "income", _("Income")
    EMPLOYMENT = "employment", _("Employment")
    BENEFIT = "benefit", _("Benefit")
    DISABILITY = "disability", _("Disability")
    ILLNESS = "illness", _("Illness")
    MARITAL = "marital", _("Marital status")
    MAIN_EARNER = "main_earner", _("Main earner")


class Benefit(models.TextChoices):
    """Which benefit: the four that defector households mostly receive (국민기초생활보장법), and what stands beside."""

    LIVELIHOOD = "livelihood", _("Livelihood benefit")
    MEDICAL = "medical", _("Medical benefit")
    HOUSING = "housing", _("Housing benefit")
    EDUCATION = "education", _("Education benefit")
    EMERGENCY = "emergency", _("Emergency support")
    NEAR_POOR = "near_poor", _("Near-poor support")
    OTHER = "other", _("Other benefit")


# The closed list of what may be said of each aspect. "Not known" is an answer; what nobody asked has no row.
VALUES = {
    Aspect.INCOME: {
        "below_line": _("Below the benefit threshold"),
        "near_line": _("Just above the benefit threshold"),
        "above_line": _("Above the benefit threshold"),
        "unknown": _("Income not known"),
    },
    Aspect.EMPLOYMENT: {
        "employed": _("Employed"),
        "day_labour": _("Day labour"),
        "self_employed": _("Self-employed"),
        "unemployed": _("Looking for work"),
        "not_working": _("Not working"),
        "unknown": _("Employment not known"),
    },
    Aspect.BENEFIT: {
        "receiving": _("Receiving"),
        "refused": _("Application refused"),
        "applying": _("Applied, not yet decided"),
        "over_assets": _("Over the asset limit"),
        "not_wanted": _("Does not want it"),
        "ended": _("Ended"),
    },
    Aspect.DISABILITY: {
        "severe": _("Registered, severe"),
        "mild": _("Registered, mild"),
        "none": _("No registered disability"),
    },
    Aspect.ILLNESS: {
        "serious": _("Serious illness"),
        "chronic": _("Chronic illness"),
        "none": _("No serious or chronic illness"),
    },
    Aspect.MARITAL: {
        "married": _("Married"),
        "single": _("Single"),
        "divorced": _("Divorced"),
        "bereaved": _("Bereaved"),
        "separated": _("Separated"),
    },
    Aspect.MAIN_EARNER: {"yes": _("Earns the household's main income"), "no": _("Not the main earner")},
}
KNOWN_VALUES = Q(*(Q(kind=kind.value, value__in=list(said)) for kind, said in VALUES.items()), _connector=Q.OR)
BENEFIT_NAMED = Q(
    Q(kind=Aspect.BENEFIT.value, detail__in=Benefit.values), ~Q(kind="benefit") & Q(detail=""), _connector=Q.OR
)


def label_of(kind, value, detail=""):
    """Return the words for a value, such as "생계급여 수급 중" or "일용 근로"; a value not in the list as it stands."""
    said = str(VALUES.get(kind, {}).get(value, value))
    return f"{Benefit(detail).label} · {said}" if detail in Benefit.values else said


class Circumstance(OfPerson):
    """One aspect of how a person stands, on some days; the latest statement closes the one before."""

    Kind = Aspect

    kind = models.CharField(max_length=12, choices=Aspect)
    value = models.CharField(max_length=16)
    detail = models.CharField(max_length=12, choices=Benefit, blank=True)
    during = DateRangeField(default=(None, None))
    source = models.CharField(max_length=80, blank=True)
    reference = models.CharField(max_length=80, blank=True)
    client_key = models.UUIDField(null=True)

    objects = CircumstanceQuerySet.as_manager()

    class Meta(OfPerson.Meta):
        abstract = False
        constraints = [
            one_version("circumstance"),
            ExclusionConstraint(
                name="one_circumstance_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    ("detail", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=Q(superseded_at=None),
                violation_error_message=_("Something else is already on record for some of these days."),
            ),
            models.UniqueConstraint(
                fields=["source", "reference"],
                condition=Q(superseded_at=None) & ~Q(reference=""),
                name="circumstance_reference_once",
            ),
            landed_once("circumstance", versions=True),
            models.CheckConstraint(condition=KNOWN_VALUES, name="circumstance_known_value"),
            models.CheckConstraint(condition=BENEFIT_NAMED, name="circumstance_names_benefit"),
        ]
        indexes = [models.Index("person", "kind", F("id").desc(), name="circumstance_person")]

    def __str__(self):
        return label_of(self.kind, self.value, self.detail)
