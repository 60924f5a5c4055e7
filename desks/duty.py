"""What has to be done next for a household, by when and by whom: the notice on top of its page (LOOK, principle 1)."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from casework.clock import seoul_day
from casework.templatetags.format import days as days_words
from casework.templatetags.format import dayslate, hourmin, rowdayw
from desks.file import File
from desks.rows import DAY, contact_word
from households.ladder import Ladder
from households.models.contact import Channel
from risk.bands import Band


@dataclass(frozen=True)
class Duty:
    """The next step: `when` in words with its state ("late", "soon" or ""), why, and whose it is."""

    title: str
    when: str
    state: str
    why: str
    who: str


def duty_for(file: File, ladder: Ladder, *, now: datetime) -> Duty | None:
    """Return the next duty, or None where nothing is owed today or soon (General and Watch before their date)."""
    standing = file.standing
    if standing is None:
        return None
    if file.main is None:
        return Duty(
            _("Assign a worker"),
            _("Today"),
            "late",
            _("Nobody is responsible for this household."),
            _("To be decided by the supervisor or the head of the centre."),
        )
    who = _("%(worker)s, responsible worker") % {"worker": file.main["name"]}
    if ladder.attempts and ladder.next and standing["shown_band"] >= Band.MODERATE:
        step = ladder.next
        due = step.due if standing["limit_days"] else _daily(step.due, file, now)
        return Duty(str(step.label), *_until(due, now), _attempts_why(file, ladder, now), who)
    if standing["shown_band"] < Band.MODERATE and not _overdue(standing, now):
        return None
    return Duty(contact_word(standing["shown_band"]), *_owed(standing, now), _gap_why(file, now), who)


def _daily(due: datetime | None, file: File, now: datetime) -> datetime:
    """Return `due`, never later than the evening after the day of the last attempt: daily until met (risk.md §1)."""
    last = timezone.localtime(max(attempt.occurred_at for attempt in file.attempts))
    tomorrow = (last + DAY).replace(hour=21, minute=0, second=0, microsecond=0)
    return min(due, tomorrow) if due else tomorrow


def _overdue(standing: dict, now: datetime) -> bool:
    return bool(standing["contact_due_on"] and standing["contact_due_on"] < seoul_day(now))


def _until(moment: datetime | None, now: datetime) -> tuple[str, str]:
    """Return "until today 21:00" with its state."""
    if moment is None:
        return "", ""
    local, on = timezone.localtime(moment), seoul_day(now)
    if moment < now and local.date() < on:
        return dayslate((on - local.date()).days), "late"
    day = _("today") if local.date() == on else _("tomorrow") if local.date() == on + DAY else rowdayw(local)
    words = _("Until %(day)s %(hour)s") % {"day": day, "hour": hourmin(local)}
    return words, "late" if moment < now else "soon" if local.date() <= on + DAY else ""


def _owed(standing: dict, now: datetime) -> tuple[str, str]:
    on = seoul_day(now)
    due = standing["contact_due_on"] or on
    if due < on:
        return dayslate((on - due).days), "late"
    if due == on:
        return _("Today"), "soon"
    return _("Until %(day)s") % {"day": rowdayw(due)}, "soon" if due == on + DAY else ""


def _attempts_why(file: File, ladder: Ladder, now: datetime) -> str:
    since = _gap_why(file, now)
    care = _(
        "Neighbours and landlords are only asked whether the person is well, never told where the person comes from."
    )
    return f"{since} {care}" if ladder.next and ladder.next.key in ("visit_1", "visit_2") else since


def _gap_why(file: File, now: datetime) -> str:
    standing, on = file.standing or {}, seoul_day(now)
    if standing["contact_on"] is None:
        return _("There is no contact with the person on record here.")
    days = days_words((on - standing["contact_on"]).days)
    if not standing["limit_days"]:
        return _("Nobody has met the person for %(days)s; try every day until somebody does.") % {"days": days}
    limit = days_words(standing["limit_days"])
    return _("The last contact with the person was %(days)s ago; the limit is %(limit)s.") % {
        "days": days,
        "limit": limit,
    }


def met_words(file: File, *, kind: str = "hangul") -> str:
    """Return how the person was last spoken with: "13 Oct, visit, with Jeong Geum-ju"; "" when never."""
    if not file.met:
        return ""
    names = {member.id: member.name(kind) for member in file.members}
    people = ", ".join(names[person] for person in file.met["people"] or () if person in names)
    local = timezone.localtime(file.met["occurred_at"])
    return ", ".join(filter(None, [rowdayw(local), str(Channel(file.met["channel"]).label), people]))
