"""The verbs of the register as pages: each works, refuses a stranger (404) and a wrong role (403)."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from casework.audit.models import Event
from households.models import Assignment, Consent, Dwelling, Membership, Person, PersonName, Share
from households.urls import urlpatterns
from households.views.deeds import DEEDS, PERSON_DEEDS
from tests.factories import HouseholdFactory, PersonFactory, ShareFactory, UserFactory, district
from tests.factories.households import members_of

DAY = "2026-05-04"


def at(household, verb):
    return reverse(f"households:{verb}", args=[household.number])


def about(person, verb):
    return reverse(f"households:{verb}", args=[person.case_number])


@pytest.mark.parametrize("verb", DEEDS)
def test_each_page_opens_for_the_supervisor_and_for_nobody_from_outside(house, boss, stranger, enter, verb):
    assert enter(boss).get(at(house, verb)).status_code == 200
    assert enter(stranger).get(at(house, verb)).status_code == 404
    assert enter(stranger).post(at(house, verb), {}).status_code == 404


@pytest.mark.parametrize("verb", PERSON_DEEDS)
def test_each_page_about_a_person_opens_for_the_worker_and_for_nobody_from_outside(people, kim, stranger, enter, verb):
    assert enter(kim).get(about(people[0], verb)).status_code == 200
    assert enter(stranger).get(about(people[0], verb)).status_code == 404


@pytest.mark.parametrize("verb", DEEDS)
def test_a_share_shows_a_household_and_hands_over_no_register(house, enter, verb):
    guest = UserFactory(role="supervisor")
    ShareFactory(household=house, to_user=guest)
    assert enter(guest).post(at(house, verb), {"on": DAY}).status_code == 403
    assert not Event.objects.exclude(verb="household_shared").exists()


@pytest.mark.parametrize("verb", ["assign", "unassign", "share"])
def test_work_is_assigned_by_the_supervisor(house, kim, enter, verb):
    assert enter(kim).get(at(house, verb)).status_code == 403


def test_a_counsellor_keeps_no_register(house, centre, enter):
    counsellor = UserFactory(agency=centre, role="counsellor")
    Assignment.objects.create(household=house, worker=counsellor, kind="counsellor")
    assert enter(counsellor).get(at(house, "birth")).status_code == 403


def test_a_birth_sent_twice_adds_one_child(house, kim, enter):
    client, data = enter(kim), {"family": "김", "given": "새봄", "sex": "F", "on": DAY}
    for _tap in range(2):
        assert client.post(at(house, "birth"), data).status_code == 302
    assert Membership.objects.current().filter(household=house).count() == 4


def test_a_day_in_the_future_is_refused(house, kim, enter):
    tomorrow = timezone.localdate() + timedelta(days=1)
    data = {"family": "김", "given": "새봄", "sex": "F", "on": tomorrow.isoformat()}
    assert enter(kim).post(at(house, "birth"), data).status_code == 422
    assert Person.objects.count() == 3


def test_the_death_of_the_head_asks_who_follows(house, people, kim, enter):
    client, data = enter(kim), {"who": people[0].case_number, "on": DAY}
    answer = client.post(at(house, "death"), data)
    assert answer.status_code == 422
    assert "id_new_head" in answer.content.decode()
    assert client.post(at(house, "death"), {**data, "new_head": people[1].case_number}).status_code == 302
    assert (
        Membership.objects.current().get(household=house, role="head", during__contains=date(2026, 5, 5)).person
        == people[1]
    )
    # The page sent again finds nobody of that number in the household any more.
    assert client.post(at(house, "death"), {**data, "new_head": people[1].case_number}).status_code == 422


def test_a_marriage_needs_somebody_the_user_may_see(house, people, kim, enter):
    client = enter(kim)
    foreign = members_of(HouseholdFactory())[0]
    data = {"who": people[2].case_number, "partner": foreign.case_number, "on": DAY}
    assert client.post(at(house, "marriage"), data).status_code == 422
    own = members_of(HouseholdFactory(worker=kim))[0]
    assert client.post(at(house, "marriage"), {**data, "partner": own.case_number.lower()}).status_code == 302
    assert Membership.objects.current().get(person=people[2], role="spouse")


def test_a_divorce_leads_to_the_new_household(house, people, kim, enter):
    answer = enter(kim).post(at(house, "divorce"), {"who": people[1].case_number, "on": DAY, "taking": []})
    own = Membership.objects.current().get(person=people[1], role="head").household
    assert answer.url == reverse("desks:household", args=[own.number])


def test_a_move_between_households(house, people, kim, enter):
    other = HouseholdFactory(worker=kim)
    data = {"who": people[2].case_number, "to": other.number, "role": "child", "on": DAY}
    assert enter(kim).post(at(house, "move"), data).status_code == 302
    assert Membership.objects.current().get(person=people[2], household=other)
    foreign = HouseholdFactory()
    assert enter(kim).post(at(house, "move"), {**data, "to": foreign.number}).status_code == 422


def test_somebody_moves_in_who_was_seen_before(house, people, kim, enter):
    own = HouseholdFactory(worker=kim, members=0)
    left = PersonFactory(name="리영호", household=own)
    Membership.objects.filter(person=left).update(superseded_at=timezone.now())
    Membership.objects.create(person=left, household=own, role="head", during=(None, date(2026, 1, 1)))
    data = {"who": left.case_number, "role": "parent", "on": DAY}
    assert enter(kim).post(at(house, "move_in"), data).status_code == 302
    assert Membership.objects.current().get(person=left, household=house).role == "parent"


def test_a_move_to_a_district_of_another_centre_says_that_the_file_stays(house, kim, enter):
    data = {"district": district("경기 부천시").pk, "town": "중동", "on": DAY}
    client = enter(kim)
    assert client.post(at(house, "district"), data).status_code == 302
    said = [str(message) for message in client.get(at(house, "birth")).context["messages"]]
    assert len(said) == 2
    assert Dwelling.objects.current().get(household=house, during__contains=date(2026, 6, 1)).town == "중동"


def test_the_head_changes(house, people, kim, enter):
    assert enter(kim).post(at(house, "head"), {"who": people[1].case_number, "on": DAY}).status_code == 302


def test_work_is_given_and_taken(house, boss, kim, enter):
    lee = UserFactory(agency=kim.agency)
    client = enter(boss)
    data = {"worker": lee.pk, "kind": "substitute", "on": DAY, "until": "2027-05-04", "reason": "연가"}
    for _tap in range(2):
        assert client.post(at(house, "assign"), data).status_code == 302
    row = Assignment.objects.current().get(worker=lee)
    ended = client.post(at(house, "unassign"), {"assignment": row.pk, "on": "2026-06-01", "reason": "복귀"})
    assert ended.status_code == 302
    assert Assignment.objects.current().get(worker=lee).during.upper == date(2026, 6, 1)


def test_only_workers_of_the_own_centre_are_offered(house, boss, stranger, enter):
    assert enter(boss).post(at(house, "assign"), {"worker": stranger.pk, "on": DAY}).status_code == 422


def test_a_household_is_shared_and_the_share_ended(house, boss, stranger, enter):
    client = enter(boss)
    until = (timezone.localdate() + timedelta(days=7)).isoformat()
    data = {"user": stranger.username, "until": until, "reason": "전입 준비"}
    for _tap in range(2):
        assert client.post(at(house, "share"), data).status_code == 302
    made = Share.objects.get()
    end = reverse("households:end_share", args=[house.number, made.pk])
    assert client.get(end).status_code == 405
    assert enter(stranger).post(end).status_code == 403
    for _tap in range(2):
        assert enter(boss).post(end).status_code == 302
    assert Event.objects.filter(verb="share_ended").count() == 1
    assert client.post(at(house, "share"), {**data, "agency": boss.agency_id}).status_code == 422
    assert client.post(at(house, "share"), {**data, "until": "2099-01-01"}).status_code == 422


def test_a_name_a_number_a_wish_and_a_consent(people, kim, stranger, enter):
    client, person = enter(kim), people[0]
    assert client.post(about(person, "name"), {"family": "정", "given": "하늘", "on": DAY}).status_code == 302
    assert PersonName.objects.current().filter(person=person).count() == 2
    assert client.post(about(person, "phone"), {"number": "010-0000-9999", "on": DAY}).status_code == 302
    assert client.post(about(person, "phone"), {"number": "전화 없음", "on": DAY}).status_code == 422
    wish = {"on": DAY, "channel": "message", "wants_no_contact": "on"}
    assert client.post(about(person, "preference"), wish).status_code == 302
    consent = {"on": DAY, "purpose": "통합사례관리", "items": ["name", "health"], "recipient": kim.agency_id}
    assert client.post(about(person, "consent"), consent).status_code == 302
    given = Consent.objects.get()
    end = reverse("households:withdraw_consent", args=[person.case_number, given.fact_id])
    assert client.get(end).status_code == 405
    assert enter(stranger).post(end).status_code == 404
    for _tap in range(2):
        assert enter(kim).post(end).status_code == 302
    assert Consent.objects.current().get().withdrawn_on == timezone.localdate()


def test_every_verb_has_one_address():
    names = [pattern.name for pattern in urlpatterns if hasattr(pattern, "name")]  # rooms bring their own
    assert len(names) == len(set(names))
    assert set(DEEDS) | set(PERSON_DEEDS) <= set(names)
