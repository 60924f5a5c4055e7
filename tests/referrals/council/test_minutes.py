"""The minutes on paper: who gets how much, why, and what is logged."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from casework.audit.models import AccessLog, Act
from referrals.council import actions, minutes
from referrals.council.counts import suppressed
from referrals.models import AgendaGrant, CouncilMeeting
from tests.factories.households import members_of
from tests.referrals.council.conftest import task

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(begun, decide, people):
    """Return the meeting after it was held, a task of the job centre decided."""
    decide(begun, **task(people))
    return actions.hold(begun.meeting, by=people.officer, now=timezone.now())


def text(meeting, user, level):
    made = minutes.minutes_of(meeting, user, level, now=timezone.now())
    return "\n".join([made.title, *(f"{heading}\n" + "\n".join(lines) for heading, lines in made.blocks)])


def test_full_names_stand_where_the_reader_opens_the_household(held, people, household):
    assert "정금주" in text(held, people.officer, "full")
    assert "정금주" in text(held, people.worker, "full")
    guest = text(held, people.helper, "full")
    assert "정금주" not in guest
    assert household.number in guest
    assert "취업 상담을 합니다." in guest


def test_masked_minutes_tell_the_first_letter(held, people, household):
    said = text(held, people.officer, "masked")
    assert "정○○" in said
    assert "정금주" not in said
    assert "관리비가 밀렸습니다." not in said
    assert household.number in said


def test_public_minutes_are_counts(held, people, household):
    with override("en"):
        said = text(held, people.helper, "public")
    assert household.number not in said
    assert "취업 상담" not in said
    assert "부구청장" not in said
    assert "fewer than 5" in said


@pytest.mark.parametrize(
    ("counts", "total", "cells"),
    [
        ({"a": 7, "b": 9}, "16", {"a": "7", "b": "9"}),
        ({"a": 3, "b": 9, "c": 12}, "about 20", {"a": "fewer than 5", "b": "hidden", "c": "12"}),
        ({"a": 3, "b": 1, "c": 12}, "about 20", {"a": "fewer than 5", "b": "fewer than 5", "c": "12"}),
        ({"a": 2}, "fewer than 5", {"a": "fewer than 5"}),
    ],
)
def test_nothing_small_can_be_found_by_subtraction(counts, total, cells):
    with override("en"):
        assert suppressed(counts) == (total, cells)


def test_a_file_is_asked_for_with_a_reason_and_logged(page, held, people, household):
    url = reverse("referrals:meeting_minutes", args=[held.number])
    assert page.get(people.officer, url).status_code == 200
    assert page.post(people.officer, url, level="full", reason="").status_code == 422
    answer = page.post(people.officer, url, level="full", reason="위원 배부")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    logged = AccessLog.objects.get(act=Act.EXPORT)
    assert (logged.reason, logged.detail["level"]) == ("위원 배부", "full")
    assert (logged.households, logged.subjects) == ([household.pk], [members_of(household)[0].pk])
    assert page.post(people.stranger, url, level="public", reason="-").status_code == 404


def test_names_are_for_the_agencies_that_attended(page, held, people, council):
    url = reverse("referrals:meeting_minutes", args=[held.number])
    assert page.post(people.helper, url, level="full", reason="공유").status_code == 422
    there = {council.members.get(agency=people.jobs).pk: (True, "하도윤")}
    actions.attend(held, ticks=there, by=people.officer, now=timezone.now())
    assert page.post(people.helper, url, level="full", reason="공유").status_code == 200


def test_there_are_no_minutes_before_the_meeting(page, sent, people):
    url = reverse("referrals:meeting_minutes", args=[sent.meeting.number])
    answer = page.post(people.officer, url, level="full", reason="위원 배부")
    assert answer.redirect_chain[-1][0] == reverse("referrals:meeting", args=[sent.meeting.number])


def test_after_the_end_the_convening_agency_has_the_counts_alone(page, held, people, household):
    over = timezone.now() - timedelta(minutes=1)
    CouncilMeeting.objects.filter(pk=held.pk).update(starts_at=over - timedelta(days=7), open_until=over)
    AgendaGrant.objects.update(during=(over - timedelta(days=9), over))
    assert household.number not in text(held, people.officer, "full")
    url = reverse("referrals:meeting_minutes", args=[held.number])
    assert page.post(people.helper, url, level="public", reason="-").status_code == 404
