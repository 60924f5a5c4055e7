"""Data requests of a centre: the list, taking one down, one request with its steps, its letter."""

from collections.abc import Callable
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import seoul_day
from casework.paper import fonts_installed
from casework.workflow import NotNow, NotYours
from households.actions.refusal import Refused
from households.members import names_on
from households.models import DataRequest, Restriction
from households.requests import answering, correcting, paper, shown, taking
from households.requests import forms as asked
from households.requests.found import check_may_look, kept_person_or_404, request_or_404, too_late, whose
from households.requests.workflow import DATA
from households.views.found import sent

VERBS: dict[str, Callable[..., DataRequest]] = {
    "check": taking.check_identity,
    "extend": taking.put_off,
    "answer": answering.answer,
    "send_back": answering.send_back,
    "sign": answering.sign,
    "tell": answering.tell,
    "withdraw": taking.withdraw,
}
BESIDE: dict[str, Callable[..., DataRequest]] = {
    "harm": taking.decide_harm,
    "notes": taking.decide_notes,
    "done": answering.carried_out,
}
SAID = {
    "check": gettext_lazy("Recorded. The request can be answered."),
    "extend": gettext_lazy("The answer is put off. Please tell the person the reason."),
    "answer": gettext_lazy("The answer is kept."),
    "send_back": gettext_lazy("Sent back. It is answered anew."),
    "sign": gettext_lazy("Signed. The answer is to be told."),
    "tell": gettext_lazy("Recorded. The request is settled."),
    "withdraw": gettext_lazy("The withdrawal is recorded."),
    "harm": gettext_lazy("The decision is kept with its reason."),
    "notes": gettext_lazy("The decision about counselling notes is kept."),
    "done": gettext_lazy("The correction is remembered with the request."),
}


@require_safe
def data_requests(request):
    """The requests that the user sees: those on which somebody has to act, and what was settled lately."""
    check_may_look(request.user)
    on = seoul_day(timezone.now())
    found = shown.lists_of(request.user, on)
    people = {row["request"].person_id for row in [*found["rows"], *found["past"]]}
    looked(request, Act.LIST, subjects=people, detail={"requests": len(found["rows"])})
    return render(request, "households/requests/list.html", found | {"on": on})


@require_http_methods(["GET", "POST"])
def data_request_new(request, case_number):
    """Take a request of a person down."""
    person = kept_person_or_404(request, case_number)
    try:
        taking.check_may_take(request.user, person)
    except NotYours as refused:
        raise PermissionDenied(whose(str(refused))) from None
    now = timezone.now()
    on = seoul_day(now)
    start = {"received_on": on, "client_key": uuid4(), "kind": request.GET.get("kind", "")}
    form = asked.TakeForm(sent(request), entries=correcting.entries_of(person.pk), initial=start)
    if request.method == "POST" and form.is_valid() and (made := _taken(request, person, form, now)):
        return redirect("households:data_request", made.number)
    looked(request, Act.OPEN, subjects=[person.pk])
    context = {"form": form, "person": person, "name": names_on([person.pk], on).get(person.pk, person.case_number)}
    return render(request, "households/requests/new.html", context, status=422 if form.is_bound else 200)


def _taken(request, person, form, now):
    try:
        made = taking.take_down(person, by=request.user, now=now, **form.cleaned_data)
    except Refused as refused:
        refused.stand_on(form)
        return None
    messages.success(request, _("The request is taken down. Those who answer it have been told."))
    return made


@require_safe
def data_request(request, number):
    """One request: what is asked, until when, what comes next."""
    return page(request, request_or_404(request, number), request.GET.get("do", ""))


@require_POST
def data_request_step(request, number, verb):
    """Take one step of the table; somebody who comes second is told so, and nothing is done twice."""
    found = request_or_404(request, number)
    if verb not in VERBS:
        raise Http404
    return _done(request, found, verb, VERBS[verb], check=lambda: DATA.check(found, verb, request.user))


@require_POST
def data_request_beside(request, number, verb):
    """Decide something beside the steps: about danger, about counselling notes, how a correction was carried out."""
    found = request_or_404(request, number)
    if verb not in BESIDE:
        raise Http404
    return _done(request, found, verb, BESIDE[verb], check=lambda: _check_beside(found, verb, request.user))


def _check_beside(found, verb, user):
    counsels = verb == "notes"
    if not (taking.is_counsellor if counsels else taking.is_handler)(found, user):
        raise NotYours("counsellor" if counsels else "handler")


def _done(request, found, verb, do, *, check):
    """Check the actor, read the form, do the verb; every refusal becomes a sentence."""
    form = None
    try:
        check()
        form = form_of(verb, found, request.POST)
        if form is not None and not form.is_valid():
            return page(request, found, verb, form=form, status=422)
        do(found, by=request.user, now=timezone.now(), **(form.cleaned_data if form else {}))
        messages.success(request, SAID[verb])
    except NotYours as refused:
        raise PermissionDenied(whose(str(refused))) from None
    except NotNow:
        messages.warning(request, too_late(request_or_404(request, found.number)))
    except Refused as refused:
        if form is not None:
            refused.stand_on(form)
            return page(request, found, verb, form=form, status=422)
        messages.error(request, str(refused))
    return redirect("households:data_request", found.number)


@require_POST
def restriction_lift(request, number, fact_id):
    """Lift a restriction that followed from a request; in one step, once."""
    found = request_or_404(request, number)
    held = get_object_or_404(
        Restriction.objects.current().visible_to(request.user).select_related("person", "request"),
        request=found,
        fact_id=fact_id,
    )
    form = asked.LiftForm(request.POST)
    try:
        if not taking.is_handler(found, request.user):
            raise NotYours("handler")
        if not form.is_valid():
            return page(request, found, "lift", form=form, status=422)
        answering.lift(held, by=request.user, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("The restriction is lifted from today on."))
    except NotYours as refused:
        raise PermissionDenied(whose(str(refused))) from None
    return redirect("households:data_request", number)


@require_safe
def data_request_letter(request, number):
    """The answer as a letter (PDF), once there is one."""
    found = request_or_404(request, number)
    now = timezone.now()
    if not fonts_installed():
        messages.error(request, _("The fonts are not installed, so nothing can be printed. Please run `make setup`."))
        return redirect("households:data_request", number)
    content = paper.letter_of(found, by=request.user, now=now)
    if content is None:
        messages.warning(request, _("There is no letter before the answer."))
        return redirect("households:data_request", number)
    looked(request, Act.EXPORT, subjects=[found.person_id], detail={"request": found.number})
    return paper.pdf(content, found.number)


def form_of(verb, found, data=None):
    """Return the form that a step asks for, or None; `data`: what was posted."""
    today = timezone.localdate()
    if verb == "answer":
        return asked.AnswerForm(data, kind=found.kind, initial={"scopes": []})
    if verb == "extend":
        return asked.PutOffForm(data)
    if verb == "tell":
        return asked.TellForm(data, initial={"told_on": today})
    if verb == "done":
        return asked.DoneForm(data, entries=correcting.entries_of(found.person_id, everything=True))
    if verb in DATA.steps and DATA.steps[verb].needs_reason:
        return asked.ReasonForm(data)
    made = {"check": asked.CheckForm, "harm": asked.HarmForm, "notes": asked.NotesForm, "lift": asked.LiftForm}
    return made[verb](data) if verb in made else None


def page(request, found, do="", *, form=None, status=200):
    """Render the page of one request and log the look. `do` names the step whose form is open."""
    context = shown.page_of(found, request.user, timezone.now())
    verbs = {step.verb for step in context["buttons"]}
    verbs |= {"harm"} if context["weigh"] else set()
    verbs |= {"notes"} if context["notes"] else set()
    verbs |= {"done"} if context["to_do"] else set()
    verbs |= {"lift"} if context["restriction"] and context["handles"] else set()
    if form is None and do in verbs:
        form = form_of(do, found)
    looked(request, Act.OPEN, subjects=[found.person_id], detail={"request": found.number})
    context |= {"form": form, "do": do if form else "", "beside": list(BESIDE)}
    return render(request, "households/requests/page.html", context, status=status)
