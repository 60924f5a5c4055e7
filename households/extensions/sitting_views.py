"""The Consultative Council: its sittings and members; planning one, who came, votes, minutes."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework.agencies.fresh import password_first
from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import seoul_day
from casework.paper import fonts_installed
from casework.workflow import NotNow
from households.actions.refusal import Refused
from households.extensions import paper, shown
from households.extensions import sitting as council
from households.extensions.forms import MinutesForm, ReasonForm, SeatForm, SittingForm, VoteForm
from households.extensions.found import check_decides, sitting_or_404, too_late
from households.extensions.views import pdf
from households.extensions.workflow import SITTING, SittingStatus
from households.models import CouncilSeat, ExtensionTerm, Sitting, SittingItem
from households.views.found import sent

VERBS: dict[str, Callable[..., Sitting]] = {
    "announce": council.announce,
    "hold": council.hold,
    "close": council.close,
    "cancel": council.cancel,
}
SAID = {
    "announce": gettext_lazy("Recorded: the members are notified."),
    "hold": gettext_lazy("The sitting was held. Votes and minutes can be written until the record is closed."),
    "close": gettext_lazy("The record is closed."),
    "cancel": gettext_lazy("The sitting is cancelled; its requests wait for another one."),
}
OVER = (SittingStatus.CLOSED, SittingStatus.CANCELLED)


@require_safe
def sittings(request):
    """The sittings to come and those that were, and the members of today."""
    check_decides(request.user)
    return _list(request)


@require_http_methods(["GET", "POST"])
def sitting_new(request):
    """Plan a sitting."""
    check_decides(request.user)
    form = SittingForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = council.plan(by=request.user, now=timezone.now(), **form.cleaned_data)
            messages.success(request, _("The sitting is planned. Put requests on its agenda, then notify the members."))
            return redirect("households:sitting", made.number)
        except Refused as refused:
            refused.stand_on(form)
    context = {"form": form, "terms": ExtensionTerm.objects.numbers(seoul_day(timezone.now()))}
    return render(request, "households/sittings/plan.html", context, status=422 if form.is_bound else 200)


@require_POST
def council_seat(request):
    """Enter a member of the council."""
    check_decides(request.user)
    form = SeatForm(request.POST)
    if form.is_valid():
        try:
            council.seat(by=request.user, now=timezone.now(), **form.cleaned_data)
            messages.success(request, _("The member is entered."))
            return redirect("households:sittings")
        except Refused as refused:
            refused.stand_on(form)
    return _list(request, form=form, status=422)


@require_POST
def council_seat_end(request, pk):
    """End a membership today."""
    check_decides(request.user)
    council.unseat(get_object_or_404(CouncilSeat, pk=pk), by=request.user, now=timezone.now())
    messages.success(request, _("The membership has ended."))
    return redirect("households:sittings")


@require_safe
def sitting(request, number):
    """One sitting: agenda, members, votes, minutes."""
    return _page(request, sitting_or_404(request, number))


@require_POST
def sitting_step(request, number, verb):
    """Take one step of the table; somebody who comes second is told so."""
    found = sitting_or_404(request, number)
    if verb not in VERBS:
        raise Http404
    words = {}
    try:
        SITTING.check(found, verb, request.user)
        if verb == "cancel":
            form = ReasonForm(request.POST)
            if not form.is_valid():
                return _page(request, found, cancelling=form, status=422)
            words = form.cleaned_data
        VERBS[verb](found, by=request.user, now=timezone.now(), **words)
        messages.success(request, SAID[verb])
    except NotNow:
        messages.warning(request, too_late(sitting_or_404(request, number)))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("households:sitting", number)


@require_POST
def sitting_attendance(request, number):
    """Write who came."""
    found = sitting_or_404(request, number)
    present = {int(pk) for pk in request.POST.getlist("present") if pk.isdecimal()}
    try:
        council.attend(found, present=present, by=request.user, now=timezone.now())
        messages.success(request, _("Attendance is saved."))
    except NotNow:
        messages.warning(request, too_late(found))
    return redirect("households:sitting", number)


@require_POST
def sitting_vote(request, number, pk):
    """Write how the members voted on one request."""
    found = sitting_or_404(request, number)
    seen = SittingItem.objects.visible_to(request.user).select_related("sitting")
    item = get_object_or_404(seen, pk=pk, sitting=found)
    form = VoteForm(request.POST, prefix=f"v{pk}")
    if not form.is_valid():
        return _page(request, found, voting={item.pk: form}, status=422)
    try:
        council.vote(item, by=request.user, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("The vote is written."))
    except NotNow:
        messages.warning(request, too_late(found))
    except Refused as refused:
        refused.stand_on(form)
        return _page(request, found, voting={item.pk: form}, status=422)
    return redirect("households:sitting", number)


@require_http_methods(["GET", "POST"])
@password_first("GET")
def sitting_minutes(request, number):
    """The record as PDF; posting writes the text of the minutes."""
    found = sitting_or_404(request, number)
    if request.method == "POST":
        return _write_minutes(request, found)
    if not fonts_installed():
        messages.error(request, _("The fonts are not installed, so nothing can be printed. Please run `make setup`."))
        return redirect("households:sitting", number)
    people = SittingItem.objects.filter(sitting=found, withdrawn_at=None).order_by("id")
    subjects = people.values_list("request__person", flat=True)
    looked(request, Act.EXPORT, subjects=subjects, detail={"sitting": found.number})
    return pdf(paper.record_of(found, by=request.user, now=timezone.now()), found.number)


def _write_minutes(request, found):
    form = MinutesForm(request.POST)
    if not form.is_valid():
        return _page(request, found, minutes=form, status=422)
    try:
        council.write_minutes(found, by=request.user, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("The minutes are saved."))
    except NotNow:
        messages.warning(request, too_late(found))
    return redirect("households:sitting", found.number)


def _list(request, *, form=None, status=200):
    on = seoul_day(timezone.now())
    seen = list(Sitting.objects.visible_to(request.user).order_by("-starts_at", "-id")[:60])
    context = {
        "coming": sorted((one for one in seen if one.status not in OVER), key=lambda one: one.starts_at),
        "past": [one for one in seen if one.status in OVER],
        "members": CouncilSeat.objects.visible_to(request.user).on(on),
        "terms": ExtensionTerm.objects.numbers(on),
        "form": form or SeatForm(),
    }
    return render(request, "households/sittings/list.html", context, status=status)


def _page(request, found, *, voting=None, minutes=None, cancelling=None, status=200):
    context = shown.sitting_page(found, request.user, timezone.now())
    held = found.status == SittingStatus.HELD
    later = {"cancel", "hold"} if timezone.now() < found.starts_at else {"cancel"}
    for row in context["items"]:
        row["form"] = (voting or {}).get(row["item"].pk) or _vote_form(row["item"]) if held else None
    looked(request, Act.OPEN, subjects=context.pop("subjects"), detail={"sitting": found.number})
    context |= {
        "held": held,
        "ticking": found.status in council.TICKED,
        "buttons": [one for one in SITTING.open_to(found, request.user) if one.verb not in later],
        "to_come": "hold" in later,
        "cancels": any(one.verb == "cancel" for one in SITTING.open_to(found, request.user)),
        "cancelling": cancelling or ReasonForm(),
        "minutes_form": minutes or MinutesForm(initial={"minutes": found.minutes}),
    }
    return render(request, "households/sittings/page.html", context, status=status)


def _vote_form(item):
    first = {name: getattr(item, name) for name in ("votes_for", "votes_against", "abstained", "words")}
    return VoteForm(prefix=f"v{item.pk}", initial=first)
