"""The intake: five steps kept on the server, so that a lost session loses nothing."""

from uuid import uuid4

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import five_years_from, seoul_day
from households import actions
from households.actions.refusal import Refused
from households.actions.rights import check_can_take_in
from households.drafts import keep, typed_in
from households.forms.intake import STEPS
from households.models import Draft
from households.same import alike
from households.views.found import key_or_404, page_of, sent

ORDER = list(STEPS)


@require_http_methods(["GET", "POST"])
def intake(request):
    """Where an intake begins, and where those that were left half-way are taken up again."""
    check_can_take_in(request.user)
    if request.method == "POST":
        key = key_or_404(request.POST.get("draft") or uuid4())
        keep(by=request.user, key=key, kind=Draft.Kind.INTAKE, typed={}, step="person")
        return redirect("households:intake_step", key, "person")
    begun = Draft.objects.visible_to(request.user).filter(kind=Draft.Kind.INTAKE)
    return render(request, "households/intake.html", {"begun": list(begun[:50]), "key": uuid4()})


@require_http_methods(["GET", "POST"])
def intake_step(request, key, step):
    """One step: what was typed is kept first, then checked; the last step puts the person on file."""
    check_can_take_in(request.user)
    if step not in STEPS:
        raise Http404
    draft = _draft(request, key)
    if draft is None:
        messages.warning(request, _("This intake was finished or thrown away already."))
        return redirect("households:intake")
    if step == "check":
        return _check(request, draft)
    form = _form(request, draft, step)
    if request.method == "POST":
        typed = {name: values for name, values in request.POST.lists() if name != "step"}
        keep(by=request.user, key=draft.client_key, kind=draft.kind, typed=typed, step=step)
        if form.is_valid():
            return redirect("households:intake_step", key, ORDER[ORDER.index(step) + 1])
    return _page(request, draft, step, form)


def _check(request, draft):
    """The last step: everything again, who is similar, and the one button that saves."""
    forms = {step: _kept(request, draft, step) for step in ORDER[:-1]}
    unfinished = next((step for step, form in forms.items() if not form.is_valid()), None)
    if unfinished:
        messages.warning(request, _("This step is not finished yet."))
        return redirect("households:intake_step", draft.client_key, unfinished)
    told = {step: form.cleaned_data for step, form in forms.items()}
    similar = alike(told["person"], told["contact"], user=request.user, day=_today())
    looked(request, Act.SEARCH, subjects=[one.person_id for one in similar], detail={"intake": str(draft.client_key)})
    form = STEPS["check"][0](sent(request), user=request.user, day=_today(), similar=similar)
    if request.method == "POST" and form.is_valid() and (house := _take_in(request, draft, told, form)):
        return redirect(page_of(house))
    period = told["protection"]["moved_in_on"]
    ends = five_years_from(period)[1] if period and told["protection"]["decision"] == "protected" else None
    return _page(request, draft, "check", form, told=told, similar=similar, ends=ends)


def _take_in(request, draft, told, form):
    try:
        house = actions.take_in(by=request.user, on=_today(), client_key=draft.client_key, **told)
    except Refused as refused:
        form.add_error(None, str(refused))
        return None
    messages.success(request, _("The person is on file."))
    return house


def _form(request, draft, step):
    kept = typed_in(draft, step)
    several = {"items"}
    initial = {name: values if name in several else values[-1] for name, values in kept.items() if values}
    return STEPS[step][0](sent(request), user=request.user, day=_today(), initial=initial)


def _kept(request, draft, step):
    return STEPS[step][0](MultiValueDict(typed_in(draft, step)), user=request.user, day=_today())


def _draft(request, key):
    return Draft.objects.visible_to(request.user).filter(client_key=key, kind=Draft.Kind.INTAKE).first()


def _page(request, draft, step, form, **shown):
    place = ORDER.index(step)
    states = [
        (name, label, "done" if i < place else "now" if i == place else "")
        for i, (name, (_f, label)) in enumerate(STEPS.items())
    ]
    context = {
        "form": form,
        "step": step,
        "title": STEPS[step][1],
        "steps": states,
        "key": draft.client_key,
        "saved_at": draft.saved_at,
        "before": ORDER[place - 1] if place else "",
        "told": {},
        "similar": (),
        "ends": None,
        **shown,
    }
    template = "households/intake_check.html" if step == "check" else "households/intake_step.html"
    return render(request, template, context, status=422 if form.is_bound else 200)


def _today():
    return seoul_day(timezone.now())
