"""A needs and risk assessment (욕구 및 위기도 조사): ten domains, the client's own words, on one day.

The ten domains are those of the Korean case-management form, from memory (domain.md §4.4); the steps of need are ours.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from casework.facts import one_version
from casework.landing import landed_once
from households.models.base import OfHouseholdQuerySet
from households.models.circle import Household, OfHousehold
from households.models.person import Person


class Domain(models.TextChoices):
    """What a household can need, in the order of the form."""

    SAFETY = "safety", pgettext_lazy("domain", "Safety")
    HEALTH = "health", pgettext_lazy("domain", "Health")
    DAILY = "daily", pgettext_lazy("domain", "Daily life")
    FAMILY = "family", pgettext_lazy("domain", "Family")
    SOCIAL = "social", pgettext_lazy("domain", "Social relations")
    MONEY = "money", pgettext_lazy("domain", "Money")
    SCHOOL = "school", pgettext_lazy("domain", "Education")
    WORK = "work", pgettext_lazy("domain", "Work")
    HOME = "home", pgettext_lazy("domain", "Living environment")
    RIGHTS = "rights", pgettext_lazy("domain", "Law and rights")


class Need(models.TextChoices):
    """How much is needed in one domain; that it could not be asked is an answer of its own."""

    NONE = "none", pgettext_lazy("need", "None")
    SOME = "some", pgettext_lazy("need", "Some need")
    SERIOUS = "serious", pgettext_lazy("need", "Serious need")
    NOT_ASKED = "not_asked", _("Could not ask")


class NeedsAssessmentQuerySet(OfHouseholdQuerySet):
    def visible_to(self, user):
        """An assessment is read at the centre that keeps the household's file, by whoever sees the household there. A
        share of the household opens none."""
        return self.filter(household__in=Household.objects.kept_by(user).order_by().values("pk"))

    def about(self, person):
        """Return those of one person, or, for None, those of the household as a whole."""
        return self.filter(person=person) if person else self.filter(person=None)


def _level(domain):
    return models.CharField(domain.label, max_length=9, choices=Need)


class NeedsAssessment(OfHousehold):
    """What was found out on one day about a household, or about one person of it. `words` and `strengths` are
    {domain: text}; what nobody wrote about is left out."""

    class Kind(models.TextChoices):
        FIRST = "first", _("First assessment")
        AGAIN = "again", _("Assessed again")

    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=5, choices=Kind, editable=False)
    assessed_on = models.DateField(_("Assessed on"))
    safety = _level(Domain.SAFETY)
    health = _level(Domain.HEALTH)
    daily = _level(Domain.DAILY)
    family = _level(Domain.FAMILY)
    social = _level(Domain.SOCIAL)
    money = _level(Domain.MONEY)
    school = _level(Domain.SCHOOL)
    work = _level(Domain.WORK)
    home = _level(Domain.HOME)
    rights = _level(Domain.RIGHTS)
    words = models.JSONField(default=dict)
    strengths = models.JSONField(default=dict)
    client_words = models.TextField(_("In the client's own words"), max_length=2000, blank=True)
    wishes = models.TextField(_("What the client wishes"), max_length=2000, blank=True)
    took_part = models.CharField(_("Who took part"), max_length=200, blank=True)
    client_key = models.UUIDField(null=True)

    objects = NeedsAssessmentQuerySet.as_manager()

    class Meta(OfHousehold.Meta):
        abstract = False
        constraints = [
            one_version("needs_assessment"),
            landed_once("needs_assessment", versions=True),
            models.UniqueConstraint(
                fields=["household", "person"],
                condition=Q(superseded_at=None, kind="first"),
                name="one_first_assessment",
                nulls_distinct=False,
                violation_error_message=_("Somebody finished the first assessment just now. Please look again."),
            ),
            models.CheckConstraint(
                condition=Q(*(Q(**{f"{domain}__in": Need.values}) for domain in Domain.values)),
                name="needs_assessment_levels",
                violation_error_message=_("Please say of each domain how it stands, or that it could not be asked."),
            ),
        ]
        indexes = [models.Index("household", F("assessed_on").desc(), name="needs_assessment_house")]

    def __str__(self):
        return f"{self.get_kind_display()} {self.assessed_on:%Y-%m-%d}"

    def level(self, domain):
        """Return the Need of one domain."""
        return Need(getattr(self, domain))
