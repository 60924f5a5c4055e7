"""While two records are linked, what is told under either counts for the kept one, once; undone, all is as before."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from casework.clock import AsOf
from casework.facts import supersede
from casework.touched import Touched
from households import actions as register
from households.duplicates import actions
from households.models import Membership, ProtectionPeriod, Responsibility
from risk.models import Flag, Standing
from risk.sweeps import judged, one_snapshot, sweep
from tests.factories import CentreFactory
from tests.factories.households import PersonFactory
from tests.factories.links import linked, twins
from tests.factories.referrals import ReferralFactory
from tests.factories.risk import SignalFactory, contact
from tests.factories.stated import CircumstanceFactory, ScreeningFactory

pytestmark = pytest.mark.django_db


def home(person):
    return Membership.objects.current().select_related("household").get(person=person, kind="living").household


def swept(households=None):
    sweep(AsOf.live(timezone.now()), households=households)
    Touched.objects.all().delete()


def flags(person):
    """What is flagged in the person's home: {rule: (points, since)}."""
    rows = Flag.objects.filter(household=home(person), cleared_at=None)
    return {row.rule: (row.points, row.since) for row in rows}


def standing(person):
    return Standing.objects.filter(household=home(person)).first()


def told(today, *people):
    """A cut-off of the home and arrears of the person, told of each of `people`."""
    for person in people:
        SignalFactory(person=person, code_id="S14", on=today, ago=9)
        SignalFactory(person=person, code_id="S01", months=4, on=today, ago=9)


def test_signals_of_either_record_count_for_the_kept_one_once(kim, boss, pair, today):
    kept, second = pair
    told(today, second)
    swept()
    before = flags(second)
    assert {"R-UTIL-CUT", "R-NHI-ARR"} <= before.keys()
    linked(kept, second, by=kim, second=boss)
    swept()
    assert {"R-UTIL-CUT", "R-NHI-ARR"} <= flags(kept).keys()
    assert flags(second) == {}
    assert standing(second) is None
    told(today, kept)
    swept()
    assert {rule: flags(kept)[rule] for rule in ("R-UTIL-CUT", "R-NHI-ARR")} == {
        rule: before[rule] for rule in ("R-UTIL-CUT", "R-NHI-ARR")
    }
    assert Flag.objects.filter(rule="R-NHI-ARR", cleared_at=None).count() == 1


def test_an_undone_link_leaves_flags_and_bands_as_they_were(kim, boss, pair, today):
    kept, second = pair
    told(today, second)
    contact(home(kept), today, 3)
    swept()
    before = [(flags(one), standing(one).band, standing(one).contact_on) for one in pair]
    made = linked(kept, second, by=kim, second=boss)
    swept()
    assert [(flags(one), bool(standing(one))) for one in pair][1] == ({}, False)
    actions.undo(made, reason="다른 분", by=boss, now=timezone.now())
    swept()
    assert [(flags(one), standing(one).band, standing(one).contact_on) for one in pair] == before


def test_a_contact_under_the_second_record_holds_the_clock_of_the_kept_one(kim, boss, pair, today):
    kept, second = pair
    contact(home(kept), today, 90)
    contact(home(second), today, 4, people=())
    contact(home(second), today, 6)
    linked(kept, second, by=kim, second=boss)
    swept()
    assert standing(kept).contact_on == today - timedelta(days=4)


def test_attempts_under_the_second_record_are_attempts_to_reach_the_person(kim, boss, pair, today):
    kept, second = pair
    contact(home(kept), today, 40)
    for ago in (3, 2, 1):
        contact(home(second), today, ago, made=False)
    linked(kept, second, by=kim, second=boss)
    swept()
    assert standing(kept).attempts == 3


def test_what_was_learnt_under_the_second_record_holds_the_kept_one_in_emergency(kim, boss, pair, today):
    kept, second = pair
    contact(home(second), today, 2, tags=["self_harm"])
    linked(kept, second, by=kim, second=boss)
    swept()
    assert standing(kept).band == 5
    contact(home(kept), today, 1, tags=["safety_plan"])
    swept()
    assert standing(kept).band in (4, 5)


def test_a_stalled_referral_of_the_second_home_is_the_kept_ones(kim, boss, pair):
    kept, second = pair
    ReferralFactory(
        household=home(second),
        sender=kim,
        stands="sent",
        need="livelihood",
        sent_at=timezone.now() - timedelta(days=40),
    )
    swept()
    assert "R-REF-STALL" in flags(second)
    linked(kept, second, by=kim, second=boss)
    swept()
    assert "R-REF-STALL" in flags(kept)
    assert "R-REF-STALL" not in flags(second)


def test_what_is_stated_and_screened_under_the_second_record_counts(kim, boss, pair, today):
    kept, second = pair
    CircumstanceFactory(person=second, kind="illness", value="serious", since=today - timedelta(days=30))
    ScreeningFactory(person=second, instrument="phq9", score=24, observed_on=today - timedelta(days=5))
    swept()
    before = flags(second).keys() - {"R-CON-GAP"}
    assert before
    linked(kept, second, by=kim, second=boss)
    swept()
    assert before <= flags(kept).keys()


def test_news_of_the_second_record_is_judged_at_the_kept_home(kim, boss, pair, today):
    kept, second = pair
    linked(kept, second, by=kim, second=boss)
    swept()
    told(today, second)
    touched = set(Touched.objects.values_list("household_id", flat=True))
    assert touched == {home(second).pk}
    swept(touched)
    assert "R-UTIL-CUT" in flags(kept)


def test_who_lives_with_the_second_record_is_looked_after_as_before(kim, boss, today):
    kept, second = twins(kim)
    child = PersonFactory(household=home(second), role="spouse", name="박철수")
    contact(home(second), today, 5, people=[second])
    contact(home(second), today, 2, people=[child])
    told(today, second)
    linked(kept, second, by=kim, second=boss)
    swept()
    assert standing(second).contact_on == today - timedelta(days=2)
    assert "R-UTIL-CUT" in flags(second), "the power is off where the other one lives"
    assert "R-NHI-ARR" not in flags(second)
    assert "R-NHI-ARR" in flags(kept)
    assert standing(kept).contact_on == today - timedelta(days=5)


def test_one_centre_does_not_weigh_what_another_knows(kim, boss, pair, today):
    kept, second = pair
    told(today, second)
    linked(kept, second, by=kim, second=boss)
    duty = Responsibility.objects.current().get(household=home(second))
    supersede(duty, by=None, center=CentreFactory(covers=["부산 해운대구"]))
    swept()
    assert "R-UTIL-CUT" in flags(second)
    assert "R-UTIL-CUT" not in flags(kept)


def test_the_second_record_of_somebody_who_died_is_nobody_alive(kim, boss, pair, today):
    kept, second = pair
    told(today, second)
    linked(kept, second, by=kim, second=boss)
    register.record_death(kept, on=today - timedelta(days=1), by=kim)
    swept()
    assert Flag.objects.filter(cleared_at=None).count() == 0
    assert standing(second) is None


def test_a_period_of_the_second_record_speaks_only_where_the_kept_one_has_none(kim, boss, pair, today):
    kept, second = pair
    ends = today + timedelta(days=60)
    period = {"during": DateRange(ends - timedelta(days=1800), ends)}
    ProtectionPeriod.objects.create(person=second, **period)
    made = linked(kept, second, by=kim, second=boss)
    swept()
    assert standing(kept).protection_ends_on == ends - timedelta(days=1)
    soon = DateRange(ends - timedelta(days=1800), ends - timedelta(days=30))
    ProtectionPeriod.objects.create(person=kept, during=soon)
    swept()
    assert standing(kept).protection_ends_on == soon.upper - timedelta(days=1)
    assert made.status == "linked"


def test_the_past_is_judged_by_the_links_that_were_known_then(kim, boss, pair, today):
    kept, second = pair
    told(today, second)
    before = timezone.now()
    linked(kept, second, by=kim, second=boss)
    seen = {}
    for moment in (before, timezone.now()):
        with one_snapshot(live=False):
            judged(AsOf(today, moment))
            with connection.cursor() as cursor:
                cursor.execute("SELECT DISTINCT household_id FROM sweep_person")
                seen[moment] = {row[0] for row in cursor.fetchall()}
    assert list(seen.values()) == [{home(kept).pk, home(second).pk}, {home(kept).pk}]


def test_nothing_covers_a_table_after_the_facts_are_gathered(kim, boss, pair):
    linked(*pair, by=kim, second=boss)
    swept()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class WHERE relnamespace = pg_my_temp_schema() AND relkind = 'v'")
        assert cursor.fetchone() == (0,)


def test_a_contact_with_both_records_present_names_one_person(kim, boss, today):
    kept, second = twins(kim, same_home=True)
    linked(kept, second, by=kim, second=boss)
    contact(home(kept), today, 2, tags=["self_harm"], people=[kept, second])
    swept()
    hit = Flag.objects.get(rule="R-SUI", cleared_at=None)
    assert hit.person_id == kept.pk
