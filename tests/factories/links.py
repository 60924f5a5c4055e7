"""Two records of one person, and the people who link them."""

from datetime import date

from django.utils import timezone

from households.duplicates import actions
from households.models import Particulars
from tests.factories.households import HouseholdFactory, members_of

BORN = date(1984, 7, 19)


def twins(worker, *, names=("이영희", "리영희"), other=None, born=(BORN, BORN), same_home=False):
    """Return (one, two): records that look alike, in two households of `worker` and of `other` (the same worker), or
    in one."""
    if same_home:
        return tuple(members_of(HouseholdFactory(worker=worker, members=list(names), person_born=born[0])))
    homes = [
        HouseholdFactory(worker=who, members=[name], person_born=day)
        for who, name, day in zip((worker, other or worker), names, born, strict=True)
    ]
    return tuple(members_of(home)[0] for home in homes)


def linked(kept, duplicate, *, by, second, now=None):
    """Link two records as two people do it; return the PersonLink."""
    now = now or timezone.now()
    made = actions.propose(kept, duplicate, reason="본인 확인", by=by, now=now)
    return actions.confirm(made, by=second, now=now) if made.needs_second else made


def pair_for(worker, by):
    """Return what URLs of a link are called with, for the permission matrix: a pair of the worker's, proposed."""
    one, two = twins(worker, names=("표일란", "표일난"))
    made = actions.propose(one, two, reason="-", by=by, now=timezone.now())
    return {"twin_one": one.case_number, "twin_two": two.case_number, "person_link": made.pk}


def known_of(person):
    """Return the particulars that stand."""
    return Particulars.objects.current().get(person=person)
