"""Which household a concern may mean, and whether it was told before; only what the user may see is proposed."""

import re
from datetime import timedelta

from django.db.models import Q

from casework.clock import seoul_day
from casework.numbers import HOUSEHOLD_GROUPS, PERSON_GROUPS, read_number
from households.models import Household, Membership, Person
from households.search.jamo import fold, hangul
from households.search.lookup import LOCAL_DIGITS, search
from referrals.models import Concern

LOOKED_BACK = timedelta(days=30)
MOST = 5


def households_like(concern, user, *, now):
    """Return at most five households of the user's centre that the name or telephone as heard may mean."""
    seen = Person.objects.kept_by(user)
    people = [*_asked(concern.heard_phone, seen), *_asked(concern.heard_name, seen)]
    on = seoul_day(now)
    homes = Membership.objects.current().during(on).filter(person__in=[person.pk for person in people])
    of_person = dict(homes.values_list("person", "household"))
    order = list(dict.fromkeys(of_person[person.pk] for person in people if person.pk in of_person))[:MOST]
    rows = Household.objects.kept_by(user).in_bulk(order)
    return [rows[pk] for pk in order if pk in rows]


def _asked(text, seen):
    return search(text, seen, limit=MOST) if text.strip() else []


def household_called(text, user, *, on):
    """Return the household of the user's centre that a household or case number means on a day, or None."""
    if number := read_number(text, HOUSEHOLD_GROUPS):
        return Household.objects.kept_by(user).filter(number=number).first()
    case = read_number(text, PERSON_GROUPS)
    homes = (
        Membership.objects.current().during(on).filter(person__case_number=case, household__kind=Household.Kind.LIVING)
    )
    return Household.objects.kept_by(user).filter(pk__in=homes.order_by().values("household")).first()


def told_before(concern, user):
    """Return at most five earlier concerns, within thirty days, that seem to be about the same: the same household, or
    in the same district the same name or telephone as heard. The user decides; nothing is joined by itself."""
    near = Concern.objects.decided_by(user).filter(
        taken_at__gt=concern.taken_at - LOOKED_BACK, taken_at__lte=concern.taken_at, same_as=None
    )
    rows = near.exclude(pk=concern.pk).filter(
        Q(household=concern.household_id) if concern.household_id else Q(district=concern.district_id)
    )
    asked = _keys(concern)
    found = [row for row in rows.order_by("-taken_at")[:200] if concern.household_id or asked & _keys(row)]
    return found[:MOST]


def _keys(concern):
    """The name as heard, North and South spelling folded, and the last digits of the telephone."""
    digits = re.sub(r"\D", "", concern.heard_phone)[-LOCAL_DIGITS:]
    return {key for key in (fold(hangul(concern.heard_name)), digits) if key}
