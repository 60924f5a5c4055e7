"""The inbox, one referral, and the steps on it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from casework.agencies.models import Kind
from casework.agencies.roles import May, can
from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import Holiday
from casework.workflow import NotNow, NotYours
from referrals import actions, clocks, forms, history, packet
from referrals import inbox as inboxes
from referrals.models import Referral
from referrals.states import Status
from referrals.workflow import REFERRAL

SAID = {
    "send": _("Sent. It stays on your list until you confirm that the help arrived."),
    "acknowledge": _("Receipt acknowledged. Now answer whether it is accepted."),
    "accept": _("Accepted. The sending agency sees who has taken it."),
    "decline": _("Declined. The sending agency sees the reason, and it is their turn."),
    "provide": _("Outcome reported. The sending agency now asks the person."),
    "confirm": _("Confirmed. It can be closed."),
    "return": _("Given back: the help did not arrive. It is the receiving agency's turn again."),
    "close": _("Closed."),
    "cancel": _("Cancelled."),
}
LOOKS = {
    "acknowledge": ("", "mail"),
    "accept": ("go", "ok"),
    "provide": ("go", "note"),
    "send": ("go", "send"),
    "confirm": ("go", "ok"),
}
REFUSALS = ("decline", "return", "cancel")
DECIDES_BENEFITS = (Kind.CITY, Kind.TOWN, Kind.PROVINCE)


@require_GET
def inbox(request):
    """The referrals of the user's agency in two lanes: our turn, their turn."""
    _may_look(request.user)
    box = inboxes.box_asked(request.user, request.GET.get("box"))
    shown = inboxes.page_of(request.user, box=box, number=request.GET.get("page"), now=timezone.now())
    request.desk_counts = {"referrals:inbox": shown["ours"]}
    looked(request, Act.LIST, subjects=shown["subjects"], households=shown["households"], detail={"box": box})
    return render(request, "referrals/inbox.html", shown)


@require_GET
def detail(request, number):
    """One referral: whose turn, until when, what can be done, what the receiver sees, what happened."""
    referral = _visible(request, number)
    return _shown(request, referral, asked=request.GET.get("do", ""))


@require_POST
def step(request, number, verb):
    """Take one step of the table; somebody who comes second is told so, and nothing is done twice."""
    referral = _visible(request, number)
    if verb not in actions.VERBS:
        raise Http404
    try:
        REFERRAL.check(referral, verb, request.user)
        form = forms.for_step(verb, actions.handlers(referral), request.POST)
        if form is not None and not form.is_valid():
            return _shown(request, referral, verb, form, status=422)
        words = form.cleaned_data if form is not None else {}
        actions.VERBS[verb](referral, by=request.user, now=timezone.now(), **words)
        messages.success(request, SAID[verb])
    except NotYours:
        raise PermissionDenied from None
    except NotNow:
        now_stands = _visible(request, number)
        messages.warning(request, actions.too_late(now_stands, verb, by=request.user))
    except actions.PacketChanged:
        messages.warning(request, gettext("The register has changed. Please check again what they will see."))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return redirect("referrals:detail", number)


def _may_look(user):
    if not (can(user, May.RECEIVE) or can(user, May.REFER)):
        raise PermissionDenied


def _visible(request, number):
    rows = Referral.objects.visible_to(request.user).with_turn(request.user)
    related = ("household", "from_agency", "to_agency", "sender", "handler")
    return get_object_or_404(rows.select_related(*related), number=number)


def _shown(request, referral, asked="", form=None, status=200):
    """Render the page and log the look, once: at the referral, and at the list that stands beside it."""
    page = _page(request, referral, asked, form)
    side = page["side"]
    looked(
        request,
        Act.OPEN,
        subjects=[*referral.packet.get("subjects", []), *side["subjects"]],
        households=[referral.household_id, *side["households"]],
        detail={"referral": referral.number},
    )
    return render(request, "referrals/detail.html", page, status=status)


def _page(request, referral, asked="", form=None):
    """Return the context of the page; `asked` is the step whose form is open, `form` its refused POST."""
    user, now, holidays = request.user, timezone.now(), Holiday.objects.days()
    steps = REFERRAL.open_to(referral, user)
    opened = next((s for s in steps if s.verb == asked), None)
    if opened and form is None:
        form = forms.for_step(opened.verb, actions.handlers(referral))
    sending = referral.from_agency_id == user.agency_id
    return {
        "referral": referral,
        "side": _side(request, now),
        "sending": sending,
        "is_draft": referral.status == Status.DRAFT,
        "buttons": [_button(s, referral) for s in steps],
        "assignable": any(s.verb == "accept" for s in steps),
        "opened": opened,
        "form": form,
        "call": _call(referral, sending),
        "due": clocks.due(referral, now, holidays),
        "clocks": clocks.stations(referral, now, holidays),
        "law": referral.to_agency.kind in DECIDES_BENEFITS and referral.sent_at,
        "why": referral.reason if _came_back(referral) else "",
        "packet": packet.shown(referral.packet),
        "hidden": packet.hidden(referral.packet),
        "ground": packet.ground_words(referral.packet),
        "history": history.happened(referral, sending=sending),
        "again": sending and can(user, May.REFER) and referral.status in (Status.DECLINED, Status.CANCELLED),
    }


def _call(referral, sending):
    """Whom to telephone at the other agency: who sent it, or who has taken it; None while nobody has."""
    user, agency = (referral.handler, referral.to_agency) if sending else (referral.sender, referral.from_agency)
    if referral.sent_at is None or user is None:
        return None
    role = gettext("Taken by") if sending else gettext("For questions")
    return {"role": role, "name": user, "phone": user.phone, "agency": agency, "agency_phone": agency.phone}


def _came_back(referral):
    """The reason on the row is that of the last step that asked for one; later steps make it old."""
    unconfirmed = referral.status == Status.CLOSED and referral.confirmed_at is None
    return unconfirmed or referral.status in (Status.DECLINED, Status.CANCELLED, Status.ACCEPTED)


def _side(request, now):
    """The list beside the referral, where there is room for it: the box that the user came from."""
    box = inboxes.box_asked(request.user, request.GET.get("box"))
    side = inboxes.page_of(request.user, box=box, number=1, now=now)
    request.desk_counts = {"referrals:inbox": side["ours"]}
    return side


def _button(step, referral):
    kind, icon = LOOKS.get(step.verb, ("no", "") if step.verb in REFUSALS else ("", ""))
    first = step.verb == "acknowledge" or (step.verb == "accept" and referral.status == Status.RECEIVED)
    return {
        "verb": step.verb,
        "label": step.label,
        "kind": kind,
        "icon": icon,
        "key": "A" if first else "",
        "asks": step.verb in (*REFUSALS, "provide"),
    }
