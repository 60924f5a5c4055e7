"""Requests: the list, one request, its steps, its papers, the opinion beside it."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from casework.agencies.roles import May, can
from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import seoul_day
from casework.paper import fonts_installed
from casework.workflow import NotNow, NotYours
from households.actions.refusal import Refused
from households.extensions import deciding, drafting, paper, shown
from households.extensions import forms as asked
from households.extensions.found import check_may_look, request_or_404, too_late, whole_or_404, whose
from households.extensions.offices import offices_to_ask
from households.extensions.workflow import REQUEST, SittingStatus
from households.models import ExtensionRequest, LocalNotice, LocalOpinion, Sitting

VERBS: dict[str, Callable[..., ExtensionRequest]] = {
    "sign": drafting.sign,
    "rewrite": drafting.reopen,
    "submit": drafting.submit,
    "receive": deciding.receive,
    "put": deciding.put,
    "take_off": deciding.take_off,
    "prepare": deciding.prepare,
    "send_back": deciding.send_back,
    "decide": deciding.decide,
    "tell": deciding.tell,
    "reach": deciding.reach,
    "withdraw": drafting.withdraw,
}
SAID = {
    "sign": gettext_lazy("The signature is recorded."),
    "rewrite": gettext_lazy("The form can be changed again; it is signed anew after that."),
    "submit": gettext_lazy("Submitted. The Ministry has been told."),
    "receive": gettext_lazy("Received."),
    "put": gettext_lazy("The request stands on the agenda."),
    "take_off": gettext_lazy("Taken off the agenda; it waits for another sitting."),
    "prepare": gettext_lazy("Prepared. Another officer decides."),
    "send_back": gettext_lazy("Sent back. It is prepared anew."),
    "decide": gettext_lazy("Decided. The result is to be told in writing."),
    "tell": gettext_lazy("Recorded. The days for an objection run from now on."),
    "reach": gettext_lazy("Recorded. The days for an objection are counted from this day."),
    "withdraw": gettext_lazy("The withdrawal is recorded."),
}


@require_safe
def extensions(request):
    """The requests that the user sees: those on which somebody has to act, and what was settled lately."""
    check_may_look(request.user)
    on = seoul_day(timezone.now())
    found = shown.lists_of(request.user, on)
    people = {row["request"].person_id for row in [*found["rows"], *found["past"]]}
    looked(request, Act.LIST, subjects=people, detail={"requests": len(found["rows"])})
    context = found | {"on": on, "ministry": can(request.user, May.DECIDE_PROTECTION)}
    context |= {"register": can(request.user, May.SEE_REGISTER)}
    return render(request, "households/extensions/list.html", context)


@require_safe
def extension(request, number):
    """One request: whose turn it is, what it rests on, what comes after."""
    return page(request, request_or_404(request, number), request.GET.get("do", ""))


@require_POST
def extension_step(request, number, verb):
    """Take one step of the table; somebody who comes second is told so, and nothing is done twice."""
    found = request_or_404(request, number)
    if verb not in VERBS:
        raise Http404
    form = None
    try:
        REQUEST.check(found, verb, request.user)
        form = form_of(verb, found, request.POST)
        if form is not None and not form.is_valid():
            return page(request, found, verb, form=form, status=422)
        VERBS[verb](found, by=request.user, now=timezone.now(), **(form.cleaned_data if form else {}))
        messages.success(request, SAID[verb])
    except NotYours as refused:
        raise PermissionDenied(whose(str(refused))) from None
    except NotNow:
        messages.warning(request, too_late(request_or_404(request, number)))
    except Refused as refused:
        if form is not None:
            refused.stand_on(form)
            return page(request, found, verb, form=form, status=422)
        messages.error(request, str(refused))
    return redirect("households:extension", number)


@require_POST
def extension_evidence(request, number):
    """Add a paper to what goes with a request."""
    found = whole_or_404(request, number)
    form = asked.EvidenceForm(request.POST)
    try:
        drafting.check_may_attach(found, request.user)
        if not form.is_valid():
            return page(request, found, "attach", form=form, status=422)
        drafting.attach(found, by=request.user, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("The paper is added."))
    except NotYours as refused:
        raise PermissionDenied(whose(str(refused))) from None
    except NotNow:
        messages.warning(request, too_late(found))
    return redirect("households:extension", number)


@require_POST
def extension_opinion(request, number):
    """Ask a local government for its opinion; the request goes on meanwhile."""
    found, now = whole_or_404(request, number), timezone.now()
    form = asked.OfficeForm(request.POST, offices=offices_to_ask(found, seoul_day(now)))
    if not can(request.user, May.DECIDE_PROTECTION):
        raise PermissionDenied(whose("ministry"))
    if not form.is_valid():
        return page(request, found, "ask", form=form, status=422)
    try:
        deciding.ask_opinion(found, by=request.user, now=now, **form.cleaned_data)
        messages.success(request, _("The office is asked. The request goes on meanwhile."))
    except Refused as refused:
        refused.stand_on(form)
        return page(request, found, "ask", form=form, status=422)
    except NotNow:
        messages.warning(request, too_late(found))
    return redirect("households:extension", number)


@require_POST
def extension_opinion_give(request, number, pk):
    """Give the opinion of the office that was asked."""
    found = request_or_404(request, number)
    opinion = get_object_or_404(LocalOpinion.objects.visible_to(request.user), pk=pk, request=found)
    form = asked.OpinionForm(request.POST)
    try:
        if opinion.agency_id != request.user.agency_id or not can(request.user, May.SEE_REGISTER):
            raise NotYours("office")
        if not form.is_valid():
            return page(request, found, "opine", form=form, status=422)
        deciding.give_opinion(opinion, by=request.user, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("The opinion is sent to the Ministry."))
    except NotYours as refused:
        raise PermissionDenied(whose(str(refused))) from None
    except NotNow:
        messages.warning(request, too_late(found))
    return redirect("households:extension", number)


@require_safe
def extension_paper(request, number, kind):
    """A letter of a request as PDF: its form, the result, the notice to the local government, which the office that
    was told prints too."""
    found = request_or_404(request, number)
    told = kind == paper.LOCAL and LocalNotice.objects.visible_to(request.user).filter(request=found).exists()
    found = found if told else whole_or_404(request, number)
    if kind not in paper.LETTERS:
        raise Http404
    now = timezone.now()
    if not fonts_installed():
        messages.error(request, _("The fonts are not installed, so nothing can be printed. Please run `make setup`."))
        return redirect("households:extension", number)
    content = paper.printed(found, kind, by=request.user, now=now)
    if content is None:
        messages.warning(request, _("There is no such letter before the decision."))
        return redirect("households:extension", number)
    looked(request, Act.EXPORT, subjects=[found.person_id], detail={"request": found.number, "letter": kind})
    return pdf(content, f"{found.number}-{kind}")


def pdf(content, name):
    """Return a PDF file as an answer; the name of the file says no more than a number."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return response


def form_of(verb, found, data=None):
    """Return the form that a step asks for, or None; `data`: what was posted."""
    today = {"initial": {"received_on": timezone.localdate(), "signed_on": timezone.localdate()}}
    today["initial"] |= {"told_on": timezone.localdate(), "reached_on": found.reached_on}
    if verb == "put":
        coming = Sitting.objects.filter(status__in=(SittingStatus.PLANNED, SittingStatus.ANNOUNCED))
        return asked.PutForm(data, sittings=coming.order_by("starts_at", "id"))
    if verb == "prepare":
        return asked.PrepareForm(data, kind=found.kind, initial={"granted_until": found.asked_until})
    if REQUEST.steps[verb].needs_reason:
        return asked.ReasonForm(data)
    made = {"sign": asked.SignForm, "receive": asked.ReceiveForm, "tell": asked.TellForm, "reach": asked.ReachForm}.get(
        verb
    )
    return made(data, **today) if made else None


EXTRA = {
    "attach": asked.EvidenceForm,
    "opine": asked.OpinionForm,
    "object": asked.ObjectionForm,
}


def page(request, found, do="", *, form=None, status=200, answering=None):
    """Render the page of one request and log the look. `do` names the step whose form is open; `answering`: (id of an
    objection, verb, the form that could not be saved)."""
    now = timezone.now()
    context = shown.page_of(found, request.user, now)
    verbs = {step.verb for step in context["buttons"]}
    if form is None and do in verbs:
        form = form_of(do, found)
    if form is None and do in EXTRA:
        form = EXTRA[do]()
    if form is None and do == "ask" and context["ministry"]:
        form = asked.OfficeForm(offices=offices_to_ask(found, seoul_day(now)))
    looked(request, Act.OPEN, subjects=[found.person_id], detail={"request": found.number})
    for row in context.get("objections", ()):
        row["acts"] = [_answering(step, row, answering) for step in row["buttons"]]
    context |= {"form": form, "do": do if form else ""}
    return render(request, "households/extensions/page.html", context, status=status)


def _answering(step, row, answering):
    """Return {"step", "form", "open"} of a step of an objection; the form that could not be saved stands open."""
    pk, verb, typed = answering or (None, "", None)
    if (pk, verb) == (row["objection"].pk, step.verb):
        return {"step": step, "form": typed, "open": True}
    return {"step": step, "form": asked.of_objection(step.verb, deemed=row["answer"].deemed), "open": False}
