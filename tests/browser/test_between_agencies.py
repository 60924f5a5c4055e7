"""A referral carried by hand between three agencies, through every path: asked, held, disputed, passed on, declined,
failed, its ground not upheld. Korean and English; the sender on a phone."""

from types import SimpleNamespace

import pytest
from django.utils import timezone

from casework.agencies.models import Agency, Kind
from referrals.models import Referral
from tests.browser.desk import Visitor
from tests.factories import HouseholdFactory, UserFactory, district
from tests.factories.referrals import OfficeFactory, ReceiverFactory, ReferralFactory
from tests.harness.browser import PHONE, WIDE

HOME, CENTRE = "인천 남동구", "인천하나센터"
LOCALES = {"ko": "ko-KR", "en": "en-US"}
pytestmark = pytest.mark.browser


@pytest.fixture(params=["ko", "en"])
def staff(request, live_product):
    """Who sends at the centre, who looks at its grounds, and who receives at two offices, in one language."""
    speaks = {"language": request.param, "password": True}
    with live_product.connected():
        centre = Agency.objects.get(name_ko=CENTRE)
        covering = Agency.objects.filter(kind=Kind.CITY, jurisdictions__district=district(HOME))
        office = covering.exclude(name_ko__startswith="시험").get()
        other = OfficeFactory(covers=[HOME])
        return SimpleNamespace(
            sender=UserFactory(agency=centre, role="case_manager", **speaks),
            boss=UserFactory(agency=centre, role="supervisor", **speaks),
            first=ReceiverFactory(agency=office, **speaks),
            second=ReceiverFactory(agency=other, **speaks),
        )


class Hand(Visitor):
    """Somebody who works on one referral after another."""

    def goes_to(self, referral):
        self.at = referral.number
        self.opens(f"/referrals/{self.at}/")

    def takes(self, verb):
        """Press the button of a step that asks for nothing."""
        self.presses(f"form[action$='/{verb}/'] button", f"/referrals/{self.at}/")

    def says(self, verb, *, ticks=None, **words):
        """Open the form of a step, fill it, and send it."""
        self.follows(f"?do={verb}", path=f"/referrals/{self.at}/")
        for name, value in (ticks or {}).items():
            self.ticks(name, value)
        for name, value in words.items():
            self.page.fill(f"#step [name={name}]", value)
        self.presses("#step button.btn-go", f"/referrals/{self.at}/")


@pytest.fixture
def hands(live_product, open_page, staff, assert_accessible):
    """Everybody at their own browser, logged in."""
    found = SimpleNamespace()
    for name, viewport in (("sender", PHONE), ("boss", WIDE), ("first", WIDE), ("second", WIDE)):
        user = getattr(staff, name)
        page = open_page(viewport=viewport, locale=LOCALES[user.language])
        live_product.log_in(page, user)
        setattr(found, name, Hand(page, user, assert_accessible))
    return found


@pytest.fixture
def referral(live_product, staff):
    """Return a function that makes a referral from the centre to the first office, where a path begins."""

    def made(stands, **words):
        with live_product.connected():
            household = HouseholdFactory(worker=staff.sender, district=HOME, members=2)
            words = {"sent_at": timezone.now()} | words
            return ReferralFactory(
                sender=staff.sender, receiver=staff.first, household=household, stands=stands, **words
            )

    return made


@pytest.fixture
def stands(live_product):
    def now(referral):
        with live_product.connected():
            return Referral.objects.get(pk=referral.pk).status

    return now


def test_asked_held_disputed_and_at_last_confirmed(hands, referral, stands):
    one = referral("draft")
    hands.sender.goes_to(one)
    hands.sender.takes("send")
    hands.first.goes_to(one)
    hands.first.takes("acknowledge")
    hands.first.says("ask", text="통장 사본이 있습니까?")
    hands.sender.goes_to(one)
    hands.sender.sees("통장 사본이 있습니까?", within="#thread")
    hands.sender.page.fill("#thread li form [name=text]", "내일 보내 드립니다.")
    hands.sender.presses("#thread li form button", f"/referrals/{one.number}/")
    hands.first.goes_to(one)
    hands.first.sees("내일 보내 드립니다.", within="#thread")
    for verb in ("accept", "begin"):
        hands.first.takes(verb)
    hands.first.says("hold", ticks={"waits_for": "client"}, reason="퇴원을 기다립니다.")
    assert stands(one) == "on_hold"
    hands.first.takes("resume")
    hands.first.says("provide", ticks={"outcome": "provided"}, text="생계지원이 결정되었습니다.")
    hands.sender.goes_to(one)
    hands.sender.says("return", reason="통장에 들어오지 않았다고 하십니다.")
    assert stands(one) == "disputed"
    hands.first.goes_to(one)
    hands.first.sees("통장에 들어오지 않았다고 하십니다.")
    hands.first.takes("resume")
    hands.first.says("provide", ticks={"outcome": "partial"}, text="오늘 다시 지급하였습니다.")
    hands.sender.goes_to(one)
    for verb in ("confirm", "close"):
        hands.sender.takes(verb)
    assert stands(one) == "closed"


def test_passed_on_to_a_third_agency_that_cannot_carry_it_out(live_product, hands, referral, stands):
    one = referral("received")
    hands.first.goes_to(one)
    hands.first.follows("?do=reroute", path=f"/referrals/{one.number}/")
    next_one = hands.second.user.agency_id
    hands.first.page.select_option("#step [name=to_agency]", str(next_one))
    hands.first.page.fill("#step [name=reason]", "다른 동 관할입니다.")
    hands.first.presses("#step button.btn-go", "/referrals/")
    with live_product.connected():
        following = Referral.objects.get(rerouted_from=one)
    hands.second.goes_to(following)
    for verb in ("acknowledge", "accept", "begin"):
        hands.second.takes(verb)
    hands.second.says("fail", reason="다른 시로 이사하셨습니다.")
    hands.sender.goes_to(following)
    hands.sender.sees("다른 시로 이사하셨습니다.")
    hands.sender.says("cancel", reason="새 주소의 센터가 이어받습니다.")
    assert (stands(one), stands(following)) == ("rerouted", "cancelled")
    hands.first.page.goto(f"/referrals/{following.number}/")
    assert hands.first.page.locator("main").inner_text().find(following.number) < 0  # it is theirs no longer


def test_declined_it_is_asked_anew_with_the_same_words(hands, referral, stands):
    one = referral("received", title="집 문제를 함께 봐 주십시오")
    hands.first.goes_to(one)
    hands.first.says("decline", reason="관할이 아닙니다.")
    hands.sender.goes_to(one)
    hands.sender.sees("관할이 아닙니다.")
    hands.sender.follows(f"?again={one.number}", path="/referrals/new/")
    assert hands.sender.page.input_value("[name=title]") == "집 문제를 함께 봐 주십시오"
    assert stands(one) == "declined"


def test_a_danger_that_was_not_upheld_is_closed_to_the_receiver(hands, referral):
    one = referral("received", need="health", ground="danger", facts="말씀하신 비밀입니다")
    hands.first.goes_to(one)
    hands.first.sees("말씀하신 비밀입니다")
    hands.boss.opens("/referrals/grounds/")
    form = f"form[action$='/grounds/{one.number}/']"

    hands.boss.page.fill(f"{form} [name=reason]", "동의를 받을 시간이 있었습니다.")
    hands.boss.presses(f"{form} button[value=no]", "/referrals/grounds/")
    hands.first.goes_to(one)
    assert "말씀하신 비밀입니다" not in hands.first.page.content()


def test_many_are_acknowledged_at_once_and_one_that_another_took_is_said(hands, referral, stands):
    rows = [referral("sent") for _ in range(2)]
    hands.first.opens("/referrals/")
    for row in rows:
        hands.first.page.locator("li.tickable", has_text=row.number).locator("input[type=checkbox]").check()
    hands.first.presses("button[name=verb][value=acknowledge]", "/referrals/")
    assert [stands(row) for row in rows] == ["received", "received"]
