"""A service plan is kept while it is typed: the session ends in the middle of a sentence, and nothing is lost or
doubled. The worker on a phone."""

import pytest
from django.conf import settings
from playwright.sync_api import expect

from casework.agencies.models import Agency
from households.models import Draft, ServicePlan
from tests.browser.desk import Visitor
from tests.factories import HouseholdFactory, UserFactory
from tests.harness.browser import PHONE

WISH, GOAL = "제 힘으로 살고 싶어요.", "일자리를 구하고 싶어요."
MORE = "운전면허도 따고 싶어요."
pytestmark = pytest.mark.browser


@pytest.fixture
def worker(live_product, open_page, assert_accessible):
    """A case manager at a phone, and a household of hers without a plan."""
    with live_product.connected():
        centre = Agency.objects.get(name_ko="인천하나센터")
        user = UserFactory(agency=centre, role="case_manager", language="ko", password=True)
        home = HouseholdFactory(worker=user, members=["정금주", "김철수"])
    visitor = Visitor(open_page(viewport=PHONE), user, assert_accessible)
    visitor.home = home
    return visitor


def loses_the_session(visitor):
    """As after a night, or a log-out on another device."""
    visitor.page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)


def kept_of(live_product, visitor):
    """Return (drafts, plans) of the worker about the household."""
    with live_product.connected():
        drafts = list(Draft.objects.filter(author=visitor.user, household=visitor.home))
        return drafts, list(ServicePlan.objects.filter(household=visitor.home))


def test_a_lost_session_loses_nothing_of_a_plan_and_doubles_nothing(live_product, worker):
    worker.log_in()
    page, at = worker.page, f"/households/{worker.home.number}/plans/"
    worker.opens(f"{at}new/")
    page.fill("[name=wish]", WISH)
    page.fill("[name='goal-0-client_words']", GOAL)
    for goal in ("goal-0-domain", "goal-1-domain"):
        page.select_option(f"[name='{goal}']", "work")
    expect(page.locator("[data-saved-say]")).to_contain_text("저장됨")
    drafts, plans = kept_of(live_product, worker)
    assert (len(drafts), plans) == (1, [])

    loses_the_session(worker)
    page.fill("[name='goal-1-client_words']", MORE)
    expect(page.locator("[data-saved-say]")).to_contain_text("저장 안 됨")
    assert kept_of(live_product, worker)[0][0].payload == drafts[0].payload
    live_product.log_in(page, worker.user)
    expect(page.locator("[data-saved-say]")).to_contain_text("저장됨", timeout=15_000)

    loses_the_session(worker)
    page.goto("/drafts/")
    expect(page.locator("[name=password]")).to_be_visible()
    live_product.log_in(page, worker.user)
    worker.opens("/drafts/")
    worker.follows(f"/drafts/{drafts[0].client_key}/", path=f"{at}new/")
    for name, words in (("wish", WISH), ("goal-0-client_words", GOAL), ("goal-1-client_words", MORE)):
        expect(page.locator(f"[name='{name}']")).to_have_value(words)

    worker.presses("main form button.btn-go", at)
    assert not page.url.endswith("/new/"), page.locator("main").inner_text()
    page.go_back()
    worker.presses("main form button.btn-go", at)
    drafts, plans = kept_of(live_product, worker)
    assert (drafts, len(plans)) == ([], 1)
    with live_product.connected():
        said = list(plans[0].goals.order_by("pk").values_list("client_words", flat=True))
    assert said == [GOAL, MORE]
