"""Case conferences: the list, what is due, planning, the working screen, its steps, attendance."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework.agencies.models import User
from casework.agencies.roles import May, can
from casework.audit.models import Act
from casework.audit.record import looked
from casework.workflow import NotNow, NotYours
from desks.conferences import shown
from desks.conferences.hour import frozen
from desks.titles import shown_people
from households.actions import Refused
from households.conferences import actions
from households.conferences.forms import ChangeForm, DecisionForm, PlanForm, ReasonForm, attendance_of
from households.conferences.workflow import CONFERENCE, OPEN
from households.models import CaseConference
from households.views.found import sent
from households.views.refusing import refusing, sentence

SAID = {
    "announce": gettext_lazy("The conference is announced. Those it concerns are told its number, day and place."),
    "hold": gettext_lazy("The conference has begun. Decisions can be written until the record is closed."),
    "close": gettext_lazy("The record is closed. Nothing of it changes any more; what was decided is followed."),
    "cancel": gettext_lazy("The conference is cancelled. The households on its agenda wait for another one."),
}


@require_safe
def conferences(request) -> HttpResponse:
    """The conferences of the centre: those to come, those that were. No household is named here."""
    check_works_cases(request.user)
    context = shown.lists_of(request.user) | {"plans": can(request.user, May.ASSIGN)}
    looked(request, Act.LIST, detail={"conferences": len(context["coming"]) + len(context["past"])})
    return render(request, "desks/conferences/list.html", context)


@require_safe
def due(request) -> HttpResponse:
    """The households for which a conference is due by band, Emergencies first, to be put on an agenda."""
    check_works_cases(request.user)
    found = shown.due_of(request.user, now=timezone.now(), number=request.GET.get("page"))
    titles = found["titles"]
    looked(request, Act.LIST, subjects=shown_people(titles), households=list(titles), detail={"page": "conferences"})
    context = {**found, "brings": can(request.user, May.RECORD_CONTACT)}
    return render(request, "desks/conferences/due.html", context)


@require_http_methods(["GET", "POST"])
def new(request) -> HttpResponse:
    """Plan a conference of the user's centre."""
    if not can(request.user, May.ASSIGN):
        raise PermissionDenied(_("Case conferences are planned by the supervisor or the head of the centre."))
    form = PlanForm(sent(request), centre=request.user.agency_id, initial={"chair": str(request.user.pk)})
    if request.method == "POST" and form.is_valid():
        made = refusing(form, actions.plan, by=request.user, now=timezone.now(), **form.cleaned_data)
        if made:
            messages.success(request, _("The conference is planned. Now bring households before it."))
            return redirect("desks:conference", made.number)
    return render(request, "desks/conferences/plan.html", {"form": form}, status=422 if form.is_bound else 200)


@require_safe
def conference(request, number: str) -> HttpResponse:
    """The working screen of one conference: the agenda in order, attendance, decisions."""
    return conference_page(request, conference_or_404(request, number))


@require_http_methods(["GET", "POST"])
def change(request, number: str) -> HttpResponse:
    """Change when, where and who leads, while it is still to be held."""
    found = kept_conference(request, number)
    if found.status not in OPEN:
        messages.warning(request, too_late(found))
        return redirect("desks:conference", number)
    first = {"starts_at": found.starts_at, "place": found.place, "chair": str(found.chair_id), "version": found.version}
    form = ChangeForm(sent(request), centre=found.centre_id, initial=first)
    status = 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        try:
            if refusing(form, actions.change, found, by=request.user, now=timezone.now(), **form.cleaned_data):
                messages.success(request, _("The conference is changed."))
                return redirect("desks:conference", number)
        except NotNow:
            messages.warning(request, too_late(conference_or_404(request, number)))
            return redirect("desks:conference", number)
        except actions.ChangedBefore:
            found.refresh_from_db()
            typed = request.POST.copy()
            typed["version"] = str(found.version)
            form.data = typed
            status = 409
    context = {"form": form, "conference": found, "clash": status == 409}
    return render(request, "desks/conferences/change.html", context, status=status)


@require_POST
def attendance(request, number: str) -> HttpResponse:
    """Write who came; whom the page did not show stays as written."""
    found = kept_conference(request, number)
    present, seen, guests, led_by = attendance_of(request.POST)
    words = {"present": present, "seen": seen, "guests": guests, "led_by": led_by}
    try:
        actions.attend(found, **words, by=request.user, now=timezone.now())
        messages.success(request, _("Attendance is saved."))
    except NotNow:
        messages.warning(request, too_late(conference_or_404(request, number)))
    return redirect("desks:conference", number)


@require_POST
def step(request, number: str, verb: str) -> HttpResponse:
    """Take one step of the table; somebody who comes second is told so, and nothing is done twice."""
    if verb not in actions.VERBS:
        raise Http404
    found = kept_conference(request, number)
    now = timezone.now()
    words: dict[str, Any] = {}
    try:
        CONFERENCE.check(found, verb, request.user)
        if verb == "cancel":
            form = ReasonForm(request.POST)
            if not form.is_valid():
                return conference_page(request, found, cancelling=form, status=422)
            words = form.cleaned_data
        if verb == "close":
            words = {"materials": frozen(found)}
        actions.VERBS[verb](found, by=request.user, now=now, **words)
        messages.success(request, SAID[verb])
    except NotNow:
        messages.warning(request, too_late(conference_or_404(request, number)))
    except (Refused, ValidationError) as refused:
        messages.error(request, sentence(refused))
    return redirect("desks:conference", number)


def check_works_cases(user: User) -> None:
    """Raise PermissionDenied unless the user looks after households."""
    if not can(user, May.SEE_CASELOAD):
        raise PermissionDenied(_("Case conferences are for those who look after households."))


def conference_or_404(request, number: str) -> CaseConference:
    """Return the conference as this user may see it; 404 for a stranger."""
    seen = CaseConference.objects.visible_to(request.user).select_related("centre", "chair", "planned_by")
    return get_object_or_404(seen, number=number)


def kept_conference(request, number: str) -> CaseConference:
    """Return the conference if the user decides over the work there: 404 for a stranger, 403 for a colleague."""
    found = conference_or_404(request, number)
    try:
        actions.check_keeps(found, request.user)
    except NotYours:
        said = _("This is for the supervisor or the head of the centre.")
        raise PermissionDenied(said) from None
    return found


def conference_page(
    request,
    found: CaseConference,
    *,
    typed: dict[int, DecisionForm] | None = None,
    clash: int | None = None,
    kept: dict[str, str] | None = None,
    lacking: dict[str, Any] | None = None,
    cancelling: ReasonForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the working screen and log the look.

    `typed`: {item id: the DecisionForm that could not be saved}; `clash`: the item about which somebody else wrote
    meanwhile; `kept`: {"why", "words"} of what was typed and can be written here no longer; `lacking`: {name of a small
    form: the form that lacks something}.
    """
    now = timezone.now()
    context = shown.conference_of(found, request.user, now=now)
    if context["writing"]:
        offered = shown.offered_for(found, now=now)
        for row in context["items"]:
            item = row["item"]
            row["form"] = (typed or {}).get(item.pk) or DecisionForm(
                initial={"version": item.version}, item=item, people=context["people"], **offered
            )
    for row in context["items"]:
        row["lacking"] = (lacking or {}).get(f"withdraw-{row['item'].pk}")
        for said in row["decisions"]:
            said["lacking"] = (lacking or {}).get(f"take_back-{said['decision'].pk}")
    subjects, households = shown_people(context["titles"]), list(context["titles"])
    looked(request, Act.OPEN, subjects=subjects, households=households, detail={"conference": found.number})
    context |= {"clash": clash, "kept": kept, "cancelling": cancelling or ReasonForm()}
    return render(request, "desks/conferences/conference.html", context, status=status)


def too_late(found: CaseConference) -> str:
    """Return the sentence for somebody whose step came after another's."""
    said = _("This step is no longer open: the conference stands at “%(status)s”.")
    return said % {"status": found.get_status_display()}
