"""Tasks as pages: setting one, one task and its steps."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework.agencies.models import User
from casework.agencies.roles import May, can
from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import seoul_day
from casework.workflow import NotNow, NotYours
from households.actions.refusal import Refused
from households.models import Household, Task
from households.tasklist import actions
from households.tasklist.forms import DropForm, HandForm, TaskForm
from households.tasklist.workflow import TASK, TaskStatus
from households.views.found import sent

SAID = {
    "done": pgettext_lazy("task", "Done. You can open it again."),
    "drop": gettext_lazy("The task is off the list."),
    "reopen": gettext_lazy("The task is open again."),
    "hand": gettext_lazy("The task is given on."),
}


@require_http_methods(["GET", "POST"])
def task_new(request, number):
    """Set a task of a household."""
    household = get_object_or_404(Household.objects.kept_by(request.user), number=number)
    return _new(request, household, reverse("desks:case", args=[number]))


@require_http_methods(["GET", "POST"])
def task_own(request):
    """Set a task without a household."""
    return _new(request, None, reverse("desks:day"))


@require_safe
def task(request, pk):
    """One task: what, by when, whose, and what can be done with it."""
    return page(request, _task_or_404(request, pk))


@require_POST
def task_step(request, pk, verb):
    """Take one step; somebody who comes second is told where the task stands."""
    found = _task_or_404(request, pk)
    if verb not in actions.VERBS:
        raise Http404
    form = _form_of(verb, found, request)
    if form is not None and not form.is_valid():
        return page(request, found, verb, form, status=422)
    try:
        actions.VERBS[verb](found, by=request.user, now=timezone.now(), **(form.cleaned_data if form else {}))
        messages.success(request, SAID[verb])
    except NotYours as refused:
        raise PermissionDenied(_("Tasks are done by those who work with households.")) from refused
    except NotNow:
        messages.warning(request, _too_late(Task.objects.get(pk=found.pk)))
    except Refused as refused:
        if form is None:
            messages.warning(request, str(refused))
            return redirect("households:task", pk)
        refused.stand_on(form)
        return page(request, found, verb, form, status=422)
    return redirect("households:task", pk)


def page(request, found, do="", form=None, status=200):
    """The page of a task, `do`: the step whose form is open."""
    buttons = TASK.open_to(found, request.user)
    open_ = found.status == TaskStatus.OPEN and can(request.user, May.RECORD_CONTACT)
    do = do or request.GET.get("do", "")
    if form is None and do in ("drop", "hand") and open_:
        form = _form_of(do, found, request, empty=True)
    homes = [found.household_id] if found.household_id else []
    looked(request, Act.OPEN, households=homes, detail={"task": found.pk})
    seen = homes and Household.objects.visible_to(request.user).filter(pk__in=homes).exists()
    context = {
        "task": found,
        "doer": _doer(found),
        "buttons": [one for one in buttons if one.verb != "drop"],
        "open": open_,
        "form": form if open_ else None,
        "do": do,
        "on": seoul_day(timezone.now()),
        "case": reverse("desks:case", args=[found.household.number]) if seen else "",
    }
    return render(request, "households/tasklist/task.html", context, status=status)


def _new(request, household, back):
    if not can(request.user, May.RECORD_CONTACT):
        raise PermissionDenied(_("Tasks are set by those who work with households."))
    now = timezone.now()
    form = TaskForm(sent(request), by=request.user, on=seoul_day(now), household=household)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_task(household=household, by=request.user, now=now, **form.cleaned_data)
            messages.success(request, _("The task is set."))
            return redirect(back)
        except Refused as refused:
            refused.stand_on(form)
    if household:
        looked(request, Act.OPEN, households=[household.pk], detail={"page": "task"})
    context = {"form": form, "household": household, "back": back}
    return render(request, "households/tasklist/new.html", context, status=422 if form.is_bound else 200)


def _task_or_404(request, pk):
    rows = Task.objects.visible_to(request.user).select_related("household", "owner", "recorded_by", "settled_by")
    return get_object_or_404(rows, pk=pk)


def _form_of(verb, found, request, *, empty=False):
    data = None if empty else request.POST
    if verb == "drop":
        return DropForm(data)
    if verb == "hand":
        return HandForm(data, by=request.user, household=found.household, initial={"to": found.owner_id})
    return None


def _doer(found):
    """Whose it is today, by name: "" where nobody is responsible for the household."""
    if found.owner:
        return str(found.owner)
    row = Task.objects.filter(pk=found.pk).with_doer().values_list("doer", flat=True).first()
    return str(User.objects.get(pk=row)) if row else ""


def _too_late(found):
    return _("Somebody was faster: the task is “%(state)s” by now.") % {"state": found.get_status_display()}
