"""On which ground facts are told, checked by the verb."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from casework.agencies.models import WorkCalendar
from casework.audit.models import Event
from casework.workflow import NotNow, NotYours
from households.models import Consent
from referrals import actions, grounds, reviews
from referrals.models import GroundReview, Referral
from referrals.states import NEEDS
from tests.factories import HouseholdFactory, UserFactory
from tests.factories.agencies import AgencyFactory
from tests.factories.households import PersonFactory, members_of
from tests.factories.referrals import OfficeFactory, ReferralFactory
from tests.referrals.conftest import agreed, today

pytestmark = pytest.mark.django_db


def codes(sender, receiver, need):
    return [str(line.ground) for line in grounds.allowed(sender, receiver, need)]


def sent(sender, receiver, household, **words):
    return ReferralFactory(sender=sender, receiver=receiver, household=household, **words)


def url(referral):
    return reverse("referrals:detail", args=[referral.number])


# --- the table ---


def test_between_public_bodies_a_benefit_is_referred_by_duty_and_the_rest_by_consent_or_danger():
    centre, office = AgencyFactory(kind="hana_center"), AgencyFactory(kind="city")
    for need, _label in NEEDS:
        expected = ["consent", "duty", "danger"] if need in grounds.BENEFITS else ["consent", "danger"]
        assert codes(centre, office, need) == expected


def test_a_private_body_on_either_side_ends_the_duty():
    centre, private = AgencyFactory(kind="hana_center"), AgencyFactory(kind="city", private=True)
    assert codes(centre, private, "livelihood") == ["consent", "danger"]
    assert codes(private, centre, "livelihood") == ["consent", "danger"]
    assert "12(5)" in str(grounds.refused("duty", centre, private, "livelihood")) or "제12조" in str(
        grounds.refused("duty", centre, private, "livelihood")
    )


def test_every_ground_names_its_law():
    assert all(line.cite and line.sentence for line in grounds.TABLE)


def test_the_verb_refuses_what_the_form_never_saw(sender, private, household):
    with pytest.raises(ValidationError):
        sent(sender, private, household, ground="duty")
    assert Referral.objects.get().status == "draft"


# --- consent ---


def test_a_consent_on_record_that_covers_the_packet_is_linked(sender, private, household):
    consent = agreed(household, private.agency, sender)
    assert sent(sender, private, household, ground="consent").consent == consent


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"items": ["family"]}, {}),  # the town is shown, and was not agreed to
        ({"items": ["family", "address"]}, {"health": "당뇨"}),
        ({"until": date(2026, 1, 31), "on": date(2026, 1, 1)}, {}),
        ({"on": date(2999, 1, 1)}, {}),
    ],
)
def test_a_consent_for_less_or_for_other_days_carries_nothing(sender, private, household, change, words):
    agreed(household, private.agency, sender, **change)
    with pytest.raises(ValidationError):
        sent(sender, private, household, ground="consent", **words)


def test_a_consent_for_another_agency_carries_nothing(sender, private, household):
    agreed(household, OfficeFactory(), sender)
    with pytest.raises(ValidationError):
        sent(sender, private, household, ground="consent")


def test_what_is_missing_in_the_consent_is_named(sender, private, household):
    agreed(household, private.agency, sender, items=["family"])
    with pytest.raises(ValidationError, match="주소"):
        sent(sender, private, household, ground="consent")


def test_a_consent_on_paper_becomes_a_fact_when_it_is_sent(sender, private, household):
    said = {
        "on": str(today() - timedelta(days=2)),
        "until": str(today() + timedelta(days=90)),
    }
    referral = sent(sender, private, household, ground="consent", consent=said)
    consent = Consent.objects.get()
    assert referral.consent == consent
    assert (consent.person, consent.recipient) == (members_of(household)[0], private.agency)
    assert consent.items == ["address", "family"]
    assert (str(consent.during.lower), consent.during.upper) == (
        said["on"],
        today() + timedelta(days=91),
    )
    assert consent.recorded_by == sender


def test_nothing_is_recorded_while_it_is_a_draft_or_was_not_sent(sender, private, household):
    draft = sent(sender, private, household, ground="consent", consent={"on": str(today())}, stands="draft")
    draft.packet["consent"]["until"] = str(today() - timedelta(days=1))
    draft.save()
    with pytest.raises(ValidationError):
        actions.send(draft, by=sender, now=timezone.now())
    assert not Consent.objects.exists()


def test_of_one_member_that_member_agrees_and_of_a_child_an_adult(sender, private):
    household = HouseholdFactory(worker=sender, members=["정금주", "정유나"])
    grown = members_of(household)[1]
    child = PersonFactory(name="정새별", born=today() - timedelta(days=365 * 8), household=household, role="child")
    agreed(household, private.agency, sender, who=0)
    with pytest.raises(ValidationError):
        sent(sender, private, household, ground="consent", person=grown)
    assert sent(sender, private, household, ground="consent", person=child).consent_id
    assert grounds.speakers(household, on=today(), person=child) == [m.pk for m in members_of(household)[:2]]


# --- urgent danger ---


def test_danger_asks_for_a_reason_and_a_second_look(sender, private, household):
    with pytest.raises(ValidationError):
        sent(sender, private, household, ground="danger", note="")
    referral = sent(sender, private, household, ground="danger", note="오늘 밤이 위험합니다.")
    assert (referral.ground_review.asked_by, referral.ground_review.upheld) == (sender, None)
    assert not GroundReview.objects.exclude(referral=referral).exists()


def test_it_is_due_three_working_days_after_sending(sender, private, household):
    friday = timezone.make_aware(timezone.datetime(2026, 11, 13, 15, 0))
    referral = sent(sender, private, household, ground="danger", sent_at=friday)
    due = reviews.due_of(referral.ground_review, WorkCalendar.load())
    assert timezone.localtime(due) == timezone.make_aware(timezone.datetime(2026, 11, 18, 15, 0))


def test_nobody_looks_at_their_own(private, household, supervisor):
    referral = sent(supervisor, private, household, ground="danger")
    words = {"now": timezone.now(), "upheld": True, "reason": "맞습니다."}
    for user in (supervisor, private, UserFactory(role="supervisor")):
        with pytest.raises(NotYours):
            reviews.judge(referral.ground_review, by=user, **words)
    with pytest.raises(IntegrityError), transaction.atomic():
        GroundReview.objects.update(
            reviewed_by=supervisor, reviewed_at=timezone.now(), upheld=True, reason="제가 봤습니다."
        )


def test_not_upheld_closes_the_receivers_view_at_once(page, sender, private, household, supervisor):
    referral = sent(sender, private, household, ground="danger", facts="비밀 사실")
    assert "비밀 사실" in page.get(private, url(referral)).content.decode()
    look = reverse("referrals:ground_review", args=[referral.number])
    page.post(supervisor, look, upheld="no", reason="시간이 있었습니다.")
    seen = page.get(private, url(referral)).content.decode()
    assert "비밀 사실" not in seen
    assert referral.title not in seen
    ours = page.get(sender, url(referral)).content.decode()
    assert "비밀 사실" in ours
    assert "더 이상" in ours
    assert Event.objects.about(referral).filter(verb="ground not upheld", actor_id=supervisor.pk).exists()


def test_upheld_leaves_it_open(page, sender, private, household, supervisor):
    referral = sent(sender, private, household, ground="danger", facts="비밀 사실")
    reviews.judge(referral.ground_review, by=supervisor, now=timezone.now(), upheld=True, reason="맞습니다.")
    assert "비밀 사실" in page.get(private, url(referral)).content.decode()


class TestButton:
    @pytest.fixture
    def look(self, sender, private, household):
        self.referral = sent(sender, private, household, ground="danger")
        return reverse("referrals:ground_review", args=[self.referral.number])

    def test_it_works_and_leaves_the_list(self, page, supervisor, look):
        listed = reverse("referrals:ground_reviews")
        assert self.referral.title in page.get(supervisor, listed).content.decode()
        answer = page.post(supervisor, look, upheld="yes", reason="연락이 닿지 않았습니다.")
        assert [item["referral"] for item in answer.context["waiting"]] == []
        assert GroundReview.objects.get().upheld is True

    def test_it_stands_on_the_supervisors_desk(self, page, supervisor, look):
        desk = page.get(supervisor, reverse("desks:supervisor"))
        assert [item["referral"] for item in desk.context["grounds"]] == [self.referral]

    def test_it_refuses_get(self, page, supervisor, look):
        assert page.get(supervisor, look).status_code == 405

    def test_a_stranger_finds_nothing(self, page, look):
        assert page.post(UserFactory(role="supervisor"), look, upheld="yes", reason="-").status_code == 404

    def test_the_wrong_role_may_not(self, page, sender, private, look):
        for user in (sender, private):
            assert page.post(user, look, upheld="yes", reason="-").status_code == 403

    def test_twice_changes_nothing(self, page, supervisor, look):
        page.post(supervisor, look, upheld="no", reason="시간이 있었습니다.")
        before = GroundReview.objects.values().get()
        head = UserFactory(agency=supervisor.agency, role="centre_head")
        answer = page.post(head, look, upheld="yes", reason="다시 보았습니다.")
        assert [m.level_tag for m in answer.context["messages"]] == ["warning"]
        assert GroundReview.objects.values().get() == before
        with pytest.raises(NotNow):
            reviews.judge(
                GroundReview.objects.get(), by=head, now=timezone.now(), upheld=True, reason="다시 보았습니다."
            )

    def test_without_a_reason_it_is_refused(self, page, supervisor, look):
        assert page.post(supervisor, look, upheld="no", reason=" ").status_code == 422
        assert GroundReview.objects.get().reviewed_at is None


def test_two_rows_or_twenty_cost_the_same(page, sender, private, supervisor):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            page.get(supervisor, reverse("referrals:ground_reviews"))
        return len(queries)

    for _n in range(2):
        ReferralFactory(sender=sender, receiver=private, ground="danger")
    cost()  # the first page of a session asks more
    few = cost()
    for _n in range(18):
        ReferralFactory(sender=sender, receiver=private, ground="danger")
    assert cost() == few
