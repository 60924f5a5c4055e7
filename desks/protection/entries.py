"""What falls due for a user's households, day by day, from every source; a line names a case number and nobody.

Another source adds lines by a function `(user, first, last) -> Iterable[Entry]` in SOURCES.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from casework.agencies.models import User
from desks.day.calendar import dated
from households.entitlements.ending import ending as ends_soon
from households.models import Household, Person, ProtectionPeriod
from households.protection.dates import LOOK_AHEAD
from households.protection.standing import endings_of

BACK, AHEAD = timedelta(days=31), timedelta(days=365)
DAY = timedelta(days=1)


@dataclass(frozen=True, order=True)
class Entry:
    """One line: the day, the case number, what is due in words, a key that stays the same, where it is seen, of whom
    (a person's id, for the access log). `plain`: what a calendar program is told instead of `what`; "": the same."""

    day: date
    case_number: str
    what: str
    key: str
    href: str
    person: int
    plain: str = ""


def entries(user: User, on: date, *, first: date | None = None, last: date | None = None) -> list[Entry]:
    """Return what is due from `first` (a month ago) to `last` (in a year), both included, in order of the days.

    Rights are those of this moment; two queries of the steps before the end, those of the other sources, and four of
    the list of the day.
    """
    begin, end = first or on - BACK, last or on + AHEAD
    found = [one for source in SOURCES for one in source(user, begin, end)]
    # A calendar program is told the kind alone: what is to be done may name somebody.
    found += [Entry(**asdict(one)) for one in dated(user, on, begin, end)]
    return sorted(found)


def steps_due(user: User, first: date, last: date) -> Iterable[Entry]:
    """Yield the centre's open steps, and the day on which it looks whether the Minister's notice has come."""
    seen = Person.objects.kept_by(user).order_by().values("pk")
    rows = ProtectionPeriod.objects.filter(person__in=seen).ending_between(first, last + LOOK_AHEAD + DAY)
    found = list(rows.order_by("id").values_list("person", "during__endswith", "person__case_number"))
    numbers = {person: number for person, _upper, number in found}
    for ending in endings_of([(person, upper - DAY) for person, upper, _number in found], on=first):
        number = numbers[ending.person]
        href = reverse("households:person_protection", args=[number])
        due = [(one.due.on, one.label, one.due.step) for one in ending.open_steps]
        if ending.notice is None and ending.check_by:
            due.append((ending.check_by, _("Look whether the Ministry's notice has come"), "check"))
        for day, words, step in due:
            if first <= day <= last:
                yield Entry(day, number, words, f"{number}-{ending.last.isoformat()}-{step}", href, ending.person)


def entitlements_ending(user: User, first: date, last: date) -> Iterable[Entry]:
    """Yield the last days on which something is granted, or still looks likely by the criteria in force."""
    homes = Household.objects.visible_to(user)
    for one in ends_soon(homes, first, within=(last - first).days):
        words = _("%(name)s ends") if one.why == "grant" else _("%(name)s: last day by the criteria, please check")
        mark = salted_hmac("desks.protection.entries", f"{one.case_number}-{one.code}-{one.why}").hexdigest()
        key, plain = f"{one.case_number}-{mark}", _("A support ends")
        href = reverse("households:household_entitlements", args=[one.household])
        yield Entry(one.day, one.case_number, words % {"name": one.name}, key, href, one.person, plain)


SOURCES: list[Callable[[User, date, date], Iterable[Entry]]] = [steps_due, entitlements_ending]
