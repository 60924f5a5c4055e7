"""Conflicts of interest: the list, recording one, ending one."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework.agencies.roles import May, can
from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import seoul_day
from households.actions import Refused
from households.conflicts import actions, shown
from households.conflicts.forms import ConflictForm
from households.models import ConflictOfInterest, Household
from households.views.found import members_of, sent


@require_safe
def conflicts(request):
    """One's own conflicts of interest; to supervisors and heads those of their centre, and who must be replaced."""
    check_looks_after(request.user)
    found = shown.lists_of(request.user, seoul_day(timezone.now()))
    looked(request, Act.LIST, subjects=found["subjects"], detail={"page": "conflicts"})
    return render(request, "households/conflicts/list.html", found | {"leads": can(request.user, May.SEE_CENTRE)})


@require_http_methods(["GET", "POST"])
def conflict_new(request, number):
    """Record a conflict of interest with a member of a household; one's own closes the household at once."""
    check_looks_after(request.user)
    household = get_object_or_404(Household.objects.kept_by(request.user), number=number)
    members, staff = members_of(household), actions.staff_for(request.user)
    form = ConflictForm(sent(request), members=members, staff=staff, initial={"user": request.user.pk})
    if request.method == "POST" and form.is_valid() and _declared(request, form):
        return redirect("households:conflicts")
    looked(request, Act.OPEN, subjects=[member.pk for member in members], households=[household.pk])
    context = {"form": form, "household": household, "leads": can(request.user, May.ASSIGN)}
    return render(request, "households/conflicts/form.html", context, status=422 if form.is_bound else 200)


def _declared(request, form):
    data = dict(form.cleaned_data)
    try:
        made = actions.declare(data.pop("person"), by=request.user, now=timezone.now(), **data)
    except Refused as refused:
        refused.stand_on(form)
        return False
    if made.user_id == request.user.pk:
        messages.success(request, _("Recorded. You no longer see this household, and the supervisor has been told."))
    else:
        messages.success(request, _("Recorded. %(name)s no longer sees this household.") % {"name": made.user})
    return True


@require_POST
def conflict_end(request, fact_id):
    """End a conflict of interest; nothing is given back by itself."""
    check_looks_after(request.user)
    seen = ConflictOfInterest.objects.current().visible_to(request.user).select_related("user", "person")
    found = get_object_or_404(seen, fact_id=fact_id)
    actions.end(found, by=request.user, now=timezone.now())
    messages.success(request, _("Ended. Work is assigned anew, nothing comes back by itself."))
    return redirect("households:conflicts")


def check_looks_after(user):
    """Raise PermissionDenied unless the user looks after households."""
    if not can(user, May.SEE_CASELOAD):
        raise PermissionDenied(_("This page is for those who look after households."))
