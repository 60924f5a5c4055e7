"""Who may decide about a household's band, and about the criteria."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, QuerySet
from django.utils.translation import gettext as _

from casework.agencies.models import User
from casework.agencies.roles import May, can, granted
from households.models import Household, Responsibility
from households.models.circle import TODAY, on_duty, ours
from risk.bands import Band
from risk.models import Standing


def check_can_review(user: User, household: Household) -> None:
    """Raise PermissionDenied unless the user reviews at the centre that answers for the household today.

    A share shows a household; it does not hand over the decision.
    """
    if not can(user, May.REVIEW):
        raise PermissionDenied(_("Bands are reviewed by the supervisor or the head of the centre."))
    ours = Responsibility.objects.current().filter(household=household, center=user.agency_id, during__contains=TODAY)
    if not ours.exists():
        raise PermissionDenied(_("The household is reviewed by the centre that answers for it."))


def check_can_set_criteria(user: User) -> None:
    """Raise PermissionDenied unless the user may change criteria: officers of the Ministry, two for each change."""
    if not can(user, May.SET_CRITERIA):
        raise PermissionDenied(
            _("Criteria are changed by the Ministry's officers in charge, two of them for each change.")
        )


def emergencies_on_duty(user: User) -> QuerySet[Any]:
    """Return the standings of the households of the user's own centre that are in Emergency, while the user is on duty
    for it: somebody has to get there at night too. With the shift it ends by itself."""
    here = ours(user).filter(Exists(on_duty(user)), Exists(granted(May.SEE_CASELOAD, user)))
    standings: Any = Standing.objects
    return standings.filter(shown_band=Band.EMERGENCY, household__in=here.order_by().values("household")).order_by()
