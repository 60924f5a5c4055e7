"""What travels between systems of a referral, free of our tables: what a Bundle is made of and read into."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from referrals import veil
from referrals.api.shown import outside
from referrals.offices.knowing import KNOWN
from referrals.states import MOMENTS


@dataclass(frozen=True)
class Office:
    """An agency: its number here, its Korean name, its kind."""

    id: int
    name: str
    kind: str


@dataclass(frozen=True)
class Result:
    """What came of one hoped-for result."""

    order: int
    result: str
    text: str = ""


@dataclass(frozen=True)
class Wire:
    """One referral as it travels. `subject` is a case number, or where it is about all of them a household number."""

    number: str
    status: str
    need: str
    urgency: str
    title: str
    request: str
    sender: Office
    receiver: Office
    written_at: datetime
    subject: str = ""
    about_household: bool = True
    packet: dict[str, Any] = field(default_factory=dict)
    outcome: str = ""
    outcome_text: str = ""
    reason: str = ""
    waits_for: str = ""
    results: tuple[Result, ...] = ()
    moments: tuple[tuple[str, datetime], ...] = ()
    closed: bool = False


def wire_of(referral, user):
    """Return what travels of a referral to the user's side; where its view is closed, the frame without contents."""
    closed = veil.closed_to(referral, user)
    shown = not closed
    return Wire(
        number=referral.number,
        status=str(referral.status),
        need=referral.need,
        urgency=referral.urgency,
        title=referral.title if shown else "",
        request=referral.request if shown else "",
        sender=_office(referral.from_agency),
        receiver=_office(referral.to_agency),
        written_at=referral.recorded_at,
        subject=_subject(referral, user) if shown else "",
        about_household=referral.person_id is None,
        packet=outside(referral.packet) if shown else {},
        outcome=referral.outcome,
        outcome_text=referral.outcome_text if shown else "",
        reason=referral.reason if shown else "",
        waits_for=referral.waits_for,
        results=_results(referral) if shown else (),
        moments=tuple((name, at) for name in MOMENTS if (at := getattr(referral, name))),
        closed=closed,
    )


def _office(agency):
    return Office(id=agency.pk, name=agency.name_ko, kind=agency.kind)


def _subject(referral, user):
    """A person's case number goes along a life: the packet does not hold it, so only the sender's own side gets it."""
    if referral.person_id is None:
        return referral.household.number
    own = referral.from_agency_id == user.agency_id and KNOWN not in referral.packet  # an office knows a name only
    return referral.person.case_number if own else ""


def _results(referral):
    lines = referral.desired.exclude(result="").order_by("order")
    return tuple(Result(line.order, line.result, line.result_text) for line in lines)
