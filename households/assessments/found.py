"""The file of a household as the rooms of its case reach it: kept by the user's own centre, called safely."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from casework.agencies.roles import May, can
from casework.audit.models import Act
from casework.audit.record import looked
from households.members import title_of
from households.models import Household


def file_or_404(request, number):
    """Return the household if the user's own centre keeps its file and the user sees it there; a share opens none.

    Raises `PermissionDenied` for whoever looks after no household.
    """
    found = get_object_or_404(Household.objects.kept_by(request.user), number=number)
    if not can(request.user, May.SEE_CASELOAD):
        raise PermissionDenied(_("This page is for those who look after households."))
    return found


def case_of(household):
    """Return the address of the case of a household."""
    return reverse("desks:case", args=[household.number])


def call_of(household, members):
    """Return (how the household is called, {person id: how the person is called}): by their numbers where the address
    is protected or the use of data was stopped, as `members_of` gives them; members alone have a name here."""
    return title_of(members, household), {member.pk: member.name for member in members}


def log(request, household, members, **detail):
    """Log that the file was looked at; `detail`: which record of it."""
    looked(
        request, Act.OPEN, subjects=[member.pk for member in members], households=[household.pk], detail=detail or None
    )
