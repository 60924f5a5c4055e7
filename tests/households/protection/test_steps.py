"""The centre's steps before the end: each done once, for one last day, computed when it is read."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils import timezone

from casework.audit.models import Event
from casework.clock import seoul_day
from casework.facts import supersede
from casework.telling.models import Notification
from households.actions.refusal import Refused
from households.models import EndStep, Household, ProtectionPeriod
from households.protection.standing import endings_of
from households.protection.steps import last_day_of, record_step, take_back_step
from households.protection.telling import tell_due
from tests.factories import HouseholdFactory, ShareFactory, UserFactory
from tests.factories.households import members_of

DAY = timedelta(days=1)


def today():
    return seoul_day(timezone.now())


def ends_in(person, days):
    """Let the person's protection end so many days ahead; return the last day."""
    last = today() + days * DAY
    held = ProtectionPeriod.objects.current().get(person=person)
    supersede(held, by=None, during=DateRange(last - 1825 * DAY, last + DAY))
    return last


@pytest.fixture
def person(kim):
    return members_of(HouseholdFactory(worker=kim, members=["표하나"], under_protection=True))[0]


@pytest.fixture
def last(person):
    return ends_in(person, 50)


def at(person, name, *more):
    return reverse(f"households:{name}", args=[person.case_number, *more])


def states(person, last, on=None):
    ending = endings_of([(person.pk, last)], on=on or today())[0]
    return {one.due.step: one.state for one in ending.stations}


def test_a_step_is_late_without_a_record_and_done_with_one(person, last, kim):
    assert states(person, last) == {
        "review": "late", "notice": "late", "second": "late", "supervisor": "next", "aftercare": "next",
    }  # fmt: skip
    made = record_step(person, step="second", last_day=last, done_on=today(), result="talking", by=kim)
    assert record_step(person, step="second", last_day=last, done_on=today(), result="wanted", by=kim).pk == made.pk
    assert states(person, last)["second"] == "done"
    assert endings_of([(person.pk, last)], on=today())[0].wish == "talking"
    assert Event.objects.filter(verb="end_step_recorded").count() == 1


def test_a_step_has_its_days_of_grace(person, kim):
    last = ends_in(person, 170)
    assert states(person, last)["review"] == "next"
    assert states(person, last, today() + 5 * DAY)["review"] == "late"


def test_a_changed_last_day_opens_its_own_steps_and_keeps_what_was_done(person, last, kim, ask):
    record_step(person, step="second", last_day=last, done_on=today(), result="wanted", by=kim)
    later = ends_in(person, 55)
    assert states(person, later)["second"] == "next"
    assert states(person, last)["second"] == "done"
    with pytest.raises(Refused):
        record_step(person, step="review", last_day=last, done_on=today(), result="wanted", by=kim)
    assert "닫힌 단계" in ask(kim, "get", at(person, "person_protection")).content.decode()


def test_an_extension_moves_the_last_day(person, last):
    ProtectionPeriod.objects.create(person=person, basis="extension", during=DateRange(last + DAY, last + 366 * DAY))
    assert last_day_of(person) == last + 365 * DAY


def test_a_step_belongs_to_its_days(person, last, boss):
    with pytest.raises(Refused):
        record_step(person, step="supervisor", last_day=last, done_on=today(), result="wanted", by=boss)


def test_it_is_taken_back_within_a_day_by_its_author(person, last, kim, boss):
    made = record_step(person, step="second", last_day=last, done_on=today(), result="wanted", by=kim)
    now = timezone.now()
    with pytest.raises(Refused):
        take_back_step(made, by=boss, now=now)
    with pytest.raises(Refused):
        take_back_step(made, by=kim, now=now + timedelta(hours=25))
    for _twice in range(2):
        take_back_step(made, by=kim, now=now)
    assert states(person, last)["second"] == "late"
    record_step(person, step="second", last_day=last, done_on=today(), result="not_wanted", by=kim)
    assert EndStep.objects.current().count() == 1


def test_a_step_due_is_told_once_however_often_the_tick_comes(person, kim, boss):
    ends_in(person, 28)
    now = timezone.now()
    assert tell_due(now) == 1
    assert tell_due(now) == tell_due(now + timedelta(hours=1)) == 0
    assert set(Notification.objects.filter(kind="end_step").values_list("user", "label")) == {
        (kim.pk, person.case_number),
        (boss.pk, person.case_number),
    }


def test_a_missed_night_loses_nothing(person, kim):
    ends_in(person, 60 - 10)
    assert tell_due(timezone.now()) == 1, "it fell due ten days ago"


def test_what_is_done_is_not_told(person, last, kim):
    record_step(person, step="second", last_day=last, done_on=today(), result="wanted", by=kim)
    assert tell_due(timezone.now()) == 0


# --- pages ---


def sheet(last, **more):
    return {"done_on": today().isoformat(), "last_day": last.isoformat(), "key": str(uuid4()), **more}


def test_the_page_records_a_step_once(person, last, kim, ask):
    url, data = at(person, "end_step", "second"), sheet(last, result="wanted", words="통화로 확인")
    assert ask(kim, "get", url).status_code == 200
    for _tap in range(2):
        assert ask(kim, "post", url, **data).url == at(person, "person_protection")
    assert EndStep.objects.get().result == "wanted"
    page = ask(kim, "get", at(person, "person_protection")).content.decode()
    assert "통화로 확인" in page
    assert "계산 기준: 자체 해석" in page


def test_the_step_with_the_supervisor_is_the_supervisors(person, kim, boss, ask):
    last = ends_in(person, 20)
    url = at(person, "end_step", "supervisor")
    assert ask(kim, "post", url, **sheet(last, result="wanted")).status_code == 403
    assert ask(boss, "post", url, **sheet(last, result="wanted")).status_code == 302


def test_the_plan_for_afterwards_needs_words_and_keeps_them(person, kim, ask):
    last = ends_in(person, 0)
    url = at(person, "end_step", "aftercare")
    assert ask(kim, "post", url, **sheet(last)).status_code == 422
    assert ask(kim, "post", url, **sheet(last, words="석 달 동안 안부를 확인합니다.")).status_code == 302


def test_strangers_and_wrong_roles_and_wrong_words(person, last, kim, stranger, ask):
    counsellor_elsewhere = UserFactory(role="residence_officer")
    made = record_step(person, step="second", last_day=last, done_on=today(), result="wanted", by=kim)
    for name, more in (("end_step", ("review",)), ("end_step_back", (made.fact_id,)), ("ask_ministry", ())):
        for user in (stranger, counsellor_elsewhere):
            assert ask(user, "post", at(person, name, *more)).status_code == 404
    assert ask(stranger, "get", at(person, "person_protection")).status_code == 404
    assert ask(stranger, "get", at(person, "easy_letter")).status_code == 404
    assert ask(kim, "get", at(person, "end_step_back", made.fact_id)).status_code == 405
    assert ask(kim, "get", at(person, "ask_ministry")).status_code == 405
    assert ask(kim, "get", at(person, "end_step", "shoes")).status_code == 404


def test_it_is_taken_back_by_its_page(person, last, kim, ask):
    made = record_step(person, step="second", last_day=last, done_on=today(), result="wanted", by=kim)
    for _twice in range(2):
        assert ask(kim, "post", at(person, "end_step_back", made.fact_id)).status_code == 302
    assert not EndStep.objects.current().exists()


def test_a_share_shows_the_notice_and_not_what_was_done_before_the_end(person, last, kim, ask):
    record_step(person, step="review", last_day=last, done_on=today(), result="not_wanted", by=kim, words="쉬고 싶다.")
    stranger = UserFactory()
    ShareFactory(household=Household.objects.get(), to_user=stranger)
    assert "쉬고 싶다" in ask(kim, "get", at(person, "person_protection")).content.decode()
    page = ask(stranger, "get", at(person, "person_protection"))
    assert [row["step"] for row in page.context["stations"]] == ["notice"]
    assert "쉬고 싶다" not in page.content.decode()
