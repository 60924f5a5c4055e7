"""Circumstances and screenings as pages: one form each, no script, usable on a telephone."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from casework.audit.models import AccessLog
from households.models import Circumstance, Screening
from tests.factories import ShareFactory, UserFactory
from tests.factories.stated import CircumstanceFactory, ScreeningFactory

DAY = "2026-05-04"


def at(house, name, *more):
    return reverse(f"households:{name}", args=[house.number, *more])


@pytest.fixture
def sheet(people):
    """What is typed into either form about the head."""
    return {"who": people[0].case_number, "on": DAY, "source": "면담", "key": str(uuid4())}


def test_a_circumstance_sent_twice_is_recorded_once_and_leads_back(house, people, kim, enter, sheet):
    client, url = enter(kim), at(house, "circumstance") + "?kind=income"
    for _tap in range(2):
        answer = client.post(url, {**sheet, "value": "below_line"})
        assert answer.url == reverse("desks:household", args=[house.number]) + "#circumstances"
    made = Circumstance.objects.get()
    assert (made.person, made.kind, made.value, made.source) == (people[0], "income", "below_line", "면담")


def test_each_aspect_has_a_form_of_its_own_without_script(house, kim, enter):
    client = enter(kim)
    for kind in Circumstance.Kind.values:
        page = client.get(at(house, "circumstance"), {"kind": kind}).content.decode()
        assert ('name="detail"' in page) == (kind == "benefit")
    assert client.get(at(house, "circumstance"), {"kind": "shoes"}).status_code == 404


def test_a_benefit_asks_which_one(house, kim, enter, sheet):
    client, url = enter(kim), at(house, "circumstance") + "?kind=benefit"
    assert client.post(url, {**sheet, "value": "refused"}).status_code == 422
    assert client.post(url, {**sheet, "value": "refused", "detail": "livelihood"}).status_code == 302


def test_a_day_in_the_future_is_refused(house, kim, enter, sheet):
    answer = enter(kim).post(at(house, "circumstance"), {**sheet, "value": "below_line", "on": "2999-01-01"})
    assert answer.status_code == 422


def test_item_9_leads_to_what_is_to_be_done_at_once(house, kim, enter, sheet):
    client, url = enter(kim), at(house, "screening") + "?instrument=phq9"
    answer = client.post(url, {**sheet, "score": 16, "item9": "yes"})
    made = Screening.objects.get()
    assert answer.url == at(house, "screening_page", made.fact_id)
    page = client.get(answer.url).content.decode()
    assert 'href="tel:109"' in page
    assert 'href="tel:119"' in page
    assert 'id="at-once"' in page


def test_without_item_9_the_form_leads_back(house, kim, enter, sheet):
    url = at(house, "screening") + "?instrument=phq9"
    answer = enter(kim).post(url, {**sheet, "score": 16, "item9": "no"})
    assert answer.url.endswith("#screenings")
    made = Screening.objects.get()
    assert 'id="at-once"' not in enter(kim).get(at(house, "screening_page", made.fact_id)).content.decode()


def test_item_9_is_asked_of_the_phq_9_only_and_must_be_answered(house, kim, enter, sheet):
    client, url = enter(kim), at(house, "screening")
    assert client.post(url + "?instrument=phq9", {**sheet, "score": 3}).status_code == 422
    assert 'name="item9"' not in client.get(url, {"instrument": "lonely"}).content.decode()
    assert client.post(url + "?instrument=lonely", {**sheet, "score": 3, "item9": "yes"}).status_code == 302
    assert Screening.objects.get().item9 is None


def test_a_score_beyond_the_sheet_is_a_sentence_on_the_form(house, kim, enter, sheet):
    answer = enter(kim).post(at(house, "screening") + "?instrument=pcptsd5", {**sheet, "score": 6})
    assert answer.status_code == 422
    assert "score" in answer.context["form"].errors


def test_a_mistake_is_corrected_or_taken_back_by_its_author(house, people, kim, boss, enter):
    made = CircumstanceFactory(person=people[0], recorded_by=kim)
    client = enter(kim)
    page = client.get(at(house, "circumstance_edit", made.fact_id)).content.decode()
    assert at(house, "circumstance_withdraw", made.fact_id) in page
    data = {"value": "near_line", "on": made.during.lower.isoformat(), "source": "", "version": made.pk}
    assert client.post(at(house, "circumstance_edit", made.fact_id), data).status_code == 302
    assert Circumstance.objects.current().get().value == "near_line"
    # Sent again, the page knows that a newer version stands.
    again = client.post(at(house, "circumstance_edit", made.fact_id), {**data, "value": "above_line"})
    assert again.status_code == 422
    enter(boss).post(at(house, "circumstance_withdraw", made.fact_id))
    assert Circumstance.objects.current().exists(), "only the author takes an entry back"
    enter(kim).post(at(house, "circumstance_withdraw", made.fact_id))
    assert not Circumstance.objects.current().exists()


def test_what_has_no_first_day_is_corrected_without_one(house, people, kim, enter):
    made = CircumstanceFactory(person=people[0], since=None)
    data = {"value": "near_line", "on": "", "source": "면담", "version": made.pk}
    assert enter(kim).post(at(house, "circumstance_edit", made.fact_id), data).status_code == 302
    made = Circumstance.objects.current().get()
    assert (made.value, made.during.lower) == ("near_line", None)


def test_a_screening_is_corrected_and_taken_back(house, people, kim, enter):
    made = ScreeningFactory(person=people[0], recorded_by=kim)
    client, url = enter(kim), at(house, "screening_edit", made.fact_id)
    assert client.get(url).status_code == 200
    data = {"score": 11, "item9": "no", "on": DAY, "source": "", "version": made.pk}
    assert client.post(url, data).status_code == 302
    assert Screening.objects.current().get().score == 11
    assert client.get(at(house, "screening_withdraw", made.fact_id)).status_code == 405
    client.post(at(house, "screening_withdraw", made.fact_id))
    assert not Screening.objects.current().exists()


@pytest.mark.parametrize("name", ["circumstance", "screening"])
def test_a_stranger_finds_nothing_and_a_guest_records_nothing(house, stranger, enter, name):
    assert enter(stranger).get(at(house, name)).status_code == 404
    assert enter(stranger).post(at(house, name), {}).status_code == 404
    guest = UserFactory(role="supervisor")
    ShareFactory(household=house, to_user=guest)
    assert enter(guest).post(at(house, name), {}).status_code == 403


def test_a_guest_reaches_no_screening(house, people, enter):
    made, guest = ScreeningFactory(person=people[0]), UserFactory(role="supervisor")
    ShareFactory(household=house, to_user=guest)
    assert enter(guest).get(at(house, "screening_page", made.fact_id)).status_code == 404
    assert enter(guest).get(at(house, "screening_edit", made.fact_id)).status_code == 404


@pytest.mark.parametrize("name", ["circumstance", "screening"])
def test_a_wrong_role_records_nothing(house, enter, name):
    officer = UserFactory(role="residence_officer")
    ShareFactory(household=house, to_user=officer)
    assert enter(officer).get(at(house, name)).status_code == 403


def test_opening_a_result_is_logged_with_the_person_whose_it_is(house, people, kim, enter):
    made = ScreeningFactory(person=people[1])
    enter(kim).get(at(house, "screening_page", made.fact_id))
    assert AccessLog.objects.latest("id").subjects == [people[1].pk]
    assert made.observed_on <= timezone.localdate()
