"""What is still open of a household's first steps when its case is to be closed because the goals were met."""

from datetime import date

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from households.courses.missing import in_first_year
from households.handover.periods import Step
from households.models import Handover, Household, Membership, NeedsAssessment, ServicePlan
from households.taken_over import FIRST_ASSESSMENT, FIRST_PLAN, taken_over


def openings_of(household: Household, *, on: date) -> list[str]:
    """Return the sentences on what stands open of the first steps: after the move, the first assessment, the first
    plan, the initial education of each person. Nobody is named in them but by the case number (our own criterion)."""
    return [*_after_the_move(household), *_never_made(household, on), *_education(household, on)]


def _after_the_move(household: Household) -> list[str]:
    said = _("A first step after the move is open: %(step)s.")
    moved = Handover.objects.filter(household=household)
    return [said % {"step": step.label} for step in Step if moved.without_step(step).exists()]


def _never_made(household: Household, on: date) -> list[str]:
    homes = Household.objects.filter(pk=household.pk).values("pk")
    assessed = NeedsAssessment.objects.current().filter(household=OuterRef("household")).order_by()
    agreed = ServicePlan.objects.filter(household=OuterRef("household"), agreed_on__isnull=False).order_by()
    found = []
    if taken_over(homes, on, FIRST_ASSESSMENT).filter(~Exists(assessed)).exists():
        found.append(_("The first needs and risk assessment was never made."))
    if taken_over(homes, on, FIRST_PLAN).filter(~Exists(agreed)).exists():
        found.append(_("No service plan was ever agreed."))
    return found


def _education(household: Household, on: date) -> list[str]:
    here = Membership.objects.current().filter(household=household, kind="living", during__contains=on)
    people = in_first_year(on).filter(person__in=here.order_by().values("person")).order_by("person_id")
    said = _("The initial education of %(case)s is not completed.")
    return [said % {"case": case} for case in people.values_list("person__case_number", flat=True)]
