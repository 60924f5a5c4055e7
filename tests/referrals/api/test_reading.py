"""A system reads the referrals of its agency, as far as its side may, and nothing of anybody else."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casework.audit.models import AccessLog
from casework.clock import seoul_day
from households.actions import give_consent, withdraw_consent
from referrals import actions, thread
from tests.factories import HouseholdFactory, UserFactory
from tests.factories.api import Caller
from tests.factories.households import members_of
from tests.factories.referrals import OfficeFactory, ReceiverFactory, ReferralFactory

pytestmark = pytest.mark.django_db


def test_each_side_lists_its_own_and_a_third_nothing(sender, receiver):
    sent = ReferralFactory(sender=sender, receiver=receiver)
    draft = ReferralFactory(sender=sender, receiver=receiver, stands="draft")
    ours, theirs, third = Caller(sender.agency), Caller(receiver.agency), Caller(OfficeFactory())
    assert numbers(ours) == [draft.number, sent.number]
    assert numbers(theirs) == [sent.number]
    assert numbers(third) == []
    assert third.get(f"referrals/{sent.number}").status_code == 404
    assert theirs.get(f"referrals/{draft.number}").status_code == 404
    assert numbers(ours, box="in") == []
    assert numbers(ours, box="out") == [draft.number, sent.number]


def numbers(caller, **asked):
    answer = caller.get("referrals", asked)
    assert answer.status_code == 200, answer.content
    return [row["number"] for row in answer.json()["results"]]


def test_the_filters_and_the_cursor(sender, receiver):
    made = [ReferralFactory(sender=sender, receiver=receiver) for _ in range(3)]
    done = ReferralFactory(sender=sender, receiver=receiver, stands="closed", need="work")
    caller = Caller(receiver.agency)
    assert numbers(caller, status="closed") == [done.number]
    assert numbers(caller, need="work") == [done.number]
    assert numbers(caller, urgency="urgent") == []
    assert numbers(caller, turn="ours") == [row.number for row in reversed(made)]
    first = caller.get("referrals", {"limit": 2}).json()
    ReferralFactory(sender=sender, receiver=receiver)  # what comes meanwhile shifts nothing
    second = caller.get("referrals", {"limit": 2, "cursor": first["next"]}).json()
    seen = [row["number"] for page in (first, second) for row in page["results"]]
    assert seen == [done.number, *(row.number for row in reversed(made))]
    assert second["next"] is None
    foreign = ReferralFactory()
    assert caller.get("referrals", {"cursor": foreign.number}).status_code == 422
    for wrong in ({"limit": 0}, {"limit": 101}, {"box": "all"}, {"changed_since": "gestern"}):
        assert caller.get("referrals", wrong).status_code == 422


def test_what_has_changed_since_a_moment(sender, receiver):
    old, new = (ReferralFactory(sender=sender, receiver=receiver) for _ in range(2))
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment = cursor.fetchone()[0]
    caller = Caller(receiver.agency)
    later = moment + timedelta(days=1)
    assert numbers(caller, changed_since=(moment - timedelta(days=1)).isoformat()) == [new.number, old.number]
    assert numbers(caller, changed_since=later.isoformat()) == []


def test_one_referral_shows_what_the_page_shows_and_no_key_of_our_tables(sender, receiver):
    referral = ReferralFactory(sender=sender, receiver=receiver, sections=("members", "head"))
    told = Caller(receiver.agency).get(f"referrals/{referral.number}").json()
    assert told["title"] == referral.title
    assert told["packet"]["head"]
    assert "subjects" not in told["packet"]
    assert told["turn"] == "ours"
    assert told["steps"][0] == "acknowledge"
    assert told["due_at"] > told["sent_at"]


def test_a_look_is_logged_with_whose_data_was_shown(sender, receiver):
    referral = ReferralFactory(sender=sender, receiver=receiver)
    people = sorted(person.pk for person in members_of(referral.household))
    caller = Caller(receiver.agency)
    caller.get("referrals")
    caller.get(f"referrals/{referral.number}")
    caller.get(f"referrals/{referral.number}/fhir")
    rows = list(AccessLog.objects.filter(actor_id=caller.user.pk).order_by("id"))
    assert [row.act for row in rows] == ["list", "open", "export"]
    assert all(row.subjects == people for row in rows)
    assert all(row.detail["token"] == caller.token.prefix for row in rows)


def test_a_withdrawn_consent_closes_the_contents_to_the_system_too(sender, receiver):
    household = HouseholdFactory(worker=sender, members=["정금주"])
    head = members_of(household)[0]
    on = seoul_day(timezone.now())
    consent = give_consent(
        head,
        purpose="의뢰",
        items=["family", "name", "address"],
        recipient=receiver.agency,
        on=on,
        until=None,
        by=sender,
    )
    said = {"from": on.isoformat(), "to": ""}
    referral = ReferralFactory(
        sender=sender,
        receiver=receiver,
        household=household,
        ground="consent",
        consent=said,
        sections=("head",),
        sent_at=timezone.now(),
    )
    thread.comment(referral, by=receiver, now=timezone.now(), text="언제 오실 수 있습니까?")
    ours, theirs = Caller(sender.agency), Caller(receiver.agency)
    before = theirs.get(f"referrals/{referral.number}")
    assert before.json()["packet"]["head"]
    withdraw_consent(consent, on=on, by=sender)
    after = theirs.get(f"referrals/{referral.number}")
    told = after.json()
    assert (told["packet"], told["request"], told["messages"], told["desired"]) == ({}, "", [], [])
    assert told["closed_because"]
    assert referral.title not in after.content.decode()
    assert after.headers["ETag"] != before.headers["ETag"]
    assert referral.title not in str(theirs.get("referrals").json())
    assert referral.request not in str(theirs.get(f"referrals/{referral.number}/fhir").json())
    assert ours.get(f"referrals/{referral.number}").json()["packet"]["head"]
    log = AccessLog.objects.filter(actor_id=theirs.user.pk).order_by("-id")
    assert log[0].subjects == log[1].subjects == []


def test_what_was_read_and_has_not_changed_is_not_sent_again(sender, receiver):
    referral = ReferralFactory(sender=sender, receiver=receiver)
    caller = Caller(receiver.agency)
    tag = caller.get(f"referrals/{referral.number}").headers["ETag"]
    same = caller.get(f"referrals/{referral.number}", If_None_Match=tag)
    assert (same.status_code, same.content) == (304, b"")
    actions.acknowledge(referral, by=receiver, now=timezone.now())
    assert caller.get(f"referrals/{referral.number}", If_None_Match=tag).status_code == 200


def test_the_version_does_not_depend_on_the_hour_or_the_language(sender, receiver):
    referral = ReferralFactory(sender=sender, receiver=receiver)
    caller = Caller(receiver.agency)
    tags = {
        caller.get(f"referrals/{referral.number}", Accept_Language=language).headers["ETag"]
        for language in ("ko", "en")
    }
    assert len(tags) == 1


@pytest.mark.parametrize("side", ["sender", "receiver"])
def test_a_list_asks_as_often_for_two_rows_as_for_twenty(sender, receiver, side):
    caller = Caller({"sender": sender, "receiver": receiver}[side].agency)
    counts = []
    for more in (2, 18):
        for _ in range(more):
            ReferralFactory(sender=sender, receiver=receiver)
        with CaptureQueriesContext(connection) as asked:
            assert len(numbers(caller, limit=50)) in (2, 20)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 7, counts


def test_the_directory_of_agencies():
    office = OfficeFactory()
    UserFactory()
    found = Caller(office).get("agencies").json()["results"]
    assert {"id": office.pk, "name_ko": office.name_ko}.items() <= next(
        a for a in found if a["id"] == office.pk
    ).items()


def test_a_worker_of_the_agency_is_not_the_system():
    receiver = ReceiverFactory()
    assert Caller(receiver.agency).user != receiver
