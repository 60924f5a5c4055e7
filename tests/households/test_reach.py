"""Recording where somebody is, whom one asked, and who still guards the person."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from casework.audit.models import Event
from households.models import PersonalProtection, SearchStep, Whereabouts
from tests.factories import ShareFactory, UserFactory

WORDS = ["whereabouts", "asked", "guard"]


def at(household, verb):
    return reverse(f"households:{verb}", args=[household.number])


def today():
    return timezone.localdate().isoformat()


def whereabouts(people, **said):
    return {
        "who": people[0].case_number,
        "where": "hospital",
        "evidence": "office",
        "words": "원무과 통화",
        "on": today(),
        "key": str(uuid4()),
        **said,
    }


def test_where_somebody_is_lands_once_with_how_it_was_confirmed(house, people, kim, enter):
    data = whereabouts(people)
    for _tap in range(2):
        assert enter(kim).post(at(house, "whereabouts"), data).status_code == 302
    made = Whereabouts.objects.get()
    assert (made.person, made.where, made.evidence, made.words) == (people[0], "hospital", "office", "원무과 통화")
    assert Event.objects.get(verb="whereabouts_recorded").household_id == house.pk


def test_hearsay_is_refused_and_what_to_do_is_said(house, people, kim, enter):
    answer = enter(kim).post(at(house, "whereabouts"), whereabouts(people, evidence="heard"))
    assert answer.status_code == 422
    assert "확인" in answer.content.decode()
    assert not Whereabouts.objects.exists()


def test_a_day_in_the_future_confirms_nothing(house, people, kim, enter):
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    assert enter(kim).post(at(house, "whereabouts"), whereabouts(people, on=tomorrow)).status_code == 422


def test_whom_one_asked_is_kept_with_the_hour(house, kim, enter):
    data = {
        "step": "town",
        "whom": "신림동 김주무관",
        "at": "2026-05-04T10:30",
        "answer": "방문 예정",
        "key": str(uuid4()),
    }
    for _tap in range(2):
        assert enter(kim).post(at(house, "asked"), data).status_code == 302
    made = SearchStep.objects.get()
    assert (made.step, made.whom, timezone.localtime(made.occurred_at).hour) == ("town", "신림동 김주무관", 10)


def test_nobody_was_asked_tomorrow(house, kim, enter):
    later = timezone.localtime() + timedelta(days=1)
    data = {"step": "town", "whom": "신림동", "at": later.strftime("%Y-%m-%dT%H:%M"), "key": str(uuid4())}
    assert enter(kim).post(at(house, "asked"), data).status_code == 422


def test_that_personal_protection_ended_is_said_once(house, people, kim, enter):
    data = {"who": people[0].case_number, "state": "declined", "on": today(), "source": "본인"}
    for _tap in range(2):
        assert enter(kim).post(at(house, "guard"), data).status_code == 302
    assert PersonalProtection.objects.get().state == "declined"


@pytest.mark.parametrize("verb", WORDS)
def test_strangers_guests_and_the_wrong_role(house, kim, stranger, centre, enter, verb):
    assert enter(stranger).post(at(house, verb), {}).status_code == 404
    guest = UserFactory(role="supervisor")
    ShareFactory(household=house, to_user=guest)
    assert enter(guest).post(at(house, verb), {}).status_code == 403
    assert enter(kim).get(at(house, verb)).status_code == 200
    assert enter(kim).post(at(house, verb), {}).status_code == 422
