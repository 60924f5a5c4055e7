"""A referral as a system reads it: plain dicts, from the same words that decide what a page shows."""

from django.utils.timezone import localtime

from referrals import clocks, packet, veil
from referrals.states import MOMENTS
from referrals.workflow import REFERRAL

# Keys of our own tables; nobody outside has a use for them.
INSIDE = ("subjects",)


def moment(at):
    """Return a moment as ISO 8601 in Seoul time, or None."""
    return localtime(at).isoformat() if at else None


def agency(found):
    """Return an agency as a reference."""
    return {"id": found.pk, "name": str(found)}


def row(referral, user, now, calendar):
    """Return one line of a list; `referral` comes from `listing.rows`."""
    due = clocks.due(referral, now, calendar)
    return {
        "number": referral.number,
        "status": referral.status,
        "turn": turn(referral, user),
        "need": referral.need,
        "urgency": referral.urgency,
        "title": packet.titled(referral, user),
        "from_agency": agency(referral.from_agency),
        "to_agency": agency(referral.to_agency),
        "sent_at": moment(referral.sent_at),
        "due_at": moment(due.at) if due else None,
        "late": bool(due and due.late),
    }


def one(referral, user, now, calendar):
    """Return one referral whole, as far as the user's side may read it."""
    seen = packet.as_seen_by(referral, user)
    following = getattr(referral, "rerouted_to", None)
    return row(referral, user, now, calendar) | {
        "request": seen.request,
        "closed_because": seen.why,
        "ground": "" if seen.veiled else referral.ground,
        "packet": {} if seen.veiled else outside(referral.packet),
        "desired": desired(referral, seen),
        "messages": [] if seen.veiled else messages(referral),
        "handler": str(referral.handler or ""),
        "outcome": referral.outcome,
        "outcome_text": seen.outcome_text,
        "reason": seen.reason,
        "waits_for": referral.waits_for,
        "moments": {name: moment(getattr(referral, name)) for name in MOMENTS},
        "rerouted_from": referral.rerouted_from.number if referral.rerouted_from_id else None,
        "rerouted_to": following.number if following else None,
        "steps": [step.verb for step in REFERRAL.open_to(referral, user) if step.verb != "end"],  # people do that
    }


def version(referral, user):
    """Return what tells one version of a referral from the next, in no language and at no hour: for its ETag."""
    columns = (
        "status",
        "handler_id",
        "need",
        "urgency",
        "title",
        "request",
        "ground",
        "packet",
        "outcome",
        "outcome_text",
        "reason",
    )
    return {
        "side": "sender" if referral.from_agency_id == user.agency_id else "receiver",
        "columns": [getattr(referral, name) for name in (*columns, "waits_for", "to_agency_id")],
        "moments": [moment(getattr(referral, name)) for name in MOMENTS],
        "closed": veil.closed_to(referral, user),
        "desired": list(referral.desired.order_by("order").values_list("order", "result", "result_text")),
        "messages": referral.messages.count(),
    }


def turn(referral, user):
    """Return whose turn it is, from the user's side: "ours", "theirs" or "" when it is finished."""
    side = referral.turn
    if not side:
        return ""
    return "ours" if (side == "sender") == (referral.from_agency_id == user.agency_id) else "theirs"


def outside(kept):
    """Return a packet without the keys of our own tables."""
    told = {name: part for name, part in kept.items() if name not in INSIDE}
    if isinstance(told.get("consent"), dict):
        told["consent"] = {name: part for name, part in told["consent"].items() if name != "by"}
    return told


def desired(referral, seen):
    """Return the hoped-for results that this side may read, each with what came of it."""
    hopes = {hope["order"]: hope for hope in seen.desired}
    return [
        {
            "order": line.order,
            "text": line.text,
            "whom": hopes[line.order]["for"],
            "result": line.result,
            "result_text": line.result_text,
        }
        for line in referral.desired.order_by("order")
        if line.order in hopes
    ]


def messages(referral):
    """Return the thread, the oldest first."""
    rows = referral.messages.select_related("agency").order_by("id")
    return [
        {"id": said.pk, "kind": said.kind, "text": said.text, "agency": agency(said.agency), "at": moment(said.at)}
        for said in rows
    ]


def subjects(referral, user):
    """Return the ids of the persons whom a line or a page of this referral shows to the user, for the access log."""
    return [] if veil.closed_to(referral, user) else referral.packet.get("subjects", [])
