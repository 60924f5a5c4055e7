"""Planned visits: who goes, when somebody is told that nobody came back, what to be careful about."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.urls import reverse
from django.utils import timezone

from casework.agencies.models import DutyShift
from casework.audit.models import Event
from casework.clock import seoul_day
from casework.telling.models import Notification
from casework.workflow import NotNow, NotYours
from households import beside
from households.actions import Refused
from households.models import AddressWarning, Contact, PlannedVisit
from households.visits import actions
from households.visits.telling import tell_missing
from tests.factories import HouseholdFactory, ShareFactory, UserFactory
from tests.factories.day import visit_of, warning_of

NOW = timezone.now()
HOUR = timedelta(hours=1)


@pytest.fixture
def lee(centre):
    return UserFactory(agency=centre, name="이동료")


def plan(household, worker, *, by=None, begins=None, **more):
    begins = begins or NOW + HOUR
    moments = {"begins": begins, "expected_back": begins + HOUR}
    return actions.plan_visit(household, worker=worker, by=by or worker, now=NOW, **moments, **more)


def test_a_visit_lands_once_and_goes_out_and_comes_back(kim, house):
    key = uuid4()
    visit = plan(house, kim, client_key=key)
    assert plan(house, kim, client_key=key) == visit
    assert actions.start(visit, by=kim, now=NOW).status == "started"
    back = actions.back(visit, by=kim, now=NOW)
    assert (back.status, back.back_said_by) == ("back", kim)
    with pytest.raises(NotNow):
        actions.cancel(visit, by=kim, now=NOW, reason="-")


def test_only_those_who_go_set_out_but_a_colleague_says_that_they_are_back(kim, boss, house):
    visit = plan(house, kim)
    with pytest.raises(NotYours):
        actions.start(visit, by=boss, now=NOW)
    assert actions.back(visit, by=boss, now=NOW).back_said_by == boss


def test_nobody_is_back_from_tomorrows_visit(kim, house):
    visit = plan(house, kim, begins=NOW + 24 * HOUR)
    with pytest.raises(Refused, match="취소해"):
        actions.back(visit, by=kim, now=NOW)
    assert actions.start(visit, by=kim, now=NOW).status == "started"
    assert actions.back(visit, by=kim, now=NOW).status == "back", "whoever set out early comes back early"


@pytest.mark.parametrize("kind", ["person", "alone"])
def test_with_such_a_warning_nobody_goes_alone_unless_a_supervisor_says_why(kim, boss, lee, house, kind):
    actions.warn_of_address(house, kind=kind, since=seoul_day(NOW), by=kim, words="개인 사정")
    with pytest.raises(Refused) as refused:
        plan(house, kim)
    assert refused.value.field == "companion"
    with pytest.raises(Refused):
        plan(house, kim, alone_because="급합니다")
    assert plan(house, kim, place="centre").companion is None
    assert plan(house, kim, companion=lee).alone_because == ""
    alone = plan(house, kim, by=boss, alone_because="경찰이 함께 갑니다")
    assert alone.alone_allowed_by == boss


def test_with_a_dog_one_may_go_alone_with_a_violence_marker_not(kim, house, monkeypatch):
    warning_of(house, by=kim, kind="dog")
    assert plan(house, kim).companion is None
    monkeypatch.setattr(beside, "_guards", [set])
    with pytest.raises(Refused):
        plan(house, kim)


def test_a_warning_that_is_over_asks_for_nothing(kim, house):
    made = actions.warn_of_address(house, kind="alone", since=seoul_day(NOW) - timedelta(days=9), by=kim)
    actions.end_warning(made, on=seoul_day(NOW), by=kim)
    ended = actions.end_warning(made, on=seoul_day(NOW), by=kim)
    assert ended.last_day == seoul_day(NOW) - timedelta(days=1)
    assert plan(house, kim).companion is None


def test_somebody_else_of_the_centre_goes_along_and_nobody_of_another(kim, stranger, house):
    for wrong in ({"companion": kim}, {"companion": stranger}):
        with pytest.raises(Refused):
            plan(house, kim, **wrong)
    with pytest.raises(Refused):
        plan(house, kim, begins=NOW - 5 * HOUR)


def told():
    return set(Notification.objects.filter(kind="visit_missing").values_list("user", flat=True))


def test_who_did_not_come_back_is_told_once_to_the_supervisor_and_who_is_on_duty(kim, boss, lee, house):
    visit = visit_of(house, worker=kim, begins=NOW - 2 * HOUR)
    DutyShift.objects.create(agency=kim.agency, user=lee, during=DateTimeTZRange(NOW - HOUR, NOW + HOUR))
    assert tell_missing(visit.expected_back + timedelta(minutes=29)) == 0
    assert tell_missing(NOW) == 1
    assert told() == {boss.pk, lee.pk}
    assert tell_missing(NOW + HOUR) == 0
    assert Notification.objects.filter(kind="visit_missing").count() == 2


def test_missed_ticks_lose_nothing_and_a_new_expected_return_is_told_anew(kim, boss, house):
    visit = visit_of(house, worker=kim, begins=NOW - timedelta(days=20))
    assert tell_missing(NOW) == 1
    actions.prolong(visit, expected_back=visit.begins + 11 * HOUR, by=kim, now=visit.begins)
    assert tell_missing(NOW) == 1
    actions.back(visit, by=boss, now=NOW)
    visit_of(house, worker=kim, begins=NOW + HOUR)
    assert tell_missing(NOW) == 0


def test_the_number_of_questions_does_not_grow_with_the_visits(kim, boss, house, django_assert_num_queries):
    visit_of(house, worker=kim, begins=NOW - 3 * HOUR)
    with django_assert_num_queries(12) as few:
        tell_missing(NOW)
    for _n in range(5):
        visit_of(house, worker=kim, begins=NOW - 3 * HOUR)
    with django_assert_num_queries(len(few)):
        tell_missing(NOW)


def test_who_sees_a_visit_and_a_warning(kim, boss, lee, stranger, house):
    ShareFactory(household=house, to_user=stranger)
    visit, warning = visit_of(house, worker=kim), warning_of(house, by=kim)
    for user, sees in ((kim, True), (boss, True), (lee, False), (stranger, False)):
        assert PlannedVisit.objects.visible_to(user).filter(pk=visit.pk).exists() is sees
        assert AddressWarning.objects.visible_to(user).filter(pk=warning.pk).exists() is sees
    DutyShift.objects.create(agency=kim.agency, user=lee, during=DateTimeTZRange(NOW - HOUR, NOW + HOUR))
    assert PlannedVisit.objects.visible_to(lee).filter(pk=visit.pk).exists()
    actions.back(visit, by=kim, now=NOW)
    assert not PlannedVisit.objects.visible_to(lee).filter(pk=visit.pk).exists()


def test_who_goes_along_reads_the_warnings_until_they_are_back(kim, lee, house):
    warning = warning_of(house, by=kim)
    visit = visit_of(house, worker=kim, companion=lee)
    assert list(AddressWarning.objects.visible_to(lee)) == [warning]
    actions.back(visit, by=lee, now=NOW)
    assert not AddressWarning.objects.visible_to(lee).exists()


def form(**more):
    begins = timezone.localtime(NOW + 26 * HOUR)
    said = {"begins": f"{begins:%Y-%m-%dT%H:%M}", "expected_back": f"{begins + HOUR:%Y-%m-%dT%H:%M}"}
    return {**said, "place": "home", "client_key": str(uuid4()), **more}


def test_the_page_of_planning_shows_the_warnings_and_keeps_what_was_typed(enter, kim, lee, house):
    warning_of(house, by=kim, kind="alone", words="밤에는 가지 않기")
    url, client = reverse("households:visit_new", args=[house.number]), enter(kim)
    assert "밤에는 가지 않기" in client.get(url).content.decode()
    wrong = client.post(url, form(worker=kim.pk, purpose="안부 확인"))
    assert wrong.status_code == 422
    assert "안부 확인" in wrong.content.decode()
    assert client.post(url, form(worker=kim.pk, companion=lee.pk)).status_code == 302
    page = client.get(reverse("households:visit", args=[PlannedVisit.objects.get().pk])).content.decode()
    assert "밤에는 가지 않기" in page
    assert "정금주" in page


class TestTheButtons:
    @pytest.fixture
    def visit(self, kim, house):
        return visit_of(house, worker=kim, back_in=5 * HOUR)

    def url(self, visit, verb="back"):
        return reverse("households:visit_step", args=[visit.pk, verb])

    def test_one_tap_says_that_they_are_back_and_twice_changes_nothing(self, enter, kim, visit):
        client = enter(kim)
        client.post(self.url(visit))
        client.post(self.url(visit))
        assert Event.objects.filter(verb="visit: back").count() == 1

    def test_it_refuses_get(self, enter, kim, visit):
        assert enter(kim).get(self.url(visit)).status_code == 405

    def test_a_stranger_finds_nothing(self, enter, stranger, visit):
        assert enter(stranger).post(self.url(visit)).status_code == 404

    def test_who_does_not_go_does_not_set_out(self, enter, boss, visit):
        assert enter(boss).post(self.url(visit, "start")).status_code == 403

    def test_longer_and_called_off(self, enter, kim, visit):
        client = enter(kim)
        assert client.post(self.url(visit, "cancel"), {"reason": ""}).status_code == 422
        later = timezone.localtime(visit.expected_back + HOUR)
        assert client.post(self.url(visit, "prolong"), {"expected_back": f"{later:%Y-%m-%dT%H:%M}"}).status_code == 302
        assert PlannedVisit.objects.get().expected_back > visit.expected_back
        assert client.post(self.url(visit, "cancel"), {"reason": "연기 요청"}).status_code == 302


def test_the_contact_is_recorded_from_the_visit_with_how_and_when_filled_in(enter, kim, house):
    visit = visit_of(house, worker=kim, back_in=5 * HOUR)
    client = enter(kim)
    page = client.get(reverse("households:visit", args=[visit.pk])).content.decode()
    address = reverse("households:contact", args=[house.number])
    found = page.split(f'href="{address}')[1].split('"')[0].replace("&amp;", "&")
    opened = client.get(f"{address}{found}").content.decode()
    channel = opened.split('value="visit"')[1].split(">")[0]
    assert "checked" in channel
    assert not Contact.objects.exists()


def test_warnings_are_kept_and_ended_on_their_page(enter, kim, stranger, house):
    url, client = reverse("households:warning_new", args=[house.number]), enter(kim)
    today = f"{seoul_day(NOW):%Y-%m-%d}"
    assert client.post(url, {"kind": "other", "since": today}).status_code == 422
    client.post(url, {"kind": "dog", "since": today, "words": "마당에 큰 개"})
    made = AddressWarning.objects.current().get()
    assert "마당에 큰 개" in client.get(url).content.decode()
    end = reverse("households:warning_end", args=[house.number, made.fact_id])
    assert enter(stranger).post(end).status_code == 404
    assert enter(kim).get(end).status_code == 405
    enter(kim).post(end)
    assert enter(kim).post(end).status_code == 302
    assert "마당에 큰 개" not in enter(kim).get(url).content.decode()


def test_no_other_agency_and_no_list_reads_a_warning(enter, kim, stranger, house):
    warning_of(house, by=kim, words="주머니칼")
    ShareFactory(household=house, to_user=stranger)
    assert enter(stranger).get(reverse("households:warning_new", args=[house.number])).status_code == 404
    for name in ("desks:day", "desks:route", "desks:list", "desks:today"):
        assert "주머니칼" not in enter(kim).get(reverse(name)).content.decode()
    other = HouseholdFactory(worker=kim)
    assert "주머니칼" not in enter(kim).get(reverse("desks:case", args=[other.number])).content.decode()


def test_the_same_warning_with_another_last_day_keeps_the_new_one(kim, house):
    on = seoul_day(NOW)
    said = {"kind": "dog", "since": on, "words": "큰 개", "by": kim}
    first = actions.warn_of_address(house, until=on, **said)
    longer = actions.warn_of_address(house, until=on + timedelta(days=5), **said)
    assert (longer.fact_id, longer.last_day) == (first.fact_id, on + timedelta(days=5))
    assert actions.warn_of_address(house, until=on + timedelta(days=5), **said) == longer
    assert AddressWarning.objects.current().count() == 1
