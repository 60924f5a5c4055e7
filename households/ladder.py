"""The contact steps (연락 단계): what was tried, what comes next and by when, and which hours nobody has tried.

Pure in (attempts, now). The steps are domain practice (calls on different days, a visit, a second visit, the town
office, the police officer); their hours are our own criterion. An attempt ends only by meeting the person.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from casework.clock import SEOUL, in_working_hours

REMOTE = {"phone", "message", "online"}
NOON, EVENING = 12, 18
SUGGESTIONS = 4
# Step → (what it is, the small line, hours after the first attempt, hours when compressed to 72 for High and above).
STEPS = (
    ("call_1", _("Call or message"), "", 0, 0),
    ("call_2", _("Call or message"), _("another day or hour"), 24, 12),
    ("call_3", _("Call or message"), _("another day or hour"), 72, 24),
    ("visit_1", pgettext_lazy("contact step", "Visit"), "", 72, 24),
    ("visit_2", _("Second visit"), _("neighbours, landlord"), 120, 48),
    ("town", _("Joint visit with the town office"), _("asks for the number"), 168, 60),
    ("police", _("Police and Ministry"), _("protection officer, exit record"), 240, 72),
    ("rescue", _("112 · 119"), _("at once when life is at risk"), None, None),
)


@dataclass(frozen=True)
class Rung:
    """One step: `state` is "done", "now" or "" (still to come); `at` when it was tried, `due` until when it is due."""

    n: int
    key: str
    label: object
    note: object
    state: str
    at: datetime | None
    due: datetime | None
    late: bool


@dataclass(frozen=True)
class Ladder:
    """All steps in order, the one that comes next, and the hours grid as (weekday from Monday 0, part 0 to 2)."""

    steps: tuple
    tried: tuple
    suggested: tuple
    daytime_only: bool
    attempts: int

    @property
    def next(self):
        """The step that comes next, or None before the first attempt."""
        return next((step for step in self.steps if step.state == "now"), None)


def ladder(attempts, *, now, short_since=None, asked=None, holidays=frozenset()):
    """Return the Ladder of attempts since the person was last met.

    `attempts`: objects with `occurred_at` (aware) and `channel`, any order. `short_since`: since when the household is
    High or above (the band is not ours to know): then the steps are compressed to 72 hours, counted from the later of
    that moment and the first attempt. `asked`: moments at which the town office and the police were asked, by step key.
    """
    past = sorted((a for a in attempts if a.occurred_at <= now), key=lambda a: a.occurred_at)
    done = {**_done(past), **(asked or {})}
    tried = tuple(dict.fromkeys(_cell(a.occurred_at) for a in past))
    daytime = bool(past) and all(in_working_hours(a.occurred_at, holidays) for a in past)
    return Ladder(
        steps=tuple(_rungs(past, done, now, short_since)),
        tried=tried,
        suggested=tuple(_suggest(set(tried), now, daytime)) if past else (),
        daytime_only=daytime,
        attempts=len(past),
    )


def since_met(contacts):
    """Return the attempts after the last contact that reached somebody; `contacts` in any order."""
    newest = sorted(contacts, key=lambda c: c.occurred_at, reverse=True)
    attempts = []
    for contact in newest:
        if contact.contact_made:
            break
        attempts.append(contact)
    return attempts[::-1]


def _done(past):
    """Which steps the attempts make: a call counts again only on another day or at another part of the day."""
    calls = {}
    for attempt in past:
        if attempt.channel in REMOTE:
            calls.setdefault(
                (attempt.occurred_at.astimezone(SEOUL).date(), _cell(attempt.occurred_at)), attempt.occurred_at
            )
    visits = {}
    for attempt in past:
        if attempt.channel not in REMOTE:
            local = attempt.occurred_at.astimezone(SEOUL)
            visits.setdefault((local.date(), _cell(attempt.occurred_at)), attempt.occurred_at)
    done = dict(zip(("call_1", "call_2", "call_3"), calls.values(), strict=False))
    return {**done, **dict(zip(("visit_1", "visit_2"), visits.values(), strict=False))}


def _rungs(past, done, now, short_since):
    first = past[0].occurred_at if past else None
    start = max(first, short_since) if first and short_since else first
    # Whoever stands before the door need not telephone first: what lies before a visit that was made is no longer due.
    reached = max((place for place, step in enumerate(STEPS) if step[0] in done and place >= 3), default=-1)
    waiting = first is not None
    for place, (key, label, note, hours, short) in enumerate(STEPS):
        after = short if short_since else hours
        due = start + timedelta(hours=after) if start and after is not None and key not in done else None
        state = "done" if key in done else ""
        if waiting and not state and place > reached and hours is not None:
            state, waiting = "now", False
        late = state == "now" and due is not None and due < now
        yield Rung(place + 1, key, label, note, state, done.get(key), due, late)


def _cell(moment):
    local = moment.astimezone(SEOUL)
    return local.weekday(), (local.hour >= NOON) + (local.hour >= EVENING)


def _suggest(tried, now, daytime):
    """The next hours nobody has tried: evenings and Saturday first when every attempt fell into office hours."""
    today = now.astimezone(SEOUL)
    coming = [(day, part) for day in range(7) for part in range(3) if day or part > _cell(now)[1]]
    cells = [((today + timedelta(days=day)).weekday(), part) for day, part in coming]
    free = [cell for cell in cells if cell not in tried]
    if daytime:
        free = [(day, part) for day, part in free if (part == 2 and day < 5) or (day == 5 and part < 2)]
    return free[:SUGGESTIONS]
