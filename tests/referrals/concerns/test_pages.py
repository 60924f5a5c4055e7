"""The pages of concerns: who reads what, the desks, and each button's five questions."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from casework.agencies.models import Agency
from casework.audit.models import AccessLog
from casework.clock import seoul_day
from referrals.concerns import actions
from referrals.concerns.workflow import ConcernStatus
from referrals.models import Concern
from tests.factories import ContactFactory, UserFactory
from tests.factories.agencies import district
from tests.referrals.concerns.conftest import PLACE

pytestmark = pytest.mark.django_db


def at(concern, verb=None):
    if verb:
        return reverse("referrals:concern_step", args=[concern.number, verb])
    return reverse("referrals:concern", args=[concern.number])


def test_the_call_centre_takes_one_down_and_twice_is_once(page, centre, household):
    url = reverse("referrals:concern_new")
    sent = {
        "client_key": str(uuid4()),
        "words": "며칠째 인기척이 없습니다.",
        "seen_on": seoul_day(timezone.now()).isoformat(),
        "district": district(PLACE).pk,
        "heard_name": "정금주",
        "way": "neighbour",
        "told_by": "",
        "urgent": "on",
    }
    for _ in range(2):
        page.post(centre.caller, url, **sent)
    made = Concern.objects.get()
    assert (made.centre, made.urgent, made.taken_by) == (centre.agency, True, centre.caller)
    seen = page.get(centre.caller, at(made)).content.decode()
    assert "센터에서 아직 확인하지 않음" in seen
    assert household.number not in seen  # whether somebody is on file is not said


def test_without_anything_to_find_them_by_the_form_comes_back_with_what_was_typed(page, centre):
    answer = page.post(centre.caller, reverse("referrals:concern_new"), words="인기척이 없습니다.", way="neighbour")
    assert answer.status_code == 422
    said = answer.content.decode()
    assert "이름, 전화번호, 장소 가운데 하나" in said
    assert "인기척이 없습니다." in said


def test_an_auditor_and_an_administrator_take_nothing_down(page, centre):
    for role in ("privacy_auditor", "system_administrator"):
        user = UserFactory(role=role)
        assert page.get(user, reverse("referrals:concern_new")).status_code == 403
        assert page.get(user, reverse("referrals:concerns")).status_code == 403


def test_who_told_us_is_read_by_those_who_decide_and_by_who_took_it_down(page, centre, told, household):
    made = actions.contact(
        told(),
        by=centre.boss,
        now=timezone.now(),
        household=household,
        worker=centre.worker,
        due_on=seoul_day(timezone.now()),
    )
    for user, reads in ((centre.boss, True), (centre.caller, True), (centre.worker, False)):
        assert ("010-0000-7777" in page.get(user, at(made)).content.decode()) == reads, user
    outside = page.get(centre.caller, at(made)).content.decode()
    assert household.number not in outside
    assert centre.worker.name not in outside
    assert "센터에서 확인함" in outside


@pytest.mark.parametrize("stands", ["waiting", "contact", "nothing"])
def test_a_stranger_finds_nothing(page, centre, told, household, stands):
    made = told()
    if stands == "contact":
        words = {"household": household, "worker": centre.worker, "due_on": seoul_day(timezone.now())}
        actions.contact(made, by=centre.boss, now=timezone.now(), **words)
    if stands == "nothing":
        actions.nothing(made, by=centre.boss, now=timezone.now(), reason="-")
    for user in (UserFactory(role="supervisor"), UserFactory(agency=centre.caller.agency, role="foundation_officer")):
        assert page.get(user, at(made)).status_code == 404
        assert page.post(user, at(made, "nothing"), reason="-").status_code == 404


def test_a_worker_who_was_not_named_and_does_not_see_the_household_finds_nothing(page, centre, told, household):
    made = told()
    assert page.get(centre.worker, at(made)).status_code == 404  # not looked at yet: no household stands on it
    assert page.get(centre.boss, at(made)).status_code == 200


def test_the_buttons_refuse_get_and_say_so_when_somebody_was_quicker(page, centre, told):
    made = told()
    assert page.get(centre.boss, at(made, "nothing")).status_code == 405
    page.post(centre.boss, at(made, "nothing"), reason="이사하셨습니다.")
    late = page.post(centre.boss, at(made, "nothing"), reason="이사하셨습니다.")
    assert [str(m) for m in late.context["messages"]] == [
        "이 단계는 더 열려 있지 않습니다. 제보의 상태는 “더 할 일 없음”입니다."
    ]
    assert page.post(centre.boss, at(made, "fly")).status_code == 404


def test_the_supervisor_finds_the_household_by_the_name_as_heard_and_names_a_worker(page, centre, told, household):
    made = told()
    shown = page.get(centre.boss, at(made), do="contact")
    assert shown.context["form"].like == [household]
    answer = page.post(centre.boss, at(made, "contact"), household=household.number)
    assert answer.status_code == 422  # nobody named
    tomorrow = (timezone.now() + timedelta(days=1)).date().isoformat()
    page.post(centre.boss, at(made, "contact"), household=household.number, worker=centre.worker.pk, due_on=tomorrow)
    made.refresh_from_db()
    assert (made.status, made.household, made.worker) == (ConcernStatus.CONTACT, household, centre.worker)
    assert AccessLog.objects.filter(actor_id=centre.boss.pk, households__contains=[household.pk]).exists()


def test_a_number_that_is_nobody_s_is_said_at_the_field(page, centre, told):
    answer = page.post(centre.boss, at(told(), "refer"), other="999-999-9")
    assert answer.status_code == 422
    assert "가구를 고르거나 번호를 적어 주십시오" in answer.content.decode()


def test_the_other_numbers_work_too(page, centre, told, household):
    first, second = told(), told(heard_name="")
    page.post(centre.boss, at(first, "refer"), other=household.number.lower().replace("-", ""))
    first.refresh_from_db()
    assert first.household == household
    page.post(centre.boss, at(second, "join"), other=first.number.lower())
    second.refresh_from_db()
    assert second.same_as == first
    assert second.number in page.get(centre.boss, at(first)).content.decode()


def test_what_one_centre_decided_is_not_read_at_the_next(page, centre, told):
    there = Agency.objects.centres().exclude(pk=centre.agency.pk).order_by("pk").first()
    boss = UserFactory(agency=there, role="supervisor")
    made = actions.nothing(told(), by=centre.boss, now=timezone.now(), reason="안에서만 아는 사정")
    made = actions.again(made, by=centre.boss, now=timezone.now(), reason="다시 봅니다")
    actions.pass_on(made, by=centre.boss, now=timezone.now(), reason="그곳에 사십니다.", centre=there)
    seen = page.get(boss, at(made)).content.decode()
    assert "그곳에 사십니다." in seen
    assert "안에서만 아는 사정" not in seen


def test_a_refused_decision_comes_back_with_what_was_typed(page, centre, told, household):
    day = seoul_day(timezone.now()).isoformat()
    words = {"household": household.number, "worker": centre.other.pk, "due_on": day}
    answer = page.post(centre.boss, at(told(), "contact"), **words)
    assert answer.status_code == 422
    assert "이 가구를 맡고 있지 않습니다" in answer.content.decode()
    assert answer.context["form"]["due_on"].value() == day


def test_passed_on_the_supervisor_is_back_at_the_list(page, centre, told):
    made = told()
    there = Agency.objects.centres().exclude(pk=centre.agency.pk).order_by("pk").first()
    answer = page.post(centre.boss, at(made, "pass_on"), reason="그곳에 사십니다.", centre=there.pk)
    assert answer.status_code == 200
    assert answer.request["PATH_INFO"] == reverse("referrals:concerns")


def test_the_desks_show_what_waits_and_who_owes_a_contact(page, centre, told, household):
    made = told()
    assert made.number in page.get(centre.boss, reverse("desks:supervisor")).content.decode()
    words = {"household": household, "worker": centre.worker, "due_on": seoul_day(timezone.now())}
    actions.contact(made, by=centre.boss, now=timezone.now() - timedelta(minutes=9), **words)
    assert made.number in page.get(centre.worker, reverse("desks:today")).content.decode()
    assert made.number not in page.get(centre.other, reverse("desks:today")).content.decode()
    ContactFactory(household=household, occurred_at=timezone.now() - timedelta(minutes=1), contact_made=True)
    assert made.number not in page.get(centre.worker, reverse("desks:today")).content.decode()


def test_the_list_asks_as_often_for_twenty_as_for_two(page, centre, told, household):
    url, counts = reverse("referrals:concerns"), []
    for more in (2, 18):
        for n in range(more):
            made = told(heard_name=f"이름{n}")
            if n % 2:
                actions.refer(made, by=centre.boss, now=timezone.now(), household=household)
        page.get(centre.boss, url)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert page.get(centre.boss, url).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
