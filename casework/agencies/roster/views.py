"""The duty roster (당직표) of one's own agency, and the days on which it is closed."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from casework.agencies.models import Closure, DutyShift
from casework.agencies.roster import actions
from casework.agencies.roster.forms import ClosureForm, ShiftForm
from casework.clock import seoul_day

ROWS = 30


@require_http_methods(["GET", "POST"])
def duty(request):
    """The shifts that run or are to come, and the form that enters another."""
    actions.check_keeps_roster(request.user)
    now = timezone.now()
    form = ShiftForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid() and _entered(form, request.user, now):
        messages.success(request, _("The shift is entered."))
        return redirect("agencies:duty")
    rows = (
        _own(DutyShift, request.user).filter(during__endswith__gt=now).select_related("user").order_by("during", "id")
    )
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "now": now}
    return render(request, "casework/roster/duty.html", context, status=422 if request.method == "POST" else 200)


@require_POST
def duty_end(request, pk):
    """Take a shift off the roster, or end it now."""
    actions.check_keeps_roster(request.user)
    shift = get_object_or_404(_own(DutyShift, request.user), pk=pk)
    actions.end_shift(shift, by=request.user, now=timezone.now())
    messages.success(request, _("The roster is changed."))
    return redirect("agencies:duty")


@require_http_methods(["GET", "POST"])
def closures(request):
    """The closed days to come and those of before, and the form that enters more."""
    actions.check_keeps_roster(request.user)
    now = timezone.now()
    form = ClosureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = _closed(form, request.user, now)
        if made is not None:
            messages.success(request, _("Recorded. The clocks of your agency stand still on these days."))
            return redirect("agencies:closures")
    rows = _own(Closure, request.user).order_by("-day", "id")
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "today": seoul_day(now)}
    return render(request, "casework/roster/closures.html", context, status=422 if request.method == "POST" else 200)


@require_POST
def closure_end(request, pk):
    """Take back a closed day that has not passed."""
    actions.check_keeps_roster(request.user)
    closure = get_object_or_404(_own(Closure, request.user), pk=pk)
    try:
        actions.open_again(closure, by=request.user, now=timezone.now())
        messages.success(request, _("Taken back: the clocks run on that day."))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return redirect("agencies:closures")


def _own(model, user):
    """A roster is read, and changed, at its own agency only."""
    return model.objects.filter(agency__user=user.pk)


def _entered(form, by, now):
    data = form.cleaned_data
    try:
        return actions.enter_shift(data["user"], begins=data["begins"], ends=data["ends"], by=by, now=now)
    except ValidationError as refused:
        form.add_error(None, refused)
        return None


def _closed(form, by, now):
    try:
        return actions.close_days(**form.cleaned_data, by=by, now=now)
    except ValidationError as refused:
        form.add_error(None, refused)
        return None
