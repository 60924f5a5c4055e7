"""The pages of linked records: who sees what, the five questions of each button, what is shown elsewhere."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from casework.audit.models import AccessLog
from casework.facts import supersede
from households import actions as register
from households.duplicates import actions
from households.models import PersonLink, PersonsApart, Responsibility
from risk.models import Standing
from tests.factories import UserFactory
from tests.factories.links import linked, twins
from tests.factories.referrals import OfficeFactory

pytestmark = pytest.mark.django_db
LIST = "/duplicates/"


@pytest.fixture
def pair(kim):
    return twins(kim)


def pair_url(pair, name="duplicate_pair"):
    return reverse(f"households:{name}", args=[person.case_number for person in pair])


def step_url(link, verb):
    return reverse("households:duplicate_step", args=[link.pk, verb])


def text(answer):
    return answer.content.decode()


def test_the_list_shows_both_with_the_reasons_and_logs_whom(enter, kim, pair):
    page = text(enter(kim).get(LIST))
    assert "이영희" in page
    assert "리영희" in page
    assert pair_url(pair) in page
    assert "병합" not in page
    assert AccessLog.objects.latest("id").subjects == sorted(person.pk for person in pair)


def test_of_another_agencys_person_only_that_a_record_exists_and_whom_to_ask(enter, kim, stranger):
    one, two = twins(kim, other=stranger)
    page = text(enter(kim).get(LIST))
    assert one.case_number in page
    assert two.case_number not in page
    assert "리영희" not in page
    assert stranger.agency.name_ko in page
    assert AccessLog.objects.latest("id").subjects == [one.pk]
    assert enter(kim).get(pair_url((one, two))).status_code == 404


def test_of_a_colleagues_person_whom_to_ask_and_no_name(enter, kim, centre, boss):
    other = UserFactory(agency=centre, name="최담당")
    one, two = twins(kim, other=other)
    page = text(enter(kim).get(LIST))
    assert "최담당" in page
    assert "리영희" not in page
    assert "리영희" in text(enter(boss).get(LIST))
    assert one.pk != two.pk


def test_the_list_is_for_those_who_keep_the_register(enter, centre):
    assert enter(UserFactory(agency=centre, role="counsellor")).get(LIST).status_code == 403
    assert enter(UserFactory(agency=OfficeFactory(), role="town_worker")).get(LIST).status_code == 403


def test_an_empty_list_says_so(enter, kim):
    for show in ("", "proposed", "linked"):
        assert enter(kim).get(f"{LIST}?show={show}").status_code == 200
    assert enter(kim).get(f"{LIST}?show=what").status_code == 404


def test_the_list_asks_the_same_number_of_questions_for_two_and_for_twenty(kim, own_queries):
    twins(kim)
    few = own_queries(kim, LIST)
    for place in range(9):
        twins(kim, born=(date(1960 + place, 2, 3),) * 2)
    many = own_queries(kim, LIST)
    assert len(few) == len(many)
    assert len([sql for sql in many if "pghistory" not in sql]) <= 5


def test_a_link_is_proposed_by_one_and_confirmed_by_another(enter, kim, boss, pair):
    said = {"kept": pair[0].case_number, "reason": "본인이 말씀하심"}
    for _twice in range(2):
        answer = enter(kim).post(pair_url(pair), said)
        made = PersonLink.objects.get()
        assert answer.headers["Location"] == reverse("households:duplicate_link", args=[made.pk])
    assert (made.person, made.status) == (pair[0], "proposed")
    assert enter(kim).post(step_url(made, "confirm")).status_code == 403
    page = text(enter(boss).get(answer.headers["Location"]))
    assert step_url(made, "confirm") in page
    assert "이영희" in text(enter(boss).get(f"{LIST}?show=proposed"))
    for _twice in range(2):
        assert enter(boss).post(step_url(made, "confirm")).status_code == 302
    made.refresh_from_db()
    assert (made.status, made.linked_by) == ("linked", boss)
    assert "이영희" in text(enter(boss).get(f"{LIST}?show=linked"))


def test_what_is_missing_is_said_beside_the_field_and_what_was_typed_stays(enter, kim, pair):
    answer = enter(kim).post(pair_url(pair), {"reason": "본인이 말씀하심"})
    assert answer.status_code == 422
    assert "본인이 말씀하심" in text(answer)
    assert not PersonLink.objects.exists()
    assert enter(kim).post(pair_url(pair, "duplicate_apart"), {"apart-reason": ""}).status_code == 422


def test_two_people_are_remembered_and_leave_the_list(enter, kim, pair):
    url = pair_url(pair, "duplicate_apart")
    assert enter(kim).get(url).status_code == 405
    for _twice in range(2):
        assert enter(kim).post(url, {"apart-reason": "자매로 확인함"}).status_code == 302
    assert PersonsApart.objects.count() == 1
    assert pair_url(pair) not in text(enter(kim).get(LIST))
    assert "자매로 확인함" in text(enter(kim).get(pair_url(pair)))


def test_a_link_is_undone_with_the_reason(enter, kim, boss, pair):
    made = linked(*pair, by=kim, second=boss)
    url = step_url(made, "undo")
    assert enter(kim).get(url).status_code == 405
    assert enter(kim).post(url, {"reason": ""}).status_code == 422
    for _twice in range(2):
        assert enter(kim).post(url, {"reason": "다른 분으로 확인됨"}).status_code == 302
    made.refresh_from_db()
    assert (made.status, made.ended_by) == ("undone", kim)
    assert "다른 분으로 확인됨" in text(enter(kim).get(reverse("households:duplicate_link", args=[made.pk])))


def test_a_proposal_is_declined_with_the_reason(enter, kim, boss, pair):
    made = actions.propose(*pair, reason="같은 분", by=kim, now=timezone.now())
    assert enter(boss).post(step_url(made, "decline"), {"reason": "생일이 다름"}).status_code == 302
    made.refresh_from_db()
    assert made.status == "declined"
    assert enter(boss).post(step_url(made, "merge")).status_code == 404


def test_a_stranger_finds_nothing_and_a_counsellor_may_not(enter, kim, boss, stranger, centre, pair):
    made = linked(*pair, by=kim, second=boss)
    urls = [pair_url(pair), reverse("households:duplicate_link", args=[made.pk])]
    assert [enter(stranger).get(url).status_code for url in urls] == [404, 404]
    posts = [pair_url(pair, "duplicate_apart"), step_url(made, "undo")]
    assert [enter(stranger).post(url, {"reason": "-"}).status_code for url in posts] == [404, 404]


def test_who_keeps_one_file_sees_of_the_other_only_whom_to_ask(enter, kim, boss, centre):
    other = UserFactory(agency=centre, name="최담당")
    one, two = twins(kim, other=other)
    made = linked(one, two, by=boss, second=UserFactory(agency=centre, role="supervisor"))
    page = text(enter(kim).get(reverse("households:duplicate_link", args=[made.pk])))
    assert "최담당" in page
    assert "리영희" not in page
    assert two.case_number not in page


def test_who_took_the_steps_is_named_at_their_own_office_and_else_the_office_is(enter, kim, boss, stranger, centre):
    one, two = twins(kim)
    made = linked(one, two, by=kim, second=boss)
    url = reverse("households:duplicate_link", args=[made.pk])
    assert "김담당" in text(enter(boss).get(url))
    hand_over(two, stranger)
    for address in (url, f"{LIST}?show=linked"):
        page = text(enter(stranger).get(address))
        assert "김담당" not in page
        assert "박팀장" not in page
        assert "관악 하나센터" in page
    Standing.objects.create(household=one.membership_set.get().household, band=2, shown_band=2, address_protected=True)
    page = text(enter(stranger).get(url))
    assert "관악 하나센터" not in page
    assert "다른 기관" in page


def hand_over(person, worker):
    """The file of a person's home is kept by the worker's centre from today on."""
    home = person.membership_set.get().household
    today = timezone.localdate()
    held = Responsibility.objects.current().get(household=home)
    supersede(held, by=worker, during=(held.during.lower, today))
    Responsibility.objects.create(household=home, center=worker.agency, during=(today, None), recorded_by=worker)
    register.assign(home, worker=worker, on=today, by=UserFactory(agency=worker.agency, role="supervisor"))
