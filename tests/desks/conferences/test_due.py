"""When a conference is owed: by band, from the day it came, until the household was talked about; and what it left."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from casework.clock import SEOUL, Holiday, add_working_days, seoul_day
from desks.conferences.due import owed
from desks.day.conferences import CONFERENCE_DUE, DECISION_DUE
from desks.day.due import Scope, due_of
from households.conferences import deciding
from households.models import CaseConference, ConferenceItem, Household
from referrals import conferences as referring
from referrals.models import Referral, Route
from tests.factories import HouseholdFactory
from tests.factories.conferences import decided, talked_about
from tests.factories.referrals import OfficeFactory
from tests.factories.standings import stands

pytestmark = pytest.mark.django_db


def came(household, band, ago, **words):
    """Let a band come `ago`; return the moment."""
    moment = timezone.now() - ago
    stands(household, band, band_since=moment, since=seoul_day(moment), **words)
    return moment


def due_on(household, on=None):
    found = owed(Household.objects.values("pk"), on=on or seoul_day(timezone.now())).filter(household=household)
    return found.values_list("due_on", flat=True).first()


def test_emergency_within_72_hours_and_high_within_5_working_days(worker):
    urgent, high, moderate = (HouseholdFactory(worker=worker) for _n in range(3))
    at = came(urgent, 5, timedelta(days=1))
    since = came(high, 4, timedelta(days=12))
    came(moderate, 3, timedelta(days=40))
    assert due_on(urgent) == seoul_day(at + timedelta(hours=72))
    assert due_on(high) == add_working_days(seoul_day(since), 5, Holiday.objects.days())
    assert due_on(moderate) is None


@pytest.mark.parametrize("day", [20, 21, 23])
def test_the_clock_of_high_counts_working_days_from_a_friday_a_saturday_and_a_monday(worker, day):
    household = HouseholdFactory(worker=worker)
    moment = datetime(2026, 11, day, 10, tzinfo=SEOUL)
    stands(household, 4, band_since=moment, since=moment.date())
    assert due_on(household) == add_working_days(moment.date(), 5, Holiday.objects.days())


def test_a_band_that_a_person_raised_counts_from_that_day(worker):
    household = HouseholdFactory(worker=worker)
    today = seoul_day(timezone.now())
    stands(household, 4, band_since=timezone.now() - timedelta(days=60), since=today - timedelta(days=1))
    assert due_on(household) >= today


def test_nothing_is_owed_once_it_was_talked_about_and_again_when_the_band_comes_anew(worker, supervisor):
    household = HouseholdFactory(worker=worker)
    came(household, 5, timedelta(days=2))
    talked_about(household, supervisor, ago=timedelta(days=1))
    ConferenceItem.objects.update(brought_at=timezone.now() - timedelta(days=2))
    assert due_on(household) is None
    came(household, 5, timedelta(hours=3))
    assert due_on(household) is not None
    came(household, 4, timedelta(hours=3))  # it fell: the talk of yesterday still answers for it
    assert due_on(household) is None
    CaseConference.objects.update(held_at=timezone.now() - timedelta(days=20))
    ConferenceItem.objects.update(brought_at=timezone.now() - timedelta(days=21))
    assert due_on(household) is not None


def test_one_that_is_only_planned_does_not_answer_for_it(item, household):
    came(household, 4, timedelta(days=20))
    assert due_on(household) is not None


def scope(user):
    seen = Household.objects.kept_by(user).order_by().values("pk")
    return Scope(user, seen, seoul_day(timezone.now()))


def test_the_page_shows_emergencies_first_and_the_rest_on_pages(page, worker, monkeypatch):
    monkeypatch.setattr("desks.conferences.shown.DUE_ON_A_PAGE", 2)
    for days in (30, 20, 10):
        came(HouseholdFactory(worker=worker, members=[f"한나무{days}"]), 4, timedelta(days=days))
    came(HouseholdFactory(worker=worker, members=["정급한"]), 5, timedelta(hours=1))
    shown = page.get(worker, reverse("desks:conferences_due"))
    assert [row["title"].name for row in shown.context["rows"]] == ["정급한", "한나무30"]
    assert (shown.context["page"].paginator.count, shown.context["late"]) == (4, 3)
    rest = page.get(worker, reverse("desks:conferences_due") + "?page=2")
    assert [row["title"].name for row in rest.context["rows"]] == ["한나무20", "한나무10"]


def test_the_day_list_has_what_is_owed_and_what_was_decided_until_it_is_done(begun, household, worker, supervisor):
    came(household, 4, timedelta(days=20))
    CaseConference.objects.update(held_at=timezone.now() - timedelta(days=40))
    ConferenceItem.objects.update(brought_at=timezone.now() - timedelta(days=41))
    one = decided(begun, supervisor, owner=worker)
    both = (CONFERENCE_DUE, DECISION_DUE)
    found = {due.kind: due for due in due_of(both, scope(worker))}
    assert found["conference_decision"].day == one.due_on
    assert found["conference"].household == household.pk
    assert household.number in CONFERENCE_DUE.href(found["conference"], household.number)
    assert begun.conference.number in DECISION_DUE.href(found["conference_decision"], household.number)
    deciding.done(one, by=worker, now=timezone.now())
    assert [due.kind for due in due_of(both, scope(worker))] == ["conference"]


def test_what_was_decided_to_refer_is_owed_until_the_referral_is_sent(begun, worker, supervisor):
    office = OfficeFactory()
    one = decided(begun, supervisor, kind="referral", need="livelihood", to_agency=office, owner=worker)
    made = referring.refer(one, by=worker, now=timezone.now())
    assert len(due_of((DECISION_DUE,), scope(worker))) == 1
    sent = {"sent_at": timezone.now(), "clock_from": timezone.now(), "route": Route.objects.first()}
    Referral.objects.filter(pk=made.pk).update(status="sent", **sent)
    assert due_of((DECISION_DUE,), scope(worker)) == []
