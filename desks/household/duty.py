"""What has to be done next for a household, by when and by whom: the notice on top of its page (LOOK, principle 1)."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from casework.clock import add_months, seoul_day
from casework.templatetags.format import days as days_words
from casework.templatetags.format import dayslate, hourmin, rowdayw
from desks.household.file import File, day_of
from desks.steps import DAY, Step, step_of
from households.models.contact import Channel
from risk.bands import Band
from risk.judge import in_force


@dataclass(frozen=True)
class Duty:
    """The next step: `when` in words with its state ("late", "soon" or ""), why, and whose it is."""

    title: str
    when: str
    state: str
    why: str
    who: str


def duty_for(file: File, *, now: datetime) -> Duty | None:
    """Return the next duty, or None where nothing is owed today or soon (General and Watch before their date)."""
    if file.standing is None:
        return None
    step = step_of(file.stands, now)
    if step.kind == "assign":
        return Duty(
            step.label,
            _("Today"),
            "late",
            _("Nobody is responsible for this household."),
            _("To be decided by the supervisor or the head of the centre."),
        )
    if file.standing["shown_band"] < Band.MODERATE and not step.state(now):
        return None
    main = file.main or {}
    who = _("%(worker)s, responsible worker") % {"worker": main["name"]}
    return Duty(step.label, _when(step, now), step.state(now), _why(step, file, now), who)


def _when(step: Step, now: datetime) -> str:
    """Return "until today 18:00", for an appointment "tomorrow 10:00"."""
    on = seoul_day(now)
    if step.day is None:
        return ""
    if step.day < on:
        return dayslate((on - step.day).days)
    day = {on: _("today"), on + DAY: _("tomorrow")}.get(step.day) or rowdayw(step.day)
    if step.moment and step.moment < now:
        return _("%(when)s passed") % {"when": f"{day} {hourmin(step.moment)}"}
    if step.kind == "planned" and step.moment:
        return f"{day} {hourmin(step.moment)}"
    if step.moment:
        return _("Until %(day)s %(hour)s") % {"day": day, "hour": hourmin(step.moment)}
    return _("Today") if step.day == on else _("Until %(day)s") % {"day": day}


def _why(step: Step, file: File, now: datetime) -> str:
    since = _gap_why(file, now)
    if step.kind == "planned":
        return _("So it was planned at the last contact.") + f" {since}"
    care = _(
        "Neighbours and landlords are only asked whether the person is well, never told where the person comes from."
    )
    return f"{since} {care}" if step.key in ("visit_1", "visit_2") else since


def _gap_why(file: File, now: datetime) -> str:
    standing, on = file.standing or {}, seoul_day(now)
    if standing["contact_on"] is None:
        return _("There is no contact with the person on record here.")
    if not standing["limit_days"]:
        return _("The person has not been met since the danger became known; try every day until somebody does.")
    days = days_words((on - standing["contact_on"]).days)
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


def first_year_of(file: File, on: date) -> int | None:
    """Return the days between contacts in the first year after moving in, or None where nobody is in it: the latest
    first move-in among the members counts, as in the judging of the contact gap."""
    days = [day for member in file.members if (day := day_of(member.about.get("moved_in_on"))) and day <= on]
    if not days or add_months(max(days), 12) <= on:
        return None
    return int(in_force(on)[0].first_year_limit)
