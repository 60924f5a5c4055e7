"""Writing a referral: suggested agencies, text that is kept, a look at what will be seen, one record for two taps."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from casework.clock import seoul_day
from casework.workflow import NotYours
from households.actions.place import hand_over
from households.models import Draft
from referrals.actions import send
from referrals.models import Referral
from tests.factories import HouseholdFactory, UserFactory
from tests.factories.agencies import CentreFactory
from tests.factories.households import ShareFactory, members_of
from tests.factories.referrals import OfficeFactory, ReceiverFactory, ReferralFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def words(receiver):
    return {
        "client_key": str(uuid4()),
        "need": "utilities",
        "to_agency": receiver.agency_id,
        "title": "전기 재공급",
        "request": "재공급을 부탁드립니다.",
        "sections": ["members"],
        "ground": "duty",
    }


def form_of(household):
    return reverse("referrals:new", args=[household.number])


def test_a_checked_form_becomes_a_draft_that_shows_what_they_will_see(page, sender, household, words):
    answer = page.post(sender, form_of(household), **words)
    draft = Referral.objects.get()
    assert answer.redirect_chain == [(reverse("referrals:detail", args=[draft.number]), 302)]
    assert (draft.status, draft.sender, draft.from_agency) == ("draft", sender, sender.agency)
    assert "상대 기관에 보일 내용" in answer.content.decode()


def test_two_taps_make_one_draft(page, sender, household, words):
    page.post(sender, form_of(household), **words)
    page.post(sender, form_of(household), **words)
    assert Referral.objects.count() == 1


def test_who_sees_the_household_and_may_refer_writes_and_nobody_else(page, sender, household, words):
    foreign, inside = UserFactory(), UserFactory(agency=sender.agency, role="privacy_auditor")
    for method in (page.get, page.post):
        assert method(foreign, form_of(household)).status_code == 404
        assert method(inside, form_of(household)).status_code == 404
    assert not Referral.objects.exists()


def test_typed_text_is_kept_on_the_server_and_comes_back(page, sender, household, words):
    keep = reverse("referrals:keep", args=[household.number])
    said = page.post(sender, keep, **{**words, "facts": "쓰다 만 글"})
    assert ":" in said.json()["at"]
    assert "쓰다 만 글" in page.get(sender, form_of(household)).content.decode()
    assert (
        "쓰다 만 글"
        not in page.get(UserFactory(agency=sender.agency, role="supervisor"), form_of(household)).content.decode()
    )
    assert page.get(sender, keep).status_code == 405
    page.post(sender, form_of(household), **words)
    assert not Draft.objects.exists()


def test_what_is_kept_stands_in_the_inbox_until_it_is_discarded(page, sender, household, words):
    page.post(sender, form_of(household), **words, act="keep")
    assert words["title"] in page.get(sender, reverse("referrals:inbox")).content.decode()
    page.post(sender, form_of(household), **words, act="discard")
    assert not Draft.objects.exists()


def test_the_need_moves_its_agencies_to_the_front(page, sender, household, receiver, words):
    from referrals import suggest
    from referrals.forms import ReferralForm

    OfficeFactory(kind="job_centre", name_ko="시험 고용센터")
    form = ReferralForm(initial={"need": "work"}, household=household, user=sender, on=household.recorded_at.date())
    groups = dict(form.fields["to_agency"].choices[1:])
    first = [name for _pk, name in next(iter(groups.values()))]
    assert any("시험 고용센터" in name for name in first)
    assert str(receiver.agency) not in first
    names = [str(a) for a in suggest.agencies_for(household, on=household.recorded_at.date(), sender=sender)]
    assert str(sender.agency) not in names
    assert str(receiver.agency) in names


def test_without_javascript_a_button_suggests_and_loses_nothing(page, sender, household, words):
    answer = page.post(sender, form_of(household), **words, act="suggest")
    assert words["request"] in answer.content.decode()
    assert not Referral.objects.exists()


def test_with_javascript_only_the_agencies_are_swapped(client, sender, household, words):
    client.force_login(sender)
    answer = client.post(form_of(household), {**words, "act": "suggest"}, headers={"HX-Request": "true"})
    assert answer.content.decode().lstrip().startswith('<div id="agency" data-keep>')
    assert f'value="{words["to_agency"]}" selected' in answer.content.decode()


def test_an_agency_where_nobody_receives_is_refused_with_what_to_do(page, sender, household, words):
    empty = OfficeFactory()
    answer = page.post(sender, form_of(household), **{**words, "to_agency": empty.pk})
    assert answer.status_code == 422
    assert "전화로" in answer.content.decode()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ""}, "title"),
        ({"need": "wings"}, "need"),
        ({"to_agency": 999_999}, "to_agency"),
        ({"ground": "consent"}, "consent_on"),
        ({"ground": "consent", "consent_on": "2999-01-01"}, "consent_on"),
        ({"ground": "danger"}, "note"),
        ({"ground": ""}, "ground"),
    ],
)
def test_what_is_missing_is_said_in_words(page, sender, household, words, change, field):
    answer = page.post(sender, form_of(household), **{**words, **change})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not Referral.objects.exists()


def test_a_consent_said_on_a_day_is_stated_to_the_receiver(page, sender, household, words):
    page.post(sender, form_of(household), **{**words, "ground": "consent", "consent_on": "2026-01-05"})
    assert Referral.objects.get().packet["consent"] == {"on": "2026-01-05"}


def test_a_draft_can_be_changed_and_what_was_sent_cannot(page, sender, receiver, household, words):
    draft = ReferralFactory(sender=sender, receiver=receiver, household=household, stands="draft")
    edit = reverse("referrals:edit", args=[draft.number])
    assert draft.title in page.get(sender, edit).content.decode()
    page.post(sender, edit, **{**words, "client_key": draft.client_key, "title": "새 제목"})
    draft.refresh_from_db()
    assert draft.title == "새 제목"
    page.post(sender, reverse("referrals:step", args=[draft.number, "send"]))
    page.post(sender, edit, **{**words, "client_key": draft.client_key, "title": "늦은 제목"})
    draft.refresh_from_db()
    assert (draft.status, draft.title) == ("sent", "새 제목")


def test_a_colleague_changes_the_same_draft(page, sender, receiver, household, words):
    draft = ReferralFactory(sender=sender, receiver=receiver, household=household, stands="draft")
    head = UserFactory(agency=sender.agency, role="supervisor")
    page.post(head, reverse("referrals:edit", args=[draft.number]), **{**words, "title": "함께 고침"})
    assert Referral.objects.get().title == "함께 고침"


def test_a_declined_request_is_taken_over_for_another_agency(page, sender, receiver, household):
    declined = ReferralFactory(sender=sender, receiver=receiver, household=household, stands="declined")
    answer = page.get(sender, form_of(household), again=declined.number)
    assert declined.request in answer.content.decode()
    assert str(declined.client_key) not in answer.content.decode()


def test_the_receiver_finds_no_form_for_the_household(page, receiver, sender, household):
    ReferralFactory(sender=sender, receiver=receiver, household=household)
    assert page.get(receiver, form_of(household)).status_code == 404


def test_who_only_looks_at_a_shared_household_may_not_refer(page, household):
    from tests.factories import ShareFactory

    officer = ReceiverFactory()
    ShareFactory(household=household, to_user=officer)
    assert page.get(officer, form_of(household)).status_code == 403


def test_a_draft_of_the_centre_before_is_not_sent_after_the_file_was_handed_over():
    draft = ReferralFactory(stands="draft")
    now = timezone.now()
    hand_over(draft.household, center=CentreFactory(), on=seoul_day(now), by=draft.sender)
    ShareFactory(household=draft.household, to_user=draft.sender)
    with pytest.raises(NotYours):
        send(draft, by=draft.sender, now=now)
    assert Referral.objects.get(pk=draft.pk).status == "draft"


# --- whom to ask, how soon, on which ground ---


def form(household, user, **said):
    from referrals.forms import ReferralForm

    return ReferralForm(initial=said, household=household, user=user, on=seoul_day(timezone.now()))


def test_the_agency_asked_first_is_proposed_with_the_reason(sender, receiver, household):
    written = form(household, sender, need="utilities")
    assert written["to_agency"].value() == str(receiver.agency_id)
    assert written.proposal.agency == receiver.agency
    assert "24시간" in written.proposal.why


def test_what_was_chosen_by_hand_stays(sender, receiver, household):
    other = ReceiverFactory(agency=OfficeFactory(kind="foundation"))
    chosen = form(household, sender, need="utilities", to_agency=other.agency_id)
    assert chosen["to_agency"].value() == other.agency_id
    moved = form(household, sender, need="utilities", to_agency=other.agency_id, proposed=str(other.agency_id))
    assert moved["to_agency"].value() == str(receiver.agency_id), "that was only proposed, for another need"


def test_without_a_need_nothing_is_proposed(sender, receiver, household):
    assert form(household, sender).proposal is None


def test_the_urgent_route_has_its_own_hours(sender, household):
    ReceiverFactory(agency=OfficeFactory(kind="mental_health"))
    usual = form(household, sender, need="mind", urgency="usual").proposal.why
    urgent = form(household, sender, need="mind", urgency="urgent").proposal.why
    assert "24시간" in usual
    assert "2시간" in urgent


def test_urgency_is_kept_with_the_draft_and_gives_the_route(page, sender, household, words):
    page.post(sender, form_of(household), **words, urgency="urgent")
    draft = Referral.objects.get()
    assert draft.urgency == "urgent"
    assert send(draft, by=sender, now=timezone.now()).route.urgency == "urgent"


def test_the_form_offers_only_grounds_that_carry_and_says_why(page, sender, household):
    private = ReceiverFactory(agency=OfficeFactory(kind="mental_health", private=True))
    written = form(household, sender, need="livelihood", to_agency=private.agency_id)
    assert [value for value, _label in written.fields["ground"].widget.choices] == ["consent", "danger"]
    assert "제12조" in str(written.not_allowed[0]["why"])


def test_a_ground_that_does_not_carry_is_refused_in_words(page, sender, household, words):
    private = ReceiverFactory(agency=OfficeFactory(kind="mental_health", private=True))
    answer = page.post(sender, form_of(household), **{**words, "to_agency": private.agency_id})
    assert answer.status_code == 422
    assert "제12조" in str(answer.context["form"].errors["ground"])


def test_the_page_states_a_consent_on_paper_with_its_days_and_who_agreed(page, sender, household, words):
    head, spouse, _child = members_of(household)
    said = {"ground": "consent", "consent_on": "2026-01-05", "consent_until": "2999-01-01", "consent_by": spouse.pk}
    page.post(sender, form_of(household), **{**words, **said})
    assert Referral.objects.get().packet["consent"] == {"on": "2026-01-05", "until": "2999-01-01", "by": spouse.pk}
    answer = page.get(sender, reverse("referrals:edit", args=[Referral.objects.get().number]))
    assert answer.context["form"]["consent_by"].value() == spouse.pk
    assert head != spouse


@pytest.mark.parametrize("until", ["2020-01-01"])
def test_a_consent_that_has_ended_is_refused(page, sender, household, words, until):
    said = {"ground": "consent", "consent_on": "2019-01-05", "consent_until": until}
    answer = page.post(sender, form_of(household), **{**words, **said})
    assert "consent_until" in answer.context["form"].errors


def test_the_page_takes_a_person_and_hoped_for_results(page, sender, household, words):
    child = members_of(household)[2]
    said = {"person": child.pk, "desired_1": "학원비 지원", "for_1": child.pk, "desired_3": "상담"}
    page.post(sender, form_of(household), **words, **said)
    draft = Referral.objects.get()
    assert draft.person == child
    assert [(row.order, row.text, row.person) for row in draft.desired.all()] == [
        (1, "학원비 지원", child),
        (2, "상담", None),
    ]
    again = page.get(sender, reverse("referrals:edit", args=[draft.number])).context["form"]
    assert (again["desired_2"].value(), again["for_1"].value(), again["person"].value()) == ("상담", child.pk, child.pk)


def test_of_one_person_nobody_else_is_hoped_for(page, sender, household, words):
    head, spouse, _child = members_of(household)
    answer = page.post(sender, form_of(household), **words, person=head.pk, desired_1="가", for_1=spouse.pk)
    assert "for_1" in answer.context["form"].errors


def test_a_stranger_is_no_choice(page, sender, household, words):
    stranger = members_of(HouseholdFactory(worker=sender))[0]
    answer = page.post(sender, form_of(household), **words, person=stranger.pk)
    assert "person" in answer.context["form"].errors


def test_a_kept_text_brings_its_lines_back(page, sender, household, words):
    page.post(sender, form_of(household), **words, act="keep", desired_1="전기 재공급")
    assert page.get(sender, form_of(household)).context["form"]["desired_1"].value() == "전기 재공급"
