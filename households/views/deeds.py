"""The verbs of the register as pages: one form, one verb, back to the household."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from casework.agencies.roles import May, can
from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import seoul_day
from households import actions
from households.actions.refusal import Refused
from households.actions.rights import check_can_assign, check_can_change, check_can_record_contact
from households.deaths.reported import reported
from households.forms import person as person_forms
from households.forms import reach, register, work
from households.members import called_on
from households.models import Consent, Household, Membership, Share
from households.views.found import household_or_404, members_of, page_of, person_or_404, sent


@dataclass(frozen=True)
class Deed:
    """One verb as a page: its form, who may do it, the words above the form and on the button, `done` afterwards,
    `before` what the user should know first."""

    form: type
    check: object
    title: object
    done: object
    before: object = ""


def _of_register(form, title, done, before=""):
    return Deed(form, check_can_change, title, done, before)


def _of_work(form, title, done):
    return Deed(form, check_can_assign, title, done)


def _of_reach(form, title):
    return Deed(form, check_can_record_contact, title, gettext_lazy("The record is saved."))


_SAVED = gettext_lazy("The register is up to date.")
ENDS = gettext_lazy(
    "With the day of death these end: protection, consents, telephone numbers, membership in the household, and what "
    "was planned with this person alone: contacts, visits, requests and referrals. Where nobody else lives there, the "
    "assignment of workers ends too. Nothing of the record is lost; a mistake is put right by the supervisor."
)
DEEDS = {
    "birth": _of_register(register.BirthForm, gettext_lazy("Register a birth"), _SAVED),
    "death": _of_register(
        register.DeathForm,
        gettext_lazy("Record a death"),
        gettext_lazy(
            "The death is recorded. Visits, calls and letters to the person end; how it came about is reviewed by the "
            "supervisor. If it was a mistake, the supervisor brings everything back there."
        ),
        ENDS,
    ),
    "marriage": _of_register(register.MarriageForm, gettext_lazy("Record a marriage"), _SAVED),
    "divorce": _of_register(register.DivorceForm, gettext_lazy("Record a divorce"), _SAVED),
    "move": _of_register(register.MoveForm, gettext_lazy("Move to another household"), _SAVED),
    "move_in": _of_register(register.MoveInForm, gettext_lazy("Move in"), _SAVED),
    "move_out": _of_register(register.MoveOutForm, gettext_lazy("Move out into an own household"), _SAVED),
    "head": _of_register(register.HeadForm, gettext_lazy("Change the head of household"), _SAVED),
    "district": _of_register(register.DistrictForm, gettext_lazy("Move to another district"), _SAVED),
    "assign": _of_work(work.AssignForm, gettext_lazy("Assign a worker"), gettext_lazy("The worker is assigned.")),
    "unassign": _of_work(
        work.UnassignForm, gettext_lazy("End an assignment"), gettext_lazy("The assignment is ended.")
    ),
    "share": _of_work(
        work.ShareForm, pgettext_lazy("page", "Share the household"), gettext_lazy("The household is shared.")
    ),
    "whereabouts": _of_reach(reach.WhereaboutsForm, gettext_lazy("Record where the person is")),
    "asked": _of_reach(reach.SearchStepForm, gettext_lazy("Record whom you asked for help")),
    "guard": _of_reach(reach.PersonalProtectionForm, gettext_lazy("Personal protection: running or ended")),
}
PERSON_DEEDS = {
    "name": _of_register(person_forms.NameForm, gettext_lazy("Change the name"), _SAVED),
    "hometown": _of_register(person_forms.HometownForm, gettext_lazy("Home province in the North"), _SAVED),
    "phone": _of_register(person_forms.PhoneForm, gettext_lazy("Change the telephone number"), _SAVED),
    "preference": _of_register(person_forms.PreferenceForm, gettext_lazy("How to reach the person"), _SAVED),
    "consent": _of_register(person_forms.ConsentForm, gettext_lazy("Record a consent"), _SAVED),
}


@require_http_methods(["GET", "POST"])
def deed(request, number, verb):
    """One verb about a household."""
    household = household_or_404(request, number)
    return _deed(request, DEEDS[verb], household, title_of=household.number)


REPORTED = _of_register(
    person_forms.ReportedDeathForm,
    gettext_lazy("Has this person died?"),
    gettext_lazy("Your answer is on record."),
)


@require_http_methods(["GET", "POST"])
def reported_death(request, case_number):
    """Answer what a file tells of a person: the death is recorded, or the file was wrong. Answered already: say so."""
    person = person_or_404(request, case_number)
    day = seoul_day(timezone.now())
    home = _home_of(request, person, day)
    check_can_change(request.user, home)
    if not reported().filter(person=person).exists():
        messages.warning(request, _("No file tells of a death of this person that is not answered yet."))
        return redirect("desks:person", case_number)
    name = called_on([person.pk], day)[0][person.pk]
    return _deed(request, REPORTED, home, title_of=name, person=person)


@require_http_methods(["GET", "POST"])
def person_deed(request, case_number, verb):
    """One verb about a person."""
    person = person_or_404(request, case_number)
    day = seoul_day(timezone.now())
    name = called_on([person.pk], day)[0][person.pk]
    household = _home_of(request, person, day)
    return _deed(request, PERSON_DEEDS[verb], household, title_of=name, person=person)


@require_POST
def end_share(request, number, share_id):
    """End a share before its time."""
    household = household_or_404(request, number)
    check_can_assign(request.user, household)
    made = get_object_or_404(Share.objects.visible_to(request.user), household=household, pk=share_id)
    actions.end_share(made, now=timezone.now(), by=request.user)
    messages.success(request, _("The share is ended."))
    return redirect(page_of(household))


@require_POST
def withdraw_consent(request, case_number, fact_id):
    """Record today that a consent was withdrawn."""
    person = person_or_404(request, case_number)
    day = seoul_day(timezone.now())
    check_can_change(request.user, _home_of(request, person, day))
    consent = get_object_or_404(Consent.objects.current().visible_to(request.user), person=person, fact_id=fact_id)
    actions.withdraw_consent(consent, on=day, by=request.user)
    messages.success(request, _("The consent is withdrawn."))
    return redirect("desks:person", case_number)


def _deed(request, deed, household, *, title_of, **about):
    deed.check(request.user, household)
    day, members = seoul_day(timezone.now()), members_of(household)
    form = deed.form(sent(request), household=household, members=members, user=request.user, day=day, **about)
    if request.method == "POST" and form.is_valid() and (done := _done(request, deed, form)):
        if deed is DEEDS["district"] and can(request.user, May.REFER):
            return redirect("referrals:move", household.number)  # what follows from a move: transfer and notices
        if deed is DEEDS["death"] and not Household.objects.visible_to(request.user).filter(pk=household.pk).exists():
            return redirect("desks:home")  # nobody lives there any more: who looked after it does not see it either
        return redirect(_back(household, done, about))
    looked(request, Act.OPEN, subjects=[member.pk for member in members], households=[household.pk])
    context = {
        "form": form,
        "title": deed.title,
        "before": deed.before,
        "about": title_of,
        "back": _back(household, None, about),
        "household": household,
    }
    return render(request, "households/deed.html", context, status=422 if form.is_bound else 200)


def _done(request, deed, form):
    """Do the verb and return what it gave; a refusal becomes a sentence on the form and gives None."""
    try:
        result = form.perform(by=request.user, now=timezone.now())
    except Refused as refused:
        refused.stand_on(form)
        return None
    messages.success(request, deed.done)
    if warning := getattr(form, "warning", lambda: "")():
        messages.warning(request, warning)
    return result or True


def _back(household, done, about):
    if "person" in about:
        return reverse("desks:person", args=[about["person"].case_number])
    return page_of(done if isinstance(done, Household) else household)


def _home_of(request, person, day):
    """The household the person belongs to now, else the last one, among those the user may see."""
    seen = Household.objects.visible_to(request.user).order_by().values("pk")
    rows = Membership.objects.current().filter(person=person, household__in=seen).select_related("household")
    row = rows.filter(during__contains=day).order_by("id").first() or rows.order_by("-id").first()
    if row is None:
        raise Http404
    return row.household
