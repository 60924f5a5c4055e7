"""Outcomes of a household's people: the page of all, recording one, putting one right, saying that nothing came."""

from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework.agencies.roles import May, can
from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import seoul_day
from households.actions import Refused
from households.actions.rights import allowed, check_can_screen, check_can_state
from households.actions.stated import can_withdraw
from households.models import Household, Job
from households.outcomes.actions import (
    KINDS,
    check_can_record,
    say_nothing_came,
    source_of,
    withdraw_outcome,
)
from households.outcomes.former import Former, former_of
from households.outcomes.forms import FORMS, NO, YES, NothingCameForm
from households.outcomes.shown import outcomes_of, running_of
from households.views.found import members_of, sent


@require_safe
def outcomes(request, number):
    """What came of the work with the people of one household; treatments for those alone who may read them."""
    household = kept_or_404(request, number)
    if not can(request.user, May.SEE_CASELOAD):
        raise PermissionDenied(_("This page is for those who look after households."))
    return _all(request, household)


@require_http_methods(["GET", "POST"])
def outcome(request, number):
    """Record an outcome; `?kind=` says which, `?who=` of whom, `?from=` of which referral, `?on=` since when."""
    household, kind = kept_or_404(request, number), request.GET.get("kind", "job")
    if kind not in KINDS:
        raise Http404
    check_can_record(request.user, household, KINDS[kind])
    members = members_of(household)
    form = FORMS[kind](sent(request), members=members, day=_today(), initial=_asked(request))
    if request.method == "POST" and form.is_valid() and _done(request, form):
        return redirect("households:outcomes", number)
    return _page(request, household, members, form, kind)


@require_http_methods(["GET", "POST"])
def outcome_edit(request, number, kind, fact_id):
    """Put an outcome right, or say that it ended: a new version, the old one is kept."""
    household, members, found = _found(request, number, kind, fact_id)
    check_can_record(request.user, household, type(found))
    left = next((m for m in members if m.pk == found.person_id and isinstance(m, Former)), None)
    form = FORMS[kind](sent(request), members=members, day=_today(), was=found, left=left, initial=_known(found))
    if request.method == "POST" and form.is_valid() and _done(request, form):
        return redirect("households:outcomes", number)
    return _page(request, household, members, form, kind, editing=found)


@require_POST
def outcome_withdraw(request, number, kind, fact_id):
    """Take a mistaken entry back within its 24 hours."""
    household, _members, found = _found(request, number, kind, fact_id)
    check_can_record(request.user, household, type(found))
    try:
        withdraw_outcome(found, by=request.user, now=timezone.now())
        messages.success(request, _("The entry is taken back."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("households:outcomes", household.number)


@require_http_methods(["GET", "POST"])
def outcome_none(request, number):
    """Say of a referral (`?from=`) that nothing of it is to be recorded, and why not."""
    household = kept_or_404(request, number)
    check_can_state(request.user, household)
    form = NothingCameForm(sent(request), initial={"source": source_of(request.GET.get("from", ""))})
    if request.method == "POST" and form.is_valid():
        try:
            say_nothing_came(household, by=request.user, **form.cleaned_data)
            messages.success(request, _("The record is saved."))
            return redirect("households:outcomes", number)
        except Refused as refused:
            form.add_error(None, str(refused))
    looked(request, Act.OPEN, households=[household.pk], detail={"page": "outcomes"})
    context = {
        "household": household,
        "form": form,
        "title": _("Nothing to record"),
        "kind": "",
        "about": "",
        "withdraw": "",
    }
    context["source"] = form["source"].value() or ""
    return render(request, "households/outcomes/form.html", context, status=422 if form.is_bound else 200)


def kept_or_404(request, number):
    """Return the household of this number if the user's own centre keeps its file and the user may see it."""
    return get_object_or_404(Household.objects.kept_by(request.user), number=number)


def _all(request, household):
    members, on = members_of(household), _today()
    reads = allowed(check_can_screen, request.user, household)
    found = outcomes_of(household, members, request.user, on, private=reads)
    former = former_of(household, on)
    running = running_of(household, former, request.user, on, private=reads) if former else []
    shown = {m.pk for m in members} | {row.person for row in running}
    looked(request, Act.OPEN, subjects=sorted(shown), households=[household.pk], detail={"page": "outcomes"})
    records = allowed(check_can_state, request.user, household)
    context = {"household": household, "parts": _parts(found), "running": running, "records": records, "on": on}
    return render(request, "households/outcomes/outcomes.html", context)


def _parts(found):
    """Return the three parts of the page in their order; treatments only where they were read."""
    words = {
        "job": (_("Jobs"), _("No job is on record."), _("Record a job")),
        "schooling": (_("School and training"), _("No school or training is on record."), _("Record school, training")),
        "treatment": (_("Treatment"), _("No treatment is on record."), _("Record a treatment")),
    }
    return [
        {"kind": kind, "title": title, "empty": empty, "act": act, "rows": found[kind]}
        for kind, (title, empty, act) in words.items()
        if found[kind] is not None
    ]


def _found(request, number, kind, fact_id):
    if kind not in KINDS:
        raise Http404
    household = kept_or_404(request, number)
    members = [*members_of(household), *former_of(household, _today(), open_only=False)]
    seen = KINDS[kind].objects.current().visible_to(request.user).select_related("person")
    return household, members, get_object_or_404(seen, person__in=[m.pk for m in members], fact_id=fact_id)


def _asked(request):
    """Return what the address fills in: a referral's person, number and the day on which its result was confirmed."""
    source = source_of(request.GET.get("from", ""))
    given = {"who": request.GET.get("who", ""), "began_on": request.GET.get("on", ""), "source": source}
    about = {"found": Job.Found.REFERRAL if source else "", "incentive": Job.Incentive.UNKNOWN, "key": uuid4()}
    level = {"training": {"kind": "training", "level": "vocational"}, "school": {"kind": "school"}}
    return given | about | level.get(request.GET.get("as", ""), {})


def _known(found):
    """Return what stands in the outcome that is put right."""
    names = [field.name for field in found._meta.concrete_fields if field.name != "key"]
    known = {name: getattr(found, name) for name in names if name not in ("id", "person")} | {"version": found.pk}
    if "public_sector" in known:
        known["public_sector"] = YES if found.public_sector else NO
    return known


def _today():
    return seoul_day(timezone.now())


def _done(request, form):
    """Do the verb; a refusal becomes a sentence on the form and gives None."""
    try:
        made = form.perform(by=request.user, now=timezone.now())
    except Refused as refused:
        refused.stand_on(form)
        return None
    messages.success(request, _("The record is saved."))
    return made


def _page(request, household, members, form, kind, *, editing=None):
    shown = [m.pk for m in members if editing is None or m.pk == editing.person_id]
    looked(request, Act.OPEN, subjects=shown, households=[household.pk], detail={"page": "outcomes"})
    context = {
        "household": household,
        "form": form,
        "title": _title(kind, editing),
        "about": next((m.name for m in members if editing and m.pk == editing.person_id), ""),
        "kind": kind,
        "source": editing.source if editing else form["source"].value() or "",
        "withdraw": _withdraw_url(request, household, kind, editing),
    }
    return render(request, "households/outcomes/form.html", context, status=422 if form.is_bound else 200)


def _title(kind, editing):
    if editing is None:
        return {"job": _("Record a job"), "schooling": _("Record school, training")}.get(kind, _("Record a treatment"))
    return _("Put right, or say that it ended")


def _withdraw_url(request, household, kind, fact):
    if fact is None or not can_withdraw(fact, request.user, now=timezone.now()):
        return ""
    return reverse("households:outcome_withdraw", args=[household.number, kind, fact.fact_id])
