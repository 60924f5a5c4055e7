"""Households on an agenda: bringing one, taking it back, decisions about it, and the minutes on paper."""

from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework.agencies.fresh import password_first
from casework.agencies.roles import May, can
from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import seoul_day
from casework.workflow import NotNow, NotYours
from households.actions import Refused
from households.models import Household
from households.views.found import household_or_404, sent
from households.views.refusing import refusing, sentence
from referrals.council import actions, bringing, deciding, minutes, paper, shown
from referrals.council.forms import DecisionForm, MinutesForm, ProposeForm, ReasonForm
from referrals.council.views import check_may_look, meeting_or_404, meeting_page
from referrals.models import AgendaItem, CouncilDecision


@require_safe
def propose_find(request):
    """Find the household that is to be brought before a meeting by its number, and lead to the form."""
    check_may_look(request.user)
    if not can(request.user, May.REFER):
        raise PermissionDenied(_("Households are brought before a meeting by those who refer."))
    number, asked = request.GET.get("number", "").strip().upper(), request.GET.get("meeting", "")
    found = Household.objects.visible_to(request.user).filter(number=number).first()
    if found:
        return redirect(f"{reverse('referrals:council_propose', args=[found.number])}?meeting={asked}")
    messages.warning(request, _("You see no household with this number."))
    known = bringing.meetings_for(request.user).filter(number=asked).first()
    return redirect("referrals:meeting", known.number) if known else redirect("referrals:councils")


@require_http_methods(["GET", "POST"])
def council_propose(request, number):
    """Bring a household before a meeting: why, what is shown, and on which ground."""
    household = household_or_404(request, number)
    try:
        bringing.check_may_bring(request.user, household)
    except NotYours:
        raise PermissionDenied(_("A household is brought by those who refer at the centre that answers.")) from None
    meetings = bringing.meetings_for(request.user)
    first = meetings.filter(number=request.GET.get("meeting", "")).first()
    form = ProposeForm(sent(request), meetings=meetings, initial={"meeting": first} if first else {})
    if request.method == "POST" and form.is_valid():
        try:
            made = refusing(form, bringing.propose, household, by=request.user, now=timezone.now(), **form.cleaned_data)
        except NotYours:
            raise PermissionDenied(_("Your agency is no member of this council.")) from None
        if made:
            messages.success(request, _("The household is on the agenda. The convening agency reads the line."))
            return redirect("referrals:meeting", made.meeting.number)
    looked(request, Act.OPEN, households=[household.pk])
    context = {"form": form, "household": household, "meetings": meetings}
    return render(request, "referrals/council/propose.html", context, status=422 if form.is_bound else 200)


@require_POST
def item_withdraw(request, pk):
    """Take a household off the agenda with a reason; what was shown of it is gone at once."""
    item = item_or_404(request, pk)
    if not bringing.may_take_back(request.user, item):
        raise PermissionDenied(_("A household is taken back by the agency that brought it or answers for it."))
    form = ReasonForm(request.POST)
    if not form.is_valid() and item.withdrawn_at is None:
        return meeting_page(request, item.meeting, withdrawing={item.pk: form}, status=422)
    bringing.withdraw(item, by=request.user, now=timezone.now(), reason=form.cleaned_data.get("reason", ""))
    messages.success(request, _("Taken off the agenda. The others do not see it any more."))
    return redirect("referrals:meeting", item.meeting.number)


@require_POST
def item_ground(request, pk):
    """Uphold urgent danger as a ground, or not; somebody else of the agency than who brought the household."""
    item = item_or_404(request, pk)
    upheld = request.POST.get("upheld", "")
    try:
        bringing.check_may_look_again(item, request.user)
        if upheld not in ("yes", "no"):
            messages.warning(request, _("Please say whether the ground is upheld."))
        else:
            bringing.look_again(item, by=request.user, now=timezone.now(), upheld=upheld == "yes")
            messages.success(request, _("Your look at the ground is kept."))
    except NotYours:
        raise PermissionDenied(_("The ground is looked at by somebody else of the agency who reviews.")) from None
    except NotNow:
        messages.warning(request, _("This was already looked at. Nothing was changed."))
    return redirect("referrals:meeting", item.meeting.number)


@require_POST
def item_decide(request, pk):
    """Write a decision about a household, or change one. Who comes second sees both texts, and loses nothing."""
    item = item_or_404(request, pk)
    members = list(shown.members_at(item.meeting))
    form = DecisionForm(request.POST, item=item, offered=shown.offered_at(item.meeting, members, now=timezone.now()))
    try:
        actions.check_types(item.meeting, request.user)
        if form.is_valid() and _decided(item, form, request.user):
            messages.success(request, _("The decision is saved."))
            return redirect(f"{reverse('referrals:meeting', args=[item.meeting.number])}#item-{item.pk}")
    except NotYours:
        raise PermissionDenied(_("Decisions are written by the agency that convenes the council.")) from None
    except deciding.Behind:
        item.refresh_from_db()
        typed = request.POST.copy()
        typed["version"] = str(item.version)
        # saved beside theirs with the next press, also where it began as a change of what they changed
        typed["decision"], typed["client_key"] = "", str(uuid4())
        form.data = typed
        return meeting_page(request, item.meeting, typed={item.pk: form}, clash=item.pk, status=409)
    except NotNow:
        messages.warning(request, _("This decision has led to something already, or the household was withdrawn."))
        return redirect("referrals:meeting", item.meeting.number)
    except ValidationError as refused:
        messages.warning(request, sentence(refused))
        return redirect("referrals:meeting", item.meeting.number)
    return meeting_page(request, item.meeting, typed={item.pk: form}, status=422)


def _decided(item, form, by):
    words = form.words()
    try:
        return deciding.decide(item, by=by, now=timezone.now(), **words)
    except CouncilDecision.DoesNotExist:
        raise Http404 from None
    except Refused as refused:
        field = {"owner": "whom", "user": "whom"}.get(refused.field or "", refused.field)
        form.add_error(field if field in form.fields else None, str(refused))
        return None


@require_POST
def decision_step(request, pk, verb):
    """Do what was decided: write the referral, or say that a task is done (or is not, after all)."""
    decision = get_object_or_404(
        CouncilDecision.objects.visible_to(request.user).select_related("item__meeting"), pk=pk
    )
    if verb not in ("refer", *deciding.VERBS):
        raise Http404
    try:
        if verb == "refer":
            return redirect("referrals:edit", deciding.refer(decision, by=request.user, now=timezone.now()).number)
        deciding.VERBS[verb](decision, by=request.user, now=timezone.now())
        said = _("The task is done.") if verb == "done" else _("The task is open again.")
        messages.success(request, said)
    except NotYours:
        raise PermissionDenied(_("This is for the one whom the meeting asked.")) from None
    except NotNow:
        messages.warning(request, _("There is nothing to be done here any more."))
    except ValidationError as refused:
        messages.warning(request, sentence(refused))
    return redirect("referrals:councils")


@require_http_methods(["GET", "POST"])
@password_first("POST")
def meeting_minutes(request, number):
    """The minutes as a PDF file at the level chosen, for a stated reason; what is taken away is logged."""
    found = meeting_or_404(request, number)
    if found.status not in minutes.READY:
        messages.warning(request, _("There are minutes once the meeting was held."))
        return redirect("referrals:meeting", number)
    form = MinutesForm(sent(request), initial={"level": minutes.Level.MASKED})
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["level"] == minutes.Level.FULL and not minutes.may_have_names(found, request.user):
            form.add_error("level", _("Names are for the agencies that attended the meeting."))
        elif paper.fonts_installed():
            return _file(request, found, form.cleaned_data["level"], form.cleaned_data["reason"])
        else:
            messages.error(request, _("The font for PDF files is not installed."))
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(request, "referrals/council/minutes.html", {"form": form, "meeting": found}, status=status)


def _file(request, found, level, reason):
    now = timezone.now()
    made = minutes.minutes_of(found, request.user, level, now=now)
    detail = {"meeting": found.number, "level": level}
    looked(request, Act.EXPORT, subjects=made.subjects, households=made.households, reason=reason, detail=detail)
    content = paper.printed(made, level=level, by=request.user, reason=reason, now=now)
    response = HttpResponse(content, content_type="application/pdf")
    name = f"minutes-{found.number}-{level}-{seoul_day(now).isoformat()}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def item_or_404(request, pk):
    """Return the household on an agenda as this user may see it; 404 for a stranger, and once it is shown no longer."""
    beside = ("meeting__council__convened_by", "household", "from_agency")
    return get_object_or_404(AgendaItem.objects.visible_to(request.user).select_related(*beside), pk=pk)
