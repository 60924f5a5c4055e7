"""The page on which somebody of an office that keeps no file declares a conflict of interest of their own."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from casework.agencies.roles import May, can
from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import seoul_day
from households.actions.refusal import Refused
from households.conflicts.forms import OwnConflictForm
from households.models import Person
from households.views.found import sent
from referrals.offices import conflicts, knowing
from referrals.packet import as_seen_by
from referrals.views import visible
from referrals.workflow import is_receiver


@require_http_methods(["GET", "POST"])
def conflict_of(request, pk):
    """With a person of the register, or of a shared household."""
    person = get_object_or_404(Person.objects.asked_for_by(request.user), pk=pk)
    known = knowing.build(person, on=seoul_day(timezone.now()), ground="")
    back = reverse("households:register") if can(request.user, May.SEE_REGISTER) else reverse("desks:home")
    return _page(request, person, title=knowing.called(known), back=back, subjects=[person.pk])


@require_http_methods(["GET", "POST"])
def conflict(request, number):
    """With whom a referral that came in is about."""
    referral = visible(request, number)
    if not is_receiver(referral, request.user):
        raise PermissionDenied
    person = conflicts.person_of(referral, on=seoul_day(timezone.now()))
    if person is None:
        raise Http404
    seen = as_seen_by(referral, request.user)
    about = {"title": seen.title, "back": reverse("referrals:detail", args=[number]), "subjects": seen.subjects}
    return _page(request, person, referral=referral, **about)


def _page(request, person, *, title, back, subjects, referral=None):
    form = OwnConflictForm(sent(request))
    if request.method == "POST" and form.is_valid() and _declared(request, form, person, referral):
        return redirect("referrals:inbox")
    looked(request, Act.OPEN, subjects=subjects, detail={"form": "conflict of interest"})
    context = {"form": form, "title": title, "back": back}
    status = 422 if request.method == "POST" else 200
    return render(request, "referrals/offices/conflict.html", context, status=status)


def _declared(request, form, person, referral):
    try:
        conflicts.declare(person, by=request.user, now=timezone.now(), referral=referral, **form.cleaned_data)
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    messages.success(request, _("Recorded. You no longer see this case, and your office has been told."))
    return True
