"""Councils and their meetings: the list, one council, planning, one meeting and its steps, attendance."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework.agencies.roles import May, can
from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import seoul_day
from casework.workflow import NotNow, NotYours
from households.actions import Refused
from households.views.found import sent
from households.views.refusing import refusing, sentence
from referrals.council import actions, shown
from referrals.council.forms import ConveneForm, DecisionForm, MeetingForm, ReasonForm, SeatForm
from referrals.council.workflow import MEETING, OPEN, convenes, keeps
from referrals.models import Council, CouncilMeeting, CouncilMember

SAID = {
    "send": gettext_lazy("The agenda is sent. Each household is shown to the members as its ground carries."),
    "hold": gettext_lazy("The meeting was held. Decisions can be written until the minutes are closed."),
    "close": gettext_lazy("The minutes are closed."),
    "cancel": gettext_lazy("The meeting is cancelled, and what was shown for it is shown no longer."),
}


@require_safe
def councils(request):
    """What meetings asked of the user, the meetings to come and those that were, and the user's councils."""
    check_may_look(request.user)
    now = timezone.now()
    owed = shown.owed_by(request.user, now)
    looked(request, Act.LIST, households=shown.households_of(owed))
    context = shown.lists_of(request.user) | {"owed": owed, "convenes": convenes(request.user), "now": now}
    seen = Council.objects.visible_to(request.user).select_related("convened_by")
    context["councils"] = seen.order_by("name", "id")
    return render(request, "referrals/council/list.html", context)


@require_http_methods(["GET", "POST"])
def council_new(request):
    """Set up a council at the user's local government."""
    if not convenes(request.user):
        raise PermissionDenied(_("Councils are convened by the residence-protection officers of local governments."))
    form = ConveneForm(sent(request))
    if request.method == "POST" and form.is_valid():
        made = refusing(form, actions.convene, by=request.user, now=timezone.now(), **form.cleaned_data)
        if made:
            messages.success(request, _("The council is set up. Now enter its members."))
            return redirect("referrals:council", made.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "referrals/council/convene.html", {"form": form}, status=status)


@require_safe
def council(request, pk):
    """One council: its members, its meetings."""
    return council_page(request, council_or_404(request, pk))


@require_POST
def council_member(request, pk):
    """Make an agency, or one person of it, a member."""
    found = kept_council(request, pk)
    form = SeatForm(request.POST, agencies=shown.seatable(found, on=seoul_day(timezone.now())))
    if form.is_valid():
        agency, user = form.cleaned_data["whom"]
        words = {"agency": agency, "user": user, "since": form.cleaned_data["since"]}
        if refusing(form, actions.seat, found, by=request.user, now=timezone.now(), **words):
            messages.success(request, _("The member is entered; what is on a sent agenda is shown to it too."))
            return redirect("referrals:council", pk)
    return council_page(request, found, form=form, status=422)


@require_POST
def council_member_end(request, pk):
    """End a membership; what was shown to the agency is shown no longer."""
    seats = CouncilMember.objects.visible_to(request.user).select_related("council")
    member = get_object_or_404(seats, pk=pk)
    try:
        actions.unseat(member, by=request.user, now=timezone.now())
        messages.success(request, _("The membership has ended."))
    except NotYours:
        raise PermissionDenied(_("A council is kept by the agency that convenes it.")) from None
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return redirect("referrals:council", member.council_id)


@require_http_methods(["GET", "POST"])
def meeting_new(request, pk):
    """Plan a meeting of a council."""
    found = kept_council(request, pk)
    form = MeetingForm(sent(request))
    if request.method == "POST" and form.is_valid():
        made = refusing(form, actions.plan, found, by=request.user, now=timezone.now(), **form.cleaned_data)
        if made:
            messages.success(request, _("The meeting is planned. The members can bring households before it."))
            return redirect("referrals:meeting", made.number)
    status = 422 if request.method == "POST" else 200
    return render(request, "referrals/council/plan.html", {"form": form, "council": found}, status=status)


@require_safe
def meeting(request, number):
    """The working screen of one meeting: the households in order, attendance, decisions."""
    asked = request.GET.get("edit", "")
    return meeting_page(request, meeting_or_404(request, number), edited=int(asked) if asked.isdecimal() else None)


@require_POST
def meeting_step(request, number, verb):
    """Take one step of the table; somebody who comes second is told so, and nothing is done twice."""
    found = meeting_or_404(request, number)
    if verb not in actions.VERBS:
        raise Http404
    words = {}
    try:
        MEETING.check(found, verb, request.user)
        if verb == "cancel":
            form = ReasonForm(request.POST)
            if not form.is_valid():
                return meeting_page(request, found, cancelling=form, status=422)
            words = form.cleaned_data
        actions.VERBS[verb](found, by=request.user, now=timezone.now(), **words)
        messages.success(request, SAID[verb])
    except NotYours:
        raise PermissionDenied(_("A meeting is kept by the agency that convenes the council.")) from None
    except NotNow:
        messages.warning(request, too_late(meeting_or_404(request, number)))
    except (Refused, ValidationError) as refused:
        messages.error(request, sentence(refused))
    return redirect("referrals:meeting", number)


@require_POST
def meeting_attendance(request, number):
    """Write who was there, of all members the rows that differ from what the writer had before them."""
    found = meeting_or_404(request, number)
    ticks = {member.pk: _ticked(request.POST, member.pk) for member in actions.members_at(found)}
    ticks = {pk: words for pk, words in ticks.items() if words != _ticked(request.POST, pk, had="had-")}
    try:
        actions.attend(found, ticks=ticks, by=request.user, now=timezone.now())
        messages.success(request, _("Attendance is saved."))
    except NotYours:
        raise PermissionDenied(_("Attendance is written by the agency that convenes the council.")) from None
    except ValidationError as refused:
        messages.warning(request, sentence(refused))
    return redirect("referrals:meeting", number)


def _ticked(posted, pk, *, had=""):
    return bool(posted.get(f"{had}there-{pk}")), posted.get(f"{had}who-{pk}", "").strip()


def check_may_look(user):
    """Raise PermissionDenied unless the user refers or receives."""
    if not (can(user, May.REFER) or can(user, May.RECEIVE)):
        raise PermissionDenied(_("Council meetings are for those who send or receive referrals."))


def council_or_404(request, pk):
    """Return the council as this user may see it; 404 for a stranger."""
    return get_object_or_404(Council.objects.visible_to(request.user).select_related("convened_by"), pk=pk)


def kept_council(request, pk):
    """Return the council if the user keeps it: 404 for a stranger, 403 for a member."""
    found = council_or_404(request, pk)
    if not keeps(found, request.user):
        raise PermissionDenied(_("A council is kept by the agency that convenes it."))
    return found


def meeting_or_404(request, number):
    """Return the meeting as this user may see it; 404 for a stranger, and after what was shown has ended."""
    seen = CouncilMeeting.objects.visible_to(request.user).select_related("council__convened_by")
    return get_object_or_404(seen, number=number)


def council_page(request, found, *, form=None, status=200):
    """Render the page of one council. It names agencies and no household."""
    now = timezone.now()
    keeper = keeps(found, request.user)
    if keeper and form is None:
        form = SeatForm(agencies=shown.seatable(found, on=seoul_day(now)))
    seen = CouncilMeeting.objects.visible_to(request.user).filter(council=found)
    members = found.members.on(seoul_day(now)).select_related("agency", "user")
    context = {
        "council": found,
        "keeper": keeper,
        "form": form if keeper else None,
        "members": members.order_by("agency__kind", "agency__name_ko", "id"),
        "districts": found.districts.select_related("parent").order_by("code"),
        "coming": seen.open().order_by("starts_at", "id"),
        "past": seen.exclude(status__in=OPEN)[: shown.PAST],
    }
    return render(request, "referrals/council/council.html", context, status=status)


def meeting_page(request, found, *, typed=None, clash=None, edited=None, withdrawing=None, cancelling=None, status=200):
    """Render the working screen and log the look.

    `typed`: {item id: the DecisionForm that could not be saved}; `clash`: the id of the item about which somebody else
    wrote meanwhile; `withdrawing`: {item id: ReasonForm}; `cancelling`: the ReasonForm that lacks its reason.
    """
    now = timezone.now()
    context = shown.meeting_of(found, request.user, now, edited=edited)
    if context["typing"]:
        _add_forms(context, now, typed or {}, edited)
    rows = context["items"]
    looked(request, Act.OPEN, households=[row["item"].household_id for row in rows], detail={"meeting": found.number})
    context |= {"clash": clash, "withdrawing": withdrawing or {}, "cancelling": cancelling, "now": now}
    context |= {"events": shown.events_of(found), "until": shown.when_shown(found)}
    return render(request, "referrals/council/meeting.html", context, status=status)


def _add_forms(context, now, typed, edited):
    members = [row["member"] for row in context["members"]]
    offered = shown.offered_at(context["meeting"], members, now=now)
    for row in context["items"]:
        if row["types"]:
            row["form"] = typed.get(row["item"].pk) or _form(row, offered, edited)
    context["offered"] = offered


def _form(row, offered, edited):
    item = row["item"]
    first = {"version": item.version}
    one = next((one["decision"] for one in row["decisions"] if edited and one["decision"].pk == edited), None)
    if one:
        first |= {"decision": one.pk, "kind": one.kind, "what": one.what, "why": one.why, "due_on": one.due_on}
        first |= {
            "whom": f"u{one.owner_id}" if one.owner_id else f"a{one.owner_agency_id}" if one.owner_agency_id else ""
        }
        first |= {"to_agency": one.to_agency_id or ""}
    return DecisionForm(initial=first, item=item, offered=offered)


def too_late(found):
    """Return the sentence for somebody whose step came after another's."""
    said = _("This step is no longer open: the meeting stands at “%(status)s”.")
    return said % {"status": found.get_status_display()}
