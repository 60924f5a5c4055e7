"""The list of referrals as a file: what the page shows to the same user, and nothing that was closed meanwhile."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from casework.audit.models import AccessLog, Act
from casework.exports import actions, running
from casework.exports.kinds import kinds
from casework.exports.models import Export
from households.actions import give_consent, withdraw_consent
from referrals import inbox
from tests.factories import HouseholdFactory, UserFactory
from tests.factories.exports import REASON, ExportFactory
from tests.factories.exports import agreed as answered
from tests.factories.households import members_of
from tests.factories.referrals import ReceiverFactory, ReferralFactory

pytestmark = pytest.mark.django_db


def today():
    return timezone.localdate()


def taken_away(user, box):
    """Ask for a box as a file, let a worker make it, and return (export, rows as dicts)."""
    made = ExportFactory(asker=user, asked={"box": box})
    running.work_off(timezone.now)
    made.refresh_from_db()
    assert made.done_at, made.why
    return made, rows_of(made)


def rows_of(export):
    sheet = openpyxl.load_workbook(io.BytesIO(bytes(export.content))).worksheets[0]
    head, *rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    return [dict(zip(head, row, strict=True)) for row in rows]


@pytest.fixture
def agreed(sender, receiver, household):
    """A referral on the ground of a consent, and the consent."""
    words = {"purpose": "의뢰", "items": ["family", "address"], "recipient": receiver.agency}
    consent = give_consent(members_of(household)[0], on=today() - timedelta(days=1), until=None, by=sender, **words)
    about = {"title": "비밀 제목", "request": "비밀 요청", "ground": "consent"}
    return ReferralFactory(sender=sender, receiver=receiver, household=household, **about), consent


def test_the_file_holds_the_rows_of_the_box_as_the_page_shows_them(sender, receiver, household):
    here = ReferralFactory(sender=sender, receiver=receiver, household=household, stands="accepted")
    ReferralFactory(receiver=receiver)
    ReferralFactory(sender=sender, receiver=receiver, stands="closed", household=household)
    export, rows = taken_away(sender, "sent")
    assert [row["번호"] for row in rows] == [here.number]
    row = rows[0]
    assert (row["제목"], row["부탁하는 일"]) == (here.title, here.request)
    assert (row["보내는 기관"], row["받는 기관"]) == (str(sender.agency), str(receiver.agency))
    assert (row["담당"], row["차례"]) == ("구민서", "상대 차례")
    assert export.subjects == here.packet["subjects"]
    assert export.households == [household.pk]


def test_both_sides_take_away_what_their_page_lists_in_its_order(sender, receiver):
    now = timezone.now()
    for hours in (5, 30, 12):
        home = HouseholdFactory(worker=sender, members=1)
        at = now - timedelta(hours=hours)
        ReferralFactory(sender=sender, receiver=receiver, household=home, sent_at=at)
    for user, box in ((sender, "sent"), (receiver, "received"), (receiver, "nobody")):
        shown = inbox.page_of(user, box=box, number=1, now=now)
        listed = [row["referral"].number for lane in shown["lanes"] for row in lane["rows"]]
        assert [row["번호"] for row in taken_away(user, box)[1]] == listed


def test_the_order_holds_over_several_parts(sender, receiver, monkeypatch):
    monkeypatch.setattr(running, "PART", 2)
    homes = [HouseholdFactory(worker=sender, members=1) for _ in range(5)]
    numbers = [
        ReferralFactory(
            sender=sender, receiver=receiver, household=home, sent_at=timezone.now() - timedelta(hours=30 - n)
        ).number
        for n, home in enumerate(homes)
    ]
    assert [row["번호"] for row in taken_away(receiver, "received")[1]] == numbers


def test_what_is_closed_to_the_receiver_stands_there_without_its_contents(sender, receiver, agreed):
    referral, consent = agreed
    withdraw_consent(consent, on=today(), by=sender)
    export, rows = taken_away(receiver, "received")
    assert rows[0]["번호"] == referral.number
    assert not any("비밀" in str(cell) for cell in rows[0].values())
    assert (export.records, export.closed, export.subjects) == ([], [referral.pk], [])
    assert taken_away(sender, "sent")[1][0]["제목"] == "비밀 제목"


def test_a_consent_taken_back_after_it_was_made_keeps_the_file_from_the_receiver(page, sender, receiver, agreed):
    export, rows = taken_away(receiver, "received")
    assert rows[0]["제목"] == "비밀 제목"
    withdraw_consent(agreed[1], on=today(), by=sender)
    answer = page.post(receiver, reverse("exports:file", args=[export.number]))
    assert "삭제했습니다" in answer.content.decode()
    assert Export.objects.get(pk=export.pk).content is None


def test_a_role_that_was_taken_back_keeps_the_file_from_its_asker(sender, receiver, household):
    ReferralFactory(sender=sender, receiver=receiver, household=household)
    export, _rows = taken_away(receiver, "received")
    receiver.grants.update(during=(timezone.now() - timedelta(days=2), timezone.now() - timedelta(days=1)))
    receiver.__dict__.pop("_words", None)
    with pytest.raises(actions.Gone):
        actions.taken(export, kinds()["referrals"], by=receiver, now=timezone.now())


def test_what_was_handed_to_another_worker_keeps_the_file_from_the_former_one(sender, receiver, household):
    ReferralFactory(sender=sender, receiver=receiver, household=household)
    export, _rows = taken_away(sender, "sent")
    kind = kinds()["referrals"]
    assert kind.still(sender, export.records, export.closed)
    assert not kind.still(UserFactory(agency=sender.agency), export.records, export.closed)


def test_the_inbox_leads_to_the_file_of_the_box_on_screen(page, receiver):
    link = f"{reverse('exports:ask', args=['referrals'])}?box=done"
    assert link in page.get(receiver, reverse("referrals:inbox"), box="done").content.decode()
    assert "끝난 것" in page.get(receiver, link).content.decode()


def test_asking_and_taking_away_is_logged_with_whose_data_it_is(page, sender, receiver, household):
    referral = ReferralFactory(sender=sender, receiver=receiver, household=household)
    mate = ReceiverFactory(agency=receiver.agency)
    page.post(receiver, f"{reverse('exports:ask', args=['referrals'])}?box=received", reason=REASON)
    export = answered(Export.objects.get(), by=mate)
    running.work_off(timezone.now)
    assert page.post(receiver, reverse("exports:file", args=[export.number])).content.startswith(b"PK")
    row = AccessLog.objects.get(act=Act.EXPORT)
    assert (row.subjects, row.households) == (referral.packet["subjects"], [household.pk])
    assert (row.reason, row.detail["rows"], row.detail["asked"]) == (REASON, 1, {"box": "received"})


def test_who_neither_sends_nor_receives_takes_no_list_away(page):
    auditor = UserFactory(role="privacy_auditor")
    assert page.get(auditor, reverse("exports:ask", args=["referrals"])).status_code == 403


def test_two_rows_or_twenty_cost_the_same_queries(sender, receiver):
    kind, now = kinds()["referrals"], timezone.now()

    def queries(number):
        for _one in range(number):
            ReferralFactory(sender=sender, receiver=receiver, household=HouseholdFactory(worker=sender, members=2))
        ids = kind.ids(sender, {"box": "sent"}, now=now)
        with CaptureQueriesContext(connection) as found:
            assert len(kind.lines(sender, {"box": "sent"}, ids, now=now)) == len(ids)
        return len(found)

    assert queries(2) == queries(18) <= 3
