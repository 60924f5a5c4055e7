"""The day: what is due from every source, whose it is, what was put off, what nobody has."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.urls import reverse

from casework.audit.models import AccessLog
from desks.day.asking import rows_of
from desks.day.shown import day_of, group_of, is_nobodys
from households.actions import assign
from households.models import Draft, Snooze
from tests.desks.day.today import DAY, HOUR, NOW, TODAY, URL, kinds, text
from tests.factories import ContactFactory, DraftFactory, HouseholdFactory, UserFactory
from tests.factories.data_requests import data_request
from tests.factories.day import task_of, visit_of
from tests.factories.households import members_of
from tests.factories.referrals import ReferralFactory
from tests.factories.standings import stands
from tests.factories.surveys import CampaignFactory


def test_what_is_due_comes_from_every_source(worker, supervisor, house):
    stands(house, band=2, due_in=3, review_due_on=TODAY, band_since=NOW)
    ContactFactory(household=house, recorded_by=worker, occurred_at=NOW - DAY, next_at=NOW + DAY)
    task_of(house, by=worker)
    visit_of(house, worker=worker, begins=NOW + HOUR)
    CampaignFactory(households=[house])
    ReferralFactory(household=house, sender=worker, stands="declined")
    draft = DraftFactory(author=worker, household=house)
    Draft.objects.filter(pk=draft.pk).update(saved_at=NOW - 9 * DAY)
    found = set(kinds(worker))
    assert {"contact", "planned", "task", "visit", "survey", "referral", "draft"} <= found
    assert "review" not in found
    assert "review" in kinds(supervisor)
    assert "draft" not in kinds(supervisor)


def test_the_next_step_before_the_end_of_protection_is_due_once_for_each_person(worker):
    home = HouseholdFactory(worker=worker, under_protection=TODAY - timedelta(days=5 * 365 - 50))
    (row,) = rows_of(worker, on=TODAY, only=("end_step",))
    assert row.due.key == f"{members_of(home)[0].case_number}/second"
    assert row.due.day < TODAY


def test_high_and_emergency_are_a_kind_of_their_own_which_nothing_puts_off(client, worker, house):
    stands(house, band=5, due_in=0, limit=0, contact_due_on=None)
    assert "contact_urgent" in kinds(worker)
    assert "contact" not in kinds(worker)
    client.force_login(worker)
    url = f"{reverse('desks:snooze')}?kind=contact_urgent&key={house.pk}"
    assert client.post(url, {"until": TODAY + DAY, "reason": "나중에"}).status_code == 302
    assert not Snooze.objects.exists()


def test_what_is_put_off_is_folded_with_who_and_why_and_comes_back_by_itself(client, worker, house):
    stands(house, band=2, due_in=0)
    client.force_login(worker)
    url = f"{reverse('desks:snooze')}?kind=contact&key={house.pk}"
    assert client.post(url, {"until": TODAY + 15 * DAY, "reason": "입원"}).status_code == 422
    assert client.post(url, {"until": TODAY + 3 * DAY, "reason": "입원 중"}).status_code == 302
    page = text(client, worker)
    assert "미룸 1건" in page
    assert "서지훈: 입원 중" in page
    assert day_of(worker, now=NOW).count == 0
    assert not [row for row in rows_of(worker, on=TODAY + 3 * DAY) if row.put_off]
    stands(house, band=2, due_in=1)
    assert [row.put_off for row in rows_of(worker, on=TODAY)] == [False], "what falls due anew is due"
    pk = Snooze.objects.get().pk
    assert client.get(reverse("desks:snooze_lift", args=[pk])).status_code == 405
    client.post(reverse("desks:snooze_lift", args=[pk]))
    client.post(reverse("desks:snooze_lift", args=[pk]))
    assert Snooze.objects.get().lifted_by == worker


def test_a_stranger_puts_nothing_off_and_takes_nothing_back(client, stranger, worker, house):
    stands(house, band=2, due_in=0)
    client.force_login(stranger)
    url = f"{reverse('desks:snooze')}?kind=contact&key={house.pk}"
    assert client.post(url, {"until": TODAY + DAY, "reason": "-"}).status_code == 302
    assert not Snooze.objects.exists()
    put_off = {"kind": "contact", "key": "1", "due_on": TODAY, "put_off_on": TODAY, "until": TODAY + DAY}
    held = Snooze.objects.create(household=house, reason="-", by=worker, **put_off)
    assert client.post(reverse("desks:snooze_lift", args=[held.pk])).status_code == 404


def test_the_worker_resigned_last_night_and_nothing_disappears(client, worker, supervisor, house):
    stands(house, band=2, due_in=0)
    task_of(house, by=worker)
    task_of(by=worker, owner=worker, what="명부 정리")
    assert not any(is_nobodys(row) for row in rows_of(supervisor, on=TODAY))
    worker.grants.update(during=DateTimeTZRange(NOW - timedelta(days=99), NOW - timedelta(hours=8)))
    assert {row.due.kind for row in rows_of(supervisor, on=TODAY) if is_nobodys(row)} == {"contact", "task"}
    page = text(client, supervisor, who="nobody")
    assert "서지훈 님이 그만두었거나 더 이상 이 역할을 맡고 있지 않습니다" in page
    assert "명부 정리" in page
    assert "임자 없는 일이 3건 있습니다" in text(client, supervisor)
    heir = UserFactory(agency=worker.agency)
    assign(house, worker=heir, on=TODAY, by=supervisor)
    assert [row.due.kind for row in rows_of(supervisor, on=TODAY) if is_nobodys(row)] == ["task"]
    assert set(kinds(heir)) == {"contact", "task"}


def test_a_task_given_to_somebody_else_by_name_stands_on_their_day_alone(worker, colleague, house):
    task_of(house, by=worker, owner=colleague)
    assert day_of(colleague, now=NOW).count == 1
    assert day_of(worker, now=NOW).count == 0


def test_the_supervisor_sees_the_centre_one_worker_or_the_own_day(client, worker, colleague, supervisor, house):
    stands(house, band=2, due_in=0)
    other = HouseholdFactory(worker=colleague, members=["박하나"])
    stands(other, band=2, due_in=0)
    task_of(by=supervisor, owner=supervisor, what="결재 올리기")
    assert day_of(supervisor, now=NOW).count == 3
    page = text(client, supervisor, who=str(worker.pk))
    assert "정금주" in page
    assert "박하나" not in page
    assert [line.row.due.words for line in day_of(supervisor, now=NOW, who="me").lines] == ["결재 올리기"]
    assert day_of(supervisor, now=NOW, kind="task").count == 1


def test_what_is_due_is_grouped_by_its_day():
    monday = TODAY - timedelta(days=TODAY.weekday())
    days = [monday - DAY, monday, monday + DAY, monday + 6 * DAY, monday + 7 * DAY]
    assert [group_of(day, monday) for day in days] == ["late", "today", "week", "week", "later"]


def test_looking_is_logged_and_a_protected_address_is_called_by_its_number(client, worker):
    home = HouseholdFactory(worker=worker, members=["한보호"])
    stands(home, band=2, due_in=0, address_protected=True)
    page = text(client, worker)
    assert "한보호" not in page
    assert home.number in page
    assert AccessLog.objects.latest("id").households == [home.pk]


def test_the_empty_day_says_so_and_the_wrong_role_is_refused(client, worker):
    assert "예정된 일이 없습니다" in text(client, worker)
    client.force_login(UserFactory(role="privacy_auditor"))
    assert client.get(URL).status_code == 403


@pytest.mark.parametrize("who", ["worker", "supervisor"])
def test_the_number_of_questions_does_not_grow(who, request, worker, own_queries):
    user = request.getfixturevalue(who)

    def add(number):
        for _n in range(number):
            home = HouseholdFactory(worker=worker)
            stands(home, band=2, due_in=0)
            task_of(home, by=worker)

    add(2)
    few = own_queries(user, URL)
    assert len(few) <= 5, few
    add(18)
    assert len(own_queries(user, URL)) == len(few)


def test_paging_and_the_whole_list_on_paper(client, worker):
    for number in range(41):
        task_of(by=worker, owner=worker, what=f"할일 {number:02d}", client_key=uuid4())
    assert "할일 40" not in text(client, worker)
    assert "할일 40" in text(client, worker, page=2)
    assert "할일 40" in text(client, worker, print=1)


def test_the_case_shows_tasks_visits_and_that_there_is_a_warning(client, worker, house):
    task_of(house, by=worker, what="사례관리 동의서 받기")
    visit_of(house, worker=worker, begins=NOW + DAY)
    client.force_login(worker)
    page = client.get(reverse("desks:case", args=[house.number])).content.decode()
    assert "사례관리 동의서 받기" in page
    assert "방문 계획" in page


def test_what_only_the_supervisor_can_answer_says_so_to_everybody_else(client, worker, supervisor, house):
    data_request(members_of(house)[0], by=worker)
    assert "감독자가 답합니다" in text(client, worker)
    mine = text(client, supervisor)
    assert "data_request" in kinds(supervisor)
    assert "감독자가 답합니다" not in mine
