"""The inbox: which referrals a user looks at, whose turn each is, oldest first, those nobody has received on top."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Case, Count, Q, When
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.agencies.models import WorkCalendar
from casework.agencies.roles import May, can
from households.models import Draft
from referrals import clocks, lateness, statutory
from referrals.models import Referral
from referrals.models.referral import drafts_of
from referrals.packet import titled
from referrals.states import FINISHED, RECEIVERS_TURN, SENDERS_TURN, UNANSWERED, Status, Waits
from referrals.veil import closed_to

PAGE = 30
LABELS = {
    "received": _("Referrals received"),
    "sent": _("Referrals sent"),
    "mine": _("My referrals"),
    "nobody": _("Nobody has taken it"),
    "done": _("Finished"),
}


@dataclass(frozen=True)
class Box:
    """One filter of the inbox with its count."""

    name: str
    label: object
    count: int
    current: bool


def boxes_of(user):
    """Return the condition of each box, applied within `visible_to(user)`; a colleague's draft is in none,
    unless nobody else would send it (`drafts_of`)."""
    agency = user.agency_id
    seen = ~Q(status=Status.DRAFT) | drafts_of(user)
    under_way = ~Q(status__in=FINISHED) & seen
    waiting = Q(to_agency=agency, status__in=UNANSWERED, handler=None)
    return {
        "received": Q(to_agency=agency) & under_way,
        "sent": Q(from_agency=agency) & under_way,
        "mine": (Q(handler=user.pk) | Q(sender=user.pk)) & under_way,
        "nobody": waiting,
        "done": Q(status__in=FINISHED),
    }


def box_asked(user, asked):
    """Return the box to show: the one asked for, else what came in, else (for those who mostly send) what was sent."""
    if asked in LABELS:
        return asked
    return "sent" if can(user, May.REFER) else "received"


def counted(user, *, box, now):
    """Return {box: count} with `ours_count`, `late_count` and `late_there` (past their date: our turn, their turn),
    and `ours_here` (our turn, in `box`)."""
    kinds = _kinds(user, now)

    def number(*names):
        return sum(kind["number"] for kind in kinds if all(kind[name] for name in names))

    late, ours_late = number("late"), number("ours", "late")
    counts = {name: number(name) for name in LABELS} | {"ours_count": number("ours"), "ours_here": number("ours", box)}
    return counts | {"late_count": ours_late, "late_there": late - ours_late}


def _kinds(user, now):
    """Return how many referrals there are of each kind: in which boxes, whose turn, late or not. Each is said once in
    the question; as a count with a condition each, it was said for every count."""
    said = boxes_of(user) | {"late": lateness.overdue(now)}
    columns = {name: Case(When(condition, then=True), default=False) for name, condition in said.items()}
    rows = Referral.objects.visible_to(user).with_turn(user).annotate(**columns).order_by()
    return list(rows.values("ours", *columns).annotate(number=Count("pk")))


def rows_in(user, box):
    """Return the referrals of a box: our turn first, then those not yet acknowledged, then by age."""
    own = Q(status=Status.DRAFT, rerouted_from=None)
    first = Case(When(status__in=[Status.SENT, Status.DRAFT], then=0), default=1)
    first = Case(When(own, then=2), default=first)
    order = ["-closed_at", "-id"] if box == "done" else ["-ours", first, "sent_at", "id"]
    return Referral.objects.visible_to(user).with_turn(user).filter(boxes_of(user)[box]).order_by(*order)


def _shown(rows, now):
    """Return rows with all that a line of the page says; for those of one page, since it costs most."""
    found = rows.select_related("from_agency", "to_agency", "handler", "sender").with_clocks(now).with_veil()
    return found.annotate(law=statutory.nearest("pk"))


def page_of(user, *, box, number, now):
    """Return what the inbox page shows: boxes, rows in two lanes, the page, counts; four queries."""
    calendar = WorkCalendar.load()
    counts = counted(user, box=box, now=now)
    found = rows_in(user, box)
    paginator = Paginator(found.values("pk"), PAGE)
    paginator.count = counts[box]
    page = paginator.get_page(number)
    rows = [_row(one, user, now, calendar) for one in _shown(found.filter(pk__in=page.object_list), now)]
    return {
        "box": box,
        "boxes": [Box(name, label, counts[name], name == box) for name, label in LABELS.items()],
        "page": page,
        "lanes": _lanes(rows, box, counts),
        "ours": counts["ours_count"],
        "late": counts["late_count"],
        "late_there": counts["late_there"],
        "unfinished": unfinished(user) if box in ("sent", "mine") else [],
        "subjects": sorted({person for row in rows for person in row["subjects"]}),
        "households": sorted({row["referral"].household_id for row in rows}),
    }


def shown_of(user, ids, *, box, now):
    """Return some referrals of a box as its page shows them, each with `said` (the whole request) and `closed` (whether
    its contents are closed to the user); two queries."""
    calendar = WorkCalendar.load()
    return [
        _row(one, user, now, calendar)
        | {"said": "" if closed_to(one, user) else one.request, "closed": closed_to(one, user)}
        for one in _shown(rows_in(user, box).filter(pk__in=ids), now)
    ]


def unfinished(user):
    """Return the user's own texts that are not yet a draft referral."""
    keys = Referral.objects.filter(sender=user.pk, client_key__isnull=False).order_by().values("client_key")
    own = Draft.objects.visible_to(user).filter(kind=Draft.Kind.REFERRAL, household__isnull=False)
    return own.exclude(client_key__in=keys).select_related("household").order_by("-saved_at", "-id")[:PAGE]


def _lanes(rows, box, counts):
    """Return the lanes that have rows on this page, each with its count over all pages."""
    if box == "done":
        lanes = [("done", rows, counts["done"])]
    else:
        ours, theirs = ([row for row in rows if row["referral"].ours is side] for side in (True, False))
        lanes = [("ours", ours, counts["ours_here"]), ("theirs", theirs, counts[box] - counts["ours_here"])]
    return [{"name": name, "rows": found, "count": count} for name, found, count in lanes if found]


def _row(referral, user, now, calendar):
    sending = referral.from_agency_id == user.agency_id
    veiled = closed_to(referral, user)
    request = "" if veiled else referral.request
    row = {
        "referral": referral,
        "title": titled(referral, user),
        "subjects": [] if veiled else referral.packet.get("subjects", []),
        "other": referral.to_agency if sending else referral.from_agency,
        "who": referral.handler or (referral.sender if referral.status in SENDERS_TURN else ""),
        "nobody": referral.status in UNANSWERED and referral.handler_id is None,
        "urgent": referral.same_day and referral.status in UNANSWERED,
        "tick": tick_of(referral) if not sending and referral.status in RECEIVERS_TURN else "",
    }
    return row | {"request": request} | _clock(referral, sending, now, calendar)


def tick_of(referral):
    """Return the value of a row's box: the number, and who had it when the page was made."""
    return f"{referral.number}.{referral.handler_id or ''}"


def _clock(referral, sending, now, calendar):
    """Return what stands at the left of the row: the clock that ends first, ours or the law's."""
    due = clocks.due(referral, now, calendar)
    law = statutory.line(referral.law, now, calendar.holidays) if referral.law else None
    if law and referral.status not in FINISHED and (due is None or law["at"] < due.at):
        return {
            "due": law["text"],
            "what": gettext("Statutory decision"),
            "state": law["state"],
            "request": law["words"],
        }
    if due is None:
        return {"due": referral.get_status_display(), "what": "", "state": ""}
    if not sending and not due.late and referral.waits_for == Waits.SENDER and clocks.stands_still(referral):
        return {"due": clocks.standing_words(referral, now, calendar), "what": due.label, "state": ""}
    return {"due": due.text, "what": due.label, "state": due.state}
