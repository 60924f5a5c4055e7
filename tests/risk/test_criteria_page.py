"""The public page of the criteria: what is looked at, what is not, who decides; on any day, for everybody."""

from datetime import timedelta

import pytest
from django.utils import timezone

from casework.clock import seoul_day
from risk.rules import RULES
from tests.factories import CentreFactory, HouseholdFactory, UserFactory
from tests.factories.changes import PATTERN, approved, change_of, officer

pytestmark = pytest.mark.django_db
URL = "/risk/criteria/"


def text(client, **query):
    return client.get(URL, query).content.decode()


def test_anybody_reads_it_without_a_log_in_and_finds_every_criterion(client):
    page = text(client)
    for code in RULES:
        assert f"{code} v1" in page
    for words in ("무엇을 보지 않는지", "누가 결정하는지", "제37조의2", "사회보장급여법 제12조"):
        assert words in page


def test_nothing_about_anybody_stands_on_it(client):
    household = HouseholdFactory(members=["오춘화"])
    page = text(client)
    assert household.number not in page
    assert "오춘화" not in page
    assert "/risk/changes/" not in page


def test_only_who_may_change_criteria_is_offered_to(client):
    supervisor = UserFactory(agency=CentreFactory(), role="supervisor")
    client.force_login(supervisor)
    assert "/risk/changes/new/" not in text(client)
    assert 'href="/risk/changes/"' in text(client)
    client.force_login(officer())
    page = text(client)
    assert "/risk/changes/new/R-RENT-ARR/" in page
    assert "/risk/changes/new/BANDS/" in page


def test_a_day_ahead_shows_what_will_be_in_force_and_today_what_is(client):
    proposer, second = officer("송다인"), officer("정해준")
    approved(change_of(by=proposer, stands="requested", numbers={"months": 2}), by=second, days=7)
    pattern = {"pattern": PATTERN, "name_ko": "겹친 체납", "name_en": "Arrears together"}
    approved(change_of("pattern", by=proposer, stands="requested", **pattern), by=second, days=7)
    ahead = (seoul_day(timezone.now()) + timedelta(days=7)).isoformat()
    today, later = text(client), text(client, on=ahead)
    assert "R-RENT-ARR v1" in today
    assert "P-01" not in today.split("다른 날의 기준")[0].split('id="coming"')[0]
    assert f"?on={ahead}" in today
    assert "R-RENT-ARR v2" in later
    assert "겹친 체납" in later
    assert "2가지 이상이" in later


def test_a_day_that_is_none_is_answered_in_words(client):
    answer = client.get(URL, {"on": "내일"})
    assert answer.status_code == 400
    assert "연-월-일로 써 주십시오" in answer.content.decode()


def test_every_number_of_a_rule_has_words_in_its_sentence(client):
    assert "{" not in text(client).split("<main")[1].split("</main>")[0]
