"""One referral as a card of the board and a row of a list show it: as much as a row of the inbox, and as little."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from casework.agencies.models import User, WorkCalendar
from referrals import clocks
from referrals.models import Referral
from referrals.packet import titled
from referrals.states import UNANSWERED, Status
from referrals.veil import closed_to


def rows_of(ids: Collection[int], user: User, now: datetime) -> dict[int, dict[str, Any]]:
    """Return {id: row} of referrals that the user may see; two queries. Which those are the caller has asked before."""
    calendar = WorkCalendar.load()
    found = Referral.objects.filter(pk__in=ids).with_clocks(now).with_veil()
    related = found.select_related("from_agency", "to_agency", "handler", "sender").order_by("pk")
    return {referral.pk: _row(referral, user, now, calendar) for referral in related}


def looked_at(rows: Collection[dict[str, Any]]) -> dict[str, list[int]]:
    """Return whose data the rows show, for the access log: `subjects` and `households`."""
    return {
        "subjects": sorted({person for row in rows for person in row["subjects"]}),
        "households": sorted({row["household"] for row in rows}),
    }


def _row(referral: Referral, user: User, now: datetime, calendar: WorkCalendar) -> dict[str, Any]:
    veiled = closed_to(referral, user)
    due = clocks.due(referral, now, calendar)
    unanswered = referral.status in UNANSWERED
    return {
        "number": referral.number,
        "title": titled(referral, user),
        "request": "" if veiled else referral.request,
        "other": referral.to_agency if referral.from_agency_id == user.agency_id else referral.from_agency,
        "who": (referral.sender if referral.status == Status.DRAFT else referral.handler) or "",
        "nobody": unanswered and referral.handler_id is None,
        "urgent": unanswered and referral.same_day,
        "due": due.text if due else referral.get_status_display(),
        "what": due.label if due else "",
        "state": due.state if due else "",
        "household": referral.household_id,
        "subjects": [] if veiled else referral.packet.get("subjects", []),
    }
