"""Circumstances and screenings on the household page and in its timeline: who reads what."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import translation

from tests.factories import HouseholdFactory, ShareFactory, UserFactory
from tests.factories.households import members_of
from tests.factories.stated import CircumstanceFactory, ScreeningFactory

DAY = date(2026, 5, 4)


@pytest.fixture
def household(worker):
    """림동주, about whom something is known."""
    household = HouseholdFactory(worker=worker, members=["림동주", "최금주"])
    person = members_of(household)[0]
    CircumstanceFactory(person=person, kind="benefit", detail="housing", value="refused", since=DAY, source="주민센터")
    ScreeningFactory(person=person, score=16, item9=True, observed_on=DAY)
    return household


@pytest.fixture
def look(client, household):
    """Return the page as a user sees it."""

    def opened(user, **query):
        client.force_login(user)
        answer = client.get(reverse("desks:household", args=[household.number]), query)
        assert answer.status_code == 200
        return answer

    return opened


def test_the_worker_reads_how_each_member_stands_and_what_a_screening_gave(look, worker, household):
    page = look(worker).content.decode()
    with translation.override("ko"):
        assert "주거급여" in page
    assert 'id="screenings"' in page
    assert "PHQ-9" in page
    for name in ("circumstance", "screening"):
        assert reverse(f"households:{name}", args=[household.number]) in page


def test_a_share_opens_the_circumstances_and_no_result(look, household):
    guest = UserFactory(role="supervisor")
    ShareFactory(household=household, to_user=guest)
    answer = look(guest)
    page = answer.content.decode()
    assert 'id="circumstances"' in page
    assert 'id="screenings"' not in page
    assert answer.context["screens"] is None
    assert reverse("households:circumstance", args=[household.number]) not in page


def test_the_timeline_says_that_a_screening_took_place_and_its_result_to_few(look, worker, household):
    guest = UserFactory(role="supervisor")
    ShareFactory(household=household, to_user=guest)
    told = {user: {e.title: e for e in look(user, show="register").context["told"]} for user in (worker, guest)}
    full, bare = (next(e for title, e in rows.items() if "PHQ-9" in title) for rows in told.values())
    assert "16" in full.line
    assert full.tone == "red"
    assert "16" not in bare.line + bare.title
    assert bare.tone == ""
    assert bare.at == DAY


def test_the_timeline_tells_a_change_with_what_stood_before_and_when_it_was_learned(look, worker, household):
    person = members_of(household)[0]
    CircumstanceFactory(
        person=person, kind="income", value="above_line", since=date(2026, 1, 1), until=date(2026, 2, 28)
    )
    CircumstanceFactory(person=person, kind="income", value="below_line", since=date(2026, 3, 1))
    rows = [e for e in look(worker, show="register").context["told"] if e.at == date(2026, 3, 1)]
    with translation.override("ko"):
        assert "소득" in rows[0].title
    assert "림동주" in rows[0].line
    assert len(rows) == 1


def test_the_page_asks_no_more_questions_with_twenty_facts(own_queries, worker, household):
    url = reverse("desks:household", args=[household.number])
    before = own_queries(worker, url)
    for member in members_of(household):
        for kind, value in (("employment", "employed"), ("illness", "chronic"), ("marital", "married")):
            CircumstanceFactory(person=member, kind=kind, value=value)
        ScreeningFactory(person=member, instrument="lonely", score=5)
    assert own_queries(worker, url) == before
