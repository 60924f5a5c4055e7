"""Handovers: who is coming, one of them, its steps, the move-in and the first steps after it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework.agencies.roles import May, can
from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import seoul_day
from casework.workflow import NotNow, NotYours
from households.actions import Refused
from households.extensions.found import too_late
from households.handover import actions, arriving, shown
from households.handover import forms as asked
from households.handover.said import whose
from households.handover.workflow import HANDOVER
from households.models import Handover, HandoverStep
from households.preferences import not_known_to_be_a_woman
from households.views.found import page_of as page_of_household
from households.views.found import sent

LOOKING = (May.SEE_CENTRE, May.SEE_CASELOAD, May.DECIDE_PROTECTION)
VERBS: dict[str, Callable[..., Any]] = {
    "accept": actions.accept,
    "name": actions.name,
    "decline": actions.decline,
    "readdress": actions.readdress,
    "postpone": actions.postpone,
    "move_day": actions.postpone,
    "withdraw": actions.withdraw,
}
SAID = {
    "accept": gettext_lazy("Accepted. The worker has been told."),
    "name": gettext_lazy("The worker is named and has been told."),
    "decline": gettext_lazy("Declined. The Ministry has been told."),
    "readdress": gettext_lazy("Addressed. The centre has been told."),
    "postpone": gettext_lazy("The day of the move is changed. The centre has been told."),
    "move_day": gettext_lazy("The day of the move is changed. The centre has been told."),
    "withdraw": gettext_lazy("Withdrawn. The centre has been told."),
    "move_in": gettext_lazy("The household is on file. The first steps stand on this page."),
}


@require_safe
def handovers(request):
    """Who is to move in, the nearest day first, and what was settled lately."""
    check_may_look(request.user)
    on = seoul_day(timezone.now())
    found = shown.lists_of(request.user, on)
    rows = [*found["coming"], *found["settled"]]
    people = {one.person_id for row in rows for one in row["people"] if one.person_id}
    looked(request, Act.LIST, subjects=people, detail={"handovers": len(rows)})
    context = found | {"on": on, "ministry": can(request.user, May.DECIDE_PROTECTION)}
    return render(request, "households/handover/list.html", context)


@require_http_methods(["GET", "POST"])
def handover_new(request):
    """Announce a household: what is known of it, and its people; one more row on request, nothing typed is lost."""
    actions.check_may_announce(request.user)
    if request.method == "POST" and "more" in request.POST:
        return _announcing(request, *_with_one_more(request.POST))
    form = asked.HandoverForm(sent(request))
    people = asked.people_rows(sent(request))
    if request.method == "POST" and form.is_valid() & people.is_valid() and (made := _announced(request, form, people)):
        return redirect("households:handover", made.number)
    return _announcing(request, form, people, status=422 if form.is_bound else 200)


def _announced(request, form, people):
    told = [row.told for row in people.filled]
    try:
        made = actions.announce(by=request.user, now=timezone.now(), people=told, **form.cleaned_data)
    except Refused as refused:
        refused.stand_on(form)
        return None
    messages.success(request, _("Announced. The centre has been told."))
    return made


def _with_one_more(posted):
    """Return the forms as they were typed, with one more empty row; nothing is checked yet."""
    form = asked.HandoverForm(initial={name: posted.get(name) for name in asked.HandoverForm.base_fields})
    count = min(int(posted.get("people-TOTAL_FORMS") or 1), 12) if posted.get("people-TOTAL_FORMS", "").isdigit() else 1
    names = list(asked.PersonRow.base_fields)
    typed = [{name: posted.get(f"people-{n}-{name}", "") for name in names} for n in range(count)]
    return form, asked.people_rows(initial=typed, extra=1)


def _announcing(request, form, people, status=200):
    return render(request, "households/handover/new.html", {"form": form, "rows": people}, status=status)


@require_safe
def handover(request, number):
    """One handover: who comes, whose turn it is, and after the move what is still to be done."""
    return page(request, handover_or_404(request, number), request.GET.get("do", ""))


@require_POST
def handover_step(request, number, verb):
    """Take one step of the table; somebody who comes second is told so, and nothing is done twice."""
    found = handover_or_404(request, number)
    if verb not in SAID:
        raise Http404
    form = None
    try:
        HANDOVER.check(found, verb, request.user)
        form = form_of(verb, found, request)
        if not form.is_valid():
            return page(request, found, verb, form=form, status=422)
        done = _do(verb, found, form, request)
        messages.success(request, SAID[verb])
        if verb in ("accept", "name") and (said := not_known_to_be_a_woman(done.worker, done.woman_worker)):
            messages.warning(request, said)
    except NotYours as refused:
        raise PermissionDenied(whose(str(refused))) from None
    except NotNow:
        messages.warning(request, too_late(handover_or_404(request, number)))
    except Refused as refused:
        refused.stand_on(form)
        return page(request, found, verb, form=form, status=422)
    return redirect("households:handover", number)


def _do(verb, found, form, request):
    about = {"by": request.user, "now": timezone.now()}
    if verb != "move_in":
        return VERBS[verb](found, **about, **form.cleaned_data)
    said = {name: form.cleaned_data[name] for name in ("on", "town", "decision")}
    return arriving.arrive(found, known=form.known(), **about, **said)


@require_POST
def handover_tick(request, number, step):
    """Tick a first step as done on a day."""
    return _ticking(request, number, step, back=False)


@require_POST
def handover_untick(request, number, step):
    """Say that a first step is not done after all."""
    return _ticking(request, number, step, back=True)


def _ticking(request, number, step, *, back):
    found = handover_or_404(request, number)
    if step not in HandoverStep.Step.values:
        raise Http404
    try:
        actions.check_may_tick(request.user, found)
        if back:
            actions.take_back(found, step, by=request.user)
        else:
            form = asked.TickForm(request.POST, auto_id=f"{step}_%s")
            if not form.is_valid():
                return page(request, found, ticking=(step, form), status=422)
            actions.tick(found, step, by=request.user, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Saved."))
    except NotNow:
        messages.warning(request, _("The first steps come after the move-in."))
    except Refused as refused:
        form.add_error("done_on", str(refused))
        return page(request, found, ticking=(step, form), status=422)
    return redirect("households:handover", number)


def page(request, found, do="", *, form=None, ticking=None, status=200):
    """Render the page of one handover and log the look. `do` names the step whose form is open."""
    now = timezone.now()
    context = shown.page_of(found, request.user, now)
    if form is None and do in {step.verb for step in context["buttons"]}:
        form = form_of(do, found, request, asking=True)
    for row in context["steps"]:
        fresh = asked.TickForm(initial={"done_on": context["on"]}, auto_id=f"{row['step']}_%s")
        row["form"] = ticking[1] if ticking and ticking[0] == row["step"] else fresh
    subjects = [one.person_id for one in context["people"] if one.person_id]
    homes = [found.household_id] if found.household_id else []
    looked(request, Act.OPEN, subjects=subjects, households=homes, detail={"handover": found.number})
    context |= {"form": form, "do": do if form else ""}
    if found.household_id:
        context["home_url"] = page_of_household(found.household)
    return render(request, "households/handover/page.html", context, status=status)


def form_of(verb, found, request, *, asking=False):
    """Return the form that a step asks for: bound to what was posted, or, `asking`, fresh."""
    data = None if asking else request.POST
    on = seoul_day(timezone.now())
    if verb in ("accept", "name"):
        return asked.WorkerForm(data, workers=actions.workers_for(found), woman=found.woman_worker)
    if verb == "readdress":
        return asked.PlaceForm(data, initial={"district": found.district_id})
    if verb in ("postpone", "move_day"):
        return asked.DayForm(data, initial={"moves_on": found.moves_on})
    if verb == "move_in":
        coming = arriving.coming_of(found, request.user, on)
        similar = {other.person_id for one in coming for other in one.similar}
        if similar:
            looked(request, Act.SEARCH, subjects=similar, detail={"handover": found.number})
        return asked.MoveInForm(data, coming=coming, initial={"on": on})
    return asked.ReasonForm(data)


def check_may_look(user):
    """Raise PermissionDenied unless the user is of the Ministry's officers or looks after households."""
    if not any(can(user, word) for word in LOOKING):
        raise PermissionDenied(_("Handovers are for the Ministry's officers and those who look after households."))


def handover_or_404(request, number):
    """Return the Handover as this user may see it; 404 for a stranger."""
    seen = Handover.objects.visible_to(request.user).select_related(*shown.BESIDE)
    return get_object_or_404(seen, number=number)
