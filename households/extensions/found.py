"""What the user's own eyes reach of requests, and the sentences for who comes too late or to the wrong door."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from casework.agencies.roles import May, can
from households.extensions.shown import BESIDE
from households.models import ExtensionRequest, Sitting

WORDS = (May.SEE_CASELOAD, May.SEE_REGISTER, May.DECIDE_PROTECTION)


def check_may_look(user):
    """Raise PermissionDenied unless the user looks after people, keeps a register, or decides on protection."""
    if not any(can(user, word) for word in WORDS):
        raise PermissionDenied(_("Requests are for those who look after people or decide on their protection."))


def check_decides(user):
    """Raise PermissionDenied unless the user decides on protection at the Ministry."""
    if not can(user, May.DECIDE_PROTECTION):
        raise PermissionDenied(whose("ministry"))


def request_or_404(request, number):
    """Return the ExtensionRequest as this user may see it; 404 for a stranger."""
    seen = ExtensionRequest.objects.visible_to(request.user).select_related(*BESIDE)
    return get_object_or_404(seen, number=number)


def whole_or_404(request, number):
    """Return the ExtensionRequest where the user reads the whole of it; 404 also for who gave an opinion only."""
    seen = ExtensionRequest.objects.read_by(request.user).select_related(*BESIDE)
    return get_object_or_404(seen, number=number)


def sitting_or_404(request, number):
    """Return the Sitting; officers of the Ministry alone see any."""
    check_decides(request.user)
    return get_object_or_404(Sitting.objects.visible_to(request.user), number=number)


def whose(actor):
    """Return the sentence for somebody who may look but not take a step; `actor`: whose step it is."""
    return {
        "writer": _("The form is kept by the office that wrote it down."),
        "second": _("Somebody else than the officer who prepared it decides."),
        "side": _("A withdrawal is written down by the office that keeps the request, or by the Ministry."),
        "office": _("The opinion is given by the office that was asked."),
    }.get(actor, _("This is for the officers of the Ministry who decide on protection."))


def too_late(found):
    """Return the sentence for somebody whose step came after another's."""
    said = _("This step is no longer open: it stands at “%(status)s”.")
    return said % {"status": found.get_status_display()}
