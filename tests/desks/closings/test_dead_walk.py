"""One dead person through every page and list that can name somebody: nowhere does the person live again."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from casework.clock import AsOf
from desks.protection.entries import entries
from households.actions import record_death, record_preference
from households.models import DeathReview, EndNotice, ProtectionPeriod
from households.protection.telling import tell_due
from households.reports.people import registered, reported
from risk.campaigns.population import Criteria, population
from risk.sweeps import sweep
from tests.factories import ContactFactory, HouseholdFactory
from tests.factories.households import members_of
from tests.factories.referrals import ReceiverFactory

GONE, STAYS = "강하늘", "민들레"


@pytest.fixture
def officer(db):
    return ReceiverFactory()


@pytest.fixture
def couple(worker, today):
    """Two people whose protection ends in two months, and a meeting planned with the one who died."""
    since = today.replace(year=today.year - 5, day=1) + timedelta(days=60)
    home = HouseholdFactory(worker=worker, members=[GONE, STAYS], under_protection=since, person_phone="010-1234-5678")
    head, spouse = members_of(home)
    tomorrow = timezone.now() + timedelta(hours=30)
    ContactFactory(household=home, recorded_by=worker, people=[head], next_at=tomorrow, next_channel="visit")
    record_preference(head, stated_on=today - timedelta(days=50), by=worker, safe_number="010-8888-7777")
    record_death(head, on=today - timedelta(days=5), new_head=spouse, by=worker)
    sweep(AsOf.live(timezone.now()))
    return home


@pytest.fixture
def alone(worker, today):
    """Somebody who lived alone."""
    home = HouseholdFactory(worker=worker, members=[GONE], under_protection=today.replace(day=1) - timedelta(days=900))
    sweep(AsOf.live(timezone.now()))
    record_death(members_of(home)[0], on=today - timedelta(days=5), by=worker)
    sweep(AsOf.live(timezone.now()))
    return home


LISTS = (
    "list", "today", "supervisor", "digest", "protection", "protection_calendar", "campaigns", "closings", "reassign",
)  # fmt: skip


def test_no_list_of_the_centre_names_the_dead(couple, alone, supervisor, worker, look):
    of_leaders = ("supervisor", "digest", "reassign")
    bands = "?band=1&band=2&band=3&band=4&band=5"
    pages = [(supervisor, name) for name in LISTS] + [(worker, name) for name in LISTS if name not in of_leaders]
    for user, name in pages:
        assert GONE not in look(user, reverse(f"desks:{name}") + (bands if name == "list" else "")), (name, user)
    assert alone.number not in look(supervisor, reverse("desks:list") + bands)
    assert alone.number in look(supervisor, reverse("desks:household", args=[alone.number]))  # the file is kept


def test_who_stays_is_named_in_their_place(couple, supervisor, look):
    page = look(supervisor, reverse("desks:household", args=[couple.number]))
    assert STAYS in page
    before, history = page.split('id="tl"')
    assert GONE not in before + history.split('id="mem"')[1]
    assert GONE in history  # what happened stays on record


def test_nobody_is_asked_told_or_written_to(couple, alone, worker, supervisor, ministry, today):
    dead = [review.person for review in DeathReview.objects.select_related("person")]
    case_numbers = {person.case_number for person in dead}
    lines = entries(supervisor, today)
    assert not case_numbers & {line.case_number for line in lines}
    assert not population(Criteria(), on=today).filter(household=alone).exists()
    ending = ProtectionPeriod.objects.ending_between(today - timedelta(days=400), today + timedelta(days=400))
    named = set(ending.values_list("person__case_number", flat=True))
    assert not named & case_numbers
    assert len(named) == 1  # who stays
    tell_due(timezone.now())
    assert not EndNotice.objects.filter(person__in=dead).exists()


def test_neither_the_register_nor_the_report_of_the_town_has_the_dead(couple, alone, officer, today):
    kept = {row.person_id for row in registered(officer, today, today=today)}
    told = {row.person_id for row in reported(officer.agency_id, today)}
    dead = set(DeathReview.objects.values_list("person", flat=True))
    stays = next(person.pk for person in members_of(couple) if person.pk not in dead)
    assert not dead & (kept | told)
    assert stays in kept


def test_whoever_looks_for_the_dead_finds_them_with_the_day(couple, supervisor, look, today):
    page = look(supervisor, reverse("desks:search"), q=GONE)
    assert GONE in page
    assert f"{(today - timedelta(days=5)).day}. 사망" in page.replace("\xa0", " ")


def test_the_page_of_the_dead_offers_nothing_one_does_with_the_living(couple, supervisor, look):
    case = DeathReview.objects.get(household=couple).person.case_number
    page = look(supervisor, reverse("desks:person", args=[case]))
    assert "사망" in page
    assert reverse("desks:death_review", args=[case]) in page
    for verb in ("phone", "preference", "consent"):
        assert reverse(f"households:{verb}", args=[case]) not in page
    assert "/reveal/" not in page
    assert "extension" not in page.split('id="protection"')[1].split("</section>")[0]
