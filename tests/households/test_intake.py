"""The intake: five steps, a lost session, duplicates, one person at the end."""

from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from casework.audit.models import AccessLog, Event
from households.members import names_on
from households.models import (
    Assignment,
    Consent,
    ContactPreference,
    Draft,
    Dwelling,
    Membership,
    Particulars,
    Person,
    PersonName,
    Phone,
    ProtectionPeriod,
    Responsibility,
)
from households.search.lookup import search
from tests.factories import HouseholdFactory, PersonFactory, UserFactory, district

START = "/intake/"


def told(**changes):
    steps = {
        "person": {
            "family": "리",
            "given": "영희",
            "latin": "RI Yong Hui",
            "former": "",
            "sex": "F",
            "birth": "1988-03",
            "is_defector": "yes",
            "language": "ko",
            "entered_on": "2021-11-02",
        },
        "household": {"where": "new", "district": district("서울 관악구").pk, "town": "신림동", "since": "2022-03-15"},
        "protection": {"decision": "protected", "moved_in_on": "2022-03-15"},
        "contact": {
            "phone": "010-0000-4321",
            "channel": "message",
            "woman_worker": "on",
            "items": ["name"],
            "purpose": "통합사례관리",
            "until": "2099-12-31",
        },
    }
    return {step: {**fields, **changes.get(step, {})} for step, fields in steps.items()}


@pytest.fixture
def take_in(enter):
    """Return a function that goes through all steps as a user and gives the last answer."""

    def go(user, key=None, last=None, **changes):
        client, key = enter(user), key or uuid4()
        client.post(START, {"draft": str(key)})
        for step, fields in told(**changes).items():
            answer = client.post(reverse("households:intake_step", args=[key, step]), fields)
            assert answer.status_code == 302, (step, answer.context["form"].errors)
        return client.post(reverse("households:intake_step", args=[key, "check"]), last or {})

    return go


def test_an_intake_puts_everything_on_file(kim, take_in):
    answer = take_in(kim)
    person, house = Person.objects.get(), Responsibility.objects.get().household
    assert answer.url == reverse("desks:household", args=[house.number])
    today = timezone.localdate()
    assert names_on([person.pk], today) == {person.pk: "리영희"}
    about = Particulars.objects.get()
    assert (about.birth_on, about.birth_precision, about.is_defector) == (date(1988, 3, 1), "month", True)
    assert about.moved_in_on == date(2022, 3, 15)
    period = ProtectionPeriod.objects.get()
    assert (period.during.lower, period.during.upper) == (date(2022, 3, 15), date(2027, 3, 15))
    assert Membership.objects.get().role == "head"
    assert Dwelling.objects.get().town == "신림동"
    assert Responsibility.objects.get().center == kim.agency
    assert Assignment.objects.get().worker == kim
    assert Phone.objects.get().number == "010-0000-4321"
    assert ContactPreference.objects.get().woman_worker
    assert Consent.objects.get().during.upper == date(2100, 1, 1)
    assert search("이영희", Person.objects.visible_to(kim)) == [person]
    assert Event.objects.get(verb="taken_in").household_id == house.pk


def test_the_last_button_pressed_twice_takes_in_one_person(kim, take_in, enter):
    key = uuid4()
    take_in(kim, key=key)
    again = enter(kim).post(reverse("households:intake_step", args=[key, "check"]), {})
    assert again.url == START
    assert Person.objects.count() == 1
    assert not Draft.objects.exists()


def test_a_lost_session_loses_nothing(kim, enter):
    client, key = enter(kim), uuid4()
    client.post(START, {"draft": str(key)})
    step = reverse("households:intake_step", args=[key, "person"])
    typed = {"kind": "intake", "step": "person", "family": "리", "given": "영"}
    client.post(reverse("households:draft", args=[key]), typed, headers={"accept": "application/json"})
    client.logout()
    client = enter(kim)
    assert str(key) in client.get(START).content.decode()
    assert client.get(reverse("households:draft", args=[key])).url == step
    assert 'value="영"' in client.get(step).content.decode()


def test_a_step_with_errors_is_kept_and_said(kim, enter):
    client, key = enter(kim), uuid4()
    client.post(START, {"draft": str(key)})
    step = reverse("households:intake_step", args=[key, "person"])
    answer = client.post(step, {"family": "리", "given": "", "birth": "언젠가"})
    assert answer.status_code == 422
    assert {"given", "birth", "sex"} <= set(answer.context["form"].errors)
    assert 'value="언젠가"' in client.get(step).content.decode()
    unfinished = client.get(reverse("households:intake_step", args=[key, "check"]))
    assert unfinished.url == step


@pytest.mark.parametrize(("decision", "periods"), [("non_protected", 0), ("pending", 0), ("none", 0), ("protected", 1)])
def test_only_protected_opens_a_period(kim, take_in, decision, periods):
    take_in(kim, protection={"decision": decision})
    assert ProtectionPeriod.objects.count() == periods


def test_somebody_joins_a_household_on_file(kim, house, take_in):
    take_in(kim, household={"where": "join", "number": house.number.lower(), "role": "parent", "since": ""})
    joined = Membership.objects.current().get(household=house, role="parent")
    assert joined.during.lower == timezone.localdate()
    assert Responsibility.objects.count() == 1


def test_nobody_joins_a_household_the_user_cannot_see(kim, enter):
    client, key = enter(kim), uuid4()
    client.post(START, {"draft": str(key)})
    foreign = HouseholdFactory()
    fields = {"where": "join", "number": foreign.number, "role": "parent"}
    answer = client.post(reverse("households:intake_step", args=[key, "household"]), fields)
    assert "number" in answer.context["form"].errors


def test_a_duplicate_is_warned_of_with_the_reasons_and_needs_a_decision(kim, house, take_in):
    known = PersonFactory(name="이영희", born=date(1988, 3, 1), household=house)
    answer = take_in(kim, person={"birth": "1988-03-01"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert known.case_number in page
    assert answer.context["similar"][0].reasons
    assert PersonName.objects.filter(given="영희").count() == 1
    assert known.pk in AccessLog.objects.filter(act="search").order_by("-id")[0].subjects


def test_after_comparing_the_person_is_taken_in(kim, house, take_in):
    PersonFactory(name="이영희", born=date(1988, 3, 1), household=house)
    assert take_in(kim, person={"birth": "1988-03-01"}, last={"not_same": "on"}).status_code == 302


def test_of_another_agencys_person_only_the_centre_to_ask_is_said(kim, take_in):
    foreign = HouseholdFactory(members=0)
    known = PersonFactory(name="이영희", born=date(1988, 3, 1), household=foreign)
    answer = take_in(kim, person={"birth": "1988-03-01"})
    page = answer.content.decode()
    assert known.case_number not in page
    assert "이영희" not in page
    shown = answer.context["similar"][0]
    assert (shown.person, shown.name, shown.reasons) == (None, "", ())
    assert str(Responsibility.objects.get(household=foreign).center) in page


def test_a_telephone_alone_makes_no_duplicate(kim, house, take_in):
    PersonFactory(name="박철", born=date(1950, 1, 1), household=house, phone="010-0000-4321")
    assert take_in(kim).status_code == 302


def test_intake_is_done_at_a_centre_by_those_who_may(kim, stranger, enter):
    for role in ("counsellor", "residence_officer", "ministry_officer", "town_worker"):
        client = enter(UserFactory(role=role))
        assert client.get(START).status_code == 403
        assert client.post(START).status_code == 403
    assert not Draft.objects.exists()
    key = uuid4()
    enter(kim).post(START, {"draft": str(key)})
    assert enter(stranger).get(reverse("households:intake_step", args=[key, "person"])).url == START


def test_an_intake_thrown_away_is_on_record_without_its_content(kim, enter):
    client, key = enter(kim), uuid4()
    client.post(START, {"draft": str(key)})
    client.post(reverse("households:intake_step", args=[key, "person"]), {"family": "리", "given": "영희"})
    client.post(reverse("households:discard", args=[key]))
    event = Event.objects.get(verb="draft_discarded")
    assert "영희" not in str(event.data) + event.subject_label
    assert client.get(reverse("households:intake_step", args=[key, "nonsense"])).status_code == 404
