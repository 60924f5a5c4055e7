"""One household carried by hand from Hanawon to its end: handover, assessment, conference, plan, reviews, closing,
reopened, and a death. Korean and English; the worker on a phone."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from casework.agencies.models import Agency, Kind
from casework.clock import seoul_day
from households.forms.moments import value_of
from households.models import Closing, DeathReview, Handover, Household, PlanReview, ServicePlan, Task
from households.models.assessment import Domain
from tests.browser.desk import Visitor
from tests.factories import UserFactory
from tests.harness.browser import PHONE, WIDE

CENTRE = "인천하나센터"
LOCALES = {"ko": "ko-KR", "en": "en-US"}
pytestmark = pytest.mark.browser


@pytest.fixture(params=["ko", "en"])
def hands(request, live_product, open_page, assert_accessible):
    """The Ministry's officer, the supervisor and the worker, each at their own browser, in one language."""
    speaks, found = {"language": request.param, "password": True}, SimpleNamespace()
    with live_product.connected():
        centre = Agency.objects.get(name_ko=CENTRE)
        ministry = Agency.objects.filter(kind=Kind.MINISTRY).order_by("pk").first()
        users = {
            "officer": UserFactory(agency=ministry, role="ministry_officer", **speaks),
            "boss": UserFactory(agency=centre, role="supervisor", **speaks),
            "worker": UserFactory(agency=centre, role="case_manager", **speaks),
        }
    for name, user in users.items():
        page = open_page(viewport=PHONE if name == "worker" else WIDE, locale=LOCALES[user.language])
        live_product.log_in(page, user)
        setattr(found, name, Hand(page, user, assert_accessible))
    return found


class Hand(Visitor):
    """Somebody who fills forms."""

    def fills(self, form="main form", **words):
        for name, value in words.items():
            self.page.fill(f"{form} [name='{name}']", str(value))

    def chooses(self, name, words):
        """Choose what holds `words` in a list."""
        listed = self.page.locator(f"main select[name='{name}'] option", has_text=words).first
        self.page.select_option(f"main select[name='{name}']", listed.get_attribute("value"))

    def does(self, verb, path, **words):
        """Open the form of a step, fill it, and send it."""
        self.follows(f"?do={verb}", path=path)
        self.fills("#step", **words)
        self.presses("#step button.btn-go", path)


MOVED_IN, ASSESSED, AGREED = 40, 33, 30
"""So many days ago; the reviews of a plan are due 14 and 30 days after it was agreed to."""


def today():
    return seoul_day(timezone.now())


def ago(days):
    return today() - timedelta(days=days)


def taken_over(live_product, hands):
    """The Ministry announces somebody; the centre accepts, and the worker records the move-in; return the Household."""
    hands.officer.opens("/handovers/new/")
    family = "하늘" if hands.officer.user.language == "ko" else "바다"
    hands.officer.fills(moves_on=today())
    hands.officer.fills(**{"people-0-family": family, "people-0-given": "나래"})
    hands.officer.page.select_option("[name=people-0-role]", "head")
    hands.officer.page.select_option("[name=people-0-sex]", "F")
    hands.officer.page.select_option("main select[name=district]", district_of(live_product))
    hands.officer.page.select_option("main select[name=center]", str(hands.boss.user.agency_id))
    hands.officer.presses("main form button.btn-go", "/handovers/A-")
    with live_product.connected():
        number = Handover.objects.latest("pk").number
    at = f"/handovers/{number}/"
    hands.boss.opens("/handovers/")
    hands.boss.follows(at)
    hands.boss.follows("?do=accept", path=at)
    hands.boss.page.select_option("#step [name=worker]", str(hands.worker.user.pk))
    hands.boss.presses("#step button.btn-go", at)
    hands.worker.opens(at)
    hands.worker.follows("?do=move_in", path=at)
    hands.worker.fills("#step", on=ago(MOVED_IN))
    hands.worker.ticks("decision", "protected")
    hands.worker.presses("#step button.btn-go", at)
    with live_product.connected():
        return Handover.objects.get(number=number).household


def district_of(live_product):
    with live_product.connected():
        return str(Agency.objects.get(name_ko="인천 남동구청").jurisdictions.get().district_id)


def assessed(hands, home):
    hands.worker.opens(f"/households/{home.number}/case/")
    hands.worker.follows(f"/households/{home.number}/assessments/new/")
    hands.worker.fills("#assessment", assessed_on=ago(ASSESSED))
    hands.worker.fills("#assessment", client_words="아는 사람이 아직 없어요.", wishes="일을 찾고 싶어요.")
    for domain in Domain.values:
        hands.worker.ticks(domain, "some" if domain == Domain.WORK else "none")
    hands.worker.presses("button[form=assessment].btn-go", f"/households/{home.number}/assessments/")


def conferred(live_product, hands, home):
    """The supervisor holds a conference about the household, decides a task, and closes the record."""
    boss = hands.boss
    boss.opens("/conferences/new/")
    boss.fills(starts_at=value_of(timezone.now() - timedelta(minutes=5))[:16], place="상담실")
    boss.presses("main form button.btn-go", "/conferences/C-")
    at = re.search(r"/conferences/C-[^/]+/", boss.page.url).group(0)
    boss.fills("#bring", household=home.number)
    boss.presses("#bring button", "/conferences/bring/")
    boss.fills(why="전입하신 뒤의 계획을 의논합니다.")
    boss.presses("main form button.btn-go", at)
    boss.follows(f"{at}material/{home.number}/")
    boss.opens(at)
    boss.presses("form[action$='/hold/'] button", at)
    form = "form[action*='/decide/']"
    boss.fills(form, what="첫 달에 주마다 안부를 여쭙니다.", due_on=today() + timedelta(days=7))
    boss.ticks("kind", "task")
    boss.page.select_option(f"{form} [name=owner]", str(hands.worker.user.pk))
    boss.presses(f"{form} button.btn-go", at)
    boss.ticks("present", str(boss.user.pk))
    boss.presses("#attendance form button", at)
    boss.presses("form[action$='/close/'] button", at)
    with live_product.connected():
        assert Task.objects.get(household=home).what == "첫 달에 주마다 안부를 여쭙니다."


def planned(live_product, hands, home):
    """A plan with one goal, agreed to on paper, looked at on the two days on which it was due, and ended; the goal was
    reached."""
    worker, base = hands.worker, f"/households/{home.number}/plans/"
    worker.opens(f"{base}new/")
    worker.fills(wish="제 힘으로 살고 싶어요.")
    worker.fills(**{"goal-0-client_words": "일자리를 구하고 싶어요."})
    worker.page.select_option("[name=goal-0-domain]", "work")
    worker.presses("main form button.btn-go", base)
    with live_product.connected():
        plan = ServicePlan.objects.get(household=home)
        goal = plan.goals.get()
    at = f"{base}{plan.pk}/"
    worker.opens(at)
    worker.follows(f"{at}sign/")
    worker.ticks("way", "paper")
    worker.fills(signed_on=ago(AGREED), witness=worker.user.name)
    worker.presses("main form button.btn-go", at)
    for after, words in ((14, "이력서를 함께 썼습니다."), (30, "면접을 보셨습니다.")):
        worker.follows(f"{at}review/")
        worker.ticks(f"goal-{goal.pk}", "well")
        worker.fills(done_on=ago(AGREED - after), words=words)
        worker.presses("main form button.btn-go", at)
    with live_product.connected():
        held = PlanReview.objects.filter(plan=plan).order_by("pk").values_list("done_on", "due_day")
        assert list(held) == [(ago(AGREED - 14), 14), (ago(AGREED - 30), 30)]
    worker.follows(f"{at}end/")
    worker.ticks(f"goal-{goal.pk}", "reached")
    worker.ticks("outcome", "reached")
    worker.presses("main form button.btn-go", at)


def closed(live_product, hands, home):
    """The worker proposes to close; the supervisor approves; return the Closing's address."""
    hands.worker.opens(f"/households/{home.number}/closing/")
    hands.worker.ticks("reason", "goals_met")
    hands.worker.fills(words="일을 시작하셨고 도움 없이 지내십니다.")
    hands.worker.fills(left_open="전입신고와 임대차는 센터 밖에서 마쳤고, 초기 교육은 일 때문에 미루셨습니다.")
    hands.worker.presses("#closing button.btn-go", "/closings/")
    with live_product.connected():
        at = f"/closings/{Closing.objects.get(household=home).number}/"
    hands.boss.opens("/closings/")
    hands.boss.follows(at)
    hands.boss.presses("#approve button.btn-go", at)
    return at


def test_from_the_handover_to_the_end(live_product, hands):
    home = taken_over(live_product, hands)
    assessed(hands, home)
    conferred(live_product, hands, home)
    planned(live_product, hands, home)
    at = closed(live_product, hands, home)
    hands.boss.fills("#reopen", reason="다시 도움을 청하셨습니다.")
    hands.boss.presses("#reopen button.btn-go", at)
    hands.worker.opens(f"/households/{home.number}/case/")
    with live_product.connected():
        assert Closing.objects.get(household=home).status == "reopened"
        assert Household.objects.visible_to(hands.worker.user).filter(pk=home.pk).exists()
    hands.boss.opens(f"/households/{home.number}/death/")
    hands.boss.fills(on=today())
    hands.boss.page.locator("main form label:has(> input[name='who'])").first.click()
    hands.boss.presses("main form button.btn-go", "/households/")
    with live_product.connected():
        review = DeathReview.objects.select_related("person").get(household=home)
    hands.boss.opens(f"/deaths/{review.person.case_number}/")
