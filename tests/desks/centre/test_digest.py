"""The week of a centre: what came in, what was decided, who is out of reach, what is late, contacts owed and made."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from casework.agencies.roles import ROLES, May
from casework.clock import SEOUL, day_begins, seoul_day
from desks.centre import digest
from desks.centre.digest import LOST_ON_A_PAGE, week_code, week_of
from households.models import Household
from risk.models import Review
from tests.factories import AttemptFactory, ContactFactory, HouseholdFactory, UserFactory
from tests.factories.imports import CONTACT, bring, counts
from tests.factories.risk import SignalFactory
from tests.factories.standings import flagged, stands

URL = "/centre/week/"


def today():
    return seoul_day(timezone.now())


def page(client, user, **asked):
    client.force_login(user)
    return client.get(URL, asked)


NOON = datetime(2026, 11, 18, 12, tzinfo=SEOUL)


def test_a_week_runs_from_monday_to_sunday_and_ends_with_its_last_moment():
    this = week_of("", NOON)
    assert (this.code, this.running, this.now) == ("2026-W47", True, NOON)
    before = week_of("2026-W46", NOON)
    assert (before.monday.isoformat(), before.sunday.isoformat()) == ("2026-11-09", "2026-11-15")
    assert before.now < day_begins(this.monday) <= before.now + timedelta(seconds=1)
    assert week_of(this.code, NOON).running


@pytest.mark.parametrize("text", ["2026-W48", "2026-W60", "2026-47", "gestern", "2026-W47-3", "1890-W01", "W47"])
def test_nonsense_and_weeks_to_come_are_no_week(text):
    assert week_of(text, NOON) is None


@pytest.mark.parametrize("role", sorted(ROLES))
def test_it_is_for_those_who_lead_a_centre(client, db, role):
    expected = 200 if May.SEE_CENTRE in ROLES[role].words else 403
    assert page(client, UserFactory(role=role)).status_code == expected


def test_this_week_counts_what_came_what_was_decided_and_what_was_done(client, supervisor, worker, swept):
    reached = HouseholdFactory(worker=worker, members=["닿음"], registered_on=today() - timedelta(days=900))
    swept()
    SignalFactory(household=reached, code_id="S14", ago=3, known_ago=0)
    ContactFactory(household=reached, recorded_by=worker, occurred_at=timezone.now(), channel="phone")
    AttemptFactory(household=reached, recorded_by=worker, occurred_at=timezone.now())
    Review.objects.create(
        household=reached,
        decision="confirm",
        band=3,
        machine_band=3,
        reason="확인",
        decided_on=today(),
        review_on=today() + timedelta(days=9),
        recorded_by=supervisor,
    )
    raised = flagged(reached)
    raised.trump = True
    raised.save(update_fields=["trump"])
    context = page(client, supervisor).context
    assert (context["contacts"]["made"], context["contacts"]["attempts"]) == (1, 1)
    assert context["decided"]["confirm"] == 1
    assert (context["came"]["signals"], context["came"]["raised"]) == (1, 1)


def test_contacts_owed_as_the_week_began_against_those_reached(client, supervisor, worker, swept):
    long_ago = today() - timedelta(days=900)
    owed, calm = (HouseholdFactory(worker=worker, registered_on=long_ago) for _each in range(2))
    ContactFactory(household=owed, occurred_at=timezone.now() - timedelta(days=400))
    ContactFactory(household=calm, occurred_at=timezone.now() - timedelta(days=20))
    swept()
    assert page(client, supervisor).context["contacts"] == {
        "owed": 1, "reached": 0, "open": 1, "made": 0, "attempts": 0
    }  # fmt: skip
    ContactFactory(household=owed, recorded_by=worker, occurred_at=timezone.now(), channel="phone")
    swept()
    context = page(client, supervisor).context
    assert (context["contacts"]["owed"], context["contacts"]["reached"], context["contacts"]["open"]) == (1, 1, 0)


def test_a_file_that_brings_what_was_known_before_is_counted_at_once(client, supervisor, worker, swept):
    HouseholdFactory(worker=worker, registered_on=today() - timedelta(days=900), register_ref="H-7")
    swept()
    before = page(client, supervisor).context["contacts"]["owed"]
    monday = today() - timedelta(days=today().weekday())
    early = day_begins(monday) - timedelta(days=2)
    met = (early - timedelta(days=1)).isoformat(timespec="minutes")
    batch = bring(
        "contacts",
        [{**CONTACT, "person_ref": "", "household_ref": "H-7", "occurred_at": met}],
        source="상담",
        known_at=early,
    )
    assert counts(batch) == (1, 0, 0, 0)
    assert before == 1
    assert page(client, supervisor).context["contacts"]["owed"] == 0


def test_what_is_kept_of_one_centre_is_never_told_to_another(client, supervisor, worker, swept):
    long_ago = today() - timedelta(days=900)
    HouseholdFactory(worker=worker, registered_on=long_ago)
    stranger = UserFactory(role="supervisor")
    HouseholdFactory(worker=UserFactory(agency=stranger.agency), registered_on=long_ago)
    swept()
    week = week_of("", timezone.now())
    seen = {one: list(Household.objects.visible_to(one).values_list("pk", flat=True)) for one in (supervisor, stranger)}
    found = [digest._owed(homes, week) for homes in seen.values()]
    assert found == list(seen.values())


def test_a_past_week_says_who_was_out_of_reach_then(client, supervisor, worker, swept):
    household = HouseholdFactory(worker=worker, members=["그때"], registered_on=today() - timedelta(days=900))
    for days in (30, 26, 22):
        AttemptFactory(household=household, recorded_by=worker, occurred_at=timezone.now() - timedelta(days=days))
    ContactFactory(household=household, recorded_by=worker, occurred_at=timezone.now() - timedelta(days=1))
    swept()
    assert page(client, supervisor).context["lost"] == []
    then = page(client, supervisor, week=week_code(today() - timedelta(days=14)))
    assert [row["title"].name for row in then.context["lost"]] == ["그때"]
    assert not then.context["week"].running
    assert then.context["after"]


def test_everybody_who_is_out_of_reach_is_on_some_page(client, supervisor, worker):
    for _each in range(LOST_ON_A_PAGE + 2):
        household = HouseholdFactory(worker=worker)
        stands(household, 4, attempts=1)
        AttemptFactory(household=household, recorded_by=worker, occurred_at=timezone.now() - timedelta(days=3))
    first, second = page(client, supervisor), page(client, supervisor, page=2)
    assert (len(first.context["lost"]), len(second.context["lost"])) == (LOST_ON_A_PAGE, 2)
    named = {row["title"].number for answer in (first, second) for row in answer.context["lost"]}
    assert len(named) == LOST_ON_A_PAGE + 2
    assert f"week={week_code(today())}&amp;page=2#lost" in first.content.decode()
    desk = client.get("/centre/").content.decode()
    assert f'{URL}#lost"' in desk


@pytest.mark.parametrize("number", [1, 2])
def test_the_number_of_queries_does_not_grow(supervisor, worker, own_queries, number):
    def lose(count):
        for _each in range(count):
            household = HouseholdFactory(worker=worker)
            stands(household, 4, attempts=1)
            AttemptFactory(household=household, recorded_by=worker, occurred_at=timezone.now() - timedelta(days=3))

    lose(2)
    few = own_queries(supervisor, URL)
    lose(LOST_ON_A_PAGE)
    assert len(own_queries(supervisor, f"{URL}?page={number}")) == len(few)


def test_nonsense_gets_a_sentence_and_this_week(client, supervisor):
    answer = page(client, supervisor, week="2399-W01")
    assert answer.status_code == 200
    assert answer.context["nonsense"]
    assert answer.context["week"].running


def test_another_centre_is_not_in_it(client, supervisor):
    other = HouseholdFactory(members=["다른센터"])
    stands(other, 5, attempts=3)
    AttemptFactory(household=other, occurred_at=timezone.now() - timedelta(days=3))
    answer = page(client, supervisor)
    assert (answer.context["households"], answer.context["lost_count"]) == (0, 0)
    assert "다른센터" not in answer.content.decode()
