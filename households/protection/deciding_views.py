"""The Ministry enters what was decided: by the whole case number, seeing days and decisions and no name."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import seoul_day
from households.actions.refusal import Refused
from households.models import Person, ProtectionPeriod
from households.protection import deciding
from households.protection.bar import DAY
from households.protection.forms import DecisionForm, FindForm, PeriodForm, PersonalPeriodForm
from households.protection.rights import check_can_decide
from households.protection.shown import protection_of
from households.views.found import sent


@require_safe
def decide_find(request):
    """Find a person by the whole case number; part of one finds nobody."""
    check_can_decide(request.user)
    form = FindForm(request.GET or None, label_suffix="")
    if form.is_bound and form.is_valid():
        number = form.cleaned_data["case_number"]
        if Person.objects.decided_by(request.user).filter(case_number=number).exists():
            return redirect("households:decided", number)
        form.add_error("case_number", _("Nobody has this case number."))
    return render(request, "households/protection/find.html", {"form": form})


@require_safe
def decided(request, case_number):
    """Decisions and days of one person, without a name."""
    person = _person(request, case_number)
    looked(request, Act.OPEN, subjects=[person.pk])
    context = {"person": person, **protection_of(person, on=seoul_day(timezone.now()))}
    return render(request, "households/protection/decided.html", context)


@require_http_methods(["GET", "POST"])
def decide(request, case_number):
    """Record a decision."""
    person, day = _person(request, case_number), seoul_day(timezone.now())
    form = DecisionForm(sent(request), day=day, initial={"since": day, "decision_on": day})
    return _form(request, person, form, _("Record a decision"), lambda: _decided(request, person, form))


@require_http_methods(["GET", "POST"])
def personal_period(request, case_number):
    """Record the days of personal protection."""
    person, day = _person(request, case_number), seoul_day(timezone.now())
    form = PersonalPeriodForm(sent(request), day=day)
    title = _("Days of personal protection")
    return _form(request, person, form, title, lambda: _personal(request, person, form))


@require_http_methods(["GET", "POST"])
def correct_period(request, case_number, fact_id):
    """Put a period right: a new version with the reason, the old one is kept."""
    person = _person(request, case_number)
    standing = ProtectionPeriod.objects.current().filter(person=person, during__isempty=False)
    period = get_object_or_404(standing, fact_id=fact_id)
    during = period.during
    last = during.upper - DAY if during.upper else None
    initial = {"first": during.lower, "last": last, "version": period.pk}
    form = PeriodForm(sent(request), day=seoul_day(timezone.now()), initial=initial)
    return _form(request, person, form, _("Put a period right"), lambda: _corrected(request, period, form))


def _person(request, case_number):
    check_can_decide(request.user)
    return get_object_or_404(Person.objects.decided_by(request.user), case_number=case_number)


def _form(request, person, form, title, do):
    if request.method == "POST" and form.is_valid() and _done(request, form, do):
        return redirect("households:decided", person.case_number)
    looked(request, Act.OPEN, subjects=[person.pk])
    back = reverse("households:decided", args=[person.case_number])
    context = {"form": form, "title": title, "name": person.case_number, "person": person, "back": back, "last": None}
    return render(request, "households/protection/form.html", context, status=422 if form.is_bound else 200)


def _done(request, form, do):
    try:
        made = do()
    except Refused as refused:
        refused.stand_on(form)
        return None
    messages.success(request, _("The record is saved."))
    return made


def _decided(request, person, form):
    return deciding.record_decision(person, by=request.user, **form.said())


def _personal(request, person, form):
    data = form.cleaned_data
    names = ("first", "last", "decision_on", "basis")
    said = {name: data[name] for name in names}
    return deciding.record_personal_period(person, by=request.user, client_key=data["key"], **said)


def _corrected(request, period, form):
    data = form.cleaned_data
    period.pk = data["version"]
    said = {name: data[name] for name in ("first", "last", "reason")}
    return deciding.correct_period(period, by=request.user, **said)
