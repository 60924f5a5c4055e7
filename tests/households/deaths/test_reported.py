"""A death that a register file tells: it ends nothing, nobody is called as living, and the desk asks for an answer."""

from datetime import timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils import timezone

from casework.audit.models import AccessLog, Event
from casework.facts import supersede
from desks.day.asking import rows_of
from desks.search import deaths_of
from desks.titles import titles_of
from households.actions import (
    Refused,
    change_phone,
    correct_death,
    deny_death,
    record_death,
    record_preference,
)
from households.deaths.reported import reported, was_living
from households.models import DeathReview, Household, Membership, Person, Residence
from households.outcomes.former import until_of
from tests.factories.imports import PERSON, bring, counts

pytestmark = pytest.mark.django_db
CHILD = {**PERSON, "person_ref": "P-2", "household_role": "child", "given_name": "철수", "birth_date": "2012-01-01"}
DEAD = {**PERSON, "residence_status": "deceased"}
AT = {"source": "하나원"}


@pytest.fixture
def home(centre, kim):
    """A mother and her child, on file by a register, looked after by 김."""
    rows = [{**one, "center": centre.name_ko, "caseworker": kim.username} for one in (PERSON, CHILD)]
    bring("register", rows, **AT)
    return Household.objects.get()


@pytest.fixture
def mother(home):
    """The mother, of whom the next file says that she has died."""
    assert counts(bring("register", [DEAD], **AT)) == (1, 0, 1, 0)
    return Person.objects.get(register_ref="P-1")


def status_on(person, day):
    return Residence.objects.current().during(day).get(person=person).status


def asked_of(user, today):
    return [row.due.key for row in rows_of(user, on=today, only=("reported_death",))]


def shown_to(client, user, person, what):
    """What the page of a hidden field says to whoever gives a reason, and how often it was shown."""
    client.force_login(user)
    page = client.post(reverse("households:reveal", args=[person.case_number, what]), {"reason": "call"})
    return page.content.decode(), AccessLog.objects.filter(act="reveal").count()


def test_no_number_is_shown_of_whom_a_file_tells_dead_or_who_has_died(mother, home, kim, boss, died, today, client):
    change_phone(mother, number="010-1111-2222", on=died - timedelta(days=9), by=kim)
    wish = {"channel": "phone", "safe_number": "010-3333-4444", "stated_on": died}
    record_preference(mother, by=kim, **wish)
    client.force_login(kim)
    assert "1111-2222" not in (page := client.get(reverse("desks:household", args=[home.number])).content.decode())
    assert "010-****-2222" not in page
    for what, number in (("phone", "1111-2222"), ("safe_number", "3333-4444")):
        page, looks = shown_to(client, kim, mother, what)
        assert "돌아가셨다고 알려" in page
        assert number not in page
        assert looks == 0
    record_death(mother, on=died, new_head=Person.objects.get(register_ref="P-2"), by=kim)
    page, looks = shown_to(client, boss, mother, "safe_number")
    assert "돌아가신 분" in page
    assert (looks, "3333-4444" in page) == (0, False)


def test_who_lives_after_all_is_called_again(mother, home, kim, died, client):
    change_phone(mother, number="010-1111-2222", on=died, by=kim)
    deny_death(mother, household=home, reason="만났음", by=kim)
    page, looks = shown_to(client, kim, mother, "phone")
    assert "010-1111-2222" in page
    assert looks == 1


def test_the_file_ends_nothing_and_stands_on_the_desks_until_it_is_answered(mother, kim, boss, today):
    assert Membership.objects.current().during(today).count() == 2
    assert not DeathReview.objects.exists()
    assert asked_of(kim, today) == asked_of(boss, today) == [mother.case_number]
    bring("register", [DEAD], **AT)
    assert asked_of(kim, today) == [mother.case_number]


def test_nobody_is_called_by_the_dead_nor_told_a_day_that_nobody_knows(mother, home, kim, today):
    assert titles_of(kim, [home.pk], on=today)[home.pk].name == home.number
    assert deaths_of([mother.pk]) == {}


def test_confirmed_it_is_a_death_like_any_other_with_its_own_day(mother, home, kim, died, today):
    child = Person.objects.get(register_ref="P-2")
    record_death(mother, on=died, by=kim, new_head=child)
    assert DeathReview.objects.get().household == home
    assert (status_on(mother, died - timedelta(1)), status_on(mother, died)) == ("resident", "deceased")
    assert not Membership.objects.current().during(today).filter(person=mother).exists()
    assert titles_of(kim, [home.pk], on=today)[home.pk].name == "리철수"
    assert asked_of(kim, today) == []
    with pytest.raises(Refused, match="이미 사망으로"):
        record_death(mother, on=died, by=kim)
    assert counts(bring("register", [DEAD], **AT)) == (0, 1, 0, 0)


def test_the_file_may_be_wrong_and_the_same_file_does_not_say_it_again(mother, home, kim, boss, today):
    deny_death(mother, household=home, reason="오늘 통화함", by=kim)
    assert status_on(mother, today) == "resident"
    assert Event.objects.get(verb="reported death was wrong").reason == "오늘 통화함"
    with pytest.raises(Refused):
        deny_death(mother, household=home, reason="오늘 통화함", by=boss)
    assert counts(bring("register", [DEAD], **AT)) == (0, 1, 0, 0)
    assert asked_of(kim, today) == []
    assert titles_of(kim, [home.pk], on=today)[home.pk].name != home.number


def test_a_confirmed_death_that_was_a_mistake_leaves_her_living(mother, kim, died, today):
    record_death(mother, on=died, by=kim, new_head=Person.objects.get(register_ref="P-2"))
    correct_death(DeathReview.objects.get(), by=kim, now=timezone.now(), reason="살아 계심")
    assert status_on(mother, today) == "resident"
    assert not reported().exists()
    assert Membership.objects.current().during(today).get(person=mother).role == "head"


def test_who_came_as_dead_with_the_first_file_is_asked_about_too(centre, kim, died, today):
    bring("register", [{**DEAD, "center": centre.name_ko, "caseworker": kim.username}], **AT)
    person = Person.objects.get()
    assert asked_of(kim, today) == [person.case_number]
    record_death(person, on=died, by=kim)
    assert (status_on(person, died - timedelta(1)), status_on(person, died)) == ("unknown", "deceased")
    assert asked_of(kim, today) == []


def test_a_file_that_takes_it_back_leaves_nothing_to_answer(mother, home, kim, died, today):
    assert reported().exists()
    bring("register", [PERSON], effective_on=today, **AT)
    assert status_on(mother, today) == "resident"
    assert not reported().exists()
    assert asked_of(kim, today) == []
    assert deaths_of([mother.pk]) == {}, "nor is it told as a death of some day"
    assert until_of(mother, today) == (None, False)
    with pytest.raises(Refused):
        deny_death(mother, household=home, reason="오늘 통화함", by=kim)


def test_what_a_file_took_back_can_be_a_death_all_the_same(mother, kim, died, today):
    first = supersede(reported().get(), by=kim, during=DateRange(died - timedelta(5), None))
    bring("register", [PERSON], effective_on=today, **AT)
    assert status_on(mother, died) == "deceased"
    record_death(mother, on=died, by=kim, new_head=Person.objects.get(register_ref="P-2"))
    days = {day: status_on(mother, died + timedelta(day)) for day in (-5, -1, 0, 3, 30)}
    assert days == {-5: "resident", -1: "resident", 0: "deceased", 3: "deceased", 30: "deceased"}
    assert first.during.lower < died


def test_what_is_put_right_ends_where_the_file_ended_it(mother, died, today, kim):
    told = supersede(reported().get(), by=kim, during=DateRange(None, died - timedelta(5)))
    assert was_living(told, on=today, by=kim).during.upper == died - timedelta(5)
    child = Person.objects.get(register_ref="P-2")
    said = Residence.objects.current().get(person=child)
    said = supersede(said, by=kim, during=DateRange(died, today))
    assert was_living(said, on=died, by=kim).during.isempty


class TestPage:
    def url(self, person):
        return reverse("households:reported_death", args=[person.case_number])

    def test_the_person_page_says_who_said_it_and_leads_to_the_answer(self, client, mother, kim):
        client.force_login(kim)
        page = client.get(reverse("desks:person", args=[mother.case_number])).text
        assert self.url(mother) in page
        assert reverse("households:phone", args=[mother.case_number]) not in page

    def test_both_answers_ask_for_what_they_need(self, client, mother, kim, died):
        client.force_login(kim)
        assert client.get(self.url(mother)).status_code == 200
        no_day = client.post(self.url(mother), {"answer": "died"})
        no_reason = client.post(self.url(mother), {"answer": "lives"})
        assert (no_day.status_code, set(no_day.context["form"].errors)) == (422, {"on"})
        assert (no_reason.status_code, set(no_reason.context["form"].errors)) == (422, {"reason"})
        headless = client.post(self.url(mother), {"answer": "died", "on": died.isoformat()})
        assert (headless.status_code, set(headless.context["form"].errors)) == (422, {"new_head"})
        child = Person.objects.get(register_ref="P-2").case_number
        said = {"answer": "died", "on": died.isoformat(), "new_head": child}
        assert client.post(self.url(mother), said).url == reverse("desks:person", args=[mother.case_number])
        assert DeathReview.objects.get().died_on == died

    def test_who_comes_second_is_told_so_and_nothing_is_done_twice(self, client, mother, kim, home):
        client.force_login(kim)
        said = {"answer": "lives", "reason": "통화함"}
        client.post(self.url(mother), said)
        again = client.post(self.url(mother), said, follow=True)
        assert Event.objects.filter(verb="reported death was wrong").count() == 1
        assert [str(one) for one in again.context["messages"]]

    def test_a_stranger_finds_nobody_and_the_wrong_role_may_not(self, client, mother, stranger, home):
        client.force_login(stranger)
        assert client.get(self.url(mother)).status_code == 404


def test_the_form_says_what_ends_and_offers_nobody_as_head_of_whom_a_file_tells_dead(mother, home, kim, client):
    client.force_login(kim)
    answer = client.get(reverse("households:death", args=[home.number]))
    assert "사망일로 보호기간, 동의, 전화번호" in answer.content.decode()
    child = Person.objects.get(register_ref="P-2")
    offered = [number for number, _name in answer.context["form"].fields["new_head"].choices if number]
    assert offered == [child.case_number]
    deny_death(mother, household=home, reason="오늘 통화함", by=kim)
    answer = client.get(reverse("households:death", args=[home.number]))
    assert mother.case_number in dict(answer.context["form"].fields["new_head"].choices)
