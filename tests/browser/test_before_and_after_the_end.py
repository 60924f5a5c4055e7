"""One person carried by hand from the review half a year before the end, through a first extension, a second request
that is refused, and an objection that nobody answers, to the second extension. The case manager on a phone."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db.models import F
from django.utils import timezone
from django.utils.translation import override

from casework.agencies.models import Agency
from casework.clock import seoul_day
from casework.templatetags.format import fullday
from households.models import EndNotice, EndStep, ExtensionRequest, Objection, ProtectionPeriod, Sitting
from tests.browser.desk import Visitor
from tests.factories import HouseholdFactory, UserFactory
from tests.factories.changes import officer
from tests.factories.households import members_of
from tests.harness.browser import PHONE, WIDE

HOME, CENTRE, NAME = "인천 남동구", "인천하나센터", "황보금실"
LOCALES = {"ko": "ko-KR", "en": "en-US"}
DAY = timedelta(days=1)
pytestmark = pytest.mark.browser


@pytest.fixture(params=["ko", "en"])
def story(request, live_product):
    """A person whose residence protection ends in a hundred days, her case manager, two officers of the Ministry."""
    with live_product.connected():
        speaks = {"language": request.param, "password": True}
        worker = UserFactory(agency=Agency.objects.get(name_ko=CENTRE), role="case_manager", **speaks)
        first, second = officer("송다인"), officer("정해준")
        type(first).objects.filter(pk__in=[first.pk, second.pk]).update(language=request.param)
        last = seoul_day(timezone.now()) + 100 * DAY
        begun = last.replace(year=last.year - 5, day=min(last.day, 28)) + DAY
        home = HouseholdFactory(worker=worker, district=HOME, members=[NAME], under_protection=begun)
        person = members_of(home)[0]
        first.language = second.language = request.param
        return SimpleNamespace(worker=worker, first=first, second=second, person=person, number=person.case_number)


class Hand(Visitor):
    """Somebody who works on one request."""

    def goes_to(self, number):
        self.at = f"/protection/requests/{number}/"
        self.opens(self.at)

    def takes(self, verb):
        """Press the button of a step that asks for nothing."""
        self.presses(f"form[action$='/{verb}/'] button", self.at)

    def says(self, verb, *, ticks=None, chosen=None, **words):
        """Open the form of a step, fill it, and send it."""
        self.follows(f"?do={verb}", path=self.at)
        self.fills("#step", ticks=ticks, **words)
        for name, value in (chosen or {}).items():
            self.page.select_option(f"#step [name={name}]", value)
        self.presses("#step button.btn-go", self.at)
        assert self.page.url.endswith(self.at), self.page.locator("main").inner_text()

    def fills(self, within, *, ticks=None, **words):
        for name, value in (ticks or {}).items():
            self.ticks(name, value)
        for name, value in words.items():
            self.page.fill(f"{within} [name={name}]", str(value))


@pytest.fixture
def hands(live_product, open_page, story, assert_accessible):
    """Everybody at their own browser, logged in."""
    found = SimpleNamespace()
    for name, viewport in (("worker", PHONE), ("first", WIDE), ("second", WIDE)):
        user = getattr(story, name)
        page = open_page(viewport=viewport, locale=LOCALES[user.language])
        live_product.log_in(page, user)
        setattr(found, name, Hand(page, user, assert_accessible))
    return found


@pytest.fixture
def time_passes(live_product, story):
    """Return a function that lets days pass for the story: what is dated moves back, since the clock cannot go on."""

    def pass_by(days):
        ago = timedelta(days=days)
        with live_product.connected():
            Sitting.objects.update(starts_at=F("starts_at") - ago, announced_at=F("announced_at") - ago)
            asked = ExtensionRequest.objects.filter(person=story.person)
            asked.update(decided_on=F("decided_on") - ago, told_on=F("told_on") - ago)
            Objection.objects.filter(request__in=asked).update(received_on=F("received_on") - ago)

    return pass_by


def last_day(person):
    return ProtectionPeriod.objects.current().filter(person=person).latest("during").during.upper - DAY


def review_and_notice(live_product, hands, story):
    """The case manager holds the review; the Ministry sends its notice by registered mail."""
    hands.worker.opens("/protection/")
    hands.worker.sees(NAME)
    hands.worker.follows(f"/persons/{story.number}/protection/")
    hands.worker.follows("/protection/review/done/")
    hands.worker.fills("form.stack-l", ticks={"result": "wanted"}, words="더 도움이 필요하다고 하십니다.")
    hands.worker.presses("form.stack-l button.btn-go", f"/persons/{story.number}/protection/")
    hands.first.opens("/")
    hands.first.sees(NAME)
    hands.first.follows("/protection/notices/")
    hands.first.page.check(f"input[name=who][value='{story.number}']")
    hands.first.page.fill(f"input[name='proof_{story.number}']", "11234-0567-8901")
    hands.first.fills("#sent", ticks={"way": "registered"}, sent_on=seoul_day(timezone.now()))
    hands.first.presses("#sent button.btn-go", "/protection/notices/")
    with live_product.connected():
        assert EndStep.objects.current().get(person=story.person).result == "wanted"
        assert EndNotice.objects.current().get(person=story.person).last_day == last_day(story.person)


def asked_for(live_product, hands, story, until):
    """The case manager helps to write the request, has it signed, and submits it; return its number."""
    hands.worker.opens(f"/persons/{story.number}/protection/")
    hands.worker.follows(f"/protection/requests/new/{story.person.pk}/")
    hands.worker.fills(
        "form.stack-l", asked_until=until, born_on="1960-03-01", reason="치료가 끝나지 않아 혼자 지내기 어렵습니다."
    )
    hands.worker.presses("form.stack-l button.btn-go", "/protection/requests/E-")
    with live_product.connected():
        number = ExtensionRequest.objects.latest("id").number
    hands.worker.goes_to(number)
    hands.worker.says("sign", ticks={"signature": "paper"})
    hands.worker.takes("submit")
    return number


def deliberated(live_product, hands, asked, time_passes):
    """The Ministry receives the request and brings it before a sitting, which votes; its record is closed."""
    hands.first.goes_to(asked)
    hands.first.says("receive")
    hands.first.opens("/protection/sittings/new/")
    starts = timezone.localtime() + timedelta(days=3)
    hands.first.fills("form.stack-l", starts_at=f"{starts:%Y-%m-%dT10:00}", place="정부서울청사")
    hands.first.presses("form.stack-l button.btn-go", "/protection/sittings/")
    with live_product.connected():
        sitting = Sitting.objects.latest("id")
    at = f"/protection/sittings/{sitting.number}/"
    hands.first.goes_to(asked)
    hands.first.says("put", chosen={"sitting": str(sitting.pk)})
    hands.first.opens(at)
    hands.first.presses("form[action$='/announce/'] button", at)
    time_passes(4)
    hands.first.opens(at)
    hands.first.page.locator("input[name=present]").first.check()
    hands.first.presses("form[action$='/attendance/'] button", at)
    hands.first.presses("form[action$='/hold/'] button", at)
    for name, number in (("votes_for", 1), ("votes_against", 0), ("abstained", 0)):
        hands.first.page.fill(f"form[action*='/vote/'] [name$='{name}']", str(number))
    hands.first.presses("form[action*='/vote/'] button", at)
    hands.first.fills("form[action$='/minutes/']", minutes="요청서와 사유를 심의하였다.")
    hands.first.presses("form[action$='/minutes/'] button", at)
    hands.first.presses("form[action$='/close/'] button", at)


def decided(hands, number, **prepared):
    """One officer prepares the decision, another decides it, and the result goes out by registered mail."""
    hands.first.goes_to(number)
    hands.first.says("prepare", **prepared)
    hands.second.goes_to(number)
    hands.second.takes("decide")
    hands.first.goes_to(number)
    hands.first.says("tell", ticks={"told_way": "registered"}, told_proof="11234-0567-8902")


def test_from_the_review_to_a_second_extension_by_silence(live_product, hands, story, time_passes):
    review_and_notice(live_product, hands, story)
    hands.first.opens("/protection/sittings/")
    since = seoul_day(timezone.now()) - 30 * DAY
    hands.first.fills("form[action$='/members/']", office="통일부차관", name="김차관", since=since)
    hands.first.presses("form[action$='/members/'] button", "/protection/sittings/")

    with live_product.connected():
        until = last_day(story.person).replace(day=1) + timedelta(days=365 * 2)
    number = asked_for(live_product, hands, story, until)
    deliberated(live_product, hands, number, time_passes)
    decided(hands, number, ticks={"outcome": "extended"}, granted_until=until, reasons="치료가 필요한 사정을 확인함.")
    hands.worker.opens(f"/persons/{story.number}/protection/")
    with live_product.connected():
        assert last_day(story.person) == until
    with override(story.worker.language):
        hands.worker.sees(fullday(until))

    later = until + timedelta(days=400)
    number = asked_for(live_product, hands, story, later)
    deliberated(live_product, hands, number, time_passes)
    decided(hands, number, ticks={"outcome": "refused"}, reasons="사유가 확인되지 않음.")
    hands.first.goes_to(number)
    hands.first.says("object", received_on=seoul_day(timezone.now()), words="진단서를 다시 봐 주십시오.")
    time_passes(61)
    for one in (hands.worker, hands.first):
        one.goes_to(number)
        one.sees(DEEMED[story.worker.language], within="#ext")
    hands.first.page.locator("details.opt summary").first.click()
    hands.first.fills(
        "form[action$='/prepare/']", ticks={"follow": "extend"}, until=later, reasons="60일이 지나 받아들인 것으로 봄."
    )
    hands.first.presses("form[action$='/prepare/'] button", hands.first.at)
    hands.second.goes_to(number)
    hands.second.takes("confirm")
    with live_product.connected():
        bases = list(ProtectionPeriod.objects.current().filter(person=story.person).order_by("during"))
        assert [one.basis for one in bases] == ["residence", "extension", "extension"]
        assert last_day(story.person) == later
        assert Objection.objects.get(request__number=number).answer == "deemed"


DEEMED = {"ko": "이의신청 받아들인 것으로 봄", "en": "counts as accepted"}
