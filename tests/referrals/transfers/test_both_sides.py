"""One verb records a move, and leads to what follows: the transfer of the file, and the notices to both districts."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from casework.clock import seoul_day
from households.actions import change_district, give_consent
from households.models import Dwelling
from referrals import drafts
from referrals.models import Referral, Transfer
from referrals.transfers.notices import notices_of, prepare
from tests.factories import HouseholdFactory, UserFactory
from tests.factories.agencies import district
from tests.factories.households import members_of
from tests.factories.referrals import OfficeFactory
from tests.factories.standings import stands

pytestmark = pytest.mark.django_db


def today():
    return seoul_day(timezone.now())


@pytest.fixture
def offices(centres):
    """The offices of the district that is left and of the new one."""
    old = OfficeFactory(name_ko="관악구청 (시험)", covers=["서울 관악구"])
    return old, OfficeFactory(name_ko="제주시청 (시험)", covers=["제주 제주시"])


@pytest.fixture
def home(centres):
    return HouseholdFactory(worker=centres.worker, members=["정금주", "정유나"])


@pytest.fixture
def moved(home, centres, offices):
    change_district(home, district=district("제주 제주시"), town="이도동", on=today(), by=centres.worker)
    return home


def url(household):
    return reverse("referrals:move", args=[household.number])


def told(household, user):
    return {one.agency.name_ko: one.left for one in notices_of(household, user, on=today())}


def test_one_verb_ends_and_opens_the_district_and_leads_to_what_follows(page, centres, home, offices):
    sent = {"district": district("제주 제주시").pk, "town": "이도동", "on": today().isoformat()}
    answer = page.post(centres.worker, reverse("households:district", args=[home.number]), **sent)
    assert answer.redirect_chain == [(url(home), 302)]
    shown = answer.content.decode()
    for words in ("제주하나센터", "관악구청 (시험)", "제주시청 (시험)", "이도동"):
        assert words in shown
    before, now = Dwelling.objects.current().filter(household=home, during__isempty=False).order_by("during")
    assert (before.during.upper, now.during.lower) == (today(), today())
    page.post(centres.worker, reverse("referrals:propose_transfer", args=[home.number]), to=centres.new.pk, why="moved")
    assert Transfer.objects.get().status == "proposed"
    assert Transfer.objects.get().number in page.get(centres.worker, url(home)).content.decode()


def test_both_local_governments_and_the_police_of_the_new_one_are_offered(moved, centres):
    found = notices_of(moved, centres.worker, on=today())
    assert {(one.agency.kind, one.left) for one in found} == {("city", False), ("police", False), ("city", True)}
    assert told(moved, centres.worker)["관악구청 (시험)"] is True
    assert told(moved, centres.worker)["제주시청 (시험)"] is False


def test_the_district_that_was_left_is_told_who_left_and_when_and_never_where_to(moved, centres, offices):
    draft = prepare(moved, agency=offices[0], by=centres.worker, now=timezone.now())
    assert draft.packet["head"] == "정금주"
    assert not {"dwelling", "members", "phone", "health"} & set(draft.packet)
    assert not any(word in f"{draft.packet} {draft.request} {draft.title}" for word in ("제주", "이도동"))
    assert prepare(moved, agency=offices[0], by=centres.boss, now=timezone.now()) == draft


def test_it_is_sent_on_a_consent_and_stands_as_sent(page, moved, centres, offices):
    about = {"purpose": "거주지 이동 알림", "items": ["name"], "recipient": offices[0]}
    give_consent(members_of(moved)[0], **about, on=today(), until=None, by=centres.worker)
    notice = reverse("referrals:move_notice", args=[moved.number, offices[0].pk])
    for _twice in range(2):
        page.post(centres.worker, notice)
    sent = Referral.objects.get()
    assert (sent.status, sent.sender, sent.to_agency) == ("sent", centres.worker, offices[0])
    assert sent.get_status_display() in page.get(centres.worker, url(moved)).content.decode()


def test_without_a_consent_the_sender_states_the_ground_on_the_form(page, moved, centres, offices):
    draft = prepare(moved, agency=offices[0], by=centres.worker, now=timezone.now())
    form = page.get(centres.worker, reverse("referrals:edit", args=[draft.number]))
    assert offices[0].pk in form.context["form"].agencies
    assert not drafts.repacked(draft, timezone.now()).get("dwelling")


def test_under_a_violence_marker_the_district_that_was_left_is_told_nothing(page, moved, centres, offices):
    stands(moved, address_protected=True)
    assert "관악구청 (시험)" not in told(moved, centres.worker)
    shown = page.get(centres.worker, url(moved)).content.decode()
    assert "관악구" not in shown.replace("관악구청", "")
    assert "이도동" not in shown
    page.post(centres.worker, reverse("referrals:move_notice", args=[moved.number, offices[0].pk]))
    assert not Referral.objects.exists()


def test_a_move_within_the_area_keeps_the_file_and_tells_the_offices(page, centres, offices):
    centre = centres.old
    centre.jurisdictions.create(district=district("서울 동작구"), during=(None, None))
    home = HouseholdFactory(worker=centres.worker)
    change_district(home, district=district("서울 동작구"), on=today(), by=centres.worker)
    shown = page.get(centres.worker, url(home))
    assert shown.context["found"] is None
    assert told(home, centres.worker)["관악구청 (시험)"] is True


def test_who_never_moved_leaves_no_district(home, centres, offices):
    assert set(told(home, centres.worker).values()) == {False}


def test_the_page_is_for_those_who_refer_for_the_household(page, client, moved, centres):
    assert page.get(UserFactory(), url(moved)).status_code == 404
    assert page.get(centres.new_boss, url(moved)).status_code == 404
    client.force_login(centres.worker)
    assert client.post(url(moved)).status_code == 405


def test_any_number_of_members_takes_as_many_queries(page, moved, centres):
    page.get(centres.worker, url(moved))
    with CaptureQueriesContext(connection) as few:
        page.get(centres.worker, url(moved))
    large = HouseholdFactory(worker=centres.worker, members=9, registered_on=today() - timedelta(days=40))
    change_district(large, district=district("제주 제주시"), on=today(), by=centres.worker)
    page.get(centres.worker, url(large))
    with CaptureQueriesContext(connection) as many:
        page.get(centres.worker, url(large))
    assert len(many) == len(few)


def test_a_violence_marker_set_after_the_notice_was_written_stops_it(page, moved, centres, offices):
    about = {"purpose": "거주지 이동 알림", "items": ["name"], "recipient": offices[0]}
    give_consent(members_of(moved)[0], **about, on=today(), until=None, by=centres.worker)
    draft = prepare(moved, agency=offices[0], by=centres.worker, now=timezone.now())
    stands(moved, address_protected=True)
    with pytest.raises(ValidationError):
        drafts.send(draft, by=centres.worker, now=timezone.now())
    page.post(centres.worker, reverse("referrals:step", args=[draft.number, "send"]))
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_the_form_of_such_a_notice_offers_no_place_and_its_office_to_nobody_else(page, moved, centres, offices):
    draft = prepare(moved, agency=offices[0], by=centres.worker, now=timezone.now())
    form = page.get(centres.worker, reverse("referrals:edit", args=[draft.number])).context["form"]
    assert list(form.agencies) == [offices[0].pk]
    assert {name for name, _label in form.fields["sections"].choices} == {"members", "head"}
    other = page.get(centres.worker, reverse("referrals:new", args=[moved.number])).context["form"]
    assert offices[0].pk not in other.agencies
    assert "dwelling" in dict(other.fields["sections"].choices)
