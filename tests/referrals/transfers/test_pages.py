"""The buttons of a transfer: each works, refuses GET, is 404 to a stranger and 403 to the wrong role; twice is once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from casework.audit.models import AccessLog
from households.forms.moments import value_of
from households.models import Contact
from referrals.models import Transfer
from referrals.transfers.workflow import TransferStatus
from tests.factories import UserFactory
from tests.factories.households import members_of

pytestmark = pytest.mark.django_db


def step_url(transfer, verb):
    return reverse("referrals:transfer_step", args=[transfer.number, verb])


def said(answer):
    return [str(message) for message in answer.context["messages"]]


def visit(household, met="yes"):
    """What the form of a contact sends."""
    return {
        "draft": str(uuid4()),
        "channel": "phone",
        "met": met,
        "at": value_of(timezone.now()),
        "people": [members_of(household)[0].case_number],
        "outcome": "no_answer",
        "minutes": "20",
        "tried_minutes": "5",
        "summary": "이사하신 집에서 지내시는 이야기를 들었습니다.",
    }


def test_a_worker_proposes_with_a_note_and_twice_changes_nothing(page, centres, household):
    url = reverse("referrals:propose_transfer", args=[household.number])
    form = page.get(centres.worker, url).context["form"]
    assert form.initial["to"] == centres.new
    sent = {"to": centres.new.pk, "why": "wish", "note": "아이가 전학했습니다.", "client_key": str(uuid4())}
    page.post(centres.worker, url, **sent)
    page.post(centres.worker, url, **sent)
    assert [(one.why, one.note) for one in Transfer.objects.all()] == [("wish", "아이가 전학했습니다.")]
    page.post(centres.worker, url, to=centres.new.pk)
    assert page.post(centres.boss, url, to=centres.new.pk).status_code == 422
    assert Transfer.objects.count() == 1


def test_who_does_not_keep_the_register_proposes_nothing(page, centres, household):
    url = reverse("referrals:propose_transfer", args=[household.number])
    assert page.post(UserFactory(agency=centres.old), url).status_code == 404
    assert page.post(centres.new_boss, url).status_code == 404
    counsellor = UserFactory(agency=centres.old, role="counsellor")
    household.assignment_set.create(worker=counsellor, kind="counsellor")
    assert page.post(counsellor, url, to=centres.new.pk).status_code == 403
    assert not Transfer.objects.exists()


def test_the_supervisor_of_the_new_centre_accepts_and_names_a_worker(page, centres, at):
    transfer = at("proposed")
    shown = page.get(centres.new_boss, reverse("referrals:transfer", args=[transfer.number]), do="accept")
    assert list(shown.context["form"].fields["worker"].queryset) == [centres.new_worker, centres.new_boss]
    page.post(centres.new_boss, step_url(transfer, "accept"), worker=centres.new_worker.pk)
    transfer.refresh_from_db()
    assert (transfer.status, transfer.worker) == (TransferStatus.ACCEPTED, centres.new_worker)
    late = page.post(centres.new_boss, step_url(transfer, "decline"), reason="관할이 아닙니다.")
    assert said(late) == ["이 단계는 더 열려 있지 않습니다. 이관의 상태는 “수락, 첫 만남 예정”입니다."]


@pytest.mark.parametrize(
    ("verb", "stands", "who", "words"),
    [
        ("accept", "proposed", "new_boss", {}),
        ("decline", "proposed", "new_boss", {"reason": "관할이 아닙니다."}),
        ("name", "accepted", "new_boss", {}),
        ("give_back", "accepted", "new_boss", {"reason": "다시 옮기셨습니다."}),
        ("withdraw", "accepted", "worker", {"reason": "다시 돌아오셨습니다."}),
        ("withdraw", "declined", "boss", {"reason": "저희가 계속 맡습니다."}),
    ],
)
def test_each_button(page, client, centres, at, verb, stands, who, words):
    transfer, user = at(stands), getattr(centres, who)
    words = words or {"worker": centres.new_worker.pk}
    url = step_url(transfer, verb)
    client.force_login(user)
    assert client.get(url).status_code == 405
    assert page.post(UserFactory(role="supervisor"), url, **words).status_code == 404
    assert page.post(UserFactory(agency=user.agency), url, **words).status_code == 404
    wrong = centres.worker if user.agency == centres.new else centres.new_boss
    assert page.post(wrong, url, **words).status_code == 403
    assert page.post(user, url).status_code == 422
    assert page.post(user, url, **words).status_code == 200
    transfer.refresh_from_db()
    first = (transfer.status, transfer.reason)
    page.post(user, url, **words)
    transfer.refresh_from_db()
    assert (transfer.status, transfer.reason) == first


def test_the_named_worker_records_an_attempt_and_then_the_first_contact(page, centres, household, at, answers):
    transfer = at("accepted")
    url = reverse("referrals:transfer_contact", args=[transfer.number])
    assert page.get(centres.new_worker, url).status_code == 200
    page.post(centres.new_worker, url, **visit(household, met="no"))
    assert answers() == centres.old
    sent = visit(household)
    page.post(centres.new_worker, url, **sent)
    assert answers() == centres.new
    page.post(centres.new_worker, url, **sent)
    assert Contact.objects.current().filter(contact_made=True).count() == 1
    assert page.get(centres.worker, reverse("desks:household", args=[household.number])).status_code == 404
    done = page.get(centres.worker, reverse("referrals:transfer", args=[transfer.number]))
    assert done.context["transfer"].status == TransferStatus.DONE
    assert done.context["file_url"] == ""


def test_nobody_else_records_the_first_contact(page, centres, household, at):
    url = reverse("referrals:transfer_contact", args=[at("accepted").number])
    assert page.post(centres.worker, url, **visit(household)).status_code == 403
    assert page.post(centres.new_boss, url, **visit(household)).status_code == 404
    assert page.post(UserFactory(), url, **visit(household)).status_code == 404
    assert not Contact.objects.exists()


def test_a_late_transfer_stands_on_the_desks_of_both_supervisors(page, centres, at):
    at("proposed", since=timezone.now() - timedelta(days=20))
    for boss in (centres.boss, centres.new_boss):
        row = page.get(boss, reverse("desks:supervisor")).context["transfers"][0]
        assert row["due"].state == "late"
        assert row["ours"] is (boss is centres.new_boss)


def test_the_household_page_says_where_it_goes(page, centres, household, at):
    url = reverse("desks:household", args=[household.number])
    assert "이사: 이관 준비됨" in page.get(centres.worker, url).content.decode()
    at("accepted")
    for user in (centres.worker, centres.new_worker):
        shown = page.get(user, url).content.decode()
        assert "제주하나센터" in shown
        assert "이관 열기" in shown


def test_looking_is_logged_and_both_languages_render(page, centres, household, at):
    transfer = at("accepted")
    for language in ("ko", "en"):
        for user in (centres.boss, centres.new_boss, centres.new_worker):
            user.language = language
            user.save()
            assert page.get(user, reverse("referrals:transfers")).status_code == 200
            assert page.get(user, reverse("referrals:transfer", args=[transfer.number])).status_code == 200
    assert AccessLog.objects.filter(households__contains=[household.pk], view="referrals:transfer").count() == 6
