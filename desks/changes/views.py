"""Changing a rule: the list of changes, a new one, its page with what it would do, and the steps to a decision."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework.agencies.models import User
from casework.agencies.request import Request
from casework.agencies.roles import May, can
from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import AsOf, seoul_day
from casework.workflow import NotNow, NotYours
from desks.backtest.views import compared_for
from desks.changes import page as change_page
from desks.changes.shown import effect_shown, file_header, file_rows
from desks.downloads import ReasonForm, csv_file
from households.models import Household
from risk.actions import Refused
from risk.backtest import runs as backtest
from risk.changes import actions as changing
from risk.changes.forms import ApprovalForm, DiscardForm, ReadingForm
from risk.changes.proposals import latest
from risk.changes.workflow import CHANGE, ChangeStatus
from risk.models import RuleChange, Simulation
from risk.rights import check_can_set_criteria

SAID = {
    "request": gettext_lazy("Asked for approval. Another person with this right can approve it now."),
    "approve": gettext_lazy("Approved. The version before stays as it was, and so does every past band."),
    "discard": gettext_lazy("Discarded. Nothing was changed."),
}
SHOWN = 50


@require_safe
def changes(request: Request) -> HttpResponse:
    """The changes that the user may see, open ones first."""
    check_sees(request.user)
    found = RuleChange.objects.visible_to(request.user).select_related("proposed_by", "decided_by", "base")
    open_ones = list(found.open().order_by("-id")[:SHOWN])
    done = list(found.exclude(pk__in=[change.pk for change in open_ones]).order_by("-id")[:SHOWN])
    context = {
        "groups": [
            {"title": _("Open"), "rows": [_row(change) for change in open_ones]},
            {"title": _("Decided"), "rows": [_row(change) for change in done]},
        ],
        "may_set": can(request.user, May.SET_CRITERIA),
    }
    return render(request, "desks/changes.html", context)


@require_http_methods(["GET", "POST"])
def change_new(request: Request, code: str) -> HttpResponse:
    """Propose other numbers for a rule, or a new signal pattern; what was proposed is tried out at once."""
    check_can_set_criteria(request.user)
    base = latest(code)
    if base is None and code != changing.NEW_PATTERN:
        raise Http404
    form = change_page.form_for(code, base, request.POST or None)
    if request.method == "POST" and form.is_valid():
        key = form.cleaned_data["client_key"]
        made = _tried(form, lambda: changing.propose(code, by=request.user, client_key=key, **form.proposal()))
        if made is not None:
            calculate(request, made)
            return redirect("desks:change", made.pk)
    context = {
        "name": change_page.rule_name(code, base),
        "form": form,
        **_pieces(code, form),
        "steps": change_page.steps_of(None),
        "code": code,
        "version": base.version + 1 if base else 1,
    }
    return render(request, "desks/change_new.html", context, status=422 if form.is_bound else 200)


@require_safe
def change(request: Request, pk: int) -> HttpResponse:
    """One change: what is proposed, what it would do to everybody, the households to read."""
    found = _visible(request, pk)
    return _shown(request, found, _form(found, request.user))


@require_POST
def change_calculate(request: Request, pk: int) -> HttpResponse:
    """Try the change out again: its proposer with the numbers of the form, anybody else with those that stand."""
    if not can(request.user, May.SET_CRITERIA):
        raise PermissionDenied(_("Only who may change criteria calculates a change again."))
    found = _visible(request, pk)
    form = _form(found, request.user, request.POST)
    if form is not None and not (form.is_valid() and _tried(form, lambda: _edited(found, form, request.user))):
        return _shown(request, found, form)
    found.refresh_from_db()
    calculate(request, found)
    return redirect("desks:change", pk)


@require_POST
def change_step(request: Request, pk: int, verb: str) -> HttpResponse:
    """Ask for approval, approve, or discard; whoever comes second is told so."""
    found = _visible(request, pk)
    if verb not in SAID:
        raise Http404
    try:
        CHANGE.check(found, verb, request.user)
        take(found, verb, request)
        messages.success(request, SAID[verb])
    except NotYours:
        raise PermissionDenied(_("This step is another person's to take.")) from None
    except NotNow:
        messages.warning(request, _("The change has moved on: %(state)s.") % {"state": found.get_status_display()})
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("desks:change", pk)


@require_POST
def change_read(request: Request, pk: int, number: str) -> HttpResponse:
    """Say that one household of the sample was read, and whether the change is right for it."""
    found = _visible(request, pk)
    if not can(request.user, May.SET_CRITERIA):
        raise PermissionDenied(_("Only who may change criteria reads the households of a change."))
    sampled = (found.last_simulation() or Simulation(sample=[])).sample
    known = {line["number"]: line["household"] for line in sampled}
    household = get_object_or_404(Household, pk=known.get(number))
    form = ReadingForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused(_("Say whether the change is right for this household."))
        changing.read(found, household, by=request.user, **form.cleaned_data)
    except Refused as refused:
        messages.error(request, f"{number}: {refused}")
    return redirect(f"{request.path.rsplit('/read/', 1)[0]}/#h{number}")


@require_POST
def change_file(request: Request, pk: int) -> HttpResponse:
    """The numbers of the trial as a file, those of the page and never a household; the reason is kept."""
    found = _visible(request, pk)
    simulation = found.last_simulation()
    if simulation is None:
        raise Http404
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return render(request, "desks/reason.html", {"form": form, "back": "desks:changes"}, status=422)
    rows = list(file_rows(effect_shown(simulation, request.user)))
    detail = {"change": found.pk, "simulation": simulation.pk, "rows": len(rows)}
    looked(request, Act.EXPORT, reason=form.cleaned_data["reason"], detail=detail)
    return csv_file(f"change-{found.pk}.csv", file_header(), rows)


def check_sees(user: User) -> None:
    """Raise PermissionDenied unless the user changes criteria or leads a centre."""
    if not (can(user, May.SET_CRITERIA) or can(user, May.SEE_CENTRE)):
        raise PermissionDenied(
            _("Changes of the criteria are for who may change them and for those who lead a centre.")
        )


def calculate(request: Request, found: RuleChange) -> None:
    """Try the change out as of now; whoever comes too late, or for nothing, is told."""
    try:
        changing.try_out(found, by=request.user, as_of=AsOf.live(timezone.now()))
    except Refused as refused:
        messages.info(request, str(refused))
    except NotNow:
        messages.warning(request, _("The change has moved on: %(state)s.") % {"state": found.get_status_display()})


def take(found: RuleChange, verb: str, request: Request) -> None:
    """Take the step `verb` with what the form says. Raises Refused, NotYours, NotNow."""
    now = timezone.now()
    if verb == "request":
        changing.request(found, by=request.user, now=now)
    elif verb == "discard":
        form: Any = DiscardForm(request.POST)
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        changing.discard(found, by=request.user, reason=reason, now=now)
    else:
        form = ApprovalForm(request.POST, today=seoul_day(now))
        if not form.is_valid():
            raise Refused(_("Choose the day from which the change is in force."))
        starts_on = form.cleaned_data["starts_on"]
        shown = {"starts_on": starts_on, "seen": request.POST.get("numbers", "")}
        changing.approve(found, by=request.user, today=seoul_day(now), now=now, **shown)


def _visible(request: Request, pk: int) -> RuleChange:
    check_sees(request.user)
    rows = RuleChange.objects.visible_to(request.user).select_related("proposed_by", "decided_by", "base")
    return get_object_or_404(rows, pk=pk)


def _form(found: RuleChange, user: User, data: Any = None) -> Any:
    """Return the form of the numbers for who may edit them now, else None."""
    if "edit" not in {step.verb for step in CHANGE.open_to(found, user)}:
        return None
    return change_page.form_for(found.code, change_page.version_of(found), data, why=found.why)


def _edited(found: RuleChange, form: Any, user: User) -> RuleChange:
    return changing.edit(found, by=user, **form.proposal())


def _tried(form: Any, verb: Any) -> Any:
    """Return what the verb returns; a refusal becomes sentences at the fields and gives None."""
    try:
        return verb()
    except ValidationError as error:
        form.show(error.message_dict)
    except Refused as refused:
        form.add_error(None, str(refused))
    return None


def _pieces(code: str, form: Any) -> dict[str, Any]:
    parts = change_page.parts_of(code, form) if form else []
    return {"parts": parts, "beside": change_page.fields_beside(code, form, parts) if form else []}


def _row(found: RuleChange) -> dict[str, Any]:
    return {"change": found, **change_page.proposed_shown(found)}


def _shown(request: Request, found: RuleChange, form: Any) -> HttpResponse:
    may_set = can(request.user, May.SET_CRITERIA)
    simulation = found.last_simulation()
    sample = change_page.sample_shown(found, simulation) if simulation and may_set else []
    if sample:
        people = [person for line in sample for person in line["people"]]
        looked(
            request,
            Act.OPEN,
            subjects=people,
            households=[line["household"] for line in sample],
            detail={"change": found.pk, "sample": len(sample)},
        )
    context = {
        "change": found,
        "may_set": may_set,
        "form": form,
        **_pieces(found.code, form),
        **change_page.proposed_shown(found),
        "simulation": simulation,
        "effect": effect_shown(simulation, request.user) if simulation else None,
        "reason": ReasonForm(),
        "past": compared_for(found) if simulation else None,
        "tested": backtest.latest(found) if simulation else None,
        "sample": sample,
        "readable": found.status in (ChangeStatus.SIMULATED, ChangeStatus.REQUESTED),
        **change_page.decisions_of(found, simulation, request.user, timezone.now()),
    }
    return render(request, "desks/change.html", context, status=422 if form is not None and form.is_bound else 200)
