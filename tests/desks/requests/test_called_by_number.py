"""Who had the use of their data stopped is called by number wherever people are listed, found or chosen from, also
where it was asked for under a second record that is linked."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from casework.clock import add_months
from desks.atrisk.exported import AtRiskList
from desks.atrisk.filters import Filters
from desks.atrisk.ranking import page_of
from desks.atrisk.rows import row_of
from desks.case.taking_over import taking_over
from desks.titles import titles_of
from households.actions import record_death, share
from households.actions.refusal import Refused
from households.assessments.found import call_of
from households.duplicates.actions import undo
from households.forms.moments import value_of
from households.members import stopped_among, unnamed
from households.models import Contact, Membership, PersonLink, Restriction
from households.models.circle import TODAY
from households.requests.restricting import homes_of_restricted, stopped_people
from households.views import found
from referrals.exported import _stopped
from risk.campaigns.counts import asking_of, to_ask
from tests.factories import AgencyFactory, HouseholdFactory
from tests.factories.data_requests import restriction
from tests.factories.day import visit_of
from tests.factories.extensions import request_of
from tests.factories.handovers import conflict_of
from tests.factories.households import members_of
from tests.factories.links import linked, twins
from tests.factories.standings import stands
from tests.factories.surveys import frozen

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(cast):
    """Return (kept, second): two records of one person, linked, in two homes of the worker."""
    kept, second = twins(cast.worker)
    linked(kept, second, by=cast.worker, second=cast.boss)
    for person in (kept, second):
        stands(home_of(person))
    return kept, second


def home_of(person):
    return Membership.objects.current().get(person=person).household


def seen(client, user, name, *args, **asked):
    client.force_login(user)
    return client.get(reverse(name, args=args), asked).content.decode()


@pytest.mark.parametrize("under", [0, 1])
def test_it_reaches_every_list_of_either_record(cast, pair, client, under):
    homes = [home_of(person) for person in pair]
    restriction(pair[under], "surveys", "sharing", by=cast.boss)
    titles = titles_of(cast.boss, [home.pk for home in homes], on=cast.on)
    assert {titles[home.pk].name for home in homes} == {f"{home.number} · 처리정지 요청" for home in homes}
    rows = page_of(cast.boss, Filters(), now=cast.now).rows
    assert {row_of(row, cast.now).number for row in rows if row["restricted"]} == {home.number for home in homes}
    assert "이영희" not in seen(client, cast.boss, "desks:list")
    assert "이영희" not in seen(client, cast.boss, "desks:case", homes[0].number)
    assert AtRiskList().ids(cast.boss, {"query": ""}, now=cast.now) == []
    assert set(homes_of_restricted("sharing").values_list("household", flat=True)) == {home.pk for home in homes}
    assert _stopped([person.pk for person in pair]) == {person.pk for person in pair}


def test_the_link_undone_the_kept_record_is_called_by_name_again(cast, pair):
    held = restriction(pair[1], "surveys", by=cast.boss)
    assert stopped_among([pair[0].pk]) == {pair[0].pk}
    undo(PersonLink.objects.get(), reason="두 사람", by=cast.boss, now=timezone.now())
    assert stopped_among([person.pk for person in pair]) == {held.person_id}


def test_surveys_and_shares_of_the_kept_record_obey_it(cast, pair):
    campaign, home = frozen(cast.head), home_of(pair[0])
    restriction(pair[1], "surveys", "sharing", by=cast.boss)
    assert home not in {row.household for row in to_ask(campaign, cast.boss)}
    assert list(asking_of(home, cast.boss)) == []
    assert not page_of(cast.boss, Filters(show="survey"), now=cast.now).rows
    words = {"reason": "함께 돕습니다.", "until": cast.now + timedelta(days=3), "now": cast.now, "by": cast.boss}
    with pytest.raises(Refused):
        share(home, AgencyFactory(), **words)


def test_the_person_s_page_and_case_say_what_was_asked_under_the_other_record(cast, pair, client):
    held = restriction(pair[1], "surveys", by=cast.boss)
    url = reverse("households:data_request", args=[held.request.number])
    assert url in seen(client, cast.boss, "desks:case", home_of(pair[0]).number)
    assert "처리정지" in seen(client, cast.boss, "desks:person", pair[0].case_number)


def test_the_runway_obeys_a_restriction_of_a_linked_record(cast, client):
    begun = add_months(cast.on + timedelta(days=60), -60)
    kept = members_of(HouseholdFactory(worker=cast.worker, members=["한송이"], under_protection=begun))[0]
    second = members_of(HouseholdFactory(worker=cast.worker, members=["한송희"]))[0]
    linked(kept, second, by=cast.worker, second=cast.boss)
    assert "한송이" in seen(client, cast.boss, "desks:protection")
    restriction(second, "surveys", by=cast.boss)
    assert "한송이" not in seen(client, cast.boss, "desks:protection")


@pytest.mark.parametrize("asked", ["정금주", "금주", "ㅈㄱㅈ", "1234"])
def test_the_search_finds_by_any_word_and_calls_by_number(cast, client, asked):
    assert "정금주" in seen(client, cast.worker, "desks:search", q=asked).replace(f'value="{asked}"', "")
    restriction(cast.person, "surveys", by=cast.boss)
    page = seen(client, cast.worker, "desks:search", q=asked)
    row = page.partition(f"/persons/{cast.person.case_number}/")[2].partition("</tr>")[0]
    assert f"{cast.person.case_number} · 처리정지 요청" in row
    assert cast.household.number in row
    for words in ("정금주", "meta", "1980"):
        assert words not in row


def test_the_search_finds_the_exact_number_and_nobody_else_is_renamed(cast, client):
    restriction(cast.person, "surveys", by=cast.boss)
    page = seen(client, cast.worker, "desks:search", q=cast.person.case_number)
    assert f"{cast.person.case_number} · 처리정지 요청" in page
    assert "김철수" in seen(client, cast.worker, "desks:search", q="김철수").partition("<tbody>")[2]


def test_choices_call_a_household_under_a_restriction_by_its_numbers(cast, client):
    restriction(cast.people[1], "surveys", by=cast.boss)
    number = cast.household.number
    assert unnamed([cast.household.pk]) == {cast.household.pk}
    assert call_of(cast.household, found.members_of(cast.household))[0] == number
    assert [one.name.split(" ")[-1] for one in found.members_of(cast.household)] == [
        person.case_number for person in cast.people
    ]
    rooms = ("plan_new", "plans", "assessment_new", "assessments", "conflict_new", "outcomes")
    for name in (f"households:{room}" for room in rooms):
        page = seen(client, cast.worker, name, number)
        assert "정금주" not in page, name
        assert "김철수" not in page, name
        assert "김유나" not in page, name


def test_no_form_about_the_household_or_a_person_of_it_names_anybody(cast, client):
    number, case_number = cast.household.number, cast.person.case_number
    pages = [
        (cast.worker, "households:contact", number, {}),
        (cast.worker, "households:circumstance", number, {"kind": "employment"}),
        (cast.counsellor, "households:screening", number, {}),
        *((cast.worker, f"households:{verb}", number, {}) for verb in ("death", "move", "head", "divorce", "marriage")),
        *((cast.worker, f"households:{verb}", case_number, {}) for verb in ("name", "phone", "preference", "consent")),
        (cast.worker, "households:whereabouts", number, {}),
        (cast.worker, "referrals:new", number, {}),
        (cast.boss, "risk:review", number, {}),
        (cast.boss, "risk:incident", number, {}),
        (cast.boss, "risk:end_search", number, {}),
    ]
    for user, name, key, asked in pages:
        assert "정금주" in seen(client, user, name, key, **asked), name
    restriction(cast.people[1], "surveys", by=cast.boss)
    restriction(cast.person, "surveys", by=cast.boss)
    for user, name, key, asked in pages:
        page = seen(client, user, name, key, **asked)
        assert case_number in page or number in page, name
        for words in ("정금주", "김철수", "김유나"):
            assert words not in page, name


def test_a_contact_is_logged_and_read_with_people_called_by_number(cast, client):
    restriction(cast.person, "surveys", by=cast.boss)
    sent = {
        "draft": str(uuid4()),
        "channel": "phone",
        "met": "yes",
        "at": value_of(cast.now - timedelta(minutes=1)),
        "people": [cast.person.case_number],
        "level": "centre",
    }
    client.force_login(cast.worker)
    assert client.post(reverse("households:contact", args=[cast.household.number]), sent).status_code == 302
    made = Contact.objects.get(recorded_by=cast.worker, client_key=sent["draft"])
    assert list(made.participants.values_list("person", flat=True)) == [cast.person.pk]
    for name in ("contact_page", "contact_edit"):
        page = seen(client, cast.worker, f"households:{name}", cast.household.number, made.fact_id)
        assert cast.person.case_number in page
        assert "정금주" not in page


def test_who_left_with_a_restriction_is_not_named_where_an_old_contact_is_put_right(cast):
    restriction(cast.people[1], "surveys", by=cast.boss)
    record_death(cast.people[1], on=cast.on - timedelta(days=1), by=cast.worker)
    assert all(one.named for one in found.members_of(cast.household))
    assert not any(one.named for one in found.members_of(cast.household, cast.on - timedelta(days=2)))


def test_lists_of_courses_and_conflicts_and_the_lines_of_a_case_obey_it(cast, client):
    conflict_of(cast.counsellor, cast.person)
    assert "정금주" in seen(client, cast.boss, "households:conflicts")
    assert any("정금주" in line.label for line in taking_over(cast.household, cast.worker, cast.now).lines)
    restriction(cast.person, "surveys", by=cast.boss)
    assert "정금주" not in seen(client, cast.boss, "households:conflicts")
    assert not any("정금주" in line.label for line in taking_over(cast.household, cast.worker, cast.now).lines)
    assert "정금주" not in seen(client, cast.worker, "households:person_courses", cast.person.case_number)


def test_the_array_of_the_lists_and_the_word_of_the_queryset_say_the_same(cast, pair):
    restriction(pair[1], "surveys", by=cast.boss)
    word = Restriction.objects.current().during(TODAY).people()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {stopped_people()}, {stopped_people('surveys')}, {stopped_people('sharing')}")
        every, surveys, sharing = cursor.fetchone()
    assert set(every) == set(surveys) == {row[0] for row in word.values_list("pk")} == {one.pk for one in pair}
    assert sharing == []


def test_a_visit_a_death_and_the_line_of_it_in_the_case_name_nobody(cast, client):
    visit = visit_of(cast.household, worker=cast.worker)
    record_death(cast.people[1], on=cast.on - timedelta(days=1), by=cast.worker)
    pages = [
        ("households:visit", visit.pk, "정금주"),
        ("desks:death_review", cast.people[1].case_number, "김철수"),
        ("desks:case", cast.household.number, "김철수"),
    ]
    for name, key, words in pages:
        assert words in seen(client, cast.worker, name, key), name
    for person in cast.people[:2]:
        restriction(person, "surveys", by=cast.boss)
    for name, key, words in pages:
        assert words not in seen(client, cast.worker, name, key), name


def test_the_list_of_requests_about_protection_obeys_it(cast, client):
    made = request_of(cast.person, by=cast.worker, applicant="정금주")
    assert "정금주" in seen(client, cast.boss, "households:extensions")
    restriction(cast.person, "surveys", by=cast.boss)
    page = seen(client, cast.boss, "households:extensions")
    assert made.number in page
    assert cast.person.case_number in page
    assert "정금주" not in page
