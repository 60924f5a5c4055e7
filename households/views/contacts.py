"""Logging a contact or an attempt, reading one, correcting it, adding to it."""

from uuid import uuid4

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from casework.agencies.roles import May, can
from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import seoul_day
from casework.templatetags.format import rowdayw
from households import actions, words
from households.actions.contacts import can_revise
from households.actions.rights import check_can_record_contact
from households.beside import beside
from households.drafts import typed_in
from households.forms.addendum import AddendumForm
from households.forms.choices import Due, next_times, times
from households.forms.contact import ContactForm, initial_of
from households.forms.moments import moment_of, value_of
from households.models import Addendum, Contact, Draft
from households.models.contact import Channel
from households.views.found import contact_or_404, household_or_404, key_or_404, members_of, page_of, sent
from households.views.refusing import was_done

URGENT = {"no_food", "no_heat_power"}


@require_http_methods(["GET", "POST"])
def contact(request, number):
    """Log a contact or an attempt of a household; the draft in `?draft=` is taken up again."""
    household = household_or_404(request, number)
    check_can_record_contact(request.user, household)
    return written(request, household, actions.log_contact)


def written(request, household, log):
    """The form of a contact, and what happens when it is sent: `log` is the verb, called as `actions.log_contact`."""
    key = key_or_404(request.POST.get("draft") or request.GET.get("draft") or uuid4())
    members, now = members_of(household), timezone.now()
    due = Due.from_said(beside(household, request.user, now=now), now)
    if request.method == "POST":
        form = _form(request, members, now, data=request.POST, due=due)
        if form.is_valid() and was_done(form, lambda: _log(request, household, form, key, log)):
            _warn_if_late(request, form, due)
            return redirect(_after(request, household, form, key, now))
    else:
        draft = Draft.objects.visible_to(request.user).filter(client_key=key, household=household).first()
        form = _form(request, members, now, initial=_typed(draft) or _asked(request), due=due)
    looked(request, Act.OPEN, subjects=[member.pk for member in members], households=[household.pk])
    shown = {"key": key, "due": due, "saved_at": None if request.method == "POST" or draft is None else draft.saved_at}
    return _page(request, household, members, form, now, **shown)


@require_safe
def contact_page(request, number, fact_id):
    """One contact as it stands, its addenda, and what its author can still do with it."""
    household = household_or_404(request, number)
    found = contact_or_404(request, household, fact_id)
    people = [row.person_id for row in found.participants.all()]
    looked(request, Act.OPEN, subjects=people, households=[household.pk], detail={"contact": found.fact_id})
    members = {member.pk: member.name for member in members_of(household)}
    context = {
        "household": household,
        "back": page_of(household),
        "contact": found,
        "people": [members.get(pk, "") for pk in people],
        "topics": words.labels(found.topics, words.TOPICS),
        "tags": words.labels(found.tags, words.TAGS),
        "seen": words.seen_words(found.seen),
        "addenda": Addendum.objects.readable_by(request.user)
        .filter(contact_fact_id=found.fact_id)
        .select_related("recorded_by")
        .order_by("id"),
        "can_revise": can_revise(found, request.user, now=timezone.now()),
        "refer_url": beside(household, request.user, now=timezone.now())["refer_url"]
        if URGENT & set(found.tags)
        else "",
        "form": AddendumForm(initial={"draft": uuid4()}),
    }
    return render(request, "households/contact_page.html", context)


@require_http_methods(["GET", "POST"])
def contact_edit(request, number, fact_id):
    """Correct a contact within its 24 hours: a new version, the old one is kept."""
    household = household_or_404(request, number)
    found = contact_or_404(request, household, fact_id)
    check_can_record_contact(request.user, household)
    now, members = timezone.now(), members_of(household, seoul_day(found.occurred_at))
    if not can_revise(found, request.user, now=now):
        messages.warning(request, _("A record can be corrected by its author for 24 hours. Please add to it instead."))
        return redirect("households:contact_page", number, fact_id)
    form = _form(request, members, now, data=sent(request), initial=initial_of(found))
    if request.method == "POST" and form.is_valid() and was_done(form, lambda: _revise(request, found, form, now)):
        messages.success(request, _("The correction is saved. The earlier version is kept."))
        return redirect("households:contact_page", number, fact_id)
    people = [member.pk for member in members]
    looked(request, Act.OPEN, subjects=people, households=[household.pk], detail={"contact": found.fact_id})
    return _page(request, household, members, form, now, key=found.pk, saved_at=None, editing=found)


@require_http_methods(["POST"])
def addendum(request, number, fact_id):
    """Add under a contact; the original stays as it was."""
    household = household_or_404(request, number)
    found = contact_or_404(request, household, fact_id)
    check_can_record_contact(request.user, household)
    form = AddendumForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        actions.add_addendum(found, text=data["text"], client_key=data["draft"], by=request.user)
        messages.success(request, _("Added under the record."))
    else:
        messages.error(request, _("Please write what is to be added."))
    return redirect("households:contact_page", number, fact_id)


def _form(request, members, now, *, data=None, initial=None, due=None):
    initial = {"at": value_of(now), **(initial or {})}
    kept = data or initial
    if data is None and len(members) == 1:
        initial = {"people": [members[0].person.case_number], **initial}
    return ContactForm(
        data,
        initial=initial,
        members=members,
        now=now,
        times=times(now, kept.get("at")),
        next_times=next_times(now, kept.get("next"), due),
        counsellor=can(request.user, May.READ_COUNSELLING),
    )


def _asked(request):
    """What a planned visit fills in: how it was, and when it began."""
    channel, at = request.GET.get("channel", ""), request.GET.get("at", "")
    asked = {"channel": channel} if channel in Channel.values else {}
    return asked | ({"at": at} if moment_of(at) and moment_of(at) <= timezone.now() else {})


def _typed(draft):
    """What a draft holds, as a form's initial data: a list where several can be chosen, else the last value."""
    several = {"people", "topics", "missing", "marks", "signs", "left"}
    typed = typed_in(draft) if draft else {}
    return {name: values if name in several else values[-1] for name, values in typed.items() if values}


def _log(request, household, form, key, log):
    log(household, people=form.people_met(), by=request.user, client_key=key, **form.entry())
    met = form.entry()["contact_made"]
    messages.success(request, _("The record is saved.") if met else _("The attempt is saved. An attempt is work too."))


def _warn_if_late(request, form, due):
    """What was saved stands; that the next contact lies too late is said and left to the worker."""
    day = due.missed(form.next_moment(), met=form.entry()["contact_made"])
    if day:
        messages.warning(request, _("The next contact lies later than it is due (%(day)s).") % {"day": rowdayw(day)})


def _revise(request, found, form, now):
    version = key_of_version(request, found)
    actions.revise_contact(version, people=form.people_met(), by=request.user, now=now, **form.entry())


def key_of_version(request, found):
    """Return the contact as the version that the form was opened with, so that a newer one is not overwritten."""
    opened = request.POST.get("draft", "")
    found.pk = int(opened) if opened.isdecimal() else found.pk
    return found


def _after(request, household, form, key, now):
    urgent = URGENT & set(form.entry()["tags"])
    if urgent and beside(household, request.user, now=now)["refer_url"]:
        made = Contact.objects.current().get(recorded_by=request.user, client_key=key)
        return reverse("households:contact_page", args=[household.number, made.fact_id])
    return page_of(household)


def _page(request, household, members, form, now, *, key, saved_at, due=None, editing=None):
    context = {
        "household": household,
        "members": members,
        "form": form,
        "key": key,
        "saved_at": saved_at,
        "editing": editing,
        "back": page_of(household),
        "said": beside(household, request.user, now=now),
        "due_hint": due.hint() if due else "",
        "icons": {"visit": "door", "office": "home", "phone": "phone", "message": "mail", "accompany": "people"},
        "met_icons": {"yes": "ok", "no": "x"},
    }
    return render(request, "households/contact.html", context, status=422 if form.is_bound else 200)
