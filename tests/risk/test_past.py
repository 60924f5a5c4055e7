"""The past in the place of the present: what was known then, what a sweep would have kept, and nothing that lasts."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from casework.clock import AsOf, day_ends, seoul_day
from casework.facts import Fact, supersede
from households.actions import move_person
from households.models import Contact, Dwelling, Membership
from risk.models import Assessment, Flag, Standing
from risk.past import as_it_was, covered_tables, flags_as_shown
from tests.factories import ContactFactory, HouseholdFactory, UserFactory
from tests.factories.households import members_of
from tests.factories.referrals import ReferralFactory
from tests.factories.risk import SignalFactory, contact, live_sweep

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def ago(days):
    return TODAY() - timedelta(days=days)


def by_then(on):
    return AsOf(on, day_ends(on) - timedelta(microseconds=1))


def by_now(on):
    return AsOf(on, timezone.now())


@pytest.fixture
def household():
    return HouseholdFactory(members=["오춘화", "오하나"], registered_on=ago(500))


def test_every_table_of_facts_is_covered():
    facts = {model._meta.db_table for model in apps.get_models() if issubclass(model, Fact)}
    assert facts <= covered_tables().keys()


def test_a_fact_is_there_from_the_moment_it_was_known(household):
    SignalFactory(household=household, code_id="S14", ago=40, known_ago=20)
    for day, seen in ((41, 0), (30, 0), (20, 1), (0, 1)):
        with as_it_was(by_then(ago(day)), households=[household.pk]):
            assert apps.get_model("risk", "Signal").objects.count() == seen
    with as_it_was(by_now(ago(30)), households=[household.pk]):
        assert apps.get_model("risk", "Signal").objects.count() == 1
    with as_it_was(by_now(ago(41)), households=[household.pk]):
        assert apps.get_model("risk", "Signal").objects.count() == 0, "it had not happened yet"


def test_who_knows_less_than_the_day_has_heard_of_nothing_later(household):
    live_sweep(ago(5))
    with as_it_was(by_then(TODAY()), households=[household.pk]):
        assert Assessment.objects.exists()
    with as_it_was(AsOf(TODAY(), by_then(ago(20)).known_by), households=[household.pk]):
        assert not Assessment.objects.exists()


def test_a_corrected_fact_reads_as_it_read_then(household):
    worker = UserFactory()
    home = Dwelling.objects.get(household=household)
    supersede(home, by=worker, town="봉천동")
    with as_it_was(by_then(ago(1)), households=[household.pk]):
        assert Dwelling.objects.current().get(household=household).town == "신림동"
    with as_it_was(by_now(ago(1)), households=[household.pk]):
        assert Dwelling.objects.current().get(household=household).town == "봉천동"


def test_the_standing_is_what_a_sweep_of_that_day_would_have_kept(household):
    on = ago(100)
    contact(household, on, 60)
    SignalFactory(household=household, code_id="S14", on=on, ago=10)
    live_sweep(on)
    columns = ("band", "shown_band", "score", "reason_rule", "reasons", "contact_on", "limit_days", "contact_due_on")
    kept = Standing.objects.values(*columns, "since", "attempts", "review_due_on").get(household=household)
    live_sweep(TODAY())
    with as_it_was(by_then(on), households=None):
        again = Standing.objects.values(*kept).get(household=household)
        flags = set(Flag.objects.open().values_list("rule", flat=True))
    for column in columns:
        assert again[column] == kept[column], column
    assert "R-UTIL-CUT" in flags


def test_nothing_lasts(household):
    live_sweep(TODAY())
    before = [list(model.objects.order_by("pk").values()) for model in (Standing, Flag, Assessment)]
    with as_it_was(by_then(ago(30)), households=[household.pk]):
        assert Standing.objects.count() == 1
    assert [list(model.objects.order_by("pk").values()) for model in (Standing, Flag, Assessment)] == before
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relnamespace = pg_my_temp_schema()")
        assert cursor.fetchall() == []


def test_nothing_lasts_where_the_page_breaks(household):
    with pytest.raises(ZeroDivisionError), as_it_was(by_then(ago(30)), households=[household.pk]):
        1 / 0  # noqa: B018
    assert Membership.objects.filter(household=household).count() == 2
    with as_it_was(by_then(ago(30)), households=[household.pk]):
        assert Contact.objects.count() == 0


def test_two_days_can_be_asked_one_after_the_other(household):
    ContactFactory(household=household, occurred_at=timezone.now() - timedelta(days=20))
    for day in (30, 0):
        with as_it_was(by_now(ago(day)), households=[household.pk]):
            assert Contact.objects.count() == (0 if day else 1)


def test_flags_as_shown_are_those_that_were_raised(household):
    SignalFactory(household=household, code_id="S14", ago=40, known_ago=38)
    live_sweep(TODAY())
    with as_it_was(by_then(ago(10)), households=[household.pk]):
        assert Flag.objects.filter(rule="R-UTIL-CUT").exists(), "computed from what was known"
        flags_as_shown(by_then(ago(10)))
        assert not Flag.objects.filter(rule="R-UTIL-CUT").exists(), "but the first sweep came later"


def test_a_referral_stands_where_it_stood():
    """One that came from elsewhere has no history here for those days; its own moments tell it."""
    sent = timezone.now() - timedelta(days=5)
    referral = ReferralFactory(stands="provided", sent_at=sent)
    model = type(referral)
    for hours, status in (
        (-1, None),
        (0.5, "sent"),
        (1.5, "received"),
        (2.5, "accepted"),
        (3.5, "in_progress"),
        (4.5, "provided"),
    ):
        moment = sent + timedelta(hours=hours)
        with as_it_was(AsOf(seoul_day(moment), moment), households=[referral.household_id]):
            assert model.objects.filter(pk=referral.pk).values_list("status", flat=True).first() == status
    with as_it_was(by_now(TODAY()), households=[referral.household_id]):
        assert model.objects.get(pk=referral.pk).provided_at == referral.provided_at


def test_members_are_those_of_the_day(household):
    child = members_of(household)[1]
    mover = UserFactory(role="supervisor", agency=household.responsibility_set.get().center)
    move_person(child, to=HouseholdFactory(center=mover.agency, registered_on=ago(500)), on=ago(5), by=mover)
    with as_it_was(by_now(ago(10)), households=[household.pk]):
        assert Membership.objects.current().during(ago(10)).filter(household=household).count() == 2
    with as_it_was(by_now(ago(2)), households=[household.pk]):
        assert Membership.objects.current().during(ago(2)).filter(household=household).count() == 1
