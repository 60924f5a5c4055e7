"""What the user's own eyes reach: every view gets its object here, so that a stranger's record is 404."""

from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from casework.clock import seoul_day
from households.members import callable_on
from households.models import Contact, Draft, Household, Person


def household_or_404(request, number):
    """Return the household of this number if the user may see it."""
    return get_object_or_404(Household.objects.visible_to(request.user), number=number)


def person_or_404(request, case_number):
    """Return the person of this case number if the user may see one of the person's households."""
    return get_object_or_404(Person.objects.visible_to(request.user), case_number=case_number)


def contact_or_404(request, household, fact_id):
    """Return the standing version of a contact of the household, if the user may read it."""
    return get_object_or_404(
        Contact.objects.current().readable_by(request.user).select_related("recorded_by", "household"),
        household=household,
        fact_id=fact_id,
    )


def draft_or_404(request, key):
    """Return the user's own draft of this key."""
    return get_object_or_404(Draft.objects.visible_to(request.user).select_related("household"), client_key=key)


def members_of(household, day=None):
    """Return the members of one household on a day (today), the head first, as forms and choices call them."""
    return callable_on(household, day or seoul_day(timezone.now()))


def page_of(household):
    """Return the address of the household's page."""
    return reverse("desks:household", args=[household.number])


def key_or_404(text):
    """Return a client key as UUID; what is none leads nowhere."""
    try:
        return UUID(str(text))
    except ValueError as error:
        raise Http404 from error


def sent(request):
    """Return what was posted, also when it is empty, or None for a page that is only looked at."""
    return request.POST if request.method == "POST" else None
