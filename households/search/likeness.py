"""Is this person on file already? Warned of at intake, with the reasons; a worker decides.

Points, and not one key, because each single thing lies: names are respelled or changed after arrival, birth dates are
estimated at first registration and corrected later, and families share a telephone.
"""

from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from households.models import Hometown, NameKey, Particulars, Person, Province
from households.search.jamo import one_wrong
from households.search.keys import KeyKind, keys_of
from households.search.lookup import LAST_DIGITS, phones_ending


class Reason(TextChoices):
    """Why two records may be one person, in the words the warning shows."""

    SAME_NAME = "same_name", _("The name is the same.")
    OTHER_SPELLING = "other_spelling", _("The name is the same in its North or South Korean or Latin spelling.")
    ONE_LETTER = "one_letter", _("The name differs in one letter.")
    SAME_GIVEN = "same_given", _("The given name is the same and the family name is another.")
    SAME_BIRTH = "same_birth", _("The date of birth is the same.")
    SWAPPED_BIRTH = "swapped_birth", _("Day and month of birth are exchanged.")
    CLOSE_BIRTH = "close_birth", _("The year of birth is the same, as far as both are known.")
    SAME_ENTRY = "same_entry", _("The date of entry is the same.")
    SAME_PHONE = "same_phone", _("The telephone number is the same.")
    SAME_HOME = "same_home", _("The home province is the same.")
    OTHER_HOME = "other_home", _("The home provinces differ.")


POINTS = {
    Reason.SAME_NAME: 4,
    Reason.OTHER_SPELLING: 4,
    Reason.ONE_LETTER: 3,
    Reason.SAME_GIVEN: 2,
    Reason.SAME_BIRTH: 4,
    Reason.SWAPPED_BIRTH: 3,
    Reason.CLOSE_BIRTH: 2,
    Reason.SAME_ENTRY: 2,
    Reason.SAME_PHONE: 1,
    Reason.SAME_HOME: 1,
    Reason.OTHER_HOME: -1,
}
OF_HOME = (Reason.SAME_HOME, Reason.OTHER_HOME)
"""What orders those who are warned of and warns of nobody: most came from one province, and families share it."""
WARNS_AT = 5
"""Two things that agree; a name alone (4), a date of birth alone (4) or a telephone alone (1) warns of nobody."""
OTHER_BIRTH, OTHER_SEX = -1, -3


@dataclass(frozen=True)
class Arrival:
    """What is known of the person at intake; everything but the name may be missing."""

    family: str
    given: str
    latin: str = ""
    birth_on: date | None = None
    birth_precision: str = Particulars.Precision.DAY
    sex: str = Particulars.Sex.UNKNOWN
    entered_on: date | None = None
    phone: str = ""
    home_province: str = ""


@dataclass(frozen=True)
class Likeness:
    """A person on file who may be the same, how much speaks for it, and what."""

    person_id: int
    points: int
    reasons: tuple[Reason, ...]


def similar(family: str, given: str, *, persons: QuerySet[Person], limit: int = 5, **known) -> list[Likeness]:
    """Return at most `limit` of `persons` who may be the person described, likeliest first; three to five queries.

    `known` are the other fields of `Arrival`. `persons` is everybody, and not only whom the user sees: of another
    agency's person the page says only that a record exists and whom to ask.
    """
    arrival = Arrival(family, given, **known)
    phones = _phone_owners(arrival.phone)
    rows = {row.person_id: row for row in _candidates(arrival, persons, phones)}
    names = dict.fromkeys(rows, frozenset())
    for person, kind, key in NameKey.objects.filter(person__in=rows).values_list("person", "kind", "key"):
        names[person] |= {(kind, key)}
    found = (_compare(arrival, row, names[pk], pk in phones) for pk, row in rows.items())
    likely = _with_home(arrival, [likeness for likeness in found if likeness.points >= WARNS_AT])
    return sorted(likely, key=lambda likeness: (-likeness.points, likeness.person_id))[:limit]


def _phone_owners(phone: str) -> set[int]:
    digits = "".join(filter(str.isdigit, phone))
    return set(phones_ending(digits).values_list("person", flat=True)) if len(digits) > LAST_DIGITS + 2 else set()


def _candidates(arrival: Arrival, persons: QuerySet[Person], phones: set[int]) -> QuerySet[Particulars]:
    """Those with the same date of birth; and of those with a like name, whoever agrees in one thing more."""
    keys = keys_of(arrival.family, arrival.given, arrival.latin)
    wanted = {kind: {key for of, key in keys if of == kind} for kind in KeyKind}
    wanted[KeyKind.FULL] |= one_wrong(_hangul(arrival))
    named = reduce(
        or_, (Q(kind=kind, key__in=sorted(wanted[kind])) for kind in (KeyKind.FULL, KeyKind.GIVEN, KeyKind.SOUND))
    )
    like = Q(person__in=NameKey.objects.filter(named).values("person"))
    agrees = Q(person__in=phones)
    if arrival.entered_on:
        agrees |= Q(entered_on=arrival.entered_on)
    found = like & agrees
    if arrival.birth_on:
        first, last = date(arrival.birth_on.year, 1, 1), date(arrival.birth_on.year, 12, 31)
        found |= Q(birth_on=arrival.birth_on) | (like & Q(birth_on__range=(first, last)))
    return Particulars.objects.current().filter(found, person__in=persons.order_by().values("pk")).order_by("person")


def _compare(arrival: Arrival, row: Particulars, names: frozenset[tuple[int, str]], shares_phone: bool) -> Likeness:
    checks = (_name_reason(arrival, names), _birth_reason(arrival, row))
    reasons = [reason for reason in checks if reason]
    if arrival.entered_on and arrival.entered_on == row.entered_on:
        reasons.append(Reason.SAME_ENTRY)
    if shares_phone:
        reasons.append(Reason.SAME_PHONE)
    points = sum(POINTS[reason] for reason in reasons)
    if arrival.birth_on and row.birth_on and checks[1] is None:
        points += OTHER_BIRTH
    if Particulars.Sex.UNKNOWN not in (arrival.sex, row.sex) and arrival.sex != row.sex:
        points += OTHER_SEX
    return Likeness(row.person_id, points, tuple(reasons))


def _with_home(arrival: Arrival, likely: list[Likeness]) -> list[Likeness]:
    """Add what the home provinces say, of those who are likely without it."""
    if arrival.home_province in ("", Province.UNKNOWN):
        return likely
    ids = [one.person_id for one in likely]
    told = Hometown.objects.current().filter(person__in=ids).exclude(province=Province.UNKNOWN)
    homes = dict(told.order_by().values_list("person", "province"))
    said = {one: OF_HOME[homes[one] != arrival.home_province] for one in ids if one in homes}
    return [
        replace(one, points=one.points + POINTS[said[one.person_id]], reasons=(*one.reasons, said[one.person_id]))
        if one.person_id in said
        else one
        for one in likely
    ]


def _hangul(arrival: Arrival) -> str:
    return next((key for kind, key in keys_of(arrival.family, arrival.given) if kind == KeyKind.FULL), "")


def _name_reason(arrival: Arrival, names: frozenset[tuple[int, str]]) -> Reason | None:
    ours = keys_of(arrival.family, arrival.given, arrival.latin)

    def shared(kind):
        return any(key in names for key in ours if key[0] == kind)

    if shared(KeyKind.SPELLED):
        return Reason.SAME_NAME
    # The sound is coarse (용희 and 영희 are one): it speaks only where one of the two is known in Latin letters alone.
    both_hangul = all(any(kind == KeyKind.FULL for kind, _key in side) for side in (ours, names))
    if shared(KeyKind.FULL) or (shared(KeyKind.SOUND) and not both_hangul):
        return Reason.OTHER_SPELLING
    near = one_wrong(_hangul(arrival))
    if any(kind == KeyKind.FULL and key in near for kind, key in names):
        return Reason.ONE_LETTER
    return Reason.SAME_GIVEN if shared(KeyKind.GIVEN) else None


def _birth_reason(arrival: Arrival, row: Particulars) -> Reason | None:
    ours, theirs = arrival.birth_on, row.birth_on
    if not ours or not theirs:
        return None
    precisions = {arrival.birth_precision, row.birth_precision}
    if precisions == {Particulars.Precision.DAY}:
        if ours == theirs:
            return Reason.SAME_BIRTH
        swapped = (ours.year, ours.month, ours.day) == (theirs.year, theirs.day, theirs.month)
        return Reason.SWAPPED_BIRTH if swapped else None
    same_month = ours.month == theirs.month or Particulars.Precision.YEAR in precisions
    return Reason.CLOSE_BIRTH if ours.year == theirs.year and same_month else None
