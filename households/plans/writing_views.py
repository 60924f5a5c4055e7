"""Writing a plan: a new one, or one that the client has not agreed to yet."""

from uuid import uuid4

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from casework.workflow import NotNow
from households.actions.refusal import Refused
from households.actions.rights import check_can_record_contact
from households.assessments.found import call_of, file_or_404, log
from households.drafts import typed_in
from households.models import Draft
from households.plans import writing
from households.plans.forms import PlanForm
from households.plans.merging import flat, merged, read, told
from households.plans.views import plan_or_404, too_late
from households.plans.workflow import PlanStatus
from households.views.found import key_or_404, members_of, sent


@require_http_methods(["GET", "POST"])
def plan_new(request, number):
    """Begin a plan of a household or of one person; what is typed is a draft, which `?draft=` takes up again."""
    household = file_or_404(request, number)
    check_can_record_contact(request.user, household)
    members, (draft, begun) = members_of(household), _kept(request, household)
    form = PlanForm(sent(request), members=members, initial={"client_key": begun["draft"]} | begun)
    if request.method == "POST" and form.is_valid() and (made := _begun(request, household, form)):
        messages.success(request, _("The plan is begun. Add the steps, then record the client's agreement."))
        return redirect("households:plan", number, made.pk)
    log(request, household, members)
    return _write(request, household, members, form, draft=draft)


@require_http_methods(["GET", "POST"])
def plan_edit(request, number, pk):
    """Change a plan while it is being written. Whoever comes second keeps what they typed and sees what changed; so
    does whoever takes up a draft (`?draft=`) of before the change."""
    household = file_or_404(request, number)
    found = plan_or_404(request, household, pk)
    check_can_record_contact(request.user, household)
    if found.status != PlanStatus.DRAFT:
        messages.warning(request, too_late(found))
        return redirect("households:plan", number, pk)
    draft, begun = _kept(request, household)
    form, changes = PlanForm(sent(request), plan=found, goals=writing.goals_of(found), initial=begun), []
    if request.method == "POST" and form.is_valid():
        form, changes, done = _changed(request, found, form)
        if done:
            return redirect("households:plan", number, pk)
    members = members_of(household)
    log(request, household, members, plan=found.pk)
    return _write(request, household, members, form, found=found, changes=changes, draft=draft)


def _kept(request, household):
    """Return (the draft that is taken up again or None, what the form begins with)."""
    key = key_or_404(request.GET.get("draft") or uuid4())
    rows = Draft.objects.visible_to(request.user).filter(kind=Draft.Kind.PLAN, household=household)
    draft = None if request.method == "POST" else rows.filter(client_key=key).first()
    typed = {name: values[-1] for name, values in (typed_in(draft) if draft else {}).items() if values}
    return draft, typed | {"draft": key, "resume": f"{request.path}?draft={key}"}


def _begun(request, household, form):
    data = form.cleaned_data
    about = {"person": data["subject"], "client_key": data["client_key"], "draft": data["draft"]}
    try:
        return writing.begin(household, by=request.user, now=timezone.now(), **about, **form.said())
    except Refused as refused:
        refused.stand_on(form)
        return None


def _changed(request, found, form):
    """Save a form; return (the form to show, what differs, whether it is done)."""
    version, said = form.cleaned_data["version"] or 0, form.said() | {"draft": form.cleaned_data["draft"]}
    opened, changes = read(form.cleaned_data["opened"]), []
    try:
        try:
            writing.write(found, version=version, by=request.user, now=timezone.now(), **said)
        except writing.Overtaken as overtaken:
            theirs = told(overtaken.plan, writing.goals_of(overtaken.plan))
            together, changes = merged(opened, theirs, said)
            if changes:
                return _together(overtaken.plan, together, form, str(overtaken)), changes, False
            # Nothing but steps came in between: what was typed stands.
            again = overtaken.plan.version
            writing.write(found, version=again, by=request.user, now=timezone.now(), **(said | together))
        messages.success(request, _("The plan is saved."))
    except NotNow:
        messages.warning(request, too_late(found))
    except Refused as refused:
        refused.stand_on(form)
        return form, changes, False
    return form, changes, True


def _together(plan, said, was, sentence):
    """Return the form with what both said, opened anew at the version that stands."""
    data = flat(said) | {"version": plan.version}
    data |= {name: was[name].value() or "" for name in ("draft", "resume")}
    data["opened"] = PlanForm(plan=plan, goals=writing.goals_of(plan)).initial["opened"]
    form = PlanForm(data, plan=plan, goals=writing.goals_of(plan))
    form.is_valid()
    form.add_error(None, sentence)
    return form


def _write(request, household, members, form, *, found=None, changes=(), draft=None):
    called, _names = call_of(household, members)
    context = {"household": household, "called": called, "form": form, "found": found, "changes": changes}
    context |= {"key": form["draft"].value() or uuid4(), "saved_at": draft.saved_at if draft else None}
    return render(request, "households/plans/form.html", context, status=422 if form.is_bound else 200)
