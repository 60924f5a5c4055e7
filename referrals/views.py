"""The inbox, one referral, and the steps on it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from casework.agencies.roles import May, can
from casework.audit.models import Act
from casework.audit.record import looked
from casework.paper import fonts_installed
from casework.workflow import NotNow, NotYours
from referrals import actions, handing, letters, page, step_forms
from referrals import inbox as inboxes
from referrals.council.shown import households_of, owed_by
from referrals.models import Referral
from referrals.packet import as_seen_by
from referrals.workflow import REFERRAL

DESKS = (May.SEE_CASELOAD, May.SEE_CENTRE, May.SEE_REGISTER)  # who holds none of these has no desk but the inbox
SAID = {
    "send": _("Sent. It stays on your list until you confirm that the help arrived."),
    "acknowledge": _("Receipt acknowledged. Now answer whether it is accepted."),
    "accept": _("Accepted. The sending agency sees who has taken it."),
    "decline": _("Declined. The sending agency sees the reason, and it is their turn."),
    "reroute": _("Passed on. The sending agency sees to whom and why, and answers for it still."),
    "begin": _("First contact recorded."),
    "hold": _("Put on hold. The sending agency sees for whom it waits."),
    "resume": _("Taken up again."),
    "fail": _("Given back to the sending agency with the reason."),
    "provide": _("Outcome reported. The sending agency now asks the person."),
    "confirm": _("Confirmed. It can be closed."),
    "return": _("Given back: the help did not arrive. It is the receiving agency's turn again."),
    "close": _("Closed."),
    "cancel": _("Cancelled."),
    "end": _("Ended, because the person has died. Both agencies are told."),
}


@require_GET
def inbox(request):
    """The referrals of the user's agency in two lanes: our turn, their turn."""
    _may_look(request.user)
    box = inboxes.box_asked(request.user, request.GET.get("box"))
    shown = inboxes.page_of(request.user, box=box, number=request.GET.get("page"), now=timezone.now())
    owed = [] if any(can(request.user, word) for word in DESKS) else owed_by(request.user, timezone.now())
    households = {*shown["households"], *households_of(owed)}
    looked(request, Act.LIST, subjects=shown["subjects"], households=households, detail={"box": box})
    tickable = any(row["tick"] for lane in shown["lanes"] for row in lane["rows"])
    workers = handing.people_of(request.user.agency_id) if tickable else []
    return render(request, "referrals/inbox.html", shown | {"workers": workers, "owed": owed})


@require_GET
def detail(request, number):
    """One referral: whose turn, until when, what can be done, what the receiver sees, what happened."""
    referral = visible(request, number)
    return shown(request, referral, request.GET.get("do", ""), of=request.GET.get("of"))


@require_POST
def step(request, number, verb):
    """Take one step of the table; somebody who comes second is told so, and nothing is done twice."""
    referral = visible(request, number)
    if verb not in actions.VERBS:
        raise Http404
    try:
        REFERRAL.check(referral, verb, request.user)
        form = step_forms.for_step(referral, verb, request.user, timezone.now(), request.POST)
        if form is not None and not form.is_valid():
            return shown(request, referral, verb, form=form, status=422)
        words = form.cleaned_data if form is not None else {}
        taken = actions.VERBS[verb](referral, by=request.user, now=timezone.now(), **words)
        messages.success(request, _said(taken, verb))
    except NotYours:
        raise PermissionDenied from None
    except NotNow:
        now_stands = visible(request, number)
        messages.warning(request, actions.too_late(now_stands, verb, by=request.user))
    except actions.PacketChanged:
        messages.warning(request, gettext("The register has changed. Please check again what they will see."))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    if not Referral.objects.visible_to(request.user).filter(number=number).exists():
        return redirect("referrals:inbox")  # finished: to a colleague of who asked it is closed from here on
    return redirect("referrals:detail", number)


@never_cache
@require_GET
def letter(request, number, kind):
    """A letter of the referral as a PDF file; whoever may not read the contents gets none."""
    referral = visible(request, number)
    seen, now = as_seen_by(referral, request.user), timezone.now()
    if kind not in letters.KINDS or seen.veiled:
        raise Http404
    content = letters.printed(referral, kind, by=request.user, now=now) if fonts_installed() else None
    if content is None:
        messages.warning(request, gettext("There is no such letter yet, or the font for PDF files is not installed."))
        return redirect("referrals:detail", number)
    told = {"referral": referral.number, "letter": kind}
    looked(request, Act.EXPORT, subjects=seen.subjects, households=[referral.household_id], detail=told)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{referral.number}.pdf"'
    return response


def _said(taken, verb):
    if verb == "reroute" and taken.rerouted_to.sent_at is None:
        return gettext("It lies with the sending agency, which has to find a ground towards the next agency first.")
    return SAID[verb]


def _may_look(user):
    if not (can(user, May.RECEIVE) or can(user, May.REFER)):
        raise PermissionDenied


def visible(request, number):
    """Return the referral as this user may see it, with all that its page shows; 404 for a stranger."""
    rows = Referral.objects.visible_to(request.user).with_turn(request.user)
    beside = ("route", "consent", "rerouted_from__to_agency", "rerouted_to__to_agency", "follows__to_agency")
    related = ("household", "from_agency", "to_agency", "sender", "handler", *beside)
    return get_object_or_404(rows.with_veil().select_related(*related), number=number)


def shown(request, referral, asked="", *, of=None, form=None, status=200):
    """Render the page and log the look, once: at the referral, and at the list that stands beside it.

    `asked` names the form that is open, `of` what it is about, `form` its refused POST.
    """
    now = timezone.now()
    context = page.of(referral, request.user, now, asked=asked, of=of, form=form)
    side = _side(request, now)
    looked(
        request,
        Act.OPEN,
        subjects=[*context["seen"].subjects, *side["subjects"]],
        households=[referral.household_id, *side["households"]],
        detail={"referral": referral.number},
    )
    return render(request, "referrals/detail.html", context | {"side": side}, status=status)


def _side(request, now):
    """The list beside the referral, where there is room for it: the box that the user came from."""
    box = inboxes.box_asked(request.user, request.GET.get("box"))
    return inboxes.page_of(request.user, box=box, number=1, now=now)
