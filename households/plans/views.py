"""Plans of a household: all of them, one with its steps, the paper for the client."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from casework.agencies.roles import May, can
from casework.clock import seoul_day
from casework.paper import fonts_installed
from casework.workflow import NotNow, NotYours
from households.actions.refusal import NotAllowed, Refused
from households.actions.rights import check_can_record_contact
from households.assessments.found import call_of, case_of, file_or_404, log
from households.models import Draft, PlanStep, ServicePlan
from households.plans import actions, paper, shown, writing
from households.plans.forms import DoneForm, ReasonForm, StepForm
from households.plans.workflow import OPEN, PlanStatus
from households.views.found import members_of

SAID = {
    "start": gettext_lazy("The plan is under way."),
    "renew": gettext_lazy(
        "A new plan is begun from this one. This one goes on until the client agrees to the new one."
    ),
    "drop": gettext_lazy("The draft is set aside. It stays to be read."),
}


@require_safe
def plans(request, number):
    """All plans of a household, the newest first."""
    household = file_or_404(request, number)
    members, on = members_of(household), seoul_day(timezone.now())
    called, names = call_of(household, members)
    log(request, household, members)
    rows = shown.plans_of(household, request.user)
    context = {
        "household": household,
        "called": called,
        "back": case_of(household),
        "on": on,
        "rows": [{"plan": plan, "about": shown.named(plan, names)} for plan in rows],
        "drafts": list(Draft.objects.visible_to(request.user).filter(household=household, kind=Draft.Kind.PLAN)),
        "may_write": can(request.user, May.RECORD_CONTACT),
    }
    return render(request, "households/plans/list.html", context)


@require_safe
def plan(request, number, pk):
    """One plan: goals with their steps, reviews, the client's agreement."""
    household = file_or_404(request, number)
    return page(request, household, plan_or_404(request, household, pk), request.GET.get("do", ""))


@require_POST
def plan_step_new(request, number, pk):
    """Add a step."""
    household = file_or_404(request, number)
    found = plan_or_404(request, household, pk)
    form = step_form(household, found, request.POST)
    if not form.is_valid():
        check_can_record_contact(request.user, household)
        return page(request, household, found, "step", form=form, status=422)
    goal, words = form.said()
    done = _done(
        request, found, form, lambda: actions.add_step(goal or found, by=request.user, now=timezone.now(), **words)
    )
    if not done:
        return page(request, household, found, "step", form=form, status=422)
    messages.success(request, _("The step is added."))
    return redirect("households:plan", number, pk)


@require_POST
def plan_step(request, number, pk, step, verb):
    """Say that a step is done, or take it off with a reason."""
    household = file_or_404(request, number)
    found = plan_or_404(request, household, pk)
    one = get_object_or_404(PlanStep.objects.select_related("plan__household"), pk=step, plan=found)
    if verb not in ("done", "off"):
        raise Http404
    check_can_record_contact(request.user, household)
    form = DoneForm(request.POST) if verb == "done" else ReasonForm(request.POST)
    do = actions.finish_step if verb == "done" else actions.take_off
    if not form.is_valid() or not _done(
        request, found, form, lambda: do(one, by=request.user, now=timezone.now(), **form.cleaned_data)
    ):
        return page(request, household, found, verb, form=form, step=one, status=422)
    messages.success(request, _("Recorded: the step is done.") if verb == "done" else _("The step is taken off."))
    return redirect("households:plan", number, pk)


@require_POST
def plan_do(request, number, pk, verb):
    """Put a plan under way, take it over into a new one, set a draft aside."""
    household = file_or_404(request, number)
    found = plan_or_404(request, household, pk)
    check_can_record_contact(request.user, household)
    if verb not in ("start", "renew", "drop"):
        raise Http404
    form, words, now = None, {}, timezone.now()
    if verb == "drop":
        form = ReasonForm(request.POST)
        if not form.is_valid():
            return page(request, household, found, verb, form=form, status=422)
        words = form.cleaned_data
    do = {"start": actions.start, "renew": writing.renew, "drop": writing.drop}[verb]
    try:
        made = do(found, by=request.user, now=now, **words)
        messages.success(request, SAID[verb])
    except (NotNow, Refused) as refused:
        made = found
        messages.warning(request, too_late(found) if isinstance(refused, NotNow) else str(refused))
    return redirect("households:plan", number, made.pk)


@require_safe
def plan_paper(request, number, pk):
    """The plan for the client as PDF: plain words, no scores and no bands."""
    household = file_or_404(request, number)
    found, members = plan_or_404(request, household, pk), members_of(household)
    if not fonts_installed():
        messages.error(request, _("The fonts are not installed, so nothing can be printed. Please run `make setup`."))
        return redirect("households:plan", number, pk)
    content = paper.printed(found, call_of(household, members), by=request.user, now=timezone.now())
    log(request, household, members, plan=found.pk, paper=True)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="plan-{household.number}-{found.pk}.pdf"'
    return response


def plan_or_404(request, household, pk):
    """Return a plan of the household that the user may read."""
    rows = ServicePlan.objects.visible_to(request.user).with_next_review().select_related(*shown.BESIDE)
    return get_object_or_404(rows, household=household, pk=pk)


def too_late(plan):
    """Say that the plan does not stand where the page thought it did."""
    fresh = ServicePlan.objects.get(pk=plan.pk)
    return _("Somebody acted in between: the plan is “%(status)s” now.") % {"status": fresh.get_status_display()}


def step_form(household, plan, data=None):
    """Return the form of a new step."""
    on = seoul_day(timezone.now())
    return StepForm(data, goals=writing.goals_of(plan), workers=shown.workers_of(household, on))


def page(request, household, plan, do="", *, form=None, step=None, status=200):
    """Render the page of one plan and log the look. `do`: whose form stands open; `step`: the step it is about."""
    members, on = members_of(household), seoul_day(timezone.now())
    called, names = call_of(household, members)
    context = shown.page_of(plan, request.user, names, on)
    if form is None and context["may_step"]:
        form, step = _form_of(request, household, plan, do, on)
    log(request, household, members, plan=plan.pk)
    context |= {"household": household, "called": called, "on": on, "form": form, "do": do if form else "", "at": step}
    return render(request, "households/plans/page.html", context, status=status)


def _form_of(request, household, plan, do, on):
    if do == "step":
        form = step_form(household, plan)
        form.initial["goal"] = request.GET.get("goal", "")
        return form, None
    if do == "drop" and plan.status == PlanStatus.DRAFT:
        return ReasonForm(), None
    asked = request.GET.get("step", "")
    if do in ("done", "off") and asked.isdecimal() and plan.status in OPEN:
        step = PlanStep.objects.filter(plan=plan).open().filter(pk=asked).first()
        return (DoneForm(initial={"done_on": on}) if do == "done" else ReasonForm()) if step else None, step
    return None, None


def _done(request, plan, form, do):
    """Do it; what somebody else did first is said, a refusal becomes a sentence on the form."""
    try:
        do()
    except NotNow:
        form.add_error(None, too_late(plan))
        return False
    except NotYours as refused:
        raise NotAllowed(str(refused)) from None
    except Refused as refused:
        refused.stand_on(form)
        return False
    return True
