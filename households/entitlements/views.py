"""The entitlements of one household: the answers, what ends soon, what came of them, and what would change if."""

from datetime import date

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import seoul_day
from households.actions.refusal import Refused
from households.actions.rights import allowed, check_can_state
from households.actions.stated import can_withdraw
from households.entitlements import applying
from households.entitlements.answers import answers_of, ends_soon
from households.entitlements.catalogue import catalogue_of
from households.entitlements.forms import StepForm, WhatIfForm
from households.entitlements.shown import card_rows, change_rows, ending_rows, member_rows
from households.entitlements.whatif import what_if
from households.members import unnamed
from households.models import EntitlementStep
from households.views.found import household_or_404, members_of, page_of, sent
from households.views.refusing import saved


@require_safe
def answers(request, number):
    """Every entitlement of the household as of today, member by member and criterion by criterion."""
    household, members, day = _household(request, number)
    found = answers_of(household.pk, on=day)
    context = {
        **_names(household, members),
        "day": day,
        "rows": member_rows(members, found, day),
        "ends": ending_rows(members, ends_soon(found, on=day)),
        "may_state": allowed(check_can_state, request.user, household),
    }
    return render(request, "households/entitlements/answers.html", context)


@require_safe
def card(request, number):
    """The part of the household page: one line for each member, and the first that may be open."""
    household, members, day = _household(request, number)
    found = answers_of(household.pk, on=day)
    context = {**_names(household, members), "rows": card_rows(members, found, day), "day": day}
    return render(request, "households/entitlements/card.html", context)


@require_http_methods(["GET", "POST"])
def whatif(request, number):
    """What would change if somebody worked, earned, moved, or turned so old. Nothing is kept of what is thought of."""
    household, members, day = _household(request, number)
    births = {m.pk: m.birth_on for m in members if m.birth_on and m.birth_precision == "day"}
    form = WhatIfForm(sent(request), members=members, births=births, day=day)
    changes, assumed = None, None
    if request.method == "POST" and form.is_valid():
        assumed = form.assumed()
        changes = change_rows(members, what_if(household.pk, assumed, today=day))
    context = {**_names(household, members), "form": form, "changes": changes, "assumed": assumed, "day": day}
    context["any_changes"] = any(row["differs"] for row in changes or ())
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(request, "households/entitlements/whatif.html", context, status=status)


@require_http_methods(["GET", "POST"])
def step(request, number):
    """Record what came of an entitlement; `?code=` and `?who=` choose beforehand."""
    household, members, day = _household(request, number)
    check_can_state(request.user, household)
    versions = _recorded_here(day)
    initial = {"who": request.GET.get("who", ""), "entitlement": request.GET.get("code", "")}
    form = StepForm(sent(request), members=members, versions=versions, day=day, initial=initial)
    if request.method == "POST" and form.is_valid() and saved(request, form):
        return redirect("households:household_entitlements", number)
    return _form_page(request, household, members, form, _("Record what came of it"))


@require_http_methods(["GET", "POST"])
def step_edit(request, number, fact_id):
    """Put a step right: a new version, the old one is kept."""
    household, members, day = _household(request, number)
    found = _step_or_404(request, members, fact_id)
    check_can_state(request.user, household)
    initial = {"state": found.state, "on": found.stated_on, "until": found.until_on, "amount": found.amount_krw}
    initial |= {"source": found.source, "version": found.pk}
    form = StepForm(sent(request), members=members, versions=(), day=day, was=found, initial=initial)
    if request.method == "POST" and form.is_valid() and saved(request, form):
        return redirect("households:household_entitlements", number)
    back = reverse("households:entitlement_step_withdraw", args=[number, fact_id])
    withdraw = back if can_withdraw(found, request.user, now=timezone.now()) else ""
    return _form_page(request, household, members, form, _("Correct what came of it"), found=found, withdraw=withdraw)


@require_POST
def step_withdraw(request, number, fact_id):
    """Take a mistaken step back within its 24 hours."""
    household, members, _day = _household(request, number, log=False)
    found = _step_or_404(request, members, fact_id)
    check_can_state(request.user, household)
    try:
        applying.withdraw_step(found, by=request.user, now=timezone.now())
        messages.success(request, _("The entry is taken back."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("households:household_entitlements", number)


def _household(request, number, *, log=True):
    """Return the household, its members and today; that its people were shown is logged."""
    household = household_or_404(request, number)
    day = seoul_day(timezone.now())
    members = members_of(household, day)
    if log:
        looked(request, Act.OPEN, subjects=[member.pk for member in members], households=[household.pk])
    return household, members, day


def _names(household, members):
    """How the page calls the household: by its head, or by its number where a violence marker or a restriction asks for
    it."""
    named = bool(members) and household.pk not in unnamed([household.pk])
    return {
        "household": household,
        "back": page_of(household),
        "title": members[0].name if named else household.number,
        "named": named,
    }


def _recorded_here(day: date):
    """Return the versions that somebody may apply for and whose course is recorded here."""
    return [version for version in catalogue_of(on=day).versions if not version.entitlement.benefit]


def _step_or_404(request, members, fact_id):
    seen = EntitlementStep.objects.current().visible_to(request.user).select_related("person", "entitlement")
    return get_object_or_404(seen, person__in=[member.pk for member in members], fact_id=fact_id)


def _form_page(request, household, members, form, title, *, found=None, withdraw=""):
    about = ""
    if found:
        version = catalogue_of(on=form.day).by_code().get(found.entitlement.code)
        name = next((member.name for member in members if member.pk == found.person_id), "")
        about = f"{name} · {version.name if version else found.entitlement.code}"
    context = {
        "household": household,
        "form": form,
        "title": title,
        "about": about,
        "withdraw": withdraw,
        "back": reverse("households:household_entitlements", args=[household.number]),
    }
    return render(request, "households/entitlements/step.html", context, status=422 if form.is_bound else 200)
