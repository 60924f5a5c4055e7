"""The law's clock: calendar days from the application, never paused, apart from ours."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from casework.audit.models import Event
from casework.clock import SEOUL, Holiday
from casework.workflow import NotNow, NotYours
from referrals import inbox, statutory, thread
from referrals.models import BenefitApplication
from tests.factories import UserFactory
from tests.factories.referrals import ReceiverFactory, ReferralFactory

pytestmark = pytest.mark.django_db
SENT = datetime(2026, 11, 12, 10, tzinfo=SEOUL)
NOW = datetime(2026, 11, 19, 14, 20, tzinfo=SEOUL)
NONE = frozenset()


@pytest.fixture
def referral(sender, receiver):
    return ReferralFactory(sender=sender, receiver=receiver, stands="in_progress", sent_at=SENT)


def applied(referral, by, on=date(2026, 11, 10), now=NOW, benefit="생계급여"):
    return statutory.record_application(referral, by=by, now=now, benefit=benefit, applied_on=on)


def test_thirty_calendar_days_from_the_application_sixty_with_a_reason():
    # From Tuesday 10 November: Thursday 10 December; with a reason Saturday 9 January, which Civil Act 161 moves.
    assert statutory.term(date(2026, 11, 10), "", NONE) == statutory.Term(date(2026, 12, 10), 30, moved=False)
    assert statutory.term(date(2026, 11, 10), "조사", NONE) == statutory.Term(date(2027, 1, 11), 60, moved=True)


def test_a_last_day_that_is_no_working_day_ends_with_the_next():
    assert statutory.term(date(2026, 11, 13), "", NONE).last == date(2026, 12, 14)  # 13 December is a Sunday
    christmas = frozenset({date(2026, 12, 25)})
    assert statutory.term(date(2026, 11, 25), "", christmas).last == date(2026, 12, 28)


def test_nothing_pauses_it(receiver, referral):
    one = applied(referral, receiver)
    before = statutory.line_of(one, NOW, NONE)["at"]
    thread.ask(referral, by=receiver, now=NOW, text="?")
    assert statutory.line_of(one, NOW + timedelta(days=9), NONE)["at"] == before


def test_either_side_records_it_and_a_double_tap_lands_once(page, sender, receiver, referral):
    for user in (sender, receiver):
        key = uuid4()
        for _twice in range(2):
            page.post(
                user,
                reverse("referrals:benefit", args=[referral.number]),
                benefit="생계급여",
                applied_on="2026-11-10",
                client_key=key,
            )
    assert BenefitApplication.objects.count() == 2
    assert Event.objects.about(referral).filter(verb="benefit applied for").count() == 2


def test_the_page_shows_it_apart_with_the_law_and_its_own_reading(page, sender, receiver, referral):
    applied(referral, receiver, on=date(2026, 11, 13))
    for user in (sender, receiver):
        shown = page.get(user, reverse("referrals:detail", args=[referral.number])).content.decode()
        assert "급여 신청 11. 13. → 법정 결정 기한 12. 14. (달력 30일)" in shown
        assert "사회보장급여법 시행령 제6조" in shown
        assert "자체 해석" in shown


def test_without_an_application_it_says_that_none_is_on_record(page, receiver, referral):
    assert (
        "급여 신청 기록이 없습니다"
        in page.get(receiver, reverse("referrals:detail", args=[referral.number])).content.decode()
    )


def test_the_inbox_shows_the_clock_that_ends_first(receiver, referral):
    def row(now):
        return inbox.page_of(receiver, box="received", number=1, now=now)["lanes"][0]["rows"][0]

    assert row(NOW)["what"] != "법정 결정"
    applied(referral, receiver, on=date(2026, 10, 21))
    near = row(NOW)
    assert (near["what"], near["due"], near["state"]) == ("법정 결정", "1일", "soon")
    assert near["request"].startswith("급여 신청 10. 21.")
    assert row(NOW + timedelta(days=2))["state"] == "late"


def test_two_rows_or_twenty_cost_the_same_queries(sender, receiver):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            inbox.page_of(receiver, box="received", number=1, now=NOW)
        return len(queries)

    def more(n):
        for _n in range(n):
            applied(ReferralFactory(sender=sender, receiver=receiver, stands="received", sent_at=SENT), receiver)

    more(2)
    few = cost()
    more(18)
    assert cost() == few <= 5


def test_the_office_extends_with_a_reason_before_the_thirty_days_are_over(sender, receiver, referral):
    one = applied(referral, receiver)
    with pytest.raises(NotYours):
        statutory.extend(one, by=sender, now=NOW, reason="조사")
    with pytest.raises(ValidationError):
        statutory.extend(one, by=receiver, now=NOW, reason=" ")
    with pytest.raises(ValidationError):
        statutory.extend(one, by=receiver, now=NOW + timedelta(days=40), reason="조사")
    longer = statutory.extend(one, by=receiver, now=NOW, reason="금융재산 조사")
    assert statutory.term_of(longer, NONE).days == 60
    with pytest.raises(NotNow):
        statutory.extend(one, by=receiver, now=NOW, reason="또")


def test_a_decision_is_recorded_once_and_lies_between_the_application_and_today(receiver, referral):
    one = applied(referral, receiver)
    for wrong in (date(2026, 11, 9), date(2026, 11, 20)):
        with pytest.raises(ValidationError):
            statutory.decide(one, by=receiver, now=NOW, decided_on=wrong, granted=True)
    decided = statutory.decide(one, by=receiver, now=NOW, decided_on=date(2026, 11, 18), granted=False)
    assert (decided.decided_on, decided.granted) == (date(2026, 11, 18), False)
    with pytest.raises(NotNow):
        statutory.decide(one, by=receiver, now=NOW, decided_on=date(2026, 11, 18), granted=True)
    row = inbox.page_of(receiver, box="received", number=1, now=NOW)["lanes"][0]["rows"][0]
    assert row["what"] != "법정 결정"


STEPS = {
    "decide": {"decided_on": "2026-11-18", "granted": "yes"},
    "extend": {"reason": "금융재산 조사가 필요합니다."},
}


def button(application, verb):
    return reverse("referrals:benefit_step", args=[application.referral.number, application.pk, verb])


@pytest.mark.parametrize("verb", STEPS)
def test_a_button_of_the_law_answers_the_five_questions(verb, page, sender, receiver, referral):
    today = timezone.localdate()
    one = applied(referral, receiver, on=today - timedelta(days=3), now=timezone.now())
    typed = STEPS[verb] | ({"decided_on": today.isoformat()} if verb == "decide" else {})
    assert page.get(receiver, button(one, verb)).status_code == 405
    for stranger in (UserFactory(), ReceiverFactory()):
        assert page.post(stranger, button(one, verb), **typed).status_code == 404
    if verb == "extend":
        assert page.post(sender, button(one, verb), **typed).status_code == 403
    assert page.post(receiver, button(one, verb)).status_code == 422
    assert page.get(receiver, reverse("referrals:detail", args=[referral.number]), do=verb, of=one.pk).context["opened"]
    page.post(receiver, button(one, verb), **typed)
    one.refresh_from_db()
    assert one.granted is True if verb == "decide" else one.extended_because == typed["reason"]
    again = page.post(receiver, button(one, verb), **typed)
    assert [m.level_tag for m in again.context["messages"]][-1:] == ["warning"]
    assert page.post(receiver, button(one, "forget"), **typed).status_code == 404


def test_an_application_answers_the_five_questions(page, sender, receiver, referral):
    url = reverse("referrals:benefit", args=[referral.number])
    typed = {"benefit": "생계급여", "applied_on": "2026-11-10", "client_key": uuid4()}
    assert page.get(receiver, url).status_code == 405
    for stranger in (UserFactory(), ReceiverFactory()):
        assert page.post(stranger, url, **typed).status_code == 404
    reader = UserFactory(agency=receiver.agency, role="privacy_auditor")
    assert page.post(reader, url, **typed).status_code == 404
    future = (timezone.localdate() + timedelta(days=9)).isoformat()
    assert page.post(receiver, url, **{**typed, "applied_on": future}).status_code == 422
    assert page.post(receiver, url, client_key=uuid4()).status_code == 422
    draft = ReferralFactory(sender=sender, receiver=receiver, stands="draft")
    page.post(sender, reverse("referrals:benefit", args=[draft.number]), **typed)
    assert not BenefitApplication.objects.exists()


def test_holidays_of_the_calendar_count(receiver, referral):
    Holiday.objects.get_or_create(day=date(2026, 12, 10), defaults={"name_ko": "시험 휴일"})
    one = applied(referral, receiver)
    assert statutory.term_of(one, Holiday.objects.days()).last == date(2026, 12, 11)
