"""The inbox: which referrals a user looks at, whose turn each is, oldest first, those nobody has received on top."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Case, Count, Q, When
from django.utils.translation import gettext_lazy as _

from casework.agencies.roles import May, can
from casework.clock import Holiday
from households.models import Draft
from referrals import clocks
from referrals.models import Referral
from referrals.states import FINISHED, SENDERS_TURN, Status

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
    """Return the condition of each box, applied within `visible_to(user)`; a colleague's draft is in none."""
    agency = user.agency_id
    under_way = ~Q(status__in=FINISHED) & (~Q(status=Status.DRAFT) | Q(sender=user.pk))
    waiting = Q(to_agency=agency, status__in=[Status.SENT, Status.RECEIVED], handler=None)
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


def counted(user, *, box, now, holidays):
    """Return {box: count} with `ours_count`, `late_count` and `late_there` (past their date: our turn, their turn),
    and `ours_here` (our turn, in `box`)."""
    boxes = boxes_of(user)
    rows = Referral.objects.visible_to(user).with_turn(user)
    ours = Q(ours=True)
    late = clocks.overdue(now, holidays)
    counts = {name: Count("pk", filter=condition) for name, condition in boxes.items()}
    counts |= {"ours_count": Count("pk", filter=ours), "late_count": Count("pk", filter=ours & late)}
    counts["late_there"] = Count("pk", filter=~ours & late)
    return rows.aggregate(**counts, ours_here=Count("pk", filter=ours & boxes[box]))


def rows_in(user, box):
    """Return the referrals of a box: our turn first, then those not yet acknowledged, then by age."""
    first = Case(When(status=Status.SENT, then=0), When(status=Status.DRAFT, then=2), default=1)
    order = ["-closed_at", "-id"] if box == "done" else ["-ours", first, "sent_at", "id"]
    return (
        Referral.objects.visible_to(user)
        .with_turn(user)
        .filter(boxes_of(user)[box])
        .select_related("from_agency", "to_agency", "handler", "sender")
        .order_by(*order)
    )


def page_of(user, *, box, number, now):
    """Return what the inbox page shows: boxes, rows in two lanes, the page, counts; four queries."""
    holidays = Holiday.objects.days()
    counts = counted(user, box=box, now=now, holidays=holidays)
    paginator = Paginator(rows_in(user, box), PAGE)
    paginator.count = counts[box]
    page = paginator.get_page(number)
    rows = [_row(referral, user, now, holidays) for referral in page.object_list]
    return {
        "box": box,
        "boxes": [Box(name, label, counts[name], name == box) for name, label in LABELS.items()],
        "page": page,
        "lanes": _lanes(rows, box, counts),
        "ours": counts["ours_count"],
        "late": counts["late_count"],
        "late_there": counts["late_there"],
        "unfinished": unfinished(user) if box in ("sent", "mine") else [],
        "subjects": sorted({person for row in rows for person in row["referral"].packet.get("subjects", [])}),
        "households": sorted({row["referral"].household_id for row in rows}),
    }


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


def _row(referral, user, now, holidays):
    due = clocks.due(referral, now, holidays)
    sending = referral.from_agency_id == user.agency_id
    nobody = referral.status in (Status.SENT, Status.RECEIVED) and referral.handler_id is None
    return {
        "referral": referral,
        "due": due.text if due else referral.get_status_display(),
        "what": due.label if due else "",
        "state": due.state if due else "",
        "other": referral.to_agency if sending else referral.from_agency,
        "who": referral.handler or (referral.sender if referral.status in SENDERS_TURN else ""),
        "nobody": nobody,
        "urgent": referral.same_day and referral.status in (Status.SENT, Status.RECEIVED),
    }
