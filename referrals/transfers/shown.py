"""Transfers as pages show them: the household by its number alone; the desk names it where the user may see it."""

from django.utils.translation import gettext

from casework.agencies.models import WorkCalendar
from casework.audit.models import Event
from referrals.models import Transfer
from referrals.transfers import clocks
from referrals.transfers.workflow import OPEN, TRANSFER, TransferStatus

BESIDE = ("household", "from_agency", "to_agency", "worker", "proposed_by", "district__parent")
PAST = 30


def todo(transfer):
    """Say what the side whose turn it is has to do."""
    if transfer.status == TransferStatus.PROPOSED:
        return gettext("accept it and name a worker, or decline")
    if transfer.status == TransferStatus.ACCEPTED:
        return gettext("meet the household; until then the sending centre answers for it")
    if transfer.status == TransferStatus.DECLINED:
        return gettext("propose it to another centre, or keep the file here")
    return ""


def under_way(user, now):
    """Return the open transfers that the user sees and those that came back to the user's centre, the latest clock
    first: {"transfer", "due", "ours", "todo"}; one query, and the calendar."""
    seen = Transfer.objects.visible_to(user)
    found = seen.open() | seen.came_back().filter(from_agency=user.agency_id)
    rows = list(found.select_related(*BESIDE).order_by("proposed_at", "id"))
    calendar = WorkCalendar.load() if rows else None
    shown = [_row(row, user, now, calendar) for row in rows]
    return sorted(shown, key=lambda item: (item["due"] is not None, item["due"].at if item["due"] else now))


def moved_rows(found, titles=None):
    """Return each Outside as a list shows it, {"one", "name", "href"}; `titles` (by household id) name those that the
    user may see, else the number does."""
    rows = []
    for one in found:
        title = (titles or {}).get(one.home.household_id)
        number = one.home.household.number
        rows.append({"one": one, "name": title.name if title else number, "href": title.href if title else ""})
    return rows


def past(user):
    """Return the latest of those that ended."""
    return list(Transfer.objects.visible_to(user).exclude(status__in=OPEN).select_related(*BESIDE)[:PAST])


def _row(transfer, user, now, calendar):
    side = transfer.from_agency_id if transfer.status == TransferStatus.DECLINED else transfer.to_agency_id
    return {
        "transfer": transfer,
        "due": clocks.due(transfer, now, calendar),
        "ours": side == user.agency_id,
        "todo": todo(transfer),
    }


def page_of(transfer, user, now):
    """Return what the page of one transfer shows: its row, the steps that are open to the user, what happened."""
    return _row(transfer, user, now, WorkCalendar.load()) | {
        "steps": TRANSFER.open_to(transfer, user),
        "events": [
            {"event": event, "said": said(event.verb)} for event in Event.objects.about(transfer).order_by("-id")
        ],
    }


def said(verb):
    """Return an Event's verb in words."""
    return str(
        {
            "transfer proposed": gettext("Proposed"),
            "transfer accepted": gettext("Accepted"),
            "transfer: worker named": gettext("Worker named again"),
            "transfer declined": gettext("Declined"),
            "transfer given back": gettext("Given back"),
            "transfer withdrawn": gettext("Withdrawn"),
            "transfer: first contact": gettext("First contact: the file is taken over"),
        }.get(verb, verb)
    )
