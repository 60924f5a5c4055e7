"""What the user's own eyes reach of data requests, and the sentences for who comes too late or to the wrong door."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from casework.agencies.roles import May, can
from households.models import DataRequest, Person
from households.requests.workflow import is_handler

BESIDE = ("person", "agency", "taken_by", "checked_by", "answered_by", "signed_by", "notes_by", "harm_by")


def check_may_look(user):
    """Raise PermissionDenied unless the user looks after people."""
    if not can(user, May.SEE_CASELOAD):
        raise PermissionDenied(_("Data requests are for those who look after people."))


def request_or_404(request, number):
    """Return the DataRequest where the user's centre keeps the file; 404 for a stranger, 403 for who sees no case."""
    seen = DataRequest.objects.visible_to(request.user).select_related(*BESIDE).dated()
    found = get_object_or_404(seen, number=number)
    check_may_look(request.user)
    return found


def kept_person_or_404(request, case_number):
    """Return the Person whose file the user's centre keeps."""
    return get_object_or_404(Person.objects.kept_by(request.user), case_number=case_number)


def check_handles(request, user):
    """Raise PermissionDenied unless the user answers this request."""
    if not is_handler(request, user):
        raise PermissionDenied(whose("handler"))


def whose(actor):
    """Return the sentence for somebody who may look but not take a step; `actor`: whose step it is."""
    return {
        "second": _("A refusal is signed by another person than the one who wrote it, a supervisor or the head."),
        "taker": _("Requests are taken down by those who record contacts with the person."),
        "counsellor": _("Whether counselling notes are given is decided by a counsellor of the person."),
    }.get(actor, _("Requests are answered by the supervisor or the head of the centre that keeps the file."))


def too_late(found):
    """Return the sentence for somebody whose step came after another's."""
    said = _("This step is no longer open: it stands at “%(status)s”.")
    return said % {"status": found.get_status_display()}
