"""What a conference decided: done, given on, taken back, made a referral, left behind."""

import pytest
from django.utils import timezone

from households.conferences import deciding
from households.models import ConferenceDecision
from referrals.models import Referral
from tests.desks.conferences.sent import url
from tests.factories.conferences import decided
from tests.factories.referrals import OfficeFactory
from tests.households.conferences.test_deciding import moved

pytestmark = pytest.mark.django_db


def test_what_was_decided_is_done_given_on_and_taken_back(page, supervisor, worker, head, begun):
    one = decided(begun, supervisor, owner=worker)
    do = lambda verb: url("conference_decision", one.pk, verb)  # noqa: E731
    page.post(worker, do("done"), words="통화했습니다.")
    page.post(worker, do("done"), words="-")
    assert ConferenceDecision.objects.get().done_words == "통화했습니다."
    page.post(worker, do("undo"))
    page.post(supervisor, do("give"), owner="")
    page.post(supervisor, do("give"), owner=head.pk)
    assert ConferenceDecision.objects.get().owner == head
    assert page.post(worker, do("done")).status_code == 403
    assert page.post(supervisor, do("take_back"), reason="").status_code == 422
    page.post(supervisor, do("take_back"), reason="다른 길")
    page.post(supervisor, do("take_back"), reason="다시")
    assert ConferenceDecision.objects.get().taken_back_because == "다른 길"
    assert page.post(worker, url("conference_decision", one.pk, "explode")).status_code == 404


def test_a_decision_becomes_a_referral_and_the_referral_is_found_from_it(page, supervisor, worker, begun):
    office = OfficeFactory()
    one = decided(
        begun, supervisor, kind="referral", need="livelihood", to_agency=office, owner=worker, what="긴급복지"
    )
    do = url("conference_decision", one.pk, "refer")
    for _twice in range(2):
        assert page.post(worker, do).status_code == 200
    made = Referral.objects.get()
    assert (made.conference_decision, made.need, made.title, made.status) == (one, "livelihood", "긴급복지", "draft")
    assert made.number in page.get(worker, url("conference", begun.conference.number)).content.decode()
    page.post(supervisor, url("conference_decision", one.pk, "take_back"), reason="다른 길")
    assert ConferenceDecision.objects.get().taken_back_at is None  # a referral hangs on it
    Referral.objects.filter(pk=made.pk).update(status="cancelled")
    page.post(worker, do)
    assert Referral.objects.count() == 2


def test_no_referral_is_written_for_a_household_that_moved(page, supervisor, worker, begun, household):
    office = OfficeFactory()
    one = decided(begun, supervisor, kind="referral", need="livelihood", to_agency=office, owner=worker)
    moved(household, supervisor)
    assert page.post(worker, url("conference_decision", one.pk, "refer")).status_code == 404
    from households.actions import Refused
    from referrals import conferences as referring

    with pytest.raises(Refused):
        referring.refer(one, by=worker, now=timezone.now())


def test_who_left_is_named_beside_what_they_had_to_do(page, supervisor, worker, begun):
    one = decided(begun, supervisor, owner=worker)
    worker.is_active = False
    worker.save(update_fields=["is_active"])
    answer = page.get(supervisor, url("conference", begun.conference.number))
    assert answer.context["items"][0]["decisions"][0]["gone"]
    assert deciding.owns(one, supervisor)
