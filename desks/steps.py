"""What comes next for a household and by when: one answer for the list, the desks and the household page.

Somebody responsible first; then the earlier of what was planned and what is owed. While attempts fail in Moderate and
above, what is owed is the next of the contact steps; else it is the contact that the band owes.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from casework.clock import seoul_day
from casework.templatetags.format import rowdayw
from desks.atrisk.ranking import work_calendar
from desks.tries import ASKED, UNGUARDED, Attempt, attempts_of
from households.ladder import Ladder, ladder
from households.models.contact import Channel
from risk.bands import Band

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Step:
    """The next step: on or by `day`, at or by `moment` where an hour is known. `kind`: "assign", "planned", "try" (one
    of the contact steps, `key`) or "contact"."""

    label: str
    kind: str
    day: date | None
    moment: datetime | None = None
    key: str = ""

    def state(self, now: datetime) -> str:
        """Return "late", "soon" (today or tomorrow) or ""."""
        on = seoul_day(now)
        if self.day is None:
            return ""
        if self.day < on or (self.moment and self.moment < now):
            return "late"
        return "soon" if self.day <= on + DAY else ""


def step_of(found: dict[str, Any], now: datetime) -> Step:
    """Return the Step of a household. `found`: the columns of its standing, `worker_id` of the main worker, `next_at`
    and `next_channel` of the latest contact, and `tries` (what `tries` found, or a list of Attempt)."""
    if found["worker_id"] is None:
        return Step(_("Assign a worker"), "assign", seoul_day(now))
    planned, owed = found["next_at"], _owed(found, now)
    if planned and (owed.day is None or seoul_day(planned) <= owed.day):
        channel = Channel(found["next_channel"] or Channel.PHONE)
        return Step(str(channel.label), "planned", seoul_day(planned), planned)
    return owed


def ladder_of(found: dict[str, Any], now: datetime) -> Ladder:
    """Return the contact steps of a household, shortened since it is High or above; `found` as for `step_of`."""
    high, trail = found["shown_band"] >= Band.HIGH, _tries(found)
    return ladder(
        [attempt for attempt in trail if attempt.tried],
        now=now,
        short_since=found["band_since"] if high else None,
        asked={attempt.channel: attempt.occurred_at for attempt in trail if attempt.channel in ASKED},
        holidays=work_calendar(now).holidays,
        guarded=all(attempt.channel != UNGUARDED for attempt in trail),
    )


def proposal_of(steps: Ladder) -> str:
    """Return the suggested next attempt in words: "21 Nov (Sat) evening, visit"; "" before the first attempt."""
    if steps.proposal is None:
        return ""
    part = (_("in the morning"), _("in the afternoon"), _("in the evening"))[steps.proposal.part]
    return _("%(day)s %(part)s, %(means)s") % {
        "day": rowdayw(steps.proposal.day),
        "part": part,
        "means": Channel(steps.proposal.means).label,
    }


def contact_word(band: int) -> str:
    """Return the contact that a band owes."""
    words = {Band.EMERGENCY: _("Meet in person"), Band.HIGH: pgettext("owed contact", "Visit")}
    return words.get(Band(band), _("Get in touch"))


def _tries(found: dict[str, Any]) -> list[Attempt]:
    tries = found["tries"]
    return tries if isinstance(tries, list) and tries and isinstance(tries[0], Attempt) else attempts_of(tries)


def _owed(found: dict[str, Any], now: datetime) -> Step:
    step = ladder_of(found, now).next if _tries(found) and found["shown_band"] >= Band.MODERATE else None
    if step and (due := step.due if found["limit_days"] else _daily(step.due, found)):
        return Step(str(step.label), "try", seoul_day(due), due, step.key)
    if found["contact_due_on"] is None and found["limit_days"]:
        return Step(_("No date set"), "contact", None)
    return Step(contact_word(found["shown_band"]), "contact", found["contact_due_on"] or seoul_day(now))


def _daily(due: datetime | None, found: dict[str, Any]) -> datetime:
    """Return `due`, never later than the evening after the day of the last attempt: daily until met (risk.md §1)."""
    last = timezone.localtime(max(attempt.occurred_at for attempt in _tries(found) if attempt.tried))
    tomorrow = (last + DAY).replace(hour=21, minute=0, second=0, microsecond=0)
    return min(due, tomorrow) if due else tomorrow
