"""Protection of one person, for those who see the person: the bar, the steps before the end, the easy letter."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import seoul_day
from casework.paper import fonts_installed
from households.actions.refusal import Refused
from households.actions.rights import allowed
from households.actions.stated import can_withdraw
from households.beside import guarded
from households.members import names_on
from households.models import EndStep, ExtensionRequest, Household, Membership, Responsibility
from households.protection import letters
from households.protection.dates import CENTRE_STEPS, NOTICE
from households.protection.forms import StepForm
from households.protection.notices import ask_ministry as ask
from households.protection.notices import asked_of
from households.protection.rights import check_can_ask, check_can_step
from households.protection.shown import protection_of
from households.protection.standing import earlier_of, label_of
from households.protection.steps import last_day_of, record_step, take_back_step
from households.views.found import person_or_404, sent


@require_safe
def person_protection(request, case_number):
    """Periods, decisions, steps and notices of one person; looking is logged."""
    (person, home), now = _found(request, case_number), timezone.now()
    on = seoul_day(now)
    shown = protection_of(person, on=on)
    ending = shown["ending"]
    # What was done before the end is read where the file is kept, not through a share.
    kept = Household.objects.kept_by(request.user).filter(pk=home.pk).exists()
    looked(request, Act.OPEN, subjects=[person.pk], households=[home.pk])
    context = {
        **shown,
        **_about(person, home, on),
        "stations": [
            _station(one, ending, request.user, home, now)
            for one in (ending.stations if ending else ())
            if kept or one.due.step == NOTICE
        ],
        "earlier": earlier_of(person.pk, ending.last if ending else None) if kept else {},
        "may_ask": allowed(check_can_ask, request.user, home),
        "waits": ExtensionRequest.objects.visible_to(request.user).open().filter(person=person).first(),
        "asked": asked_of(person, ending.last) if ending else None,
    }
    return render(request, "households/protection/person.html", context)


@require_http_methods(["GET", "POST"])
def end_step(request, case_number, step):
    """Record one step before the last day."""
    if step not in CENTRE_STEPS:
        raise Http404
    person, home = _found(request, case_number)
    check_can_step(request.user, home, step)
    day, last = seoul_day(timezone.now()), last_day_of(person)
    if last is None:
        raise Http404
    form = StepForm(sent(request), step=step, day=day, initial={"done_on": day, "last_day": last})
    if request.method == "POST" and form.is_valid() and _done(request, person, step, form):
        return redirect("households:person_protection", case_number)
    looked(request, Act.OPEN, subjects=[person.pk], households=[home.pk])
    context = {**_about(person, home, day), "form": form, "title": label_of(step), "last": last}
    return render(request, "households/protection/form.html", context, status=422 if form.is_bound else 200)


@require_POST
def end_step_back(request, case_number, fact_id):
    """Take a step back within its 24 hours."""
    person, home = _found(request, case_number)
    found = get_object_or_404(EndStep.objects.visible_to(request.user), person=person, fact_id=fact_id)
    check_can_step(request.user, home, found.step)
    try:
        take_back_step(found, by=request.user, now=timezone.now())
        messages.success(request, _("The entry is taken back."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("households:person_protection", case_number)


@require_POST
def ask_ministry(request, case_number):
    """Ask the Ministry whether the written notice was sent."""
    person, home = _found(request, case_number)
    check_can_ask(request.user, home)
    try:
        ask(person, by=request.user, now=timezone.now())
        messages.success(request, _("The Ministry has been asked to check the written notice."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("households:person_protection", case_number)


@never_cache
@require_safe
def easy_letter(request, case_number):
    """How an extension is asked for, in easy words, as a PDF file."""
    person, home = _found(request, case_number)
    now, last = timezone.now(), last_day_of(person)
    if last is None:
        raise Http404
    if last < seoul_day(now):
        messages.error(request, letters.over([case_number]))
        return redirect("households:person_protection", case_number)
    if not fonts_installed():
        messages.error(request, _("The font for PDF files is not installed; please ask the administrator."))
        return redirect("households:person_protection", case_number)
    duty = Responsibility.objects.current().during(seoul_day(now)).filter(household=home).select_related("center")
    centre = next((one.center for one in duty.order_by("id")), None)
    said = _about(person, home, seoul_day(now))
    called = (centre.name_ko, centre.phone) if centre else ("", "")
    one = letters.Addressee(said["name"], case_number, last, *called)
    content = letters.printed([one], letters.EASY, by=request.user, now=now)
    looked(request, Act.EXPORT, subjects=[person.pk], households=[home.pk], detail={"letter": letters.EASY})
    return pdf(content, f"{case_number}.pdf")


def pdf(content, name):
    """Return a PDF file as an attachment."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _found(request, case_number):
    """Return the person and the household through which the user sees the person."""
    person = person_or_404(request, case_number)
    seen = Household.objects.visible_to(request.user).order_by().values("pk")
    rows = Membership.objects.current().filter(person=person, household__in=seen).select_related("household")
    row = max(rows.order_by("id"), key=lambda one: (one.during.upper is None, one.pk), default=None)
    if row is None:
        raise Http404
    return person, row.household


def _about(person, home, on):
    """Return how the page names the person: by the case number where a violence marker asks for it."""
    hidden = bool(guarded({home.pk}))
    name = person.case_number if hidden else names_on([person.pk], on).get(person.pk, person.case_number)
    return {
        "person": person,
        "household": home,
        "name": name,
        "back": reverse("households:person_protection", args=[person.case_number]),
    }


def _station(station, ending, user, home, now):
    """Return a step with its record and what the user may do with it."""
    step = station.due.step
    record = next((one for one in ending.steps if one.step == step), None)
    of_centre = step != NOTICE and allowed(check_can_step, user, home, step)
    return {
        "station": station,
        "step": step,
        "record": record,
        "notice": ending.notice if step == NOTICE else None,
        "may_do": of_centre and record is None and (station.due.on <= ending.on or step == "review"),
        "may_take_back": of_centre and record is not None and can_withdraw(record, user, now=now),
    }


def _done(request, person, step, form):
    """Do the verb and say so; a refusal becomes a sentence on the form and gives None."""
    try:
        made = record_step(person, step=step, by=request.user, **form.said())
    except Refused as refused:
        refused.stand_on(form)
        return None
    messages.success(request, _("The record is saved."))
    return made
