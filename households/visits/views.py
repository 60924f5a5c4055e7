"""Planned visits and warnings about an address as pages; the page of a visit is made for a phone."""

from datetime import datetime, time, timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import SEOUL, seoul_day
from casework.workflow import NotNow, NotYours
from households.actions.refusal import Refused
from households.actions.rights import allowed, check_can_record_contact
from households.forms.moments import value_of
from households.members import unnamed
from households.models import AddressWarning, Household, PlannedVisit
from households.views.found import members_of, sent
from households.visits import actions
from households.visits.forms import CancelForm, ProlongForm, VisitForm, WarningForm
from households.visits.workflow import VISIT

SAID = {
    "start": gettext_lazy("Take care. Say here when you are back."),
    "back": gettext_lazy("Good that you are back. Please record the contact."),
    "cancel": gettext_lazy("The visit is called off."),
    "prolong": gettext_lazy("Noted: you are expected later."),
}
FORMS = {"cancel": CancelForm, "prolong": ProlongForm}
HOUR = timedelta(hours=1)


@require_http_methods(["GET", "POST"])
def visit_new(request, number):
    """Plan a visit; what there is to be careful about stands above the form."""
    household = kept_or_404(request, number)
    check_can_record_contact(request.user, household)
    now = timezone.now()
    form = VisitForm(sent(request), by=request.user, initial=_when(now))
    if request.method == "POST" and form.is_valid():
        made = _planned(form, household, request.user, now)
        if made is not None:
            messages.success(request, _("The visit is planned."))
            return redirect("households:visit", made.pk)
    on = seoul_day(now)
    looked(request, Act.OPEN, households=[household.pk], detail={"page": "visit"})
    context = {
        "form": form,
        "household": household,
        "back": reverse("desks:case", args=[number]),
        "warnings": actions.warnings_on(household, on),
        "why_two": actions.why_two(household, on),
    }
    return render(request, "households/visits/new.html", context, status=422 if form.is_bound else 200)


@require_safe
def visit(request, pk):
    """One visit: who, until when, what to be careful about, and the button that says that they are back."""
    return page(request, visit_or_404(request, pk))


@require_POST
def visit_step(request, pk, verb):
    """Take one step; somebody who comes second is told where the visit stands."""
    found = visit_or_404(request, pk)
    if verb not in actions.VERBS:
        raise Http404
    form = FORMS[verb](request.POST) if verb in FORMS else None
    if form is not None and not form.is_valid():
        return page(request, found, verb, form, status=422)
    try:
        actions.VERBS[verb](found, by=request.user, now=timezone.now(), **(form.cleaned_data if form else {}))
        messages.success(request, SAID[verb])
    except NotYours as refused:
        raise PermissionDenied(_("Only those who go set out; that they are back their centre may say.")) from refused
    except NotNow:
        state = PlannedVisit.objects.get(pk=pk).get_status_display()
        messages.warning(request, _("Somebody was faster: the visit is “%(state)s” by now.") % {"state": state})
    except Refused as refused:
        if form is None:
            messages.warning(request, str(refused))
            return redirect("households:visit", pk)
        refused.stand_on(form)
        return page(request, found, verb, form, status=422)
    return redirect("households:visit", pk)


@require_http_methods(["GET", "POST"])
def warning_new(request, number):
    """Keep what there is to be careful about at the address."""
    household = kept_or_404(request, number)
    check_can_record_contact(request.user, household)
    form = WarningForm(sent(request), initial={"since": seoul_day(timezone.now())})
    if request.method == "POST" and form.is_valid():
        try:
            actions.warn_of_address(household, by=request.user, **form.cleaned_data)
            messages.success(request, _("Kept. Whoever plans a visit reads it."))
            return redirect("households:warning_new", number)
        except Refused as refused:
            refused.stand_on(form)
    looked(request, Act.OPEN, households=[household.pk], detail={"page": "warnings"})
    held = actions.warnings_on(household, seoul_day(timezone.now()))
    back = reverse("desks:case", args=[number])
    context = {"form": form, "household": household, "back": back, "warnings": held}
    return render(request, "households/visits/warning.html", context, status=422 if form.is_bound else 200)


@require_POST
def warning_end(request, number, fact_id):
    """Let a warning end today."""
    household = kept_or_404(request, number)
    rows = AddressWarning.objects.current().filter(household=household).select_related("household")
    found = get_object_or_404(rows, fact_id=fact_id)
    try:
        actions.end_warning(found, on=seoul_day(timezone.now()), by=request.user)
        messages.success(request, _("The warning is ended."))
    except Refused as refused:
        messages.warning(request, str(refused))
    return redirect("households:warning_new", number)


def page(request, found, do="", form=None, status=200):
    """The page of a visit; `do`: the step whose form is open."""
    now, household = timezone.now(), found.household
    do = do or request.GET.get("do", "")
    out = found.status in ("planned", "started")
    if form is None and out and do in FORMS:
        later = value_of(found.expected_back + HOUR)[:16]
        form = FORMS[do](initial={"expected_back": later} if do == "prolong" else None)
    kept = Household.objects.kept_by(request.user).filter(pk=household.pk).exists()
    hidden = bool(unnamed({household.pk}))
    members = members_of(household) if kept and not hidden else []
    looked(
        request, Act.OPEN, subjects=[one.pk for one in members], households=[household.pk], detail={"visit": found.pk}
    )
    context = {
        "visit": found,
        "name": members[0].name if members else household.number,
        "kept": kept,
        "buttons": VISIT.open_to(found, request.user),
        "out": out,
        "missing": found.missing(now),
        "now": now,
        "do": do,
        "form": form if out else None,
        "warnings": actions.warnings_on(household, seoul_day(found.begins), user=request.user) if out else [],
        "why_two": actions.why_two(household, seoul_day(found.begins)) if out else "",
        "log": _log(found) if kept and allowed(check_can_record_contact, request.user, household) else "",
        "case": reverse("desks:case", args=[household.number]) if kept else "",
    }
    return render(request, "households/visits/visit.html", context, status=status)


def kept_or_404(request, number):
    """Return a household whose file the user's own centre keeps, if the user may see it."""
    return get_object_or_404(Household.objects.kept_by(request.user), number=number)


def visit_or_404(request, pk):
    """Return a planned visit that the user may see."""
    rows = PlannedVisit.objects.visible_to(request.user)
    rows = rows.select_related("household", "worker", "companion", "alone_allowed_by", "back_said_by", "agency")
    return get_object_or_404(rows, pk=pk)


def _when(now):
    """Tomorrow at ten for an hour: what is planned most."""
    begins = datetime.combine(seoul_day(now) + timedelta(days=1), time(10), tzinfo=SEOUL)
    return {"begins": begins, "expected_back": begins + HOUR}


def _planned(form, household, by, now):
    try:
        return actions.plan_visit(household, by=by, now=now, **form.cleaned_data)
    except Refused as refused:
        refused.stand_on(form)
        return None


def _log(found):
    """The form of a contact, with how and when filled in."""
    channel = {"home": "visit", "centre": "office"}.get(found.place, "accompany")
    at = value_of(found.started_at or found.begins).replace("+", "%2B")
    return f"{reverse('households:contact', args=[found.household.number])}?channel={channel}&at={at}"
