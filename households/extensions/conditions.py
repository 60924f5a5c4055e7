"""What the register says about the grounds of a request: met, not met, or cannot be told, with the fact and its day.

Our own criteria (자체 기준): the official ones were not found. No record is never "no". Violence, mental health and
pregnancy are not asked of the register: they are the person's to say.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from casework.clock import add_months, age_on, seoul_day
from casework.templatetags.format import fullday
from households.models import Circumstance, ExtensionTerm, Household, Membership, Particulars, Whereabouts

Term = ExtensionTerm.Code
Role = Membership.Role
ASKED = ("illness", "disability", "income", "benefit", "marital")
BORN = ("person", "birth_on", "birth_precision")
HELPED = ("livelihood", "emergency")
YES, NO, ASK = "yes", "no", "ask"


@dataclass(frozen=True)
class Met:
    """How a condition stands: `state` "yes", "no" or "ask" (cannot be told), and the fact with its days in words."""

    state: str
    fact: str


@dataclass(frozen=True)
class Known:
    """What is known of one person on a day: circumstances by (kind, benefit), the people of the household, and
    births as (first, last) day that they may have been on. `since`: since when these people live together."""

    on: date
    told: dict
    role: str
    since: date | None
    others: list
    births: dict
    person: int
    where: object
    numbers: dict

    def ages(self, person=None):
        """Return the (lowest, highest) age in full years that the birth on record admits, or None where it is not."""
        first, last = self.births.get(self.person if person is None else person, (None, None))
        return (age_on(min(last, self.on), self.on), age_on(first, self.on)) if first and first <= self.on else None


def checked(people, *, on):
    """Return {person id: {condition: Met}} as of a day; five queries whatever the number of people."""
    return {known.person: {name: check(known) for name, check in CHECKS.items()} for known in _known(people, on)}


def _known(people, on):
    told = _told(people, on)
    rows = Membership.objects.current().filter(kind=Household.Kind.LIVING)
    houses = rows.during(on).filter(person__in=people).order_by().values("household")
    ever = list(rows.filter(household__in=houses).order_by("id"))
    members = [row for row in ever if on in row.during]
    births = _births({row.person_id for row in members} | set(people))
    found = Whereabouts.objects.current().filter(person__in=people, observed_on__lte=on)
    where = {row.person_id: row for row in found.order_by("observed_on", "id")}
    numbers = {code: term.value for code, term in ExtensionTerm.objects.numbers(on).items()}
    own = {row.person_id: row for row in members}
    for person in people:
        mine = own.get(person)
        others = [row for row in members if mine and row.household_id == mine.household_id and row.person_id != person]
        yield Known(
            on=on,
            told=told.get(person, {}),
            role=mine.role if mine else "",
            since=_changed(mine, ever, on) if mine else None,
            others=others,
            births=births,
            person=person,
            where=where.get(person),
            numbers=numbers,
        )


def _changed(mine, ever, on):
    """Return the day on which the people of the household last became these, as far as it is on record."""
    rows = [row for row in ever if row.household_id == mine.household_id]
    begun = [row.during.lower for row in rows if on in row.during]
    # The upper bound of a range is the day after its last.
    left = [row.during.upper for row in rows if row.during.upper and row.during.upper <= on]
    return max((day for day in (*begun, *left) if day), default=None)


def _told(people, on):
    rows = Circumstance.objects.current().during(on).filter(person__in=people, kind__in=ASKED).order_by("id")
    found = {}
    for row in rows:
        found.setdefault(row.person_id, {})[(row.kind, row.detail)] = row
    return found


def _births(people):
    rows = Particulars.objects.current().filter(person__in=people, birth_on__isnull=False).order_by("id")
    return {person: (day, _latest(day, known)) for person, day, known in rows.values_list(*BORN)}


def _latest(day, known):
    """Return the last day of the month or the year that began on `day`, where no more of the birth is known."""
    months = {Particulars.Precision.MONTH: 1, Particulars.Precision.YEAR: 12}.get(known)
    return add_months(day, months) - timedelta(days=1) if months else day


def _said(ages):
    """Return an age in words; two numbers where the birth on record admits both."""
    low, high = ages
    return str(low) if low == high else f"{low}–{high}"


def _since(row):
    """Say what a circumstance says, since when, and when we learned it."""
    learned = _("learned %(day)s") % {"day": fullday(seoul_day(row.known_at))}
    since = _("since %(day)s") % {"day": fullday(row.during.lower)} if row.during.lower else ""
    return " · ".join(filter(None, [str(row), since, learned]))


def _of(known, kind, *, yes, no):
    row = known.told.get((kind, ""))
    if row is None or row.value not in (*yes, *no):
        return Met(ASK, _since(row) if row else _("Nothing on record about this."))
    return Met(YES if row.value in yes else NO, _since(row))


def illness(known):
    """A serious illness is on record."""
    return _of(known, "illness", yes=("serious",), no=("chronic", "none"))


def disability(known):
    """A disability is registered."""
    return _of(known, "disability", yes=("severe", "mild"), no=("none",))


def livelihood(known):
    """The income is below the benefit line, or livelihood or emergency support is received."""
    for benefit in HELPED:
        row = known.told.get(("benefit", benefit))
        if row and row.value == "receiving":
            return Met(YES, _since(row))
    return _of(known, "income", yes=("below_line",), no=("above_line",))


def _reached(ages, age):
    low, high = ages
    return YES if low >= age else NO if high < age else ASK


def elderly_alone(known):
    """The person lives alone and is of the age that counts as old."""
    if not known.role:
        return Met(ASK, _("No household is on record."))
    if known.others:
        return Met(NO, _("Lives with %(n)s others.") % {"n": len(known.others)})
    ages = known.ages()
    if ages is None:
        return Met(ASK, _("The date of birth is not on record."))
    fact = _("Lives alone, %(age)s years old") % {"age": _said(ages)}
    if known.since:
        fact += " · " + _("since %(day)s") % {"day": fullday(known.since)}
    return Met(_reached(ages, known.numbers[Term.ELDERLY]), fact)


def minor_child(known):
    """A child that is not of age lives with the person, who is the head of the household or the spouse."""
    ages = [known.ages(row.person_id) for row in known.others if row.role == Role.CHILD]
    if known.role not in (Role.HEAD, Role.SPOUSE):
        return Met(ASK, _("Whose children live in the household is not on record."))
    of_age = known.numbers[Term.MINOR]
    minors = sorted(one for one in ages if one and _reached(one, of_age) == NO)
    if minors:
        said = ", ".join(_("%(age)s years old") % {"age": _said(one)} for one in minors)
        return Met(YES, _("Children in the household: %(ages)s") % {"ages": said})
    if any(one is None or _reached(one, of_age) == ASK for one in ages):
        return Met(ASK, _("The date of birth of a child is not on record."))
    return Met(NO, _("No minor child who lives along is on record."))


def single_parent(known):
    """A minor child lives along, and no spouse does."""
    child = minor_child(known)
    if child.state != YES:
        return child
    if any(row.role in (Role.SPOUSE, Role.HEAD) for row in known.others):
        return Met(NO, _("The spouse lives in the household."))
    row = known.told.get(("marital", ""))
    if row is None:
        return Met(ASK, _("The marital status is not on record."))
    return Met(NO if row.value == "married" else YES, f"{child.fact} · {_since(row)}")


def youth(known):
    """The person is of the age of an unaccompanied youth, and no parent lives along (제11조의2제1항)."""
    ages = known.ages()
    if ages is None:
        return Met(ASK, _("The date of birth is not on record."))
    age, older = _said(ages), _reached(ages, known.numbers[Term.YOUTH] + 1)
    said = _("%(age)s years old") % {"age": age}
    if older == YES:
        return Met(NO, said)
    if not known.role:
        return Met(ASK, _("No household is on record."))
    if known.role == Role.CHILD or any(row.role == Role.PARENT for row in known.others):
        return Met(NO, _("%(age)s years old, lives with a parent") % {"age": age})
    if known.role not in (Role.HEAD, Role.SPOUSE):
        return Met(ASK, _("How the members are related is not on record."))
    said = _("%(age)s years old, no parent lives along") % {"age": age}
    return Met(YES if older == NO else ASK, said)


def absence(known):
    """The person is, or was found to be, in custody or abroad."""
    row = known.where
    if row is None or row.where not in ("custody", "abroad"):
        return Met(ASK, _("Nothing on record about this."))
    said = _("found on %(day)s, learned %(known)s")
    days = {"day": fullday(row.observed_on), "known": fullday(seoul_day(row.known_at))}
    return Met(YES, f"{row.get_where_display()} · {said % days}")


CHECKS = {
    check.__name__: check
    for check in (illness, disability, livelihood, elderly_alone, minor_child, single_parent, youth, absence)
}
