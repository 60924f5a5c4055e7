"""The page of one referral: what each side sees, which buttons stand there, and which form is open."""

from dataclasses import dataclass

from django import forms
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from casework.agencies.models import Kind, WorkCalendar
from casework.agencies.roles import May, can
from casework.audit.models import Event
from casework.workflow import NotNow, NotYours
from referrals import clocks, history, letters, outcomes, packet, statutory, step_forms, thread
from referrals.models import Message
from referrals.offices import knowing
from referrals.states import CAME_BACK, RECEIVERS_TURN, Status
from referrals.workflow import REFERRAL, is_receiver

LOOKS = {
    "acknowledge": ("", "mail"),
    "accept": ("go", "ok"),
    "begin": ("go", "ok"),
    "resume": ("go", "ok"),
    "provide": ("go", "note"),
    "send": ("go", "send"),
    "confirm": ("go", "ok"),
}
REFUSALS = ("decline", "return", "cancel", "fail", "end")
LAST = ("hold", "reroute", *REFUSALS)
ASKS = (*(verb for verb in LAST if verb != "end"), "provide")
ASK, ASSIGN = _("Ask · the clock stands still"), _("Choose who takes it")
BENEFIT, DECIDE, EXTEND = _("Record an application"), _("Record the decision"), _("Extend to 60 days · reason")
DECIDES_BENEFITS = (Kind.CITY, Kind.TOWN, Kind.PROVINCE)


@dataclass(frozen=True)
class Opened:
    """The form that is open: what it is called, where it posts to, a sentence above it."""

    asked: str
    label: object
    action: str
    form: forms.BaseForm
    note: str = ""

    @property
    def fields(self):
        """The fields in the order of the page: free words last."""
        return sorted(self.form.visible_fields(), key=lambda field: field.name in ("text", "reason"))


def of(referral, user, now, *, asked="", of=None, form=None):
    """Return the context of the page without the list beside it.

    `asked` names the step or the act whose form is open, `of` the application or the question it is about, `form` its
    refused POST.
    """
    calendar = WorkCalendar.load()
    seen = packet.as_seen_by(referral, user)
    sending = referral.from_agency_id == user.agency_id
    steps = REFERRAL.open_to(referral, user)
    return {
        "referral": referral,
        "sending": sending,
        "is_draft": referral.status == Status.DRAFT,
        "buttons": _buttons(referral, user, steps),
        "assignable": any(s.verb == "accept" for s in steps),
        "opened": _opened(referral, user, now, asked, of, form),
        "call": _call(referral, sending),
        "due": clocks.due(referral, now, calendar),
        "standing": _standing(referral, now, calendar),
        "clocks": clocks.stations(referral, now, calendar),
        "law": _law(referral, user, now, calendar),
        "why": seen.reason if _came_back(referral) else "",
        "proposes": _proposes(referral) if referral.status == Status.DECLINED and sending else "",
        "beside": _beside(referral, sending),
        "seen": seen,
        "letters": letters.kinds_of(referral, seen),
        "results": outcomes.told(referral, seen),
        "reported_before": bool(referral.outcome) and referral.provided_at is None,
        "thread": _thread(referral, user, seen, asked, of, form),
        "history": history.happened(referral, sending=sending, veiled=seen.veiled),
        "again": _again(referral, user) if sending else "",
        "conflict": reverse("referrals:conflict", args=[referral.number]) if is_receiver(referral, user) else "",
    }


def may(check, *args):
    """Return whether a check that raises lets it pass."""
    try:
        check(*args)
    except (NotNow, NotYours):
        return False
    return True


def _buttons(referral, user, steps):
    """First what leads on, then who does it and what is asked, last what leads elsewhere: as drawn."""
    on = [_button(step, referral) for step in steps if step.verb not in LAST]
    receiving = is_receiver(referral, user) and referral.status in RECEIVERS_TURN
    if receiving:
        on.append(_linked("accept" if any(s.verb == "accept" for s in steps) else "assign", ASSIGN))
    if receiving and referral.handler_id is None:
        take = reverse("referrals:take", args=[referral.number])
        on.append(_linked("claim", _("Take")) | {"key": "M", "action": take, "asks": False})
    if may(thread.check_may_ask, referral, user):
        on.append(_linked("ask", ASK) | {"key": "Q"})
    # Nothing is put on hold before the first contact, see `holding.hold`.
    last = [step for step in steps if step.verb in LAST and (step.verb != "hold" or referral.contacted_at)]
    return on + [_button(step, referral) for step in last]


def _button(step, referral):
    kind, icon = LOOKS.get(step.verb, ("no", "") if step.verb in REFUSALS else ("", ""))
    first = step.verb == "acknowledge" or (step.verb == "accept" and referral.status == Status.RECEIVED)
    return {
        "verb": step.verb,
        "label": step.label,
        "kind": kind,
        "icon": icon,
        "key": "A" if first else "",
        "asks": step.verb in ASKS,
        "action": reverse("referrals:step", args=[referral.number, step.verb]),
    }


def _linked(verb, label):
    return {"verb": verb, "label": label, "kind": "", "icon": "", "key": "", "asks": True, "action": ""}


def _opened(referral, user, now, asked, of, form):
    """Return the Opened form, or None where nothing was asked for or it is not this user's to do."""
    step = next((s for s in REFERRAL.open_to(referral, user) if s.verb == asked), None)
    if step:
        form = form or step_forms.for_step(referral, asked, user, now)
        action = reverse("referrals:step", args=[referral.number, asked])
        note = _clock_note(referral) if asked == "hold" else ""
        return Opened(asked, step.label, action, form, note) if form else None
    if asked == "ask" and may(thread.check_may_ask, referral, user):
        action = reverse("referrals:say", args=[referral.number])
        return Opened(asked, ASK, action, form or step_forms.message("question"), _clock_note(referral))
    if asked == "assign" and is_receiver(referral, user) and referral.status in RECEIVERS_TURN:
        action = reverse("referrals:take", args=[referral.number])
        return Opened(asked, ASSIGN, action, form or step_forms.handler(referral))
    return _opened_by_law(referral, user, asked, of, form)


def _opened_by_law(referral, user, asked, of, form):
    """The forms of the law's clock: an application, its decision, its extension."""
    if asked == "benefit" and may(statutory.check_may_record, referral, user):
        action = reverse("referrals:benefit", args=[referral.number])
        return Opened(asked, BENEFIT, action, form or step_forms.application())
    found = referral.applications.filter(pk=of, decided_on=None).first() if str(of or "").isdecimal() else None
    allowed = {"decide": statutory.check_may_decide, "extend": statutory.check_may_extend}.get(asked)
    if found is None or allowed is None or not may(allowed, found, user):
        return None
    action = reverse("referrals:benefit_step", args=[referral.number, found.pk, asked])
    label = DECIDE if asked == "decide" else EXTEND
    return Opened(asked, f"{found.benefit} · {label}", action, form or step_forms.of_benefit(asked))


def _clock_note(referral):
    own = clocks.RUNNING.get(referral.status)
    if own and referral.route.limit(own.name).unit == "h":
        return gettext("This request is counted in hours: its clock does not stand still, whatever is asked.")
    return gettext("The clock of working days stands still as long as it waits. The law's days run on.")


def _standing(referral, now, calendar):
    """Say that the receiver's clock stands still, for whom it waits and since when; or that hours run on."""
    if not referral.waits_for:
        return ""
    whom = referral.get_waits_for_display()
    if not clocks.stands_still(referral):
        return gettext("Waits for: %(whom)s. It is counted in hours, so that the clock runs on.") % {"whom": whom}
    said = clocks.standing_words(referral, now, calendar)
    return gettext("Waits for: %(whom)s. The receiver's clock %(stands)s.") % {"whom": whom, "stands": said}


def _thread(referral, user, seen, asked, of, form):
    """Return the thread: {rows, form}. A question that nobody answered brings the form of its answer along."""
    if referral.sent_at is None:
        return None
    said = [] if seen.veiled else list(referral.messages.select_related("author", "agency").order_by("id"))
    answered = {message.answers_id for message in said}
    rows = [_line(message, answered, referral, user, asked, of, form) for message in said]
    comment = step_forms.message("comment") if may(thread.check_may_say, referral, user) else None
    return {
        "rows": rows,
        "form": form if comment and asked == "comment" and form else comment,
        "open": asked == "comment",
    }


def _line(message, answered, referral, user, asked, of, form):
    open_question = message.kind == Message.Kind.QUESTION and message.pk not in answered
    reply = None
    if open_question and may(thread.check_may_answer, referral, message, user):
        reply = form if asked == "answer" and of == message.pk and form else step_forms.message("answer", message.pk)
    return {"message": message, "waits": open_question, "form": reply, "ours": message.agency_id == user.agency_id}


def _law(referral, user, now, calendar):
    """Return the law's clock: {rows, record}, or None where no benefit is decided there and none was applied for."""
    found = list(referral.applications.order_by("applied_on", "id")) if referral.sent_at else []
    record = may(statutory.check_may_record, referral, user)
    if referral.sent_at is None or not (found or referral.to_agency.kind in DECIDES_BENEFITS):
        return None
    rows = [
        {
            "application": one,
            "line": statutory.line_of(one, now, calendar.holidays),
            "decide": may(statutory.check_may_decide, one, user),
            "extend": may(statutory.check_may_extend, one, user),
        }
        for one in found
    ]
    return {"rows": rows, "record": record}


def _beside(referral, sending):
    """Return the referrals that this one goes on from and goes on as, {label, referral, link}, as far as told here."""
    after = getattr(referral, "rerouted_to", None)
    rows = [(_("Passed on from"), referral.rerouted_from), (_("Passed on to"), after)]
    if sending:
        rows.append((_("Asked again after"), referral.follows))
        following = referral.followed_by.exclude(status=Status.CANCELLED).select_related("to_agency").order_by("-id")
        rows.append((_("Asked again as"), following.first()))
    return [
        {"label": label, "number": other.number, "agency": other.to_agency, "linked": sending}
        for label, other in rows
        if other is not None
    ]


def _again(referral, user):
    """Return where the user asks another agency after this one came back or was taken back, or nothing."""
    known = knowing.KNOWN in referral.packet
    if referral.status not in (*CAME_BACK, Status.CANCELLED) or not can(user, May.ASK_FOR if known else May.REFER):
        return ""
    new = reverse("referrals:ask_for", args=[referral.person_id]) if known else ""
    return f"{new or reverse('referrals:new', args=[referral.household.number])}?again={referral.number}"


def _proposes(referral):
    """Return whom the agency that declined proposes to ask instead, or nothing."""
    event = Event.objects.about(referral).filter(verb="declined").first()
    said = (event.data if event else {}).get("proposes")
    if not said:
        return ""
    return said["en"] if get_language() == "en" and said["en"] else said["ko"]


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
    said = (*CAME_BACK, Status.CANCELLED, Status.DISPUTED, Status.ON_HOLD, Status.REROUTED)
    return unconfirmed or referral.status in said
