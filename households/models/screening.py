"""A screening: instrument, score, day. Never the answers, only whether item 9 of the PHQ-9 was 1 or more."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from casework.facts import one_version
from casework.landing import landed_once
from households.models.base import OfPersonQuerySet
from households.models.circle import Household, caseload_of, overseen_by
from households.models.person import OfPerson, Person


def keepers_of(user, **about):
    """Return the keys of the households that the user works for or supervises at their own centre; `about` narrows
    them, such as `household=…`."""
    mine, over = (rows.filter(**about).values("household") for rows in (caseload_of(user), overseen_by(user)))
    return mine.union(over, all=True)


class ScreeningQuerySet(OfPersonQuerySet):
    def visible_to(self, user):
        """A screening is seen by the household's workers and by the supervisors and the head of the centre that
        answers for it. A share alone opens none: others see that it took place, not what came of it."""
        homes = Household.objects.filter(pk__in=keepers_of(user))
        return self.filter(person__in=Person.objects.living_in(homes).order_by().values("pk"))


class Instrument(models.TextChoices):
    """The instruments whose scores are kept; the names are those printed on the sheets."""

    PHQ9 = "phq9", _("PHQ-9 (depression)")
    LONELY = "lonely", _("Lonely-death risk screen")
    PCPTSD5 = "pcptsd5", _("PC-PTSD-5 (trauma)")
    AUDITK = "auditk", _("AUDIT-K (alcohol)")
    CSSRS = "cssrs", _("C-SSRS (suicide risk)")


# The highest score each sheet can give; the lowest is 0 (source: the published instruments).
HIGHEST = {
    Instrument.PHQ9: 27,
    Instrument.LONELY: 10,
    Instrument.PCPTSD5: 5,
    Instrument.AUDITK: 40,
    Instrument.CSSRS: 6,
}
IN_RANGE = Q(*(Q(instrument=one.value, score__lte=most) for one, most in HIGHEST.items()), _connector=Q.OR)


class Screening(OfPerson):
    """One screening of one person. `item9`: item 9 of the PHQ-9 was 1 or more; None where it is not known or no PHQ-9.

    A mistaken entry is taken back by superseding it without a successor: `current` and `known_by` then leave it out.
    """

    instrument = models.CharField(max_length=8, choices=Instrument)
    score = models.PositiveSmallIntegerField()
    item9 = models.BooleanField(null=True)
    observed_on = models.DateField()
    source = models.CharField(max_length=80, blank=True)
    reference = models.CharField(max_length=80, blank=True)
    client_key = models.UUIDField(null=True)

    objects = ScreeningQuerySet.as_manager()

    class Meta(OfPerson.Meta):
        abstract = False
        constraints = [
            one_version("screening"),
            models.UniqueConstraint(
                fields=["source", "reference"],
                condition=Q(superseded_at=None) & ~Q(reference=""),
                name="screening_reference_once",
            ),
            landed_once("screening", versions=True),
            models.CheckConstraint(
                condition=IN_RANGE,
                name="screening_score_in_range",
                violation_error_message=_("This instrument cannot give such a score."),
            ),
            models.CheckConstraint(
                condition=Q(item9=None) | Q(item9=False, instrument="phq9") | Q(instrument="phq9", score__gt=0),
                name="screening_item9_of_phq9",
                violation_error_message=_("The total cannot be 0 when item 9 was 1 or more."),
            ),
        ]
        indexes = [
            models.Index("person", "instrument", F("observed_on").desc(), name="screening_person"),
        ]

    def __str__(self):
        return f"{self.get_instrument_display()} {self.observed_on:%Y-%m-%d}"
