"""Whether the household moved out of its centre's area, and the transfer that is under way: two parts of the one query
of `desks.household.file`, read beside the centre that answers."""

from datetime import datetime
from typing import Any

from casework.agencies.models import Agency, User
from casework.agencies.roles import May, can
from desks.atrisk.ranking import work_calendar
from referrals.models import Transfer
from referrals.transfers import clocks
from referrals.transfers.shown import todo

# Of the centre `agency`, as of `on`; the same condition as `referrals.transfers.outside.homes_outside`.
MOVED = """jsonb_build_object(
        'outside', EXISTS (SELECT FROM agencies_jurisdiction area
                WHERE area.agency_id = agency.id AND area.during @> %(on)s::date)
            AND EXISTS (SELECT FROM households_dwelling home
                WHERE home.household_id = (SELECT id FROM opened) AND home.superseded_at IS NULL
                    AND home.during @> %(on)s::date AND home.district_id IS NOT NULL AND NOT EXISTS (
                        SELECT FROM agencies_jurisdiction here WHERE here.agency_id = agency.id
                            AND here.district_id = home.district_id AND here.during @> %(on)s::date)),
        'transfer', (SELECT jsonb_build_object('number', number, 'status', status, 'proposed_at', proposed_at,
                'answered_at', answered_at, 'from', from_agency_id, 'to', to_agency_id,
                'ko', receiver.name_ko, 'en', receiver.name_en)
            FROM referrals_transfer going JOIN agencies_agency receiver ON receiver.id = to_agency_id
            WHERE going.household_id = (SELECT id FROM opened) AND status IN ('proposed', 'accepted')))"""


def moved_shown(centre: dict[str, Any] | None, user: User, now: datetime) -> dict[str, Any]:
    """Return {"transfer", "transfer_due", "transfer_todo"} where one is under way, {"outside"} where one is to be
    proposed; `centre` is the File's, with what MOVED gave. Nothing for an agency that is no part of it."""
    told = (centre or {}).get("moved") or {}
    if found := told.get("transfer"):
        if user.agency_id not in (found["from"], found["to"]):
            return {}
        going = _transfer(found)
        due = clocks.due(going, now, work_calendar(now))
        return {"transfer": going, "transfer_due": due, "transfer_todo": todo(going)}
    ours = bool(centre) and centre["id"] == user.agency_id  # type: ignore[index]
    return {"outside": bool(told.get("outside")) and ours and can(user, May.INTAKE)}


def _transfer(row: dict[str, Any]) -> Transfer:
    moments = {name: row[name] and datetime.fromisoformat(row[name]) for name in ("proposed_at", "answered_at")}
    receiver = Agency(pk=row["to"], name_ko=row["ko"], name_en=row["en"])
    return Transfer(
        number=row["number"], status=row["status"], from_agency_id=row["from"], to_agency=receiver, **moments
    )
