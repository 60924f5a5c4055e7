"""To whom a household on an agenda is shown, on which ground, from when and until when."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from casework.agencies.models import Agency
from casework.workflow import NotYours
from households.actions import Refused, withdraw_consent
from households.models import Household, Share
from referrals.council import actions, bringing, showing
from referrals.models import AgendaGrant, AgendaItem, CouncilMeeting
from risk.bands import Band
from risk.models import Standing
from tests.factories import HouseholdFactory, UserFactory
from tests.referrals.council.conftest import agrees, planned

pytestmark = pytest.mark.django_db


def sees(user, household):
    return Household.objects.visible_to(user).filter(pk=household.pk).exists()


def reads(user, item):
    return AgendaItem.objects.visible_to(user).filter(pk=item.pk).exists()


def test_before_the_agenda_the_convening_agency_reads_the_line_and_nobody_opens_the_page(bring, people, household):
    item = bring()
    assert reads(people.worker, item)
    assert reads(people.officer, item)
    assert not reads(people.helper, item)
    assert not Share.objects.exists()
    assert not sees(people.officer, household)


def test_sending_the_agenda_opens_each_household_for_a_time(sent, people, household, meeting):
    assert sees(people.officer, household)
    assert reads(people.helper, sent)
    assert not sees(people.helper, household)  # rights are by role: who only receives opens no shared page
    grants = {grant.agency: grant for grant in sent.grants.all()}
    assert set(grants) == {people.city, people.jobs}
    meeting.refresh_from_db()
    assert {grant.share.during.upper for grant in grants.values()} == {meeting.open_until}
    assert meeting.open_until == meeting.starts_at + timedelta(days=7)
    assert {share.shared_by for share in Share.objects.all()} == {people.worker}


def test_the_line_is_frozen_when_the_agenda_is_sent(sent, household):
    assert sent.material["people"] == 2
    assert sent.material["district"] == "관악구"
    before = dict(sent.material)
    HouseholdFactory()
    sent.refresh_from_db()
    assert sent.material == before


def test_how_it_stood_is_frozen_too(bring, meeting, people, household):
    Standing.objects.create(household=household, band=Band.HIGH, shown_band=Band.HIGH)
    item = bring()
    actions.send(meeting, by=people.officer, now=timezone.now())
    Standing.objects.update(shown_band=Band.GENERAL)
    item.refresh_from_db()
    assert item.material["band"] == Band.HIGH


def test_the_household_page_says_that_it_was_brought(page, bring, people, household):
    bring()
    shown = page.get(people.worker, reverse("desks:household", args=[household.number])).content.decode()
    assert "협의회 안건으로 올림" in shown


def test_the_line_alone_opens_no_page(bring, meeting, people, household):
    item = bring(scope="line")
    actions.send(meeting, by=people.officer, now=timezone.now())
    item.refresh_from_db()
    assert reads(people.officer, item)
    assert not sees(people.officer, household)
    assert item.material["district"] == ""
    assert not Share.objects.exists()


def test_the_duty_to_refer_carries_the_line_between_public_bodies(bring, meeting, people):
    with pytest.raises(Refused, match="최소한"):
        bring(ground="duty")
    Agency.objects.filter(pk=people.jobs.pk).update(private=True)
    item = bring(ground="duty", scope="line")
    actions.send(meeting, by=people.officer, now=timezone.now())
    assert [grant.agency for grant in item.grants.all()] == [people.city]


def test_without_a_consent_that_names_the_agency_nothing_is_shown_to_it(bring, meeting, people, household):
    with pytest.raises(Refused, match="시험 구청"):
        bringing.propose(
            household, meeting=meeting, by=people.worker, now=timezone.now(), need="work", reason="-", ground="consent"
        )
    agrees(household, people.city)
    agrees(household, people.jobs, items=["name"])
    words = {"need": "work", "reason": "일자리", "scope": "file", "ground": "consent"}
    item = bringing.propose(household, meeting=meeting, by=people.worker, now=timezone.now(), **words)
    actions.send(meeting, by=people.officer, now=timezone.now())
    assert [grant.agency for grant in item.grants.all()] == [people.city]


def test_a_share_ends_with_the_consent_it_rests_on(bring, meeting, people, household):
    agrees(household, people.city, days=4)
    words = {"need": "work", "reason": "일자리", "scope": "file", "ground": "consent"}
    item = bringing.propose(household, meeting=meeting, by=people.worker, now=timezone.now(), **words)
    actions.send(meeting, by=people.officer, now=timezone.now())
    assert item.grants.get().share.during.upper < meeting.open_until


def test_a_withdrawn_consent_closes_the_line_at_once_and_the_page_with_the_next_tick(sent, people, household):
    fact = sent.grants.get(agency=people.city).consent
    withdraw_consent(fact, on=timezone.localdate(), by=people.boss)
    assert not reads(people.officer, sent)
    assert showing.end_fallen(by=people.boss, now=timezone.now()) == 1
    assert not sees(people.officer, household)
    assert showing.end_fallen(by=people.boss, now=timezone.now()) == 0


def test_after_the_end_there_is_nothing(page, sent, people, household, meeting):
    url = reverse("referrals:meeting", args=[meeting.number])
    assert page.get(people.officer, reverse("desks:household", args=[household.number])).status_code == 200
    assert page.get(people.helper, url).status_code == 200
    over = timezone.now() - timedelta(minutes=1)
    long_ago = over - timedelta(days=20)
    CouncilMeeting.objects.filter(pk=meeting.pk).update(starts_at=over - timedelta(days=7), open_until=over)
    AgendaGrant.objects.update(during=(long_ago, over))
    Share.objects.update(during=(long_ago, over))
    assert page.get(people.officer, reverse("desks:household", args=[household.number])).status_code == 404
    assert page.get(people.helper, url).status_code == 404
    assert household.number not in page.get(people.officer, url).content.decode()
    assert household.number in page.get(people.worker, url).content.decode()


def test_a_withdrawn_household_is_gone_at_once(page, sent, people, household):
    url = reverse("referrals:item_withdraw", args=[sent.pk])
    assert page.post(people.worker, url, reason="본인이 원하지 않으십니다.").status_code == 200
    assert page.get(people.officer, reverse("desks:household", args=[household.number])).status_code == 404
    assert not reads(people.officer, sent)
    assert not reads(people.helper, sent)
    assert reads(people.worker, sent)


def test_a_member_and_a_household_that_come_later_get_theirs(sent, bring, people, meeting, council):
    agrees(sent.household, people.police)
    actions.seat(council, agency=people.police, by=people.officer, now=timezone.now())
    assert sees(people.inspector, sent.household)
    other = HouseholdFactory(worker=people.worker)
    item = bring(home=other)
    assert sees(people.officer, other)
    item.refresh_from_db()
    assert item.material["people"] == 1


def test_who_leaves_the_council_sees_nothing_more(sent, people, council):
    agrees(sent.household, people.police)
    seat = actions.seat(council, agency=people.police, by=people.officer, now=timezone.now())
    actions.unseat(seat, by=people.officer, now=timezone.now())
    assert not sees(people.inspector, sent.household)
    assert not reads(people.inspector, sent)
    assert not CouncilMeeting.objects.visible_to(people.inspector).exists()


def test_one_person_of_an_agency_may_be_the_member(sent, people, council):
    agrees(sent.household, people.police)
    colleague = UserFactory(agency=people.police, role="residence_officer")
    actions.seat(council, agency=people.police, user=people.inspector, by=people.officer, now=timezone.now())
    assert sees(people.inspector, sent.household)
    assert not sees(colleague, sent.household)
    assert not reads(colleague, sent)


def test_a_cancelled_meeting_ends_what_was_shown(sent, people, household, meeting):
    actions.cancel(meeting, by=people.officer, now=timezone.now(), reason="위원장이 바뀌었습니다.")
    assert not sees(people.officer, household)
    assert not reads(people.helper, sent)
    meeting.refresh_from_db()
    assert (meeting.status, meeting.reason) == ("cancelled", "위원장이 바뀌었습니다.")


def test_urgent_danger_is_looked_at_by_somebody_else_and_falls_when_it_is_not_upheld(bring, meeting, people, household):
    with pytest.raises(Refused):
        bring(ground="danger")
    item = bring(ground="danger", urgent="며칠째 식사를 못 하십니다.")
    actions.send(meeting, by=people.officer, now=timezone.now())
    assert sees(people.officer, household)
    with pytest.raises(NotYours):
        bringing.look_again(item, by=people.worker, now=timezone.now(), upheld=True)
    bringing.look_again(item, by=people.boss, now=timezone.now(), upheld=False)
    assert not sees(people.officer, household)
    assert not reads(people.helper, item)


def test_what_the_centre_answers_for_no_longer_is_shown_to_nobody(bring, meeting, people, household, monkeypatch):
    item = bring()
    monkeypatch.setattr(showing, "_still_theirs", lambda items, on: [])
    actions.send(meeting, by=people.officer, now=timezone.now())
    assert not Share.objects.filter(household=item.household).exists()


def test_a_meeting_takes_nothing_of_others(people, household, meeting, council):
    words = {"need": "work", "reason": "-", "scope": "line", "ground": "danger", "urgent": "-"}
    with pytest.raises(NotYours):
        bringing.propose(household, meeting=meeting, by=people.officer, now=timezone.now(), **words)
    outsider = UserFactory()
    theirs = HouseholdFactory(worker=outsider)
    with pytest.raises(NotYours):
        bringing.propose(theirs, meeting=meeting, by=outsider, now=timezone.now(), **words)
    bringing.propose(household, meeting=meeting, by=people.worker, now=timezone.now(), **words)
    with pytest.raises(Refused, match="이미"):
        bringing.propose(household, meeting=meeting, by=people.boss, now=timezone.now(), **words)


def test_a_meeting_is_shown_for_a_time(council, people):
    with pytest.raises(Refused):
        planned(council, people, last_day=timezone.localdate() + timedelta(days=60))
    with pytest.raises(Refused):
        planned(council, people, starts_at=timezone.now() - timedelta(hours=1))
