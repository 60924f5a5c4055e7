"""How a person stands before the end of protection: each step done, late or to come, and the notice, as of a day.

Everything is computed when it is read, from the last day and what is on record for exactly that day. So a missed night
loses nothing, a late import is seen at once, and a changed last day opens its own steps.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from households.models import EndNotice, EndStep
from households.protection.dates import CENTRE_STEPS, NOTICE, Due, check_by, notice_by, steps_before

DONE, LATE, NEXT = "done", "late", "next"


@dataclass(frozen=True)
class Station:
    """One step as of a day: `state` is "done", "late" (no record, or the letter came back) or "next"."""

    due: Due
    state: str
    done_on: date | None = None

    @property
    def label(self) -> str:
        """What the step is called."""
        return label_of(self.due.step)


@dataclass
class Ending:
    """One last day of one person, with what is on record for it; `on` is the day that is asked about."""

    person: int
    last: date
    on: date
    steps: list[EndStep] = field(default_factory=list)
    notices: list[EndNotice] = field(default_factory=list)

    @property
    def left(self) -> int:
        """Days to the last day; negative once it has passed."""
        return (self.last - self.on).days

    @property
    def notice(self) -> EndNotice | None:
        """The notice that was sent last, or None."""
        return max(self.notices, key=lambda one: (one.sent_on, one.pk), default=None)

    @property
    def notice_by(self) -> date | None:
        """The Minister's day."""
        return notice_by(self.last)

    @property
    def check_by(self) -> date | None:
        """The day on which the centre looks whether the notice has come."""
        return check_by(self.last)

    @property
    def notice_state(self) -> str:
        """ "none" (no record), "sent", "delivered", "returned"; "" where no notice is owed."""
        if self.notice:
            return self.notice.state
        return "none" if self.notice_by else ""

    @property
    def notice_days_late(self) -> int:
        """Days since the Minister's day without a notice on record; 0 in time or with one."""
        by = self.notice_by
        return max(0, (self.on - by).days) if by and self.notice is None else 0

    @property
    def may_ask(self) -> bool:
        """Whether the centre's own day has come and no notice is on record that did not come back."""
        return bool(self.check_by and self.on >= self.check_by and self.notice_state in ("none", "returned"))

    @property
    def wish(self) -> str:
        """What the person said last about an extension: a word of EndStep.Result; "" when nobody asked."""
        said = [one for one in self.steps if one.result]
        return max(said, key=lambda one: (one.done_on, one.pk)).result if said else ""

    @property
    def wish_on(self) -> date | None:
        """The day on which that was said."""
        said = [one for one in self.steps if one.result]
        return max(one.done_on for one in said) if said else None

    @property
    def stations(self) -> list[Station]:
        """The steps in the order of their days."""
        done = {one.step: one.done_on for one in self.steps}
        return [
            self._notice(due) if due.step == NOTICE else self._step(due, done.get(due.step))
            for due in steps_before(self.last)
        ]

    @property
    def open_steps(self) -> list[Station]:
        """The centre's own steps that are not done: what the Ministry owes makes the centre late nowhere."""
        return [one for one in self.stations if one.due.step in CENTRE_STEPS and one.state != DONE]

    @property
    def todo(self) -> Station | None:
        """The step of the centre that is to be done next: the latest of those whose day has come, else the first."""
        steps = self.open_steps
        come = [one for one in steps if one.due.on <= self.on]
        return come[-1] if come else next(iter(steps), None)

    def _step(self, due: Due, done_on: date | None) -> Station:
        if done_on:
            return Station(due, DONE, done_on)
        return Station(due, LATE if due.is_late(self.on) else NEXT)

    def _notice(self, due: Due) -> Station:
        notice = self.notice
        if notice is None:
            return Station(due, LATE if due.is_late(self.on) else NEXT)
        return Station(due, LATE if notice.returned_on else DONE, notice.delivered_on or notice.sent_on)


def label_of(step: str) -> str:
    """Return what a step is called in the language of the page."""
    return _("Written notice by the Ministry") if step == NOTICE else str(EndStep.Step(step).label)


def endings_of(lasts: Iterable[tuple[int, date]], *, on: date) -> list[Ending]:
    """Return the Ending of each (person id, last day), in their order; two queries, whatever their number."""
    asked = list(lasts)
    found = {pair: Ending(*pair, on) for pair in asked}
    people = [person for person, _last in asked]
    days = {last for _person, last in asked}
    for step in EndStep.objects.current().filter(person__in=people, last_day__in=days).order_by("id"):
        if one := found.get((step.person_id, step.last_day)):
            one.steps.append(step)
    for notice in EndNotice.objects.current().filter(person__in=people, last_day__in=days).order_by("id"):
        if one := found.get((notice.person_id, notice.last_day)):
            one.notices.append(notice)
    return [found[pair] for pair in asked]


def earlier_of(person: int, last: date | None) -> dict[date, list[EndStep]]:
    """Return what was done for other last days of a person, which is closed: {last day: [EndStep, …]}; one query."""
    found: dict[date, list[EndStep]] = defaultdict(list)
    rows = EndStep.objects.current().filter(person=person).exclude(last_day=last).select_related("recorded_by")
    for step in rows.order_by("-last_day", "id"):
        found[step.last_day].append(step)
    return dict(found)


def alert_of(rows):
    """Return how many of the rows (with `ending`) lack a notice past the Minister's day, and the most days."""
    late = [row.ending.notice_days_late for row in rows if row.ending.notice_days_late]
    return {"missing": len(late), "days": max(late, default=0)}
