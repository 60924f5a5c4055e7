"""What a change would do: whatever the short way finds equals two judgements of everybody."""

from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from django.db import connection
from django.utils import timezone

from casework.clock import seoul_day
from risk.changes.effect import _weekly
from risk.changes.whatif import JUDGED, simulate
from risk.criteria import CODE
from risk.facts.gathering import Facts
from risk.judge import judge, standing_of
from risk.models import Assessment, Flag, RuleVersion, Standing, Sweep
from risk.sweeps import one_snapshot, sweep
from tests.factories import CentreFactory, HouseholdFactory, UserFactory
from tests.factories.changes import PATTERN, as_now, proposal
from tests.factories.households import members_of
from tests.factories.risk import SignalFactory, contact

TOLD = ("S01", "S04", "S05", "S06", "S07", "S10", "S14", "S16", "S27", "S25")
TAGS = ("eviction_notice", "no_food", "number_invalid", "self_harm", "recovered", "utilities_ok", "safety_plan")

CHANGES = {
    "shorter arrears": lambda: proposal("R-RENT-ARR", months=2),
    "longer arrears": lambda: proposal("R-RENT-ARR", months=5),
    "more points": lambda: proposal("R-NHI-ARR", weight=45),
    "a rule off": lambda: proposal("R-UTIL-CUT", off=True),
    "a rule of contacts": lambda: proposal("R-TEL-ARR", off=True),
    "overlap": lambda: proposal("R-MULTI-SIG", few=2, few_weight=20),
    "attempts": lambda: proposal("R-CON-FAIL", attempts=2, on_days=1, visits=1),
    "the gap itself": lambda: proposal("R-CON-GAP", weight=40),
    "the end of protection": lambda: proposal("R-PROT-END", look_ahead=365, soon=90, soon_weight=45),
    "a new pattern": lambda: proposal("P-01", pattern=PATTERN),
    "bands": lambda: proposal(CODE, moderate_score=25, watch_score=8),
    "limits": lambda: proposal(CODE, high_limit=7, general_limit=150),
}


@pytest.fixture(scope="module")
def register(clone_database, django_db_blocker):
    """A database of sixty households of three centres with all kinds of hardship, swept as of now."""
    clone = clone_database()
    with django_db_blocker.unblock(), clone.connected():
        settle()
        yield


def settle():
    chance, on = Random(5), seoul_day(timezone.now())
    workers = [UserFactory(agency=CentreFactory(), role="case_manager") for _ in range(3)]
    for number in range(60):
        household = HouseholdFactory(
            worker=workers[number % 3],
            members=1 + number % 3,
            registered_on=on - timedelta(days=600),
            under_protection=on - timedelta(days=365 * 5 - chance.randrange(300)) if number % 4 == 0 else False,
        )
        hardship(household, on, chance)
    sweep(as_now())


def hardship(household, on, chance):
    """Tell of a household what chance says: signals, talks, and attempts that met nobody."""
    if chance.random() < 0.8:
        contact(household, on, chance.randrange(5, 300), tags=chance.sample(TAGS, chance.randrange(2)))
    for code in chance.sample(TOLD, chance.randrange(5)):
        person = chance.choice(members_of(household))
        SignalFactory(person=person, on=on, code_id=code, ago=chance.randrange(200), months=chance.randrange(1, 6))
    for _ in range(chance.randrange(4) if chance.random() < 0.4 else 0):
        contact(household, on, chance.randrange(1, 5), made=False, channel=chance.choice(("visit", "phone")), hour=20)


def slow_way(proposed, as_of):
    """Judge everybody by the rules in force, then by them with the change: {household: (band, score, limit, rules)}."""
    stand = list(RuleVersion.objects.in_force(on=as_of.on).order_by("id"))
    found = []
    for versions in (stand, [version for version in stand if version.code != proposed.code] + [proposed]):
        criteria, rules = standing_of(versions)
        with one_snapshot(live=False):
            facts = Facts(as_of, criteria, live=True)
            facts.gather()
            judge(facts, rules)
            with connection.cursor() as cursor:
                cursor.execute(JUDGED)
                found.append({row[0]: (*row[1:4], frozenset(row[4])) for row in cursor.fetchall()})
    return found


def gained(was, became, code):
    more = became[3] - was[3]
    return bool(more & {code} if code != CODE else more)


@pytest.mark.parametrize("name", CHANGES)
def test_the_short_way_equals_two_judgements_of_everybody(name, register):
    proposed, as_of = CHANGES[name](), as_now()
    effect = simulate(proposed, as_of)
    was, became = slow_way(proposed, as_of)
    code = proposed.code
    assert effect.households == len(was) == 60
    assert dict(effect.moves) == Counter((was[h][0], became[h][0]) for h in was)
    new = {h for h in was if gained(was[h], became[h], code)}
    cleared = {h for h in was if gained(became[h], was[h], code)}
    assert (effect.new, effect.cleared) == (len(new), len(cleared))
    assert effect.new_up == sum(became[h][0] > was[h][0] for h in new)
    assert effect.cleared_down == sum(became[h][0] < was[h][0] for h in cleared)
    for found, judged in (("before", was), ("after", became)):
        owed = sum(_weekly(judged[h][2]) for h in judged)
        assert sum(row[found] for row in effect.workers.values()) == pytest.approx(owed)
    assert effect.sample, "the example changes nothing"
    for line in effect.sample:
        household = line["household"]
        assert (line["before"], line["after"]) == (was[household][0], became[household][0])
        assert line["score"] == [was[household][1], became[household][1]]


def test_every_worker_is_counted_with_what_is_owed_before_and_after(register):
    effect = simulate(proposal(CODE, general_limit=150, watch_limit=90, moderate_limit=20), as_now())
    assert len(effect.workers) == 3
    assert all(row["households"] == 20 for row in effect.workers.values())
    assert all(row["after"] > row["before"] > 0 for row in effect.workers.values())
    assert sum(row["after"] for row in effect.centres.values()) == pytest.approx(
        sum(row["after"] for row in effect.workers.values())
    )
    assert [row["workers"] for row in effect.centres.values()] == [1, 1, 1]
    for row in effect.as_json()["centres"]:
        assert sum(line[3] for line in row["owed"]) == pytest.approx(row["after"] - row["before"])
        assert all(0 < line[4] <= abs(line[3]) + 1e-9 for line in row["owed"]), "the largest is part of the sum"
    assert effect.rests_on == RuleVersion.objects.standing(on=effect.on)


def test_a_simulation_writes_nothing(register):
    before = [model.objects.count() for model in (Flag, Assessment, Standing, Sweep, RuleVersion)]
    simulate(proposal("R-RENT-ARR", months=1), as_now())
    simulate(proposal(CODE, watch_score=6), as_now())
    assert [model.objects.count() for model in (Flag, Assessment, Standing, Sweep, RuleVersion)] == before


def test_the_same_seed_draws_the_same_twenty_households(register):
    proposed, as_of = proposal(CODE, watch_score=6, moderate_score=20, high_limit=7, general_limit=120), as_now()
    first, second, other = (simulate(proposed, as_of, seed=seed) for seed in ("a", "a", "b"))
    assert first.changed > 20
    assert len(first.sample) == 20
    assert first.sample == second.sample
    assert [line["number"] for line in first.sample] != [line["number"] for line in other.sample]


def test_a_household_of_the_sample_tells_its_number_size_and_what_comes_and_no_name(register):
    effect = simulate(proposal("R-RENT-ARR", months=1), as_now())
    line = next(line for line in effect.sample if line["came"])
    household = Standing.objects.get(household=line["household"]).household
    assert line["number"] == household.number
    assert line["size"] == len(members_of(household)) == len(line["people"])
    assert line["came"][0]["rule"] == "R-RENT-ARR"
    assert line["came"][0]["evidence"]["params"]["months"] == 1
