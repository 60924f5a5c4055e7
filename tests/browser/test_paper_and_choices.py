"""What only a browser shows: a choice made while an answer is on its way, and what a page looks like on paper."""

import re

import pytest
from playwright.sync_api import expect

from casework.agencies.models import Agency
from tests.factories import HouseholdFactory, UserFactory
from tests.factories.referrals import OfficeFactory, ReferralFactory
from tests.factories.standings import stands
from tests.harness.browser import WIDE

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(live_product, open_page):
    """A worker with a household at risk and a referral, logged in on a wide screen."""
    with live_product.connected():
        worker = UserFactory()
        household = HouseholdFactory(worker=worker, members=["정금주"])
        stands(household, 5)
        referral = ReferralFactory(sender=worker, household=household)
    page = open_page(WIDE)
    live_product.log_in(page, worker)
    page.household, page.referral, page.worker = household, referral, worker
    return page


def test_an_agency_chosen_while_the_suggestions_are_on_their_way_is_kept(live_product, desk):
    with live_product.connected():
        office = OfficeFactory()
        wanted = str(Agency.objects.get(pk=office.pk).pk)
    desk.goto(f"/referrals/new/{desk.household.number}/")
    waiting = []

    def hold(route):
        waiting.append(route)

    desk.route(re.compile("/referrals/new/"), hold)
    desk.locator("label:has(> input[name='need'][value='work'])").click()
    desk.select_option("[name=to_agency]", wanted)
    while len(waiting) < 2:  # the agencies for the need, and the grounds for the agency
        desk.wait_for_timeout(20)
    for route in waiting:
        with desk.expect_response(re.compile("/referrals/new/")):
            route.continue_()
    expect(desk.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)
    assert desk.locator("[name=to_agency]").input_value() == wanted


def shown(page, selector):
    return page.locator(f"{selector}:visible").count()


def test_paper_carries_who_printed_and_when_and_nothing_to_press(desk):
    for path in (
        "/at-risk/",
        f"/households/{desk.household.number}/",
        f"/referrals/{desk.referral.number}/",
        f"/households/{desk.household.number}/contacts/new/",
    ):
        desk.goto(path)
        desk.emulate_media(media="print")
        for selector in ("nav", ".btn", ".top", "footer.foot", ".find", "[type=checkbox].sel"):
            assert shown(desk, selector) == 0, (path, selector)
        last = desk.evaluate("getComputedStyle(document.querySelector('[data-print]'), '::after').content")
        assert re.search(r"20\d\d\. .*" + desk.worker.name, last), (path, last)
        assert desk.evaluate("getComputedStyle(document.querySelector('.sheet, .card-who')).breakInside") == "auto"
        desk.emulate_media(media="screen")
