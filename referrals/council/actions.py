"""What people do with a council and its meetings. Each is atomic and takes the meeting first, households after it."""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from casework.agencies.models import Jurisdiction
from casework.audit.record import record
from casework.clock import day_ends, seoul_day
from casework.landing import landed
from casework.workflow import NotYours
from households.actions import Refused
from households.actions.refusal import refusals
from referrals.council import material, showing
from referrals.council.workflow import MEETING, SHOWING, TYPED, MeetingStatus, convenes, keeps
from referrals.models import AgendaGrant, AgendaItem, Council, CouncilAttendance, CouncilMeeting, CouncilMember
from referrals.models.council import SHOWN_AFTER


def convene(*, kind, name, by, now, districts=(), client_key=None):
    """Set a council up at the user's agency, which is its first member; return it. Without districts it is for those
    that the agency covers.

    Raises `NotYours` for who convenes none, `Refused` for a name that is taken.
    """
    if not convenes(by):
        raise NotYours("keeper")
    if first := landed(Council.objects, by=by, client_key=client_key):
        return first
    try:
        with refusals():
            return _convened(kind, name.strip(), districts, by, seoul_day(now), client_key)
    except (IntegrityError, Refused):
        if first := landed(Council.objects, by=by, client_key=client_key):
            return first
        raise


def _convened(kind, name, districts, by, on, client_key):
    made = Council.objects.create(kind=kind, name=name, convened_by=by.agency, recorded_by=by, client_key=client_key)
    covered = Jurisdiction.objects.filter(agency=by.agency_id, during__contains=on)
    made.districts.set(districts or covered.values_list("district", flat=True))
    CouncilMember.objects.create(council=made, agency=by.agency, during=(on, None), recorded_by=by)
    record("council convened", made, by=by)
    return made


def seat(council, *, agency, by, now, user=None, since=None):
    """Make an agency a member, or one person of it alone; what is on a sent agenda is shown to it too. Returns the row.

    Raises `NotYours` for who does not keep the council, `Refused` for a day to come, another agency's person, or an
    agency that is a member already.
    """
    check_keeps(council, by)
    on = seoul_day(now)
    if (since or on) > on:
        raise Refused(_("A membership begins today or before."), field="since")
    if user is not None and user.agency_id != agency.pk:
        raise Refused(_("This person does not work at the agency."), field="user")
    with refusals():
        meetings = _held(council.pk)
        made = CouncilMember.objects.create(
            council=council, agency=agency, user=user, during=(since or on, None), recorded_by=by
        )
        record("council member", made, by=by, data={"agency": agency.pk})
        for meeting in meetings:
            if meeting.status in SHOWING and meeting.open_until > now:
                showing.show(meeting, now=now)
    return made


@transaction.atomic
def unseat(member, *, by, now):
    """End a membership today; what was shown to the agency for open meetings is shown no longer."""
    _held(member.council_id)
    held = CouncilMember.objects.select_for_update(of=("self",)).select_related("council").get(pk=member.pk)
    check_keeps(held.council, by)
    if held.agency_id == held.council.convened_by_id:
        raise ValidationError(_("The agency that convenes the council stays a member."))
    on = seoul_day(now)
    if held.during.upper is not None or held.during.isempty:
        return held
    held.during = DateRange(held.during.lower, on) if held.during.lower < on else DateRange(empty=True)
    held.save(update_fields=["during"])
    grants = AgendaGrant.objects.filter(item__meeting__council=held.council, agency=held.agency)
    showing.end(grants, by=by, now=now)
    record("council member left", held, by=by)
    return held


def plan(council, *, starts_at, place, chair, by, now, last_day=None, client_key=None):
    """Plan a meeting; what will be shown for it ends with `last_day` (default: seven days after it). Returns the row.

    Raises `NotYours` for who does not keep the council, `Refused` for a time that has passed or an end too late.
    """
    check_keeps(council, by)
    if first := landed(CouncilMeeting.objects, by=by, client_key=client_key, author="planned_by"):
        return first
    if starts_at <= now:
        raise Refused(_("A meeting is planned for a time to come."), field="starts_at")
    try:
        with refusals():
            made = CouncilMeeting.objects.create(
                council=council,
                starts_at=starts_at,
                place=place.strip(),
                chair=chair.strip(),
                open_until=day_ends(last_day) if last_day else starts_at + SHOWN_AFTER,
                planned_by=by,
                client_key=client_key,
            )
            record("meeting planned", made, by=by)
    except IntegrityError:
        if first := landed(CouncilMeeting.objects, by=by, client_key=client_key, author="planned_by"):
            return first
        raise
    return made


@transaction.atomic
def send(meeting, *, by, now):
    """Send the agenda: the line about each household is frozen, and each is shown to the members as its ground carries.

    Raises `NotYours`, `NotNow`, and `ValidationError` where nothing is on the agenda.
    """
    held = locked(meeting)
    MEETING.check(held, "send", by)
    if not held.items.standing().exists():
        raise ValidationError(_("There is no household on the agenda yet."))
    sent = MEETING.perform(held, "send", by=by, sent_at=now)
    freeze(sent, now)
    showing.show(sent, now=now)
    return sent


@transaction.atomic
def hold(meeting, *, by, now):
    """Say that the meeting was held. Raises `ValidationError` before it has begun."""
    held = locked(meeting)
    MEETING.check(held, "hold", by)
    if now < held.starts_at:
        raise ValidationError(_("The meeting has not begun yet."))
    return MEETING.perform(held, "hold", by=by, held_at=now)


@transaction.atomic
def close(meeting, *, by, now):
    """Close the minutes. Raises `ValidationError` while nothing was decided about a household that the keeper still
    sees: of what is shown to the convening agency no longer, nothing can be decided."""
    held = locked(meeting)
    MEETING.check(held, "close", by)
    seen = AgendaItem.objects.visible_to(by).standing().filter(meeting=held)
    if left := seen.filter(decisions=None).count():
        raise ValidationError(_("Nothing is decided yet about %(n)s of the households.") % {"n": left})
    return MEETING.perform(held, "close", by=by, minuted_at=now)


@transaction.atomic
def cancel(meeting, *, by, now, reason):
    """Cancel a meeting with a reason; what was shown for it is shown no longer."""
    held = locked(meeting)
    MEETING.check(held, "cancel", by)
    if not reason.strip():
        raise ValidationError(_("Please give the reason."))
    showing.end(AgendaGrant.objects.filter(item__meeting=held), by=by, now=now)
    held.reason = reason.strip()
    held.save(update_fields=["reason"])
    return MEETING.perform(held, "cancel", by=by, reason=held.reason)


@transaction.atomic
def attend(meeting, *, ticks, by, now):
    """Write who was there: `ticks` is {member id: (present, who sat there)}; who is not named in it stays as written.
    The same once more changes nothing."""
    held = locked(meeting)
    check_types(held, by)
    seats = {member.pk for member in members_at(held)}
    rows = {row.member_id: row for row in held.attendances.all()}
    said = {pk: (bool(present), who.strip()[:80]) for pk, (present, who) in ticks.items() if pk in seats}
    before = {pk: (row.present, row.who) for pk, row in rows.items()}
    changed = {pk: words for pk, words in said.items() if before.get(pk, (False, "")) != words}
    CouncilAttendance.objects.bulk_create(
        [CouncilAttendance(meeting=held, member_id=pk, present=there, who=who) for pk, (there, who) in changed.items()],
        update_conflicts=True,
        unique_fields=["meeting", "member"],
        update_fields=["present", "who"],
    )
    if changed:
        record("attendance", held, by=by, data={"present": sum(there for there, _who in (before | said).values())})
    return held


def members_at(meeting):
    """Return the seats on the day of a meeting, agency and person at hand."""
    day = seoul_day(meeting.starts_at)
    return CouncilMember.objects.filter(council=meeting.council_id).on(day).select_related("agency", "user")


def freeze(meeting, now):
    """Write the line about each household that has none yet; what stands on an agenda does not change by itself."""
    fresh = list(meeting.items.standing().filter(material={}))
    for item, said in zip(fresh, material.frozen(fresh, on=seoul_day(now)).values(), strict=True):
        item.material = said
    AgendaItem.objects.bulk_update(fresh, ["material"])


def check_keeps(council, user):
    """Raise `NotYours` unless the user keeps the council."""
    if not keeps(council, user):
        raise NotYours("keeper")


def check_types(meeting, user):
    """Raise `NotYours` unless the user keeps the council, `ValidationError` unless the meeting is being held."""
    check_keeps(meeting.council, user)
    if meeting.status not in TYPED:
        raise ValidationError(_("This is written while the agenda is out and until the minutes are closed."))


def locked(meeting):
    """Return the meeting as it stands now, held until the transaction ends."""
    rows = CouncilMeeting.objects.select_for_update(of=("self",)).select_related("council")
    return rows.get(pk=meeting.pk)


def _held(council):
    """Hold the meetings of a council (its id) before its seats change, so that none is shown to the seats of before."""
    rows = CouncilMeeting.objects.select_for_update(of=("self",)).select_related("council")
    return list(rows.filter(council=council).exclude(status=MeetingStatus.CANCELLED).order_by("pk"))


VERBS: dict[str, Callable[..., CouncilMeeting]] = {"send": send, "hold": hold, "close": close, "cancel": cancel}
