"""The contact steps (연락 단계): what was tried, what comes next and by when, and which hours nobody has tried.

Pure in (attempts, now). The steps are domain practice (calls on different days, a visit, a second visit, the town
office, the police officer); their hours, and who must act, are our own criterion, and each step has time until the
working day ends (18:00) on which its hours run out. The steps end by reaching the person, by a confirmed whereabouts,
or by a supervisor's decision; whoever gathers the attempts leaves out those before.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from casework.clock import SEOUL, WORK_ENDS, add_working_days, in_working_hours

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
# Where no personal-protection officer is in charge any more, there is nobody at the police who knows the person.
UNGUARDED = (_("112 or the town office"), _("no protection officer any more"))
SUPERVISORS = {"town", "police", "rescue"}
WORKER, SUPERVISOR = "worker", "supervisor"
MEANS = ("phone", "message", "visit")


@dataclass(frozen=True)
class Rung:
    """One step: `state` is "done", "now", "passed" (a later step made it needless) or "" (still to come); `at` is when
    it was tried, `due` until when it is due."""

    n: int
    key: str
    label: object
    note: object
    state: str
    at: datetime | None
    due: datetime | None
    late: bool

    @property
    def owner(self):
        """Who must act: the worker, and the supervisor once other offices are asked or the step is late."""
        return SUPERVISOR if self.late or self.key in SUPERVISORS else WORKER


@dataclass(frozen=True)
class Proposal:
    """The next attempt as it is suggested: a day, a part of the day (0 to 2) at which nobody tried, and by which means
    (a word of Channel) that was tried least."""

    day: date
    part: int
    means: str


@dataclass(frozen=True)
class Ladder:
    """All steps in order, the one that comes next, and the hours grid as (weekday from Monday 0, part 0 to 2)."""

    steps: tuple
    tried: tuple
    suggested: tuple
    daytime_only: bool
    attempts: int
    proposal: Proposal | None = None

    @property
    def next(self):
        """The step that comes next, or None before the first attempt."""
        return next((step for step in self.steps if step.state == "now"), None)


def ladder(attempts, *, now, short_since=None, asked=None, holidays=frozenset(), guarded=True):
    """Return the Ladder of attempts since the person was last met.

    `attempts`: objects with `occurred_at` (aware) and `channel`, any order. `short_since`: since when the household is
    High or above (the band is not ours to know): then the steps are compressed to 72 hours, counted from the later of
    that moment and the first attempt. `holidays`: dates; only a compressed step falls due on one, or on a weekend.
    `asked`: moments at which the town office and the police were asked, by step key. `guarded`: False where no
    personal-protection officer is in charge any more: then the step to the police goes to 112 or the town office.
    """
    past = sorted((a for a in attempts if a.occurred_at <= now), key=lambda a: a.occurred_at)
    done = {**_done(past), **(asked or {})}
    tried = tuple(dict.fromkeys(_cell(a.occurred_at) for a in past))
    daytime = bool(past) and all(in_working_hours(a.occurred_at, holidays) for a in past)
    suggested = tuple(_suggest(set(tried), now, daytime)) if past else ()
    steps = tuple(_rungs(past, done, now, short_since, holidays, guarded))
    return Ladder(
        steps=steps,
        tried=tried,
        suggested=suggested,
        daytime_only=daytime,
        attempts=len(past),
        proposal=_propose(past, steps, suggested, now),
    )


def _propose(past, steps, suggested, now):
    """The first hour nobody tried, by what the next step asks for, else by the means that was tried least."""
    if not suggested:
        return None
    weekday, part = suggested[0]
    today = now.astimezone(SEOUL).date()
    day = today + timedelta(days=(weekday - today.weekday()) % 7)
    tried = Counter(attempt.channel if attempt.channel in REMOTE else "visit" for attempt in past)
    step = next((step.key for step in steps if step.state == "now"), "")
    choice = MEANS[:2] if step.startswith("call") else MEANS
    means = "visit" if step.startswith("visit") else min(choice, key=lambda word: (tried[word], MEANS.index(word)))
    return Proposal(day, part, means)


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


def _rungs(past, done, now, short_since, holidays, guarded):
    first = past[0].occurred_at if past else None
    start = max(first, short_since) if first and short_since else first
    # Whoever stands before the door need not telephone first: what lies before a visit that was made is no longer due.
    reached = max((place for place, step in enumerate(STEPS) if step[0] in done and place >= 3), default=-1)
    waiting = first is not None
    for place, (key, label, note, hours, short) in enumerate(STEPS):
        after = short if short_since else hours
        if key == "police" and not guarded:
            label, note = UNGUARDED
        state = "done" if key in done else "passed" if place < reached else ""
        due = None
        if start and after is not None and not state:
            due = _evening(start + timedelta(hours=after), None if short_since else holidays)
        if waiting and not state and hours is not None:
            state, waiting = "now", False
        late = state == "now" and due is not None and due < now
        yield Rung(place + 1, key, label, note, state, done.get(key), due, late)


def _evening(moment, holidays):
    """Return 18:00 on the day of `moment`, or, where `holidays` are given, on the next working day from it."""
    day = moment.astimezone(SEOUL).date()
    if holidays is not None:
        day = add_working_days(day, 0, holidays)
    return datetime.combine(day, WORK_ENDS, tzinfo=SEOUL)


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
