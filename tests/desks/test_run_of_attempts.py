"""What ends a run of attempts is one answer: the rule, the list, both desks and the household page count the same."""

from datetime import date, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from casework.clock import AsOf, seoul_day
from casework.facts import supersede
from casework.touched import Touched
from desks.atrisk.filters import Filters
from desks.atrisk.ranking import page_of
from desks.today.caseload import caseload_of
from desks.tries import attempts_of
from households.models import ContactPreference, Membership, Whereabouts
from risk.models import SearchAgreement, SearchEnd, Standing
from risk.sweeps import sweep
from tests.desks.test_steps import page_file
from tests.factories import AttemptFactory, ContactFactory, HouseholdFactory, PersonFactory, UserFactory
from tests.factories.households import members_of, system
from tests.factories.risk import SignalFactory


def ago(**passed):
    return timezone.now() - timedelta(**passed)


def day(days):
    return seoul_day(ago(days=days))


@pytest.fixture
def home(worker):
    """Husband, wife and child, spoken with 60 days ago; since then three attempts met nobody."""
    long_ago = day(900)
    household = HouseholdFactory(worker=worker, members=["김남편", "이아내"], registered_on=long_ago)
    PersonFactory(household=household, role="child", born=date(day(0).year - 9, 1, 1), registered_on=long_ago)
    ContactFactory(household=household, occurred_at=ago(days=60), people=members_of(household)[:2])
    for days, channel in ((8, "phone"), (6, "phone"), (4, "visit")):
        AttemptFactory(household=household, recorded_by=worker, occurred_at=ago(days=days), channel=channel)
    return household


def violence(home):
    ContactFactory(household=home, occurred_at=ago(days=70), tags=["violence"], people=members_of(home)[1:2])


def talk(home, *places, channel="visit"):
    people = [members_of(home)[place] for place in places]
    ContactFactory(household=home, occurred_at=ago(days=2), people=people, channel=channel)


def wish(home, place):
    ContactPreference.objects.create(
        person=members_of(home)[place], wants_no_contact=True, stated_on=day(2), recorded_by=system()
    )


def found(person):
    Whereabouts.objects.create(
        person=person,
        where="hospital",
        evidence="office",
        words="원무과 확인",
        observed_on=day(1),
        recorded_by=system(),
    )


def decide(home, *, agreed):
    said = {"reason": "met", "evidence": "직접 만남", "machine_band": 4, "decided_on": day(0)}
    end = SearchEnd.objects.create(household=home, recorded_by=system(), **said)
    if agreed:
        SearchAgreement.objects.create(end=end, recorded_by=UserFactory(role="centre_head"))


def moves_out(home):
    """The wife lives elsewhere since yesterday, and was found there."""
    wife = members_of(home)[1]
    membership = Membership.objects.current().get(person=wife)
    supersede(membership, by=None, now=timezone.now(), during=DateRange(None, day(1)))
    found(wife)


def goes_soon(home):
    """The wife will live elsewhere from next week; she is found today, while she still belongs here."""
    wife = members_of(home)[1]
    membership = Membership.objects.current().get(person=wife)
    supersede(membership, by=None, now=timezone.now(), during=DateRange(None, day(-7)))
    found(wife)


STORIES = {
    "nothing happened": (3, lambda home: None),
    "the husband answers": (0, lambda home: talk(home, 0)),
    "the husband answers where violence is": (3, lambda home: (violence(home), talk(home, 0))),
    "both answer where violence is": (0, lambda home: (violence(home), talk(home, 0, 1))),
    "nobody is named where violence is": (3, lambda home: (violence(home), talk(home))),
    "the child is in hospital": (3, lambda home: found(members_of(home)[2])),
    "the wife is in hospital": (0, lambda home: found(members_of(home)[1])),
    "the wife is in hospital where violence is": (3, lambda home: (violence(home), found(members_of(home)[1]))),
    "who moved out was found": (3, moves_out),
    "who will move out was found": (0, goes_soon),
    "the wife wants no contact": (0, lambda home: wish(home, 1)),
    "the child wants no contact": (3, lambda home: wish(home, 2)),
    "the husband wants no contact where violence is": (3, lambda home: (violence(home), wish(home, 0))),
    "both want no contact where violence is": (0, lambda home: (violence(home), wish(home, 0), wish(home, 1))),
    "a message was answered": (0, lambda home: talk(home, 0, channel="message")),
    "a message was answered at High": (
        3,
        lambda home: (SignalFactory(household=home, code_id="S14"), talk(home, 0, channel="message")),
    ),
    "the search was ended by two": (0, lambda home: decide(home, agreed=True)),
    "the search was ended by one": (3, lambda home: decide(home, agreed=False)),
}


def judge():
    sweep(AsOf.live(timezone.now()))
    Touched.objects.all().delete()


def counted(user, household):
    """The attempts of the run as the list, the desk of today and the household page count them."""
    now = timezone.now()
    (listed,) = page_of(user, Filters(bands=(1, 2, 3, 4, 5)), now=now).rows
    (mine,) = caseload_of(user, now=now).rows
    trails = [attempts_of(listed["tries"]), attempts_of(mine["tries"]), page_file(household).attempts]
    return [sum(attempt.tried for attempt in trail) for trail in trails]


@pytest.mark.parametrize("story", STORIES)
def test_the_desks_count_what_the_rule_counts(client, supervisor, worker, home, story):
    attempts, happens = STORIES[story]
    happens(home)
    judge()
    assert Standing.objects.get(household=home).attempts == attempts
    assert counted(worker, home) == [attempts] * 3
    client.force_login(supervisor)
    assert client.get("/centre/").context["lost_count"] == bool(attempts)


@pytest.mark.parametrize("story", STORIES)
def test_a_fresh_attempt_counts_at_once_whatever_ended_the_run_before(client, supervisor, worker, home, story):
    STORIES[story][1](home)
    SignalFactory(household=home, code_id="S05", months=4)
    SignalFactory(household=home, code_id="S07", months=4)  # Moderate: one attempt is enough
    judge()
    before = counted(worker, home)
    AttemptFactory(household=home, recorded_by=worker, occurred_at=timezone.now())
    assert counted(worker, home) == [n + 1 for n in before]
    client.force_login(supervisor)
    assert client.get("/centre/").context["lost_count"] == 1, "before any sweep"


@pytest.mark.parametrize(("marked", "left"), [(False, 0), (True, 3)])
def test_before_the_sweep_a_talk_ends_the_run_only_where_it_ends_it_for_the_rule_too(worker, home, marked, left):
    if marked:
        violence(home)
    judge()
    talk(home, 0)
    assert counted(worker, home) == [left] * 3
    judge()
    assert counted(worker, home) == [left] * 3
