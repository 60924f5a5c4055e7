"""The entitlements of a household as pages: answers with their grounds, what came of them, what would change if."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from casework.audit.models import AccessLog
from casework.clock import seoul_day
from households.models import EntitlementStep
from tests.factories import HouseholdFactory
from tests.factories.entitlements import EntitlementStepFactory
from tests.factories.households import PersonFactory, members_of
from tests.factories.stated import CircumstanceFactory

PAGES = ("household_entitlements", "entitlements_card", "entitlements_what_if")


def at(house, name, *more):
    return reverse(f"households:{name}", args=[house.number, *more])


@pytest.fixture
def protected(kim):
    """A household in its second year, whose income is below the line and who receives nothing."""
    home = HouseholdFactory(worker=kim, members=["정금주", "김유나"], under_protection=True)
    CircumstanceFactory(
        person=members_of(home)[0], value="below_line", since=seoul_day(timezone.now()) - timedelta(days=5)
    )
    return home


def test_a_likely_answer_promises_nothing_and_names_who_decides(protected, kim, enter):
    page = enter(kim).get(at(protected, "household_entitlements"))
    text = page.content.decode()
    own = page.context["rows"][0]
    assert own["member"] is None
    livelihood = next(row for row in own["yes"] if row["code"] == "LIVELIHOOD-5Y")
    assert livelihood["decides"] in text
    assert "확인 필요" in text or "to be checked" in text
    assert "지급됩니다" not in text
    assert [line.state for line in livelihood["lines"]] == ["yes", "yes", "yes", "ask"]
    assert livelihood["answer"].until is not None


def test_what_is_missing_is_said(house, kim, enter):
    page = enter(kim).get(at(house, "household_entitlements"))
    asks = [row for rows in page.context["rows"] for row in rows["ask"]]
    assert asks
    assert all(row["missing"] for row in asks)


@pytest.mark.parametrize("name", PAGES)
def test_each_page_is_for_who_sees_the_household_and_is_logged(house, people, kim, stranger, enter, name):
    assert enter(stranger).get(at(house, name)).status_code == 404
    assert enter(kim).get(at(house, name)).status_code == 200
    log = AccessLog.objects.filter(actor_id=kim.pk).latest("id")
    assert (sorted(log.subjects), log.households) == (sorted(p.pk for p in people), [house.pk])


@pytest.mark.parametrize("name", ["household_entitlements", "entitlements_card"])
def test_a_page_costs_the_same_for_two_people_and_for_twenty(kim, enter, name, django_assert_max_num_queries):
    few, many = (HouseholdFactory(worker=kim, members=number, under_protection=True) for number in (2, 20))
    client = enter(kim)
    client.get(at(few, name))
    counts = []
    for home in (few, many):
        with django_assert_max_num_queries(20) as asked:
            assert client.get(at(home, name)).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_household_where_nobody_lives_has_an_empty_state(kim, enter):
    home = HouseholdFactory(worker=kim, members=0)
    assert enter(kim).get(at(home, "household_entitlements")).status_code == 200
    assert enter(kim).get(at(home, "entitlements_card")).status_code == 200


def test_what_came_of_it_is_recorded_once_and_shown(house, people, kim, enter):
    client, url = enter(kim), at(house, "entitlement_step")
    data = {"who": people[0].case_number, "entitlement": "TRAINING", "state": "granted", "on": "2026-05-04"}
    data |= {"until": "2027-05-03", "amount": "1,200,000", "source": "통지서", "key": str(uuid4())}
    for _tap in range(2):
        assert client.post(url, data).status_code == 302
    made = EntitlementStep.objects.get()
    assert (made.person, made.amount_krw, made.recorded_by) == (people[0], 1_200_000, kim)
    page = client.get(at(house, "household_entitlements")).content.decode()
    assert at(house, "entitlement_step_edit", made.fact_id) in page
    assert "1,200,000" in page


def test_a_mistake_is_a_sentence_beside_the_field_and_nothing_typed_is_lost(house, people, kim, enter):
    client, url = enter(kim), at(house, "entitlement_step")
    data = {"who": people[0].case_number, "entitlement": "TRAINING", "state": "applied", "on": "2026-05-04"}
    data |= {"until": "2027-05-03", "source": "전화로 들음", "key": str(uuid4())}
    page = client.post(url, data)
    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["until"]
    assert "전화로 들음" in page.content.decode()
    future = client.post(url, {**data, "until": "", "on": "2999-01-01"})
    assert list(future.context["form"].errors) == ["on"]
    assert "LIVELIHOOD-5Y" not in client.get(url).content.decode(), "kept under circumstances"


def test_the_step_asks_for_the_centre_that_keeps_the_file(house, people, kim, stranger, enter):
    made = EntitlementStepFactory(person=people[0], recorded_by=kim)
    edit, withdraw = (at(house, f"entitlement_step_{verb}", made.fact_id) for verb in ("edit", "withdraw"))
    for url in (at(house, "entitlement_step"), edit):
        assert enter(stranger).get(url).status_code == 404
    assert enter(kim).get(withdraw).status_code == 405
    assert withdraw in enter(kim).get(edit).content.decode()
    other = HouseholdFactory(worker=kim)
    assert enter(kim).get(at(other, "entitlement_step_edit", made.fact_id)).status_code == 404


def test_a_step_is_corrected_and_taken_back(house, people, kim, boss, enter):
    made = EntitlementStepFactory(person=people[0], recorded_by=kim)
    edit, withdraw = (at(house, f"entitlement_step_{verb}", made.fact_id) for verb in ("edit", "withdraw"))
    data = {"state": "refused", "on": made.stated_on.isoformat(), "source": "", "version": made.pk}
    assert enter(boss).post(edit, data).status_code == 302
    assert EntitlementStep.objects.current().get().state == "refused"
    assert enter(boss).post(edit, {**data, "state": "granted"}).status_code == 422, "a newer version stands"
    enter(boss).post(withdraw)
    assert EntitlementStep.objects.current().exists(), "only the author takes it back"
    for _tap in range(2):
        enter(kim).post(withdraw)
    assert not EntitlementStep.objects.current().exists()


def changes_of(page):
    return {row["code"]: row for row in page.context["changes"] if row["differs"]}


def test_what_would_change_with_work_at_a_wage(protected, kim, enter):
    client, url = enter(kim), at(protected, "entitlements_what_if")
    who = members_of(protected)[0].case_number
    page = client.post(url, {"who": who, "employment": "employed", "wage": "3,000,000"})
    assert changes_of(page)["LIVELIHOOD-5Y"]["states"] == ["yes", "no"]
    assert not EntitlementStep.objects.exists()


def test_a_child_turns_18_and_what_changes_then(kim, enter):
    today = seoul_day(timezone.now())
    home = HouseholdFactory(worker=kim, under_protection=True)
    born = (today + timedelta(days=40)).replace(day=1)
    child = PersonFactory(
        household=home,
        role="child",
        born=born.replace(year=born.year - 18),
        protected_since=today - timedelta(days=400),
    )
    url = at(home, "entitlements_what_if")
    page = enter(kim).post(url, {"birthday": f"{child.case_number}-18"})
    assert page.context["assumed"].on == born
    assert changes_of(page)["JOB-VOUCHER"]["states"] == ["no", "yes"]


def test_what_might_be_lies_ahead_and_needs_somebody(protected, kim, enter):
    client, url = enter(kim), at(protected, "entitlements_what_if")
    page = client.post(url, {"employment": "employed", "on": "2020-01-01", "wage": "1", "income": "above_line"})
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"who", "on", "income"}
    nothing = client.post(url, {})
    assert not changes_of(nothing)


def test_a_move_changes_what_depends_on_the_place(protected, kim, enter):
    page = enter(kim).post(at(protected, "entitlements_what_if"), {"sido": "부산", "on": "2030-06-01"})
    row = next(row for row in page.context["changes"] if row["code"] == "LOCAL-INCENTIVE")
    assert row["differs"]
    assert any(line.starts for line in row["lines"]), "from which day it would hold"


def test_the_household_page_leads_to_the_entitlements(house, kim, enter):
    page = enter(kim).get(reverse("desks:household", args=[house.number])).content.decode()
    assert at(house, "entitlements_card") in page
    assert at(house, "household_entitlements") in page
