"""The agreement, a review and the end of a plan: each a page with its form."""

from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from casework.clock import seoul_day
from casework.workflow import NotNow, NotYours
from households.actions.refusal import Refused
from households.actions.rights import check_can_record_contact
from households.assessments.found import call_of, file_or_404, log
from households.models import PlanReview
from households.plans import actions, shown, writing
from households.plans.drawn import HEIGHT, WIDTH
from households.plans.forms import EndForm, ReviewForm, SignForm
from households.plans.views import plan_or_404, too_late
from households.plans.workflow import LIVE, PlanStatus
from households.views.found import members_of, sent


@require_http_methods(["GET", "POST"])
def plan_sign(request, number, pk):
    """Record how the client agreed, beside what they agree to."""
    household, found, members = _found(request, number, pk)
    if found.status != PlanStatus.DRAFT:
        return _passed(request, found, number)
    on = seoul_day(timezone.now())
    first = {"version": found.version, "signed_on": on}
    if found.person_id or len(members) == 1:
        first["person"] = found.person.case_number if found.person_id else members[0].person.case_number
    form = SignForm(sent(request), members=members, initial=first)
    if request.method == "POST" and form.is_valid() and _signed(request, found, form):
        return redirect("households:plan", number, pk)
    goals, whole = shown.goals_with(found, on)
    extra = {"goals": goals, "whole": whole, "width": WIDTH, "height": HEIGHT}
    return _render(request, "households/plans/sign.html", household, members, found, form, **extra)


@require_http_methods(["GET", "POST"])
def plan_review(request, number, pk):
    """Record a review: how each goal stands, and how it goes."""
    household, found, members = _found(request, number, pk)
    if found.status not in LIVE:
        return _passed(request, found, number)
    goals = writing.goals_of(found)
    newest = PlanReview.objects.filter(plan=found).order_by("-pk").values_list("pk", flat=True).first() or 0
    first = {"done_on": seoul_day(timezone.now()), "seen": newest, "client_key": uuid4()}
    form = ReviewForm(sent(request), goals=goals, initial=first)
    if request.method == "POST" and form.is_valid() and _reviewed(request, found, form, newest):
        return redirect("households:plan", number, pk)
    last = PlanReview.objects.filter(plan=found).select_related("done_by").order_by("-pk").first()
    return _render(request, "households/plans/review.html", household, members, found, form, last=last)


@require_http_methods(["GET", "POST"])
def plan_end(request, number, pk):
    """End a plan with what came of it."""
    household, found, members = _found(request, number, pk)
    if found.status not in LIVE:
        return _passed(request, found, number)
    form = EndForm(sent(request), goals=writing.goals_of(found), initial={"ended_on": seoul_day(timezone.now())})
    if request.method == "POST" and form.is_valid() and _ended(request, found, form):
        return redirect("households:plan", number, pk)
    return _render(request, "households/plans/end.html", household, members, found, form)


def _found(request, number, pk):
    household = file_or_404(request, number)
    found = plan_or_404(request, household, pk)
    check_can_record_contact(request.user, household)
    return household, found, members_of(household)


def _passed(request, found, number):
    messages.warning(request, too_late(found))
    return redirect("households:plan", number, found.pk)


def _signed(request, found, form):
    names = ("version", "way", "signed_on", "person", "points", "witness", "reason")
    said = {name: form.cleaned_data[name] for name in names}

    def do():
        try:
            actions.agree(found, by=request.user, now=timezone.now(), **said)
        except writing.Overtaken as overtaken:
            # What stands now is read again, with the client; the next press agrees to that.
            form.data = form.data.copy()
            form.data["version"] = overtaken.plan.version
            again = _("Somebody changed this plan after you opened it. Please read it again with the client.")
            raise Refused(again) from overtaken

    return _done(request, form, found, do, _("The agreement is recorded. Reviews are counted from that day."))


def _reviewed(request, found, form, newest):
    data = form.cleaned_data
    said = {name: data[name] for name in ("done_on", "words", "client_key")}

    def do():
        actions.review(
            found, stands=form.answers(), seen=data["seen"] or 0, by=request.user, now=timezone.now(), **said
        )

    done = _done(request, form, found, do, _("The review is recorded."))
    if not done:
        form.data = form.data.copy()
        form.data["seen"] = newest
    return done


def _ended(request, found, form):
    said = {name: form.cleaned_data[name] for name in ("ended_on", "outcome", "words")}

    def do():
        actions.end(found, outcomes=form.answers(), by=request.user, now=timezone.now(), **said)

    return _done(request, form, found, do, _("The plan is ended. It stays to be read."))


def _done(request, form, found, do, sentence):
    try:
        do()
        messages.success(request, sentence)
    except NotYours:
        raise PermissionDenied(_("This step is for those who look after the household.")) from None
    except NotNow:
        messages.warning(request, too_late(found))
    except Refused as refused:
        refused.stand_on(form)
        return False
    return True


def _render(request, template, household, members, found, form, **extra):
    called, names = call_of(household, members)
    log(request, household, members, plan=found.pk)
    context = {"household": household, "called": called, "plan": found, "form": form}
    context |= {"about": shown.named(found, names)} | extra
    return render(request, template, context, status=422 if form.is_bound else 200)
