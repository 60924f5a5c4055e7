"""The first page of the day, for each role."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from casework.agencies.granting import revoke_role
from casework.agencies.models import RoleGrant, User
from casework.agencies.roles import ROLES
from casework.audit.models import AccessLog
from casework.clock import day_begins, seoul_day
from desks.nav import counts_for
from desks.today.views import SHOWN
from tests.factories import AttemptFactory, ContactFactory, DraftFactory, HouseholdFactory, ShareFactory, UserFactory
from tests.factories.households import members_of
from tests.factories.referrals import ReceiverFactory, ReferralFactory
from tests.factories.standings import flagged, stands

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker():
    return UserFactory(name="서지훈", weekly_contacts=2)


def page_of(client, user, url="/", **data):
    client.force_login(user)
    return client.get(url, data)


DESK_OF = {
    "case_manager": "desks/today.html",
    "counsellor": "desks/today.html",
    "supervisor": "desks/supervisor.html",
    "centre_head": "desks/supervisor.html",
    "residence_officer": "desks/receiving.html",
    "foundation_officer": "/figures/",
    "ministry_officer": "desks/protection/ministry.html",
    "town_worker": "/referrals/",
    "receiving_worker": "/referrals/",
    "privacy_auditor": "/logs/",
    "system_administrator": "/users/",
}


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"agency_system"}))  # a system cannot log in
def test_each_role_begins_at_its_own_desk(client, role):
    answer = page_of(client, UserFactory(role=role))
    wanted = DESK_OF[role]
    if wanted.startswith("/"):
        assert answer.headers["Location"] == wanted
        assert client.get(wanted).status_code == 200
    else:
        assert answer.status_code == 200
        assert wanted in [template.name for template in answer.templates]


def test_without_a_role_somebody_is_told_whom_to_ask(client):
    assert "desks/nothing.html" in [t.name for t in page_of(client, UserFactory(role="")).templates]


def test_a_revoked_role_closes_the_desk_at_once(client, worker):
    assert page_of(client, worker, reverse("desks:today")).status_code == 200
    RoleGrant.objects.filter(user=worker).update(during=(timezone.now() - timedelta(days=9), timezone.now()))
    assert client.get(reverse("desks:today")).status_code == 403


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"case_manager", "counsellor", "supervisor", "centre_head"}))
def test_only_those_who_look_after_households_have_a_caseload(client, role):
    assert page_of(client, UserFactory(role=role), reverse("desks:today")).status_code == 403


def test_the_three_places_are_the_highest_of_my_own_that_are_due(client, worker):
    for name, band, due in [("정금주", 5, 0), ("김혜숙", 4, -1), ("엄태식", 4, 30), ("주석호", 3, 1), ("배연화", 3, 1)]:
        stands(HouseholdFactory(worker=worker, members=[name]), band, due_in=due)
    stands(HouseholdFactory(center=worker.agency, members=["남의집"]), 5, due_in=-5)
    first = page_of(client, worker).context["first"]
    assert [item["title"].name for item in first][:2] == ["정금주", "김혜숙"]
    assert len(first) == 3
    assert first[2]["title"].name in ("주석호", "배연화")


def test_a_substitute_sees_the_household_that_he_stands_in_for(client, worker):
    household = HouseholdFactory(worker=UserFactory(agency=worker.agency), substitutes=[worker], members=["백수연"])
    stands(household, 4, due_in=0)
    assert "백수연" in page_of(client, worker).content.decode()


def test_a_household_with_a_protected_address_is_called_by_its_number(client, worker):
    household = HouseholdFactory(worker=worker, members=["비밀주소"], town="비밀동")
    stands(household, 5, due_in=0, address_protected=True)
    html = page_of(client, worker).content.decode()
    assert household.number in html
    assert "비밀주소" not in html
    assert "비밀동" not in html


def test_what_is_owed_this_week_stands_beside_what_one_person_can_do(client, worker):
    for _n in range(3):
        stands(HouseholdFactory(worker=worker), 3, due_in=-1)
    answer = page_of(client, worker)
    assert len(answer.context["mine"].this_week) == 3
    assert "이번 주 해야 할 연락 <b>3</b> · 할 수 있는 연락 <b>2</b>" in answer.content.decode()


def test_an_appointment_is_what_the_latest_contact_set_for_today(client, worker):
    household = HouseholdFactory(worker=worker, members=["지순임"])
    stands(household)
    at = day_begins(seoul_day(timezone.now())) + timedelta(hours=15)
    ContactFactory(household=household, recorded_by=worker, next_at=at, next_channel="phone")
    planned = page_of(client, worker).context["appointments"]
    assert [(item["at"], item["title"].name) for item in planned] == [("15:00", "지순임")]


def test_an_appointment_whose_hour_has_passed_says_so(client, worker):
    household = HouseholdFactory(worker=worker)
    stands(household, 4)
    at = timezone.now() - timedelta(minutes=1)
    ContactFactory(household=household, recorded_by=worker, next_at=at, next_channel="phone")
    answer = page_of(client, worker).content.decode()
    if seoul_day(at) == seoul_day(timezone.now()):
        assert "약속 시간이 지났는데 기록이 없습니다." in answer
        assert f"오늘 {timezone.localtime(at):%H:%M} 지남" in answer


def test_a_caseload_says_how_much_of_it_is_somebody_elses(client, worker):
    stands(HouseholdFactory(worker=worker))
    stands(HouseholdFactory(worker=UserFactory(agency=worker.agency), substitutes=[worker]))
    shown = page_of(client, worker)
    assert (len(shown.context["mine"].rows), shown.context["mine"].others) == (2, 1)
    assert "대직·상담으로 맡은 1가구 포함" in shown.content.decode()


def test_what_changed_since_the_last_log_in_is_told(client, worker):
    household = HouseholdFactory(worker=worker, members=["한옥분"])
    stands(household)
    flagged(household)
    flagged(household, "R-NHI-ARR", raised_ago=timedelta(days=30), cleared=True)
    flagged(household, "R-TEL-ARR", raised_ago=timedelta(days=30))
    texts = [item["news"].text for item in page_of(client, worker).context["news"]]
    assert len(texts) == 2
    assert any("3" in text for text in texts)


def test_referrals_that_wait_for_me_and_drafts_stand_beside(client, worker):
    receiver = ReceiverFactory()
    household = HouseholdFactory(worker=worker, members=3)
    stands(household)
    answered = ReferralFactory(sender=worker, receiver=receiver, household=household, stands="provided")
    ReferralFactory(sender=worker, receiver=receiver, household=household, stands="sent")
    DraftFactory(author=worker, household=household)
    context = page_of(client, worker).context
    assert [item["referral"] for item in context["waiting"]] == [answered]
    assert len(context["drafts"]) == 1


def test_looking_at_the_desk_is_logged_with_whose_data_was_shown(client, worker):
    household = HouseholdFactory(worker=worker, members=2)
    stands(household, 4, due_in=0)
    page_of(client, worker)
    row = AccessLog.objects.filter(act="list", actor_id=worker.pk).latest("id")
    assert set(row.subjects) == {person.pk for person in members_of(household)}


def test_everybody_of_mine_who_is_out_of_reach_is_on_some_page(client, worker):
    for _each in range(SHOWN + 1):
        household = HouseholdFactory(worker=worker)
        stands(household, 4, attempts=1)
        AttemptFactory(household=household, recorded_by=worker, occurred_at=timezone.now() - timedelta(days=3))
    pages = [page_of(client, worker, "/today/", page=number) for number in (1, 2)]
    numbers = [row["title"].number for answer in pages for row in answer.context["lost"]]
    assert len(numbers) == len(set(numbers)) == SHOWN + 1
    assert "?page=2#lost" in pages[0].content.decode()


def test_what_is_shared_with_me_is_not_my_caseload(client, worker):
    household = HouseholdFactory(members=["공유가구"])
    stands(household, 5, due_in=0)
    ShareFactory(household=household, to_user=worker)
    assert page_of(client, worker).context["mine"].rows == []


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_number_of_queries_does_not_grow_with_the_caseload(client, worker, language):
    worker.language = language
    worker.save()

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert page_of(client, worker, reverse("desks:today")).status_code == 200
        return len(caught)

    def fill(count):
        for _n in range(count):
            household = HouseholdFactory(worker=worker)
            stands(household, 4, due_in=0)
            flagged(household)
            DraftFactory(author=worker, household=household)

    fill(2)
    queries()
    few = queries()
    fill(8)
    assert queries() == few


def test_a_residence_officer_sees_what_was_sent_and_whose_protection_ends(client):
    officer = ReceiverFactory()
    household = HouseholdFactory(members=["거주자"], under_protection=True)
    ReferralFactory(receiver=officer)
    answer = page_of(client, officer)
    assert answer.context["waiting_count"] == 1
    assert [period["name"] for period in answer.context["periods"]] == ["거주자"]
    assert household.number not in answer.content.decode()


def test_a_role_that_was_taken_back_counts_nothing_in_the_menu_from_then_on():
    boss = UserFactory(role="supervisor")
    stands(HouseholdFactory(worker=UserFactory(agency=boss.agency)), 5)
    assert counts_for(User.objects.get(pk=boss.pk))["desks:list"] == 1
    grant = RoleGrant.objects.get(user=boss)
    revoke_role(grant, by=UserFactory(role="system_administrator"), reason="부서 이동", now=timezone.now())
    assert counts_for(User.objects.get(pk=boss.pk)) == {}


def test_a_residence_officer_writes_a_request_from_where_a_period_ends(client):
    officer = ReceiverFactory()
    household = HouseholdFactory(members=["거주자"], under_protection=True)
    ReferralFactory(receiver=officer)
    write = reverse("households:extension_new", args=[members_of(household)[0].pk])
    assert f'href="{write}"' in page_of(client, officer).content.decode()
    assert client.get(write).status_code == 200
