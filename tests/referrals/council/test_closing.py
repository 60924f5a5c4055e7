"""Closing the minutes, taking households back, and changing seats while an agenda is out."""

from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from casework.telling.models import Notification
from households.actions import end_share, withdraw_consent
from households.models import Share
from referrals.council import actions, bringing, showing
from referrals.models import AgendaItem, Council, CouncilMeeting
from referrals.tasks import end_fallen_shares
from tests.factories import CentreFactory, HouseholdFactory, UserFactory
from tests.harness.racing import at_once
from tests.referrals.council.conftest import agrees, moved, planned, start


def held(item, people):
    start(item.meeting)
    return actions.hold(item.meeting, by=people.officer, now=timezone.now())


def closed(meeting, people):
    return actions.close(meeting, by=people.officer, now=timezone.now()).status


@pytest.mark.django_db
def test_what_the_keeper_sees_no_longer_does_not_hold_the_minutes_open(sent, people):
    meeting = held(sent, people)
    with pytest.raises(ValidationError):
        closed(meeting, people)
    withdraw_consent(sent.grants.get(agency=people.city).consent, on=timezone.localdate(), by=people.boss)
    assert closed(meeting, people) == "minuted"


@pytest.mark.django_db
def test_a_share_ended_by_hand_does_not_hold_the_minutes_open(sent, people):
    meeting = held(sent, people)
    end_share(sent.grants.get(agency=people.city).share, now=timezone.now(), by=people.boss)
    assert closed(meeting, people) == "minuted"


@pytest.mark.django_db
def test_danger_that_is_not_upheld_takes_the_household_off_the_agenda(bring, meeting, people):
    item = bring(ground="danger", urgent="며칠째 식사를 못 하십니다.")
    actions.send(meeting, by=people.officer, now=timezone.now())
    meeting.refresh_from_db()
    bringing.look_again(item, by=people.boss, now=timezone.now(), upheld=False)
    item.refresh_from_db()
    assert item.withdrawn_by == people.boss
    assert item.withdrawn_because
    assert closed(held(item, people), people) == "minuted"


@pytest.mark.django_db
def test_the_centre_that_answers_today_may_take_a_household_back(page, sent, people):
    other = UserFactory(agency=CentreFactory(), role="supervisor")
    moved(sent.household, other.agency, people.boss)
    url = reverse("referrals:item_withdraw", args=[sent.pk])
    assert page.post(UserFactory(agency=CentreFactory(), role="supervisor"), url, reason="-").status_code == 404
    assert page.post(other, url, reason="이사하셨습니다.").status_code == 200
    sent.refresh_from_db()
    assert sent.withdrawn_by == other


@pytest.mark.django_db
def test_seats_change_after_the_meetings_of_the_council_are_held(sent, council, people):
    def order(verb, *args, **words):
        with CaptureQueriesContext(connection) as asked:
            made = verb(*args, by=people.officer, now=timezone.now(), **words)
        said = [query["sql"] for query in asked]
        meetings = next(n for n, sql in enumerate(said) if "FOR UPDATE" in sql and "councilmeeting" in sql)
        seats = ('INSERT INTO "referrals_councilmember"', 'UPDATE "referrals_councilmember"')
        return made, meetings < next(n for n, sql in enumerate(said) if sql.startswith(seats))

    planned(council, people)
    seat, first = order(actions.seat, council, agency=people.police)
    assert first
    assert order(actions.unseat, seat)[1]


@pytest.mark.django_db
def test_two_meetings_that_end_at_the_same_moment_open_two_shares(sent, bring, council, people):
    other = planned(council, people, starts_at=sent.meeting.starts_at)
    bring(at=other)
    actions.send(other, by=people.officer, now=timezone.now())
    assert Share.objects.filter(household=sent.household, to_agency=people.city).count() == 2
    actions.cancel(other, by=people.officer, now=timezone.now(), reason="겹칩니다.")
    assert sent.grants.in_force().filter(agency=people.city).exists()


@pytest.mark.django_db
def test_a_consent_obtained_after_the_agenda_shows_with_the_next_tick(sent, council, people):
    actions.seat(council, agency=people.police, by=people.officer, now=timezone.now())
    agrees(sent.household, people.police)
    before = sent.grants.count()
    end_fallen_shares()
    assert sent.grants.in_force().get(agency=people.police).share
    end_fallen_shares()
    assert sent.grants.count() == before + 1


@pytest.mark.django_db
def test_what_was_ended_by_hand_is_not_shown_again_by_the_tick(sent, people):
    end_share(sent.grants.get(agency=people.city).share, now=timezone.now(), by=people.boss)
    showing.show_late(now=timezone.now())
    assert not sent.grants.in_force().filter(agency=people.city).exists()


@pytest.mark.django_db
def test_a_second_look_is_asked_for_and_listed(page, bring, people):
    item = bring(ground="danger", urgent="며칠째 식사를 못 하십니다.")
    asked = Notification.objects.filter(kind="ground_review", label=item.meeting.number)
    assert [one.user for one in asked] == [people.boss]
    url = reverse("referrals:ground_reviews")
    shown = page.get(people.boss, url)
    assert [row["item"] for row in shown.context["brought"]] == [item]
    assert reverse("referrals:item_ground", args=[item.pk]) in shown.content.decode()
    page.post(people.boss, reverse("referrals:item_ground", args=[item.pk]), upheld="yes")
    assert not page.get(people.boss, url).context["brought"]
    assert not page.get(UserFactory(role="supervisor"), url).context["brought"]


@pytest.mark.django_db
def test_nothing_is_told_of_grounds_after_the_end(page, sent, council, people):
    actions.seat(council, agency=people.police, by=people.officer, now=timezone.now())
    url = reverse("referrals:meeting", args=[sent.meeting.number])
    assert page.get(people.worker, url).context["items"][0]["told"]
    over = timezone.now() - timedelta(minutes=1)
    CouncilMeeting.objects.update(starts_at=over - timedelta(days=7), open_until=over)
    row = page.get(people.worker, url).context["items"][0]
    assert (row["told"], row["without"]) == (False, [])


@pytest.mark.django_db
def test_the_district_goes_with_a_violence_marker(page, sent, people, monkeypatch):
    url = reverse("referrals:meeting", args=[sent.meeting.number])
    assert sent.material["district"] in page.get(people.officer, url).content.decode()
    monkeypatch.setattr("households.beside._guards", [set])
    row = page.get(people.officer, url).context["items"][0]
    assert row["district"] == ""


def test_a_double_tap_lands_once(committed_db, council, people, household, monkeypatch):
    """Both have looked for the key before either has written."""
    real, key, now = actions.landed, uuid4(), timezone.now()
    gates = {}

    def together(rows, **words):
        found = real(rows, **words)
        gate = gates.get(rows.model)
        if found is None and gate and gate.n_waiting < 2 and not gate.broken:
            gate.wait(timeout=10)
        return found

    monkeypatch.setattr(actions, "landed", together)
    gates[Council] = Barrier(2)
    words = {"kind": "security", "name": "협의체", "by": people.officer, "now": now, "client_key": key}
    (one, two), _refused = at_once(*[lambda: actions.convene(**words)] * 2)
    assert one == two
    gates[CouncilMeeting] = Barrier(2)
    words = {"starts_at": now + timedelta(days=3), "place": "-", "chair": "-", "by": people.officer, "now": now}
    (one, two), _refused = at_once(*[lambda: actions.plan(council, client_key=key, **words)] * 2)
    assert one == two
    home = HouseholdFactory(worker=people.worker)
    words = {"need": "work", "reason": "-", "ground": "danger", "urgent": "-", "client_key": key}
    made, _refused = at_once(*[lambda: bringing.propose(home, meeting=one, by=people.worker, now=now, **words)] * 2)
    assert made[0] == made[1]
    assert AgendaItem.objects.filter(household=home).count() == 1
