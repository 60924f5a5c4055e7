"""Transfers: the list of both centres, one transfer, its steps, and the first contact with which a file goes over."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework.agencies.models import Agency
from casework.agencies.roles import May, can
from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import seoul_day
from casework.workflow import NotNow, NotYours
from households.actions import Refused
from households.actions.rights import answers_for, check_can_change
from households.models import Household
from households.views.contacts import written
from households.views.found import household_or_404, sent
from referrals.drafts import PacketChanged
from referrals.models import Transfer
from referrals.packing import address_protected
from referrals.transfers import actions, notices, shown
from referrals.transfers.forms import ProposeForm, form_of
from referrals.transfers.outside import outside_of
from referrals.transfers.workflow import OPEN, TRANSFER, TransferStatus

SAID = {
    "accept": gettext_lazy("Accepted. The other centre answers until your worker has met the household."),
    "name": gettext_lazy("The file is open to the worker who was named."),
    "decline": gettext_lazy("Declined. The other centre sees the reason, and it is their turn."),
    "give_back": gettext_lazy("Given back. The other centre sees the reason, and it is their turn."),
    "withdraw": gettext_lazy("Withdrawn. The file stays here."),
}


@require_safe
def transfers(request):
    """What moved away, what is under way in either direction, and what ended."""
    check_may_look(request.user)
    now = timezone.now()
    outside = outside_of(request.user, on=seoul_day(now)) if can(request.user, May.INTAKE) else []
    rows, past = shown.under_way(request.user, now), shown.past(request.user)
    households = {one.home.household_id for one in outside}
    households |= {row["transfer"].household_id for row in rows} | {one.household_id for one in past}
    looked(request, Act.LIST, households=households, detail={"transfers": len(rows)})
    context = {"moved": shown.moved_rows(outside), "moved_count": len(outside), "past": past, "on_desk": False}
    context |= {"transfers": rows, "transfers_count": len(rows)}
    return render(request, "referrals/transfers/list.html", context)


@require_http_methods(["GET", "POST"])
def propose(request, number):
    """Propose to another centre to take a household over: one click from a desk, or the form with a note."""
    household = household_or_404(request, number)
    check_can_change(request.user, household)
    now = timezone.now()
    going = Transfer.objects.open().filter(household=household).first()
    if going and request.method != "POST":
        return redirect("referrals:transfer", going.number)
    found = outside_of(request.user, on=seoul_day(now), household=household)
    form = ProposeForm(sent(request), own=request.user.agency_id, initial=_initial(found))
    if request.method == "POST" and form.is_valid() and (made := _proposed(request, household, form, now)):
        return redirect("referrals:transfer", made.number)
    looked(request, Act.OPEN, households=[household.pk])
    context = {"form": form, "household": household, "found": found[0] if found else None}
    context["notices"] = _notices(request, household, now)
    return render(request, "referrals/transfers/propose.html", context, status=422 if form.is_bound else 200)


def _initial(found):
    return {"to": found[0].to} if found and found[0].to else {}


def _proposed(request, household, form, now):
    try:
        made = actions.propose(household, by=request.user, now=now, **form.cleaned_data)
    except Refused as refused:
        refused.stand_on(form)
        return None
    messages.success(request, _("Proposed. You answer for the household until the other centre has met it."))
    return made


@require_safe
def move(request, number):
    """What follows from a move: the transfer of the file where another centre works there, and whom to tell."""
    household = household_or_404(request, number)
    if not (can(request.user, May.REFER) and answers_for(request.user, household)):
        raise PermissionDenied(_("Help is asked for by the centre that answers for the household."))
    now = timezone.now()
    on = seoul_day(now)
    outside = outside_of(request.user, on=on, household=household)
    looked(request, Act.OPEN, households=[household.pk])
    context = {
        "household": household,
        "home": notices.moved_on(household, on=on),
        "protected": address_protected(household),
        "found": outside[0] if outside else None,
        "going": Transfer.objects.open().filter(household=household).select_related("to_agency").first(),
        "notices": _notices(request, household, now),
        "proposes": can(request.user, May.INTAKE),
    }
    return render(request, "referrals/transfers/move.html", context)


@require_POST
def move_notice(request, number, agency):
    """Tell one office of the new district: sent at once where a consent carries it, else a draft that asks for one."""
    household = household_or_404(request, number)
    office = get_object_or_404(Agency, pk=agency)
    try:
        told = notices.prepare_and_send(household, agency=office, by=request.user, now=timezone.now())
    except NotYours:
        raise PermissionDenied(_("Help is asked for by the centre that answers for the household.")) from None
    except PacketChanged:
        messages.warning(request, _("The register has changed. Please check again what they will see."))
        return redirect("referrals:move", number)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect("referrals:move", number)
    if told.sent_at is None:
        messages.warning(request, _("The notice is written. Please state the ground for sharing, then send it."))
        return redirect("referrals:edit", told.number)
    messages.success(request, _("The notice is sent."))
    return redirect("referrals:detail", told.number)


def _notices(request, household, now):
    """The offices to tell, for those who may refer; nobody else's list."""
    return notices.notices_of(household, request.user, on=seoul_day(now)) if can(request.user, May.REFER) else []


@require_safe
def transfer(request, number):
    """One transfer: whose turn, until when, what can be done, what happened."""
    return page(request, visible(request, number), request.GET.get("do", ""))


@require_POST
def step(request, number, verb):
    """Take one step of the table; somebody who comes second is told so, and nothing is done twice."""
    found = visible(request, number)
    if verb not in actions.VERBS:
        raise Http404
    try:
        TRANSFER.check(found, verb, request.user)
        form = form_of(verb)(request.POST, transfer=found)
        if not form.is_valid():
            return page(request, found, verb, form=form, status=422)
        actions.VERBS[verb](found, by=request.user, now=timezone.now(), **form.cleaned_data)
        messages.success(request, SAID[verb])
    except NotYours:
        raise PermissionDenied(_("This step is for the other side, or for those who decide over the work.")) from None
    except NotNow:
        messages.warning(request, too_late(visible(request, number)))
    except (Refused, ValidationError) as refused:
        messages.error(request, " ".join(getattr(refused, "messages", [str(refused)])))
    return redirect("referrals:transfer", number)


@require_http_methods(["GET", "POST"])
def first_contact(request, number):
    """The form of a contact, for the worker who was named: an attempt is kept, a contact takes the file over."""
    found = visible(request, number)
    household = get_object_or_404(Household.objects.visible_to(request.user), pk=found.household_id)
    try:
        if found.status != TransferStatus.DONE or request.method != "POST":
            TRANSFER.check(found, "meet", request.user)

        def log(household, **entry):
            return actions.record_contact(found, now=timezone.now(), **entry)

        answer = written(request, household, log)
    except NotYours:
        raise PermissionDenied(_("The first contact is recorded by the worker who was named.")) from None
    except NotNow:
        messages.warning(request, too_late(visible(request, number)))
        return redirect("referrals:transfer", number)
    if request.method == "POST" and answer.status_code == 302:
        done = visible(request, number).status == TransferStatus.DONE
        if done:
            messages.success(request, _("The file is taken over: your centre answers for the household from today."))
        return answer if done else redirect("referrals:transfer", number)
    return answer


def too_late(found):
    """Return the sentence for somebody whose step came after another's."""
    said = _("This step is no longer open: the transfer stands at “%(status)s”.")
    return said % {"status": found.get_status_display()}


def check_may_look(user):
    """Raise PermissionDenied unless the user looks after households."""
    if not can(user, May.SEE_CASELOAD):
        raise PermissionDenied(_("Transfers are for those who look after households."))


def visible(request, number):
    """Return the transfer as this user may see it; 404 for a stranger."""
    return get_object_or_404(Transfer.objects.visible_to(request.user).select_related(*shown.BESIDE), number=number)


def page(request, found, asked="", *, form=None, status=200):
    """Render the page of one transfer and log the look. `asked` names the step whose form is open."""
    now = timezone.now()
    context = shown.page_of(found, request.user, now)
    steps = {taken.verb for taken in context["steps"]}
    if form is None and asked in steps & set(actions.VERBS):
        form = form_of(asked)(transfer=found)
    opens = Household.objects.visible_to(request.user).filter(pk=found.household_id).exists()
    sends = opens and found.from_agency_id == request.user.agency_id and found.status in OPEN
    looked(request, Act.OPEN, households=[found.household_id], detail={"transfer": found.number})
    context |= {"asked": asked if form else "", "form": form, "household": found.household}
    context["notices"] = _notices(request, found.household, now) if sends else []
    context["file_url"] = reverse("desks:household", args=[found.household.number]) if opens else ""
    return render(request, "referrals/transfers/page.html", context, status=status)
