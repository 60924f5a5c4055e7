"""A meeting gets another day, place, chair or note: quietly before its agenda is out, told to the members after it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from casework.audit.models import Event
from casework.clock import day_begins, seoul_day
from casework.telling.models import Notification
from casework.workflow import NotNow, NotYours
from households.actions import Refused, end_share
from households.models import Consent, Household
from referrals.council import actions, bringing
from referrals.council.changing import ChangedBefore, change
from referrals.models import AgendaGrant
from tests.referrals.council.conftest import planned, start

pytestmark = pytest.mark.django_db


def url_of(meeting):
    return reverse("referrals:meeting_change", args=[meeting.number])


def local(moment):
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def typed(meeting, **words):
    first = {"starts_at": local(meeting.starts_at), "place": meeting.place, "chair": meeting.chair, "version": 0}
    return first | words


def changed(meeting, people, **words):
    first = {"starts_at": meeting.starts_at, "place": meeting.place, "chair": meeting.chair, "version": meeting.version}
    return change(meeting, by=people.officer, now=timezone.now(), **first | words)


def test_before_the_agenda_is_out_it_is_changed_and_nobody_is_told(page, people, meeting):
    later = meeting.starts_at + timedelta(days=4)
    assert (
        url_of(meeting)
        in page.get(people.officer, reverse("referrals:meeting", args=[meeting.number])).content.decode()
    )
    assert page.get(people.officer, url_of(meeting)).status_code == 200
    words = typed(meeting, starts_at=local(later), place="구청 5층", chair="구청장", note="주차는 뒤편입니다.")
    shown = page.post(people.officer, url_of(meeting), **words).content.decode()
    meeting.refresh_from_db()
    assert (meeting.place, meeting.chair, meeting.note) == ("구청 5층", "구청장", "주차는 뒤편입니다.")
    assert meeting.starts_at == later.replace(second=0, microsecond=0)
    assert meeting.open_until == meeting.starts_at + timedelta(days=7)
    assert "주차는 뒤편입니다." in shown
    assert "구청 3층 → 구청 5층" in shown
    assert not Notification.objects.exists()


def test_the_five_questions_of_the_button(page, people, meeting):
    for wrong, status in ((people.stranger, 404), (people.worker, 403), (people.helper, 403)):
        assert page.get(wrong, url_of(meeting)).status_code == status
        assert page.post(wrong, url_of(meeting), **typed(meeting, place="다른 곳")).status_code == status
    with pytest.raises(NotYours):
        change(
            meeting, version=0, by=people.worker, now=timezone.now(), starts_at=meeting.starts_at, place="-", chair="-"
        )
    for _twice in range(2):
        page.post(people.officer, url_of(meeting), **typed(meeting, place="구청 5층"))
    meeting.refresh_from_db()
    assert (meeting.place, meeting.version) == ("구청 5층", 1)
    assert Event.objects.about(meeting).filter(verb="meeting changed").count() == 1


def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(page, people, meeting):
    past = local(timezone.now() - timedelta(days=1))
    answer = page.post(people.officer, url_of(meeting), **typed(meeting, starts_at=past, chair="적어 둔 이름"))
    assert answer.status_code == 422
    assert "적어 둔 이름" in answer.content.decode()
    assert "starts_at" in answer.context["form"].errors
    late = seoul_day(meeting.starts_at) + timedelta(days=60)
    assert page.post(people.officer, url_of(meeting), **typed(meeting, last_day=late)).status_code == 422
    meeting.refresh_from_db()
    assert meeting.version == 0


def test_two_at_once_and_one_is_told(page, people, meeting):
    page.post(people.officer, url_of(meeting), **typed(meeting, place="첫 번째 곳"))
    answer = page.post(people.second, url_of(meeting), **typed(meeting, place="두 번째 곳"))
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "첫 번째 곳" in html
    assert "두 번째 곳" in html
    meeting.refresh_from_db()
    assert meeting.place == "첫 번째 곳"
    with pytest.raises(ChangedBefore):
        changed(meeting, people, version=0, place="세 번째 곳")
    again = typed(meeting, place="두 번째 곳", version=answer.context["form"]["version"].value())
    page.post(people.second, url_of(meeting), **again)
    meeting.refresh_from_db()
    assert meeting.place == "두 번째 곳"


def test_after_the_agenda_what_is_shown_ends_with_the_new_day_and_the_members_are_told(people, sent, household):
    meeting = sent.meeting
    changed(meeting, people, starts_at=meeting.starts_at + timedelta(days=10))
    meeting.refresh_from_db()
    grants = AgendaGrant.objects.filter(item=sent).select_related("share")
    assert {grant.during.upper for grant in grants} == {meeting.open_until}
    assert {grant.share.during.upper for grant in grants if grant.share} == {meeting.open_until}
    told = set(Notification.objects.filter(kind="meeting_changed").values_list("user__name", flat=True))
    assert {people.worker.name, people.boss.name, people.helper.name, people.second.name} <= told
    assert people.officer.name not in told
    assert people.stranger.name not in told


def test_what_the_convening_agency_reads_before_the_agenda_follows_too(people, meeting, bring):
    item = bring(scope="line")
    changed(meeting, people, starts_at=meeting.starts_at + timedelta(days=10))
    meeting.refresh_from_db()
    assert AgendaGrant.objects.get(item=item, agency=people.city).during.upper == meeting.open_until
    actions.send(meeting, by=people.officer, now=timezone.now())
    assert {grant.during.upper for grant in AgendaGrant.objects.filter(item=item)} == {meeting.open_until}


def test_an_earlier_day_ends_it_earlier_and_the_file_is_still_open(people, sent, household):
    meeting = sent.meeting
    changed(meeting, people, starts_at=timezone.now() + timedelta(hours=2))
    meeting.refresh_from_db()
    assert {grant.during.upper for grant in AgendaGrant.objects.filter(item=sent)} == {meeting.open_until}
    assert Household.objects.visible_to(people.officer).filter(pk=household.pk).exists()


def test_a_consent_that_ends_before_the_new_day_is_not_outlived(people, sent):
    meeting = sent.meeting
    last = seoul_day(timezone.now()) + timedelta(days=59)
    changed(meeting, people, starts_at=meeting.starts_at + timedelta(days=80))
    assert {grant.during.upper for grant in AgendaGrant.objects.filter(item=sent)} == {
        day_begins(last + timedelta(days=1))
    }
    assert Consent.objects.exists()


def test_what_was_ended_by_hand_stays_ended(people, sent, household):
    grant = AgendaGrant.objects.get(item=sent, agency=people.city)
    end_share(grant.share, now=timezone.now(), by=people.worker)
    changed(sent.meeting, people, starts_at=sent.meeting.starts_at + timedelta(days=5))
    grant.share.refresh_from_db()
    assert grant.share.during.upper <= timezone.now()
    assert not Household.objects.visible_to(people.officer).filter(pk=household.pk).exists()


def test_what_was_taken_off_the_agenda_is_shown_to_nobody_again(people, sent):
    bringing.withdraw(sent, by=people.worker, now=timezone.now(), reason="본인이 원하지 않습니다.")
    changed(sent.meeting, people, starts_at=sent.meeting.starts_at + timedelta(days=5))
    assert not AgendaGrant.objects.filter(item=sent).running(timezone.now()).exists()


def test_a_change_of_place_alone_is_told_and_ends_nothing(people, sent):
    before = set(AgendaGrant.objects.filter(item=sent).values_list("during", flat=True))
    changed(sent.meeting, people, place="구청 1층")
    assert set(AgendaGrant.objects.filter(item=sent).values_list("during", flat=True)) == before
    assert Notification.objects.filter(kind="meeting_changed", user=people.helper).count() == 1


def test_what_was_held_or_cancelled_is_changed_no_more(page, people, sent, council):
    meeting = start(sent.meeting)
    actions.hold(meeting, by=people.officer, now=timezone.now())
    with pytest.raises(NotNow):
        changed(meeting, people, place="다른 곳")
    other = planned(council, people)
    actions.cancel(other, by=people.officer, now=timezone.now(), reason="사정이 생겼습니다.")
    page.post(people.officer, url_of(other), **typed(other, place="다른 곳"))
    other.refresh_from_db()
    assert other.place == "구청 3층"


def test_an_end_too_late_is_refused_by_the_database(people, meeting):
    with pytest.raises(Refused):
        changed(meeting, people, last_day=seoul_day(meeting.starts_at) + timedelta(days=45))
