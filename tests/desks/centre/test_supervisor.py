"""The supervisor's desk: nothing leaves it by being ignored."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from casework.agencies.roles import ROLES
from casework.clock import seoul_day
from casework.touched import Touched
from households.models import Assignment
from referrals.concerns import actions as concerns
from tests.factories import HouseholdFactory, UserFactory
from tests.factories.agencies import CentreFactory, district
from tests.factories.referrals import ReceiverFactory, ReferralFactory
from tests.factories.standings import stands

pytestmark = pytest.mark.django_db
URL = "/centre/"


@pytest.fixture
def centre():
    return CentreFactory()


@pytest.fixture
def boss(centre):
    return UserFactory(agency=centre, role="supervisor", name="문가람")


@pytest.fixture
def worker(centre):
    return UserFactory(agency=centre, name="서지훈")


def today():
    return seoul_day(timezone.now())


def page_of(client, user, url=URL):
    client.force_login(user)
    return client.get(url)


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"supervisor", "centre_head", "agency_system"}))
def test_the_desk_is_for_those_who_lead_a_centre(client, role):
    assert page_of(client, UserFactory(role=role)).status_code == 403


def test_reviews_are_owed_until_somebody_reviews(client, boss, worker):
    late = HouseholdFactory(worker=worker, members=["늦은집"])
    stands(late, 5, review_due_on=today() - timedelta(days=7))
    soon = HouseholdFactory(worker=worker, members=["오늘집"])
    stands(soon, 4, review_due_on=today())
    other = HouseholdFactory(members=["다른센터"])
    stands(other, 5, review_due_on=today())
    context = page_of(client, boss).context
    assert [item["title"].name for item in context["queue"]] == ["늦은집", "오늘집"]
    assert (context["queue_count"], context["queue_late"]) == (2, 1)
    assert 3 <= context["queue"][0]["late"] <= 5, "working days, not calendar days"


def test_a_household_with_nobody_is_given_to_a_worker(client, boss, worker):
    household = HouseholdFactory(center=boss.agency, members=["혼자남은집"])
    stands(household, 4)
    assert [item["title"].name for item in page_of(client, boss).context["nobody"]] == ["혼자남은집"]
    url = reverse("desks:assign_one", args=[household.number])
    for _twice in range(2):
        assert client.post(url, {"worker": worker.pk}).headers["Location"] == URL
    assert Assignment.objects.current().filter(household=household, worker=worker).count() == 1
    assert page_of(client, boss).context["nobody_count"] == 0


def test_the_assign_button_refuses_get_strangers_and_the_wrong_role(client, boss, worker):
    household = HouseholdFactory(worker=worker)
    url = reverse("desks:assign_one", args=[household.number])
    assert page_of(client, boss, url).status_code == 405
    client.force_login(UserFactory(role="supervisor"))
    assert client.post(url, {"worker": worker.pk}).status_code == 404
    client.force_login(worker)
    assert client.post(url, {"worker": worker.pk}).status_code == 403


def test_nobody_from_another_centre_is_assigned(client, boss):
    household = HouseholdFactory(center=boss.agency)
    stands(household)
    client.force_login(boss)
    client.post(reverse("desks:assign_one", args=[household.number]), {"worker": UserFactory().pk})
    assert not Assignment.objects.filter(household=household).exists()


def test_caseloads_stand_by_name_with_people_households_and_what_is_owed(client, boss, worker):
    other = UserFactory(agency=boss.agency, name="가나다")
    stands(HouseholdFactory(worker=worker, members=3), 5, due_in=-1)
    stands(HouseholdFactory(worker=worker, members=2), 3, due_in=60)
    stands(HouseholdFactory(worker=other), 1, due_in=60)
    stands(HouseholdFactory(center=boss.agency), 1, due_in=60)
    loads = page_of(client, boss).context["loads"]
    assert [str(load.worker) for load in loads] == ["가나다", "문가람", "서지훈", "None"]
    mine = loads[2]
    assert (mine.people, mine.households, mine.urgent, mine.moderate, mine.owed, mine.overdue) == (5, 2, 1, 1, 1, 1)


def test_a_worker_who_can_no_longer_log_in_is_named(client, boss, worker):
    stands(HouseholdFactory(worker=worker))
    worker.is_active = False
    worker.save()
    assert [load.away for load in page_of(client, boss).context["loads"] if str(load.worker) == "서지훈"] == [True]


def test_a_referral_past_its_date_is_told_whoever_must_move(client, boss, worker):
    household = HouseholdFactory(worker=worker, members=3)
    stands(household)
    sent = timezone.now() - timedelta(days=40)
    late = ReferralFactory(sender=worker, receiver=ReceiverFactory(), household=household, sent_at=sent)
    ReferralFactory(sender=worker, receiver=ReceiverFactory(), household=household)
    shown = page_of(client, boss)
    assert [item["referral"] for item in shown.context["late"]] == [late]
    assert "우리 차례 0 · 상대 차례 1" in shown.content.decode(), "the inbox counts the two sides apart as well"


def test_changes_that_do_not_reach_the_list_are_said_aloud(client, boss):
    Touched.objects.all().delete()
    assert page_of(client, boss).context["health"]["stuck"] is False
    Touched.objects.create(household_id=1, at=timezone.now() - timedelta(hours=1))
    assert page_of(client, boss).context["health"]["stuck"] is True


def test_the_number_of_queries_does_not_grow_with_the_centre(client, boss, worker):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            assert page_of(client, boss).status_code == 200
        return len(caught)

    def fill(count):
        for _n in range(count):
            stands(HouseholdFactory(worker=worker), 4, review_due_on=today())
            stands(HouseholdFactory(center=boss.agency), 3)

    fill(2)
    queries()
    few = queries()
    fill(8)
    assert queries() == few


def test_an_emergency_is_reviewed_before_what_has_waited_longer(client, boss, worker):
    stands(HouseholdFactory(worker=worker, members=["늦은집"]), 4, review_due_on=today() - timedelta(days=7))
    stands(HouseholdFactory(worker=worker, members=["급한집"]), 5, review_due_on=today() + timedelta(days=1))
    context = page_of(client, boss).context
    assert [item["title"].name for item in context["queue"]] == ["급한집", "늦은집"]


def test_what_somebody_outside_is_worried_about_stands_above_the_queue(client, boss, worker):
    home = HouseholdFactory(worker=worker, district="서울 관악구", members=["급한집"])
    stands(home, 5, review_due_on=today())
    told = {"way": "neighbour", "told_by": "", "heard_name": "급한집", "heard_phone": "", "heard_place": "행복빌라"}
    seen = {"words": "우편물이 쌓여 있습니다.", "urgent": True, "seen_on": today(), "district": district("서울 관악구")}
    made = concerns.take_down(by=worker, now=timezone.now(), **told, **seen)
    page = page_of(client, UserFactory(agency=made.centre, role="supervisor")).content.decode()
    assert 0 < page.index('id="concerns"') < page.index('id="queue"')
