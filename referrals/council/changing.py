"""Another day, another place, somebody else in the chair: a meeting that is still to be held can be changed.

Once its agenda is out, what is shown for it ends with the new day, and the agencies that sit there are told.
"""

from django.utils.translation import gettext as _

from casework.agencies.models import User
from casework.agencies.roles import May
from casework.audit.record import record
from casework.clock import day_ends
from casework.templatetags.format import fulltime
from casework.workflow import NotNow
from households.actions import Refused, share_until
from households.actions.refusal import refusals
from referrals import telling
from referrals.council import actions, showing
from referrals.council.workflow import OPEN, MeetingStatus
from referrals.models import AgendaGrant
from referrals.models.council import SHOWN_AFTER

WORDS = ("starts_at", "place", "chair", "note", "open_until")


class ChangedBefore(Exception):
    """Somebody else changed the meeting meanwhile; nothing was saved, and nothing typed is lost."""


def change(meeting, *, version, by, now, starts_at, place, chair, note="", last_day=None):
    """Change a meeting that is still to be held; return it. `version` is the meeting's when the page was made.

    What is shown for it ends with `last_day` (default: seven days after the new day). The same once more changes
    nothing. Raises `NotYours` for who does not keep the council, `NotNow` for a meeting that was held or cancelled,
    `ChangedBefore` when somebody else changed it meanwhile, `Refused` for a time that has passed or an end too late.
    """
    with refusals():
        held = actions.locked(meeting)
        actions.check_keeps(held.council, by)
        if held.status not in OPEN:
            raise NotNow("changed")
        said = _said(held, starts_at, place, chair, note, last_day)
        before = {name: getattr(held, name) for name in WORDS}
        if said == before:
            return held
        if held.version != version:
            raise ChangedBefore(held.number)
        if said["starts_at"] != held.starts_at and starts_at <= now:
            raise Refused(_("A meeting is planned for a time to come."), field="starts_at")
        _write(held, said, before, by=by, now=now)
    return held


def _said(held, starts_at, place, chair, note, last_day):
    """Return the words by column; a form knows minutes only, so that the same minute is the same moment."""
    if starts_at == held.starts_at.replace(second=0, microsecond=0):
        starts_at = held.starts_at
    until = day_ends(last_day) if last_day else starts_at + SHOWN_AFTER
    words = {name: text.strip() for name, text in (("place", place), ("chair", chair), ("note", note))}
    return {"starts_at": starts_at, "open_until": until, **words}


def _write(held, said, before, *, by, now):
    told = set(_seats(held))
    for name, value in said.items():
        setattr(held, name, value)
    held.version += 1
    held.save(update_fields=[*WORDS, "version"])
    record("meeting changed", held, by=by, reason=changed_words(before, said))
    _follow(held, by=by, now=now)
    showing.show(held, now=now)
    if held.status == MeetingStatus.SENT:
        telling.of_meeting_changed(held, _people(told | set(_seats(held))), by=by, now=now)


def changed_words(before, said):
    """Return what became another, "3. 4. 14:00 → 3. 5. 15:00 · …"; the end of showing follows the day."""
    words = [
        f"{_word(before[name])} → {_word(said[name])}"
        for name in ("starts_at", "place", "chair", "note")
        if before[name] != said[name]
    ]
    return " · ".join(words)[:500]


def _word(value):
    return (value if isinstance(value, str) else fulltime(value)) or "–"


def _follow(held, *, by, now):
    """Let what is shown end with the new day, and never after the consent it rests on; what has ended stays ended."""
    running = AgendaGrant.objects.filter(item__meeting=held).running(now).select_related("share", "consent")
    for grant in running.order_by("item__household", "pk"):
        until = showing.until_of(held, grant.consent)
        if until == grant.during.upper or until <= now:
            continue
        if grant.share:
            share_until(grant.share, until, now=now, by=by)
        grant.during = (grant.during.lower, until)
        grant.save(update_fields=["during"])


def _seats(held):
    """Return who sits there on the day of the meeting, (agency id, user id or None)."""
    return actions.members_at(held).values_list("agency", "user")


def _people(seats):
    """Return those who refer or receive at the agencies that sit there, or the one person who does; two agencies or
    twenty, one query."""
    whole, alone = {agency for agency, user in seats if user is None}, {user for _agency, user in seats if user}
    there = User.objects.who_may(May.REFER, May.RECEIVE).people()
    return list(there.filter(agency__in=whole)) + list(there.filter(pk__in=alone).exclude(agency__in=whole))
