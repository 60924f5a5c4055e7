"""Closing a case: the list, the proposal, one closing with its steps, asking after it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework.agencies.roles import May, can
from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import seoul_day
from casework.workflow import NotNow, NotYours
from desks.closings import shown
from desks.closings.forms import AfterCareForm, ApproveForm, ProposalForm, ReasonForm
from desks.closings.words import DONE
from desks.titles import shown_people, titles_of
from households.actions import Refused
from households.actions.rights import check_can_change
from households.closings import actions
from households.closings.openings import openings_of
from households.closings.workflow import CLOSING, ClosingStatus
from households.models import Closing, Household
from households.views.found import sent
from risk.closings import actions as closings
from risk.closings.blocks import blocks_of

FORMS: dict[str, Any] = {"send_back": ReasonForm, "reopen": ReasonForm}


@require_safe
def endings(request) -> HttpResponse:
    """What waits: closings to approve, closed cases of which something new was heard, what is due after an ending."""
    if not (can(request.user, May.SEE_CASELOAD) or can(request.user, May.SEE_CENTRE)):
        raise PermissionDenied(_("This page is for those who look after households."))
    now = timezone.now()
    on = seoul_day(now)
    proposed = list(shown.proposed_to(request.user)[: shown.ROWS])
    page, due = (
        shown.closed_page(request.user, now=now, asked=request.GET.get("page")),
        shown.due_here(request.user, on),
    )
    homes = {row.household_id for row in (*proposed, *page)} | {row["due"].household for row in due[: shown.ROWS]}
    titles = titles_of(request.user, homes, on=on)
    looked(request, Act.LIST, subjects=shown_people(titles), households=titles, detail={"page": "closings"})
    context = {
        "on": on,
        "proposed": [{"row": row, "title": titles.get(row.household_id)} for row in proposed],
        "closed": [{"row": row, "title": titles.get(row.household_id)} for row in page],
        "due": [{**row, "title": titles.get(row["due"].household)} for row in due[: shown.ROWS]],
        "page": page,
    }
    return render(request, "desks/closings/list.html", context)


@require_http_methods(["GET", "POST"])
def closing_new(request, number: str) -> HttpResponse:
    """Propose to close the case of a household; what stands against it is said before anything is written."""
    household = get_object_or_404(Household.objects.kept_by(request.user), number=number)
    check_can_change(request.user, household)
    now = timezone.now()
    form = ProposalForm(sent(request), household=household, now=now)
    blocks: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            made = closings.propose(household, by=request.user, now=now, **form.cleaned_data)
            messages.success(request, _("Proposed. Somebody else of your centre decides on it."))
            return redirect("desks:closing", made.number)
        except closings.Blocked as blocked:
            blocks = blocked.sentences
        except Refused as refused:
            refused.stand_on(form)
    titles = titles_of(request.user, {household.pk}, on=seoul_day(now))
    looked(request, Act.OPEN, subjects=shown_people(titles), households=[household.pk], detail={"page": "closing"})
    context = {
        "household": household,
        "title": titles[household.pk],
        "form": form,
        "blocks": blocks or ([] if form.is_bound else blocks_of(household, user=request.user)),
        "refused": bool(blocks),
    }
    return render(request, "desks/closings/new.html", context, status=422 if form.is_bound else 200)


@require_safe
def closing(request, number: str) -> HttpResponse:
    """One closing: why, what it rests on, who decides, what was asked afterwards."""
    return _page(request, _found(request, number))


@require_POST
def closing_step(request, number: str, verb: str) -> HttpResponse:
    """Take one step of the table; somebody who comes second is told so, and nothing is done twice."""
    found = _found(request, number)
    if verb not in CLOSING.steps:
        raise Http404
    try:
        CLOSING.check(found, verb, request.user)
        form = _form_of(verb, request)
        if form is not None and not form.is_valid():
            return _page(request, found, forms={verb: form}, status=422)
        take = closings.approve if verb == "approve" else getattr(actions, verb)
        take(found, by=request.user, now=timezone.now(), **(form.cleaned_data if form else {}))
        messages.success(request, DONE[verb])
    except NotYours:
        raise PermissionDenied(_("This step is for whoever leads the centre, and not for who proposed it.")) from None
    except NotNow:
        messages.warning(request, too_late(Closing.objects.get(pk=found.pk)))
    except closings.Blocked as blocked:
        return _page(request, found, blocks=blocked.sentences, status=422)
    except Refused as refused:
        messages.warning(request, str(refused))
    if not Closing.objects.visible_to(request.user).filter(pk=found.pk).exists():
        return redirect("desks:closings")  # the case is closed: its worker of before looks after it no longer
    return redirect("desks:closing", number)


@require_POST
def closing_after(request, number: str, months: int) -> HttpResponse:
    """Record how a household is, some months after its case was closed."""
    found = _found(request, number)
    actions.check_asks(found, request.user)
    form = AfterCareForm(request.POST, auto_id=f"id_{months}_%s")
    if form.is_valid():
        try:
            actions.record_after_care(found, months=months, by=request.user, now=timezone.now(), **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("desks:closing", number)
        except Refused as refused:
            refused.stand_on(form)
    return _page(request, found, forms={months: form}, status=422)


def too_late(found: Closing) -> str:
    """Return the sentence for somebody whose step came after another's."""
    return _("This step is no longer open: %(status)s.") % {"status": found.get_status_display()}


def _form_of(verb: str, request) -> Any:
    """Return the form that a step asks for, with what was posted; None where it asks for nothing."""
    if verb == "approve":
        return ApproveForm(request.POST, user=request.user)
    return FORMS[verb](request.POST, auto_id=f"id_{verb}_%s") if verb in FORMS else None


def _found(request, number: str) -> Closing:
    rows = Closing.objects.visible_to(request.user).select_related(
        "household", "centre", "proposed_by", "answered_by", "worker", "asks_later", "reopened_by", "same_as"
    )
    return get_object_or_404(rows, number=number)


def _page(request, found: Closing, *, forms: Any = None, blocks: Any = (), status: int = 200) -> HttpResponse:
    on, given = seoul_day(timezone.now()), forms or {}
    titles = titles_of(request.user, {found.household_id}, on=on)
    looked(
        request, Act.OPEN, subjects=shown_people(titles), households=[found.household_id], detail={"page": "closing"}
    )
    asks = shown.buttons_of(found, request.user)
    after = shown.after_of(found, on)
    blank = {verb: form(auto_id=f"id_{verb}_%s") for verb, form in FORMS.items()}
    blank["approve"] = ApproveForm(user=request.user)
    for row in after:
        named = f"id_{row['months']}_%s"
        row["form"] = given.get(row["months"]) or AfterCareForm(initial={"done_on": on}, auto_id=named)
    context = {
        "closing": found,
        "title": titles.get(found.household_id),
        "on": on,
        "blocks": blocks,
        "openings": openings_of(found.household, on=on) if found.status == ClosingStatus.PROPOSED else (),
        "buttons": asks,
        "forms": {**blank, **given},
        "after": after,
        "rests": shown.rests_on(found, request.user),
        "history": shown.happened(found),
    }
    return render(request, "desks/closings/closing.html", context, status=status)
