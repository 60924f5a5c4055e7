"""R-REF-STALL: a clock of a referral has run out, and until the step is taken the household falls no further."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from casework.clock import AsOf, seoul_day
from referrals import actions
from referrals.models import Referral
from risk.bands import Band
from risk.facts.stated import StallFact
from risk.models import Assessment, Sweep
from risk.sweeps import judged, one_snapshot
from tests.factories.referrals import REACHED_BY, ReceiverFactory, ReferralFactory
from tests.factories.risk import SignalFactory, verdict

pytestmark = pytest.mark.django_db


def stalls(question, *, live=False):
    """Return {referral: (station, moment at which its clock ran out)} by the tables of a sweep."""
    with one_snapshot(live=False):
        judged(question, live=live)
        return {row.pk: (row.station, row.ran_out_at) for row in StallFact.objects.order_by("pk")}


def assessed(household, at, band):
    """Write down what a sweep said of the household at a moment."""
    sweep = Sweep.objects.create(kind="full", on=seoul_day(at), known_by=at)
    Assessment.objects.create(
        household=household, sweep=sweep, on=seoul_day(at), known_by=at, band=band, score=0, digest=""
    )


@pytest.mark.parametrize("days", [0, 1, 2, 3, 5, 8, 13, 16, 40])
def test_the_same_clocks_have_run_out_as_the_pages_of_referrals_say(now, days):
    for need in ("livelihood", "utilities", "work"):
        for stands in REACHED_BY:
            ReferralFactory(stands=stands, need=need, sent_at=now - timedelta(days=days, hours=9))
    late = Referral.objects.overdue(now=now)
    assert set(stalls(AsOf.live(now), live=True)) == set(late.values_list("pk", flat=True))


def test_a_referral_that_waits_is_told_with_the_step_that_waits(now):
    referral = ReferralFactory(stands="sent", need="utilities", sent_at=now - timedelta(days=3))
    hit = verdict(referral.household, AsOf.live(now), live=True)["rules"]["R-REF-STALL"]
    assert (hit["weight"], hit["floor"], hit["trump"]) == (0, None, False)
    assert [fact["code"] for fact in hit["evidence"]["facts"]] == ["acknowledge"]
    actions.acknowledge(referral, by=_receiver(referral), now=now)
    actions.accept(referral, by=_receiver(referral), now=now)
    assert "R-REF-STALL" not in verdict(referral.household, AsOf.live(now), live=True)["rules"]


def test_the_household_is_held_at_the_band_it_had_when_the_clock_ran_out(now):
    referral = ReferralFactory(stands="sent", need="utilities", sent_at=now - timedelta(days=3))
    home = referral.household
    assessed(home, now - timedelta(days=30), Band.WATCH)
    assessed(home, now - timedelta(days=3), Band.HIGH)
    assessed(home, now - timedelta(days=1), Band.GENERAL)  # after the clock had run out: it does not fall
    assert verdict(home, AsOf.live(now), live=True)["band"] == Band.HIGH
    actions.accept(referral, by=_receiver(referral), now=now)
    assert verdict(home, AsOf.live(now), live=True)["band"] < Band.HIGH


def test_a_band_that_rose_while_nobody_answered_does_not_fall_again(now):
    referral = ReferralFactory(stands="sent", need="utilities", sent_at=now - timedelta(days=3))
    assessed(referral.household, now - timedelta(days=3), Band.WATCH)
    assessed(referral.household, now - timedelta(hours=12), Band.HIGH)
    assert verdict(referral.household, AsOf.live(now), live=True)["band"] == Band.HIGH


def test_an_emergency_is_held_as_high_because_only_its_own_rules_make_one(now):
    referral = ReferralFactory(stands="sent", need="utilities", sent_at=now - timedelta(days=3))
    assessed(referral.household, now - timedelta(days=3), Band.EMERGENCY)
    assert verdict(referral.household, AsOf.live(now), live=True)["band"] == Band.HIGH


def test_replay_sees_the_clock_as_it_stood_then(now):
    referral = ReferralFactory(stands="in_progress", need="utilities", sent_at=now - timedelta(days=20))

    def asked(days):
        return stalls(AsOf(on=seoul_day(now - timedelta(days=days)), known_by=now - timedelta(days=days)))

    assert asked(19.9) == {}
    assert asked(15)[referral.pk][0] == "outcome"


def test_replay_sees_an_outcome_that_was_given_back_later(now):
    referral = ReferralFactory(stands="in_progress", need="utilities", sent_at=now - timedelta(days=20))
    columns = ", ".join(f'"{field.column}"' for field in Referral._meta.concrete_fields if field.name != "provided_at")
    told = (
        (now - timedelta(days=19), None),
        (now - timedelta(days=18), now - timedelta(days=18)),  # the outcome was reported
        (now - timedelta(days=12), None),  # and given back
    )
    with connection.cursor() as cursor:
        for at, provided in told:
            cursor.execute(
                f"INSERT INTO referrals_referralevent (pgh_created_at, pgh_label, pgh_obj_id, provided_at, {columns}) "
                f"SELECT %s, 'update', id, %s, {columns} FROM referrals_referral WHERE id = %s",
                [at, provided, referral.pk],
            )

    def asked(days):
        then = now - timedelta(days=days)
        return stalls(AsOf(on=seoul_day(then), known_by=then)).get(referral.pk, ("",))[0]

    assert asked(17) == ""  # the sender has time to confirm
    assert asked(13) == "confirm"
    assert asked(11) == "outcome"


def test_what_gives_no_points_speaks_only_where_nothing_else_does(now):
    referral = ReferralFactory(stands="sent", need="utilities", sent_at=now - timedelta(days=3))
    assessed(referral.household, now - timedelta(days=3), Band.HIGH)
    SignalFactory(household=referral.household, code_id="S01", months=4, on=seoul_day(now))
    with one_snapshot(live=False):
        judged(AsOf.live(now), households=[referral.household_id], live=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT hit.rule FROM sweep_reason JOIN sweep_hit hit ON hit.id = strongest")
            assert cursor.fetchone()[0] == "R-NHI-ARR"


def _receiver(referral):
    return actions.handlers(referral).first()


def test_what_was_passed_on_without_a_ground_is_waited_for_since_its_first_sending(now):
    office = ReceiverFactory(agency__private=True).agency
    referral = ReferralFactory(stands="received", sent_at=now - timedelta(days=9))
    words = {"reason": "다른 기관이 맡는 일입니다.", "to_agency": office}
    following = actions.VERBS["reroute"](referral, by=_receiver(referral), now=now, **words).rerouted_to
    later = timezone.now()
    assert following.status == "draft"
    assert set(Referral.objects.overdue(now=later)) == {following}
    (station, ran_out_at) = stalls(AsOf.live(later), live=True)[following.pk]
    assert station == "acknowledge"
    assert ran_out_at < now
