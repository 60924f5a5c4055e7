"""The main job, end to end, as people do it: a file says that power was cut; help arrives and is confirmed.

Real Chromium, real server, worker and database; Korean and English; the caseworker on a phone.
"""

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from casework.agencies.models import Agency, Kind
from casework.clock import seoul_day
from households.models import Contact, Household
from referrals.models import Referral
from tests.browser.desk import Visitor
from tests.factories import UserFactory, district
from tests.factories.imports import PERSON, SIGNAL, csv_of
from tests.harness.browser import PHONE, WIDE
from tests.harness.waiting import until

ROOT = Path(__file__).parents[2]
HOME, CENTRE = "인천 남동구", "인천하나센터"
HEAD = {"ko": ("리", "영희", "RI YONGHUI"), "en": ("림", "정화", "RIM JONGHWA")}
pytestmark = pytest.mark.browser


def command(product, *arguments):
    """Run an operator's command on the running product; return the object it prints."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments, "--json"],
        cwd=ROOT,
        env=os.environ | product.clone.environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


@pytest.fixture(params=["ko", "en"])
def language(request):
    return request.param


@pytest.fixture
def staff(live_product, language):
    """A supervisor and a caseworker of the centre, and an officer of the district's office, who speak `language`."""
    with live_product.connected():
        centre = Agency.objects.get(name_ko=CENTRE)
        office = Agency.objects.get(kind=Kind.CITY, jurisdictions__district=district(HOME))
        return {
            "supervisor": UserFactory(agency=centre, role="supervisor", language=language, password=True),
            "caseworker": UserFactory(agency=centre, role="case_manager", language=language, password=True),
            "officer": UserFactory(agency=office, role="residence_officer", language=language, password=True),
        }


@pytest.fixture
def at_desk(open_page, staff, assert_accessible, language):
    """Return a function that opens a browser for one of the staff."""

    def sit_down(who, viewport):
        locale = {"ko": "ko-KR", "en": "en-US"}[language]
        visitor = Visitor(open_page(viewport=viewport, locale=locale), staff[who], assert_accessible)
        visitor.log_in()
        return visitor

    return sit_down


@pytest.fixture
def household(live_product, staff, language, tmp_path):
    """The number of a household that came in by a register file, with two power cuts that came in by another."""
    family, given, latin = HEAD[language]
    refs = {"person_ref": f"P-{language}", "household_ref": f"H-{language}"}
    names = {"family_name": family, "given_name": given, "latin_name": latin}
    person = {**PERSON, **refs, **names, "district": HOME, "center": CENTRE, "phone": "010-0000-4821"}
    person |= {"caseworker": staff["caseworker"].username, "assigned_on": "2026-01-02"}
    week_ago = seoul_day(timezone.now()) - timedelta(days=7)
    cut = {**SIGNAL, "person_ref": refs["person_ref"], "reference": f"R-{language}", "observed_on": str(week_ago)}
    (tmp_path / "register.csv").write_bytes(csv_of(person))
    (tmp_path / "signals.csv").write_bytes(csv_of(cut))
    register = command(live_product, "import_register", str(tmp_path / "register.csv"))
    assert (register["loaded"], register["refused"]) == (1, [])
    signals = command(live_product, "import_signals", str(tmp_path / "signals.csv"), "--source", "한국전력")
    assert (signals["loaded"], signals["refused"]) == (1, [])
    assert command(live_product, "sweep")["rules"]["R-UTIL-CUT"] >= 1
    with live_product.connected():
        return Household.objects.get(register_ref=refs["household_ref"]).number


def test_help_reaches_a_household_whose_power_was_cut(live_product, at_desk, household):
    supervisor = at_desk("supervisor", WIDE)
    review_the_list(supervisor, household)
    caseworker = at_desk("caseworker", PHONE)
    log_a_visit(caseworker, household)
    number = write_a_referral(live_product, caseworker, household)
    help_and_report(at_desk("officer", WIDE), number)
    confirm(caseworker, number)
    with live_product.connected():
        assert Referral.objects.get(number=number).status == "confirmed"
        assert Contact.objects.current().filter(household__number=household, contact_made=True).count() == 1
    see_the_change(supervisor, household)


def review_the_list(supervisor, household):
    """The supervisor finds the household on the list, reads why, and confirms."""
    supervisor.opens("/at-risk/")
    row = supervisor.page.locator("tr[data-row]", has_text=household)
    row.locator("a[data-open]").click()
    supervisor.page.wait_for_url(f"**/households/{household}/**")
    supervisor.reads(f"/households/{household}/")
    supervisor.follows(f"/risk/{household}/review/")
    supervisor.ticks("decision", "confirm")
    supervisor.page.fill("[name=reason]", "전기가 끊긴 것이 확인되었습니다.")
    supervisor.presses("#decide button.btn-go", f"/households/{household}/")
    supervisor.sees("전기가 끊긴 것이 확인되었습니다.", within="body")


def log_a_visit(caseworker, household):
    """The caseworker visits, asks all four questions face to face, and saves on the phone."""
    caseworker.opens(f"/households/{household}/")
    caseworker.follows(f"/households/{household}/contacts/new/")
    caseworker.ticks("channel", "visit")
    caseworker.ticks("met", "yes")
    caseworker.page.locator("label:has(> input[name='at'])").first.click()
    if not caseworker.page.locator("[name=people]").first.is_checked():
        caseworker.page.locator("label:has(> input[name='people'])").first.click()
    caseworker.ticks("topics", "livelihood")
    for question in ("asked_self_harm", "asked_violence", "asked_child", "asked_basics"):
        caseworker.ticks(question, "no")
    caseworker.page.fill("[name=summary]", "전기가 다시 들어왔고 밀린 요금이 남아 있습니다.")
    caseworker.reads("/contacts/new/")
    caseworker.presses("button[form=contact].btn-go", f"/households/{household}/")
    caseworker.sees("전기가 다시 들어왔고", within="body")


def write_a_referral(live_product, caseworker, household):
    """The caseworker asks the district's office for help with the bills, and sees what they will see. Its number."""
    caseworker.follows(f"/referrals/new/{household}/")
    with caseworker.page.expect_response("**/referrals/new/**"):
        caseworker.ticks("need", "livelihood")  # the agencies for this need come first
    caseworker.settles()
    office = caseworker.page.locator("select[name=to_agency] option", has_text="남동구")
    office = office if office.count() else caseworker.page.locator("select[name=to_agency] option", has_text="Namdong")
    caseworker.page.select_option("[name=to_agency]", office.first.get_attribute("value"))
    caseworker.page.fill("[name=title]", "전기 요금 지원을 부탁드립니다")
    caseworker.page.fill("[name=request]", "긴급복지 신청을 도와주시면 좋겠습니다.")
    caseworker.page.fill("[name=facts]", "전기가 이레 동안 끊겼습니다.")
    caseworker.ticks("ground", "duty")
    caseworker.reads("/referrals/new/")
    caseworker.presses("button[name=act][value=check]", "/referrals/R-")
    caseworker.sees("전기가 이레 동안 끊겼습니다.")
    with live_product.connected():
        number = Referral.objects.get(household__number=household).number
    caseworker.presses("form[action$='/send/'] button", f"/referrals/{number}/")
    return number


def help_and_report(officer, number):
    """The officer finds the referral in the inbox, takes it, helps, and says what came of it."""
    officer.opens("/referrals/")
    officer.follows(f"/referrals/{number}/")
    officer.presses("form[action$='/acknowledge/'] button", f"/referrals/{number}/")
    officer.presses("form[action$='/accept/'] button", f"/referrals/{number}/")
    officer.follows("?do=provide", path=f"/referrals/{number}/")
    officer.ticks("outcome", "provided")
    officer.page.fill("[name=text]", "긴급복지 생계지원이 결정되었습니다.")
    officer.presses("#step button.btn-go", f"/referrals/{number}/")
    officer.sees("긴급복지 생계지원이 결정되었습니다.")


def confirm(caseworker, number):
    """The caseworker asks the person, and confirms that the help arrived."""
    caseworker.opens("/referrals/")
    caseworker.opens(f"/referrals/{number}/")
    caseworker.sees("긴급복지 생계지원이 결정되었습니다.")
    caseworker.presses("form[action$='/confirm/'] button", f"/referrals/{number}/")


def see_the_change(supervisor, household):
    """Within seconds the worker has judged anew: the list shows that the person was met today."""
    page = supervisor.page

    def met_today():
        page.goto("/at-risk/?band=1&band=2&band=3&band=4&band=5")
        gap = page.locator("tr[data-row]", has_text=household).locator(".c-gap")
        return gap.count() and gap.inner_text().split()[0].startswith(("0", "오늘", "today", "Today")) and gap

    until(met_today, "the list says that the person was met today", 20)
    supervisor.reads("/at-risk/")
