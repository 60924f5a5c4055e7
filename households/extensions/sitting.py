"""The Consultative Council: its members, a sitting, who came, how they voted, the record. By officers of the Ministry.

Its chair is the Vice Minister and it has forty members at most (제6조제2항·제3항); members are notified two days before
a sitting (시행령 제4조·제5조). The quorum of law was not found: what is set stands as our own setting.
"""

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casework.agencies.roles import May, can
from casework.audit.record import record
from casework.clock import seoul_day
from casework.landing import landed
from casework.workflow import NotNow, NotYours
from households.actions.refusal import Refused, refusals
from households.extensions.deciding import Term, in_time
from households.extensions.workflow import REQUEST, SITTING, RequestStatus, SittingStatus
from households.models import CouncilSeat, ExtensionRequest, ExtensionTerm, Presence, Sitting, SittingItem

TICKED = (SittingStatus.ANNOUNCED, SittingStatus.HELD)
MOST = 999


def seat(*, office, by, now, name="", is_chair=False, since=None, client_key=None):
    """Enter a member of the council from a day (today); return the seat. Raises `Refused` beyond the most of law."""
    check_ministry(by)
    if first := landed(CouncilSeat.objects, by=by, client_key=client_key):
        return first
    on = seoul_day(now)
    with refusals():
        ExtensionTerm.objects.select_for_update().filter(code=Term.MEMBERS).order_by("id").first()
        most = ExtensionTerm.objects.numbers(on)[Term.MEMBERS].value
        if CouncilSeat.objects.on(max(on, since or on)).count() >= most:
            raise Refused(_("The council has %(n)s members at most.") % {"n": most}, field="office")
        made = CouncilSeat.objects.create(
            office=office.strip(),
            name=name.strip(),
            is_chair=is_chair,
            during=(since or on, None),
            recorded_by=by,
            client_key=client_key,
        )
        record("council seat", made, by=by)
    return made


def unseat(member, *, by, now):
    """End a membership today; twice changes nothing."""
    check_ministry(by)
    with refusals():
        held = CouncilSeat.objects.select_for_update(of=("self",)).get(pk=member.pk)
        if held.during.isempty or held.during.upper is not None:
            return held
        on = seoul_day(now)
        held.during = DateRange(held.during.lower, on) if held.during.lower < on else DateRange(empty=True)
        held.save(update_fields=["during"])
        record("council seat ended", held, by=by)
    return held


def plan(*, starts_at, by, now, place="", client_key=None):
    """Plan a sitting and return it. Raises `Refused` for a time that has passed."""
    check_ministry(by)
    if first := landed(Sitting.objects, by=by, client_key=client_key, author="planned_by"):
        return first
    if starts_at <= now:
        raise Refused(_("A sitting is planned for a time to come."), field="starts_at")
    with refusals():
        made = Sitting.objects.create(starts_at=starts_at, place=place.strip(), planned_by=by, client_key=client_key)
        record("sitting planned", made, by=by)
    return made


def announce(sitting, *, by, now):
    """Record that the members were notified; refused later than the Decree allows, and with an empty agenda."""
    with refusals():
        held = locked(sitting)
        SITTING.check(held, "announce", by)
        if not in_time(held, now):
            days = ExtensionTerm.objects.numbers(seoul_day(now))[Term.NOTICE].value
            said = ngettext(
                "Members are notified at least %(n)s day before a sitting. Please plan another day.",
                "Members are notified at least %(n)s days before a sitting. Please plan another day.",
                days,
            )
            raise Refused(said % {"n": days})
        if not held.items.filter(withdrawn_at=None).exists():
            raise Refused(_("There is no request on the agenda yet."))
        return SITTING.perform(held, "announce", by=by, announced_at=now)


def attend(sitting, *, present, by, now):
    """Write who came: `present` is the set of seat ids. The same once more changes nothing."""
    with refusals():
        held = locked(sitting)
        check_ministry(by)
        if held.status not in TICKED:
            raise NotNow(held.status)
        seats = set(members_at(held).values_list("pk", flat=True))
        before = dict(held.presences.order_by("id").values_list("seat", "present"))
        now_there = {pk: pk in present for pk in seats}
        changed = {pk: there for pk, there in now_there.items() if before.get(pk, False) is not there}
        Presence.objects.bulk_create(
            [Presence(sitting=held, seat_id=pk, present=there) for pk, there in sorted(changed.items())],
            update_conflicts=True,
            unique_fields=["sitting", "seat"],
            update_fields=["present"],
        )
        if changed:
            record("attendance", held, by=by, data={"present": sum(now_there.values())})
    return held


def hold(sitting, *, by, now):
    """Say that the sitting was held. Raises `Refused` before it begins, and below the quorum that is set."""
    with refusals():
        held = locked(sitting)
        SITTING.check(held, "hold", by)
        if now < held.starts_at:
            raise Refused(_("The sitting has not begun yet."))
        here = quorum_of(held)
        if not here["met"]:
            said = _(
                "%(present)s of %(members)s members are ticked as present. "
                "More than %(n)s%% are needed (our own setting)."
            )
            raise Refused(said % {"present": here["present"], "members": here["members"], "n": here["percent"]})
        return SITTING.perform(held, "hold", by=by, data={"present": here["present"], "members": here["members"]})


def vote(item, *, votes_for, votes_against, abstained, by, now, words=""):
    """Write how the members voted on one request. Raises `Refused` for more votes than members who came."""
    with refusals():
        held = locked(item.sitting)
        check_ministry(by)
        if held.status != SittingStatus.HELD:
            raise NotNow(held.status)
        request = ExtensionRequest.objects.select_for_update(of=("self",)).get(pk=item.request_id)
        row = SittingItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
        if request.status != RequestStatus.AGENDA or row.withdrawn_at:
            raise NotNow(held.status)
        if votes_for + votes_against + abstained > quorum_of(held)["present"]:
            raise Refused(_("There are more votes than members who came."), field="votes_for")
        row.votes_for, row.votes_against, row.abstained = votes_for, votes_against, abstained
        row.words = words.strip()
        row.save(update_fields=["votes_for", "votes_against", "abstained", "words"])
        record("vote", held, by=by, data={"request": request.number, "votes": [votes_for, votes_against, abstained]})
    return row


def write_minutes(sitting, *, minutes, by, now):
    """Write the minutes while the sitting was held and its record is open."""
    with refusals():
        held = locked(sitting)
        check_ministry(by)
        if held.status != SittingStatus.HELD:
            raise NotNow(held.status)
        if held.minutes != minutes.strip():
            held.minutes = minutes.strip()
            held.save(update_fields=["minutes"])
            record("minutes written", held, by=by)
    return held


def close(sitting, *, by, now):
    """Close the record, once there is a vote on everything on the agenda and the minutes are written."""
    with refusals():
        held = locked(sitting)
        SITTING.check(held, "close", by)
        if left := held.items.filter(withdrawn_at=None, votes_for=None).count():
            raise Refused(_("There is no vote yet on %(n)s of the requests.") % {"n": left})
        if not held.minutes:
            raise Refused(_("Please write the minutes first."))
        return SITTING.perform(held, "close", by=by)


def cancel(sitting, *, by, now, reason):
    """Cancel a sitting with a reason; its requests wait for another one."""
    with refusals():
        held = locked(sitting)
        SITTING.check(held, "cancel", by)
        waiting = ExtensionRequest.objects.filter(sitting=held, status=RequestStatus.AGENDA)
        for request in waiting.order_by("pk"):
            REQUEST.perform(request, "take_off", by=by, reason=reason, sitting=None)
        held.items.filter(withdrawn_at=None).update(withdrawn_at=now)
        return SITTING.perform(held, "cancel", by=by, reason=reason)


def members_at(sitting):
    """Return the seats that are taken on the day of a sitting, the chair first."""
    return CouncilSeat.objects.on(seoul_day(sitting.starts_at))


def quorum_of(sitting):
    """Return {"members", "present", "percent", "met"} of a sitting by the quorum that is set for its day."""
    members = members_at(sitting).count()
    present = sitting.presences.filter(present=True).count()
    percent = ExtensionTerm.objects.numbers(seoul_day(sitting.starts_at))[Term.QUORUM].value
    return {"members": members, "present": present, "percent": percent, "met": present * 100 > members * percent}


def check_ministry(user):
    """Raise `NotYours` unless the user decides on protection at the Ministry."""
    if not can(user, May.DECIDE_PROTECTION):
        raise NotYours("ministry")


def locked(sitting):
    """Return the sitting as it stands now, held until the transaction ends."""
    return Sitting.objects.select_for_update(of=("self",)).get(pk=sitting.pk)
