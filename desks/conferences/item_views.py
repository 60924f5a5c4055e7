"""Households on the agenda of a case conference: bringing them, their order, decisions and what becomes of them."""

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from casework.agencies.roles import May, can
from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import seoul_day
from casework.workflow import NotNow, NotYours
from desks.conferences import shown
from desks.conferences.views import conference_or_404, conference_page, too_late
from desks.titles import shown_people, titles_of
from households.actions import Refused
from households.conferences import agenda, deciding
from households.conferences.forms import BringForm, DecisionForm, DoneForm, GiveForm, ReasonForm
from households.conferences.rights import check_here, is_here, staff_of
from households.conferences.workflow import is_keeper
from households.models import CaseConference, ConferenceDecision, ConferenceItem, Household
from households.views.found import sent
from households.views.refusing import refusing, sentence
from referrals import conferences as referring

AT_ONCE = 50
NO_KEEPER = gettext_lazy("Decisions are written by the supervisor or the head of the centre.")


@require_POST
def chosen(request) -> HttpResponse:
    """Lead the households that were ticked in a list to the page on which they are brought before a conference."""
    check_brings(request)
    asked = urlencode([("household", number) for number in request.POST.getlist("household")[:AT_ONCE]])
    return redirect(f"{reverse('desks:conference_bring')}?{asked}")


@require_http_methods(["GET", "POST"])
def bring(request) -> HttpResponse:
    """Put households on the agenda of a conference; those that the user does not keep are not there at all."""
    check_brings(request)
    now = timezone.now()
    numbers = (request.POST if request.method == "POST" else request.GET).getlist("household")[:AT_ONCE]
    found = list(Household.objects.kept_by(request.user).filter(number__in=numbers).order_by("number"))
    titles = titles_of(request.user, [one.pk for one in found], on=seoul_day(now))
    open_to = shown.takes_more(request.user)
    asked = open_to.filter(number=request.GET.get("conference", "")).first()
    form = BringForm(sent(request), conferences=open_to, initial={"conference": asked} if asked else {})
    if request.method == "POST" and found and form.is_valid():
        made = refusing(form, agenda.bring, found, by=request.user, now=now, **form.cleaned_data)
        if made:
            messages.success(request, _brought(len(made[0]), made[1]))
            return redirect("desks:conference", form.cleaned_data["conference"].number)
    looked(request, Act.LIST, subjects=shown_people(titles), households=list(titles), detail={"page": "conferences"})
    context = {"form": form, "households": [titles[one.pk] for one in found], "open": open_to.exists()}
    context |= {"left_out": len(set(numbers)) - len(found)}
    return render(request, "desks/conferences/bring.html", context, status=422 if form.is_bound else 200)


def _brought(new: int, there: int) -> str:
    words = ngettext("%(n)s household is on the agenda.", "%(n)s households are on the agenda.", new) % {"n": new}
    also = ngettext("%(n)s stood there already.", "%(n)s stood there already.", there) % {"n": there}
    return f"{words} {also}" if there else words


@require_POST
def withdraw(request, pk: int) -> HttpResponse:
    """Take a household off the agenda with a reason."""
    item = item_or_404(request, pk)
    if item.brought_by_id != request.user.pk and not is_keeper(item.conference, request.user):
        raise PermissionDenied(_("A household is taken off by who brought it, or by the supervisor."))
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return conference_page(request, item.conference, lacking={f"withdraw-{pk}": form}, status=422)
    try:
        agenda.withdraw(item, by=request.user, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Taken off the agenda."))
    except NotNow:
        messages.warning(request, too_late(conference_or_404(request, item.conference.number)))
    except ValidationError as refused:
        messages.error(request, sentence(refused))
    return redirect("desks:conference", item.conference.number)


@require_POST
def move(request, pk: int) -> HttpResponse:
    """Put a household one place up or down."""
    item = item_or_404(request, pk)
    try:
        agenda.move(item, up=request.POST.get("to") == "up", by=request.user, now=timezone.now())
    except NotYours:
        raise PermissionDenied(_("The order of the agenda is for the supervisor.")) from None
    except NotNow:
        messages.warning(request, too_late(conference_or_404(request, item.conference.number)))
    return redirect(f"{reverse('desks:conference', args=[item.conference.number])}#{item.household.number}")


@require_POST
def decide(request, pk: int) -> HttpResponse:
    """Write a decision about a household. Who comes second, or too late, sees why and loses nothing they typed."""
    item = decided_or_404(request, pk)
    if not is_keeper(item.conference, request.user):
        raise PermissionDenied(NO_KEEPER)
    offered = shown.offered_for(item.conference, now=timezone.now())
    form = DecisionForm(request.POST, item=item, people=staff_of(item.conference.centre_id), **offered)
    try:
        check_here(item)
        if form.is_valid() and refusing(
            form, deciding.decide, item, by=request.user, now=timezone.now(), **form.words()
        ):
            messages.success(request, _("The decision is saved."))
            return redirect(f"{reverse('desks:conference', args=[item.conference.number])}#{item.household.number}")
    except NotYours:
        raise PermissionDenied(NO_KEEPER) from None
    except deciding.Behind:
        form.data = _again(request, item)
        return conference_page(request, item.conference, typed={pk: form}, clash=pk, status=409)
    except (NotNow, Refused) as late:
        fresh = conference_or_404(request, item.conference.number)
        why = str(late) if isinstance(late, Refused) else too_late(fresh)
        return conference_page(request, fresh, kept=_kept(request, why), status=409)
    return conference_page(request, item.conference, typed={pk: form}, status=422)


def _again(request, item: ConferenceItem) -> Any:
    """Return what was typed, to be saved beside the other's with the next press."""
    item.refresh_from_db()
    typed = request.POST.copy()
    typed["version"], typed["client_key"] = str(item.version), str(uuid4())
    return typed


def _kept(request, why: str) -> dict[str, str]:
    """Return what was typed, to be taken along from a page on which it can be written no longer."""
    return {"why": why, "words": request.POST.get("what", "").strip()[:500]}


@require_POST
def decision(request, pk: int, verb: str) -> HttpResponse:
    """What becomes of a decision: its referral is written, it is done (or not, after all), given on, or taken back."""
    if verb not in ("refer", "done", "undo", "give", "take_back"):
        raise Http404
    seen = ConferenceDecision.objects.visible_to(request.user).select_related("item__conference", "item__household")
    one = get_object_or_404(seen, pk=pk)
    form = _form_of(verb, one, request)
    if form is not None and not form.is_valid():
        if verb == "give":
            messages.warning(request, _("Please choose who does it from now on."))
            return redirect(_back(one))
        conference = conference_or_404(request, one.item.conference.number)
        return conference_page(request, conference, lacking={f"{verb}-{pk}": form}, status=422)
    try:
        return _acted(request, one, verb, form.cleaned_data if form else {})
    except NotYours:
        raise PermissionDenied(_("This is for the one whom the conference asked, or for the supervisor.")) from None
    except NotNow:
        messages.warning(request, _("There is nothing to be done here any more."))
    except (Refused, ValidationError) as refused:
        messages.error(request, sentence(refused))
    return redirect(_back(one))


def _form_of(verb: str, one: ConferenceDecision, request) -> Any:
    if verb == "done":
        return DoneForm(request.POST)
    if verb == "take_back":
        return ReasonForm(request.POST)
    return GiveForm(request.POST, people=staff_of(one.item.conference.centre_id)) if verb == "give" else None


def _acted(request, one: ConferenceDecision, verb: str, words: dict[str, Any]) -> HttpResponse:
    who = {"by": request.user, "now": timezone.now()}
    if verb == "refer":
        return redirect("referrals:edit", referring.refer(one, **who).number)
    if verb == "take_back":
        referring.take_back(one, **who, **words)
    elif verb == "give":
        deciding.give(one, **who, **words)
    else:
        deciding.VERBS[verb](one, **who, **words)
    said = {
        "done": _("Recorded as done."),
        "undo": _("It is open again."),
        "give": _("Given to somebody else, who is told."),
        "take_back": _("The decision is taken back."),
    }
    messages.success(request, said[verb])
    return redirect(_back(one))


def _back(one: ConferenceDecision) -> str:
    return f"{reverse('desks:conference', args=[one.item.conference.number])}#{one.item.household.number}"


def check_brings(request) -> None:
    """Raise PermissionDenied unless the user brings households before a conference."""
    if not (can(request.user, May.SEE_CASELOAD) and can(request.user, May.RECORD_CONTACT)):
        raise PermissionDenied(_("Households are brought by those who look after them."))


def item_or_404(request, pk: int) -> ConferenceItem:
    """Return the household on an agenda as this user may see it; 404 for a stranger."""
    beside = ("conference__centre", "conference__chair", "household")
    return get_object_or_404(ConferenceItem.objects.visible_to(request.user).select_related(*beside), pk=pk)


def decided_or_404(request, pk: int) -> ConferenceItem:
    """Return it also where another centre answers for the household by now: the verb says so in a sentence. 404 for a
    stranger to the conference, and for whoever must not see a household that is still kept here."""
    beside = ("conference__centre", "conference__chair", "household")
    seen = CaseConference.objects.visible_to(request.user).order_by().values("pk")
    rows = ConferenceItem.objects.filter(conference__in=seen).select_related(*beside)
    item = get_object_or_404(rows, pk=pk)
    if is_here(item) and not ConferenceItem.objects.visible_to(request.user).filter(pk=pk).exists():
        raise Http404
    return item
