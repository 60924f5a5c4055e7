"""A page asked as of a day, and as known by a moment: it says so, changes nothing, and shows to whom it may today."""

import re
from datetime import timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from casework.agencies.models import Agency
from casework.audit.models import AccessLog
from casework.clock import AsOf, seoul_day
from casework.facts import supersede
from casework.templatetags.format import fullday
from desks.asof import Asked, end_of
from desks.figures.views import table_then
from households.models import Assignment, Membership, PersonName
from tests.factories import ContactFactory, HouseholdFactory, ShareFactory, UserFactory
from tests.factories.households import members_of
from tests.factories.risk import SignalFactory, contact, live_sweep
from tests.harness.asking import ago, main_of, page_of

pytestmark = pytest.mark.django_db
SAFE = re.compile(r"^(#|\?|/static/|/at-risk/|/households/[^/]+/\?|/figures/\?)")


@pytest.fixture
def household(worker):
    return HouseholdFactory(
        worker=worker, members=["오춘화", "오하나"], registered_on=ago(500), person_phone="010-0000-1734"
    )


@pytest.mark.parametrize("which", ["list", "household", "figures"])
def test_the_page_says_so_and_offers_nothing_to_do(look, head, household, swept, which):
    SignalFactory(household=household, code_id="S14", ago=40, known_ago=38)
    ContactFactory(
        household=household,
        occurred_at=timezone.now() - timedelta(days=45),
        known_at=timezone.now() - timedelta(days=45),
    )
    swept()
    url = {"list": "/at-risk/", "household": page_of(household), "figures": "/figures/"}[which]
    page = look(head, url, as_of=ago(20))
    assert 'class="asof"' in page
    assert fullday(ago(20)) in page
    assert "여기서는 아무것도 바꿀 수 없습니다." in page
    assert f'href="{url}?"' in page, "the way back to today"
    main = main_of(page)
    assert re.findall(r"<form[^>]*post", main) == []
    assert re.findall(r'data-key="[VER]"|type="checkbox"', main) == []
    assert [href for href in re.findall(r'(?:href|hx-get|hx-post)="([^"]+)"', main) if not SAFE.match(href)] == []
    assert 'class="asof"' not in look(head, url)


def test_every_link_of_the_list_keeps_the_day(look, worker, household, swept):
    SignalFactory(household=household, code_id="S14", ago=40, known_ago=38)
    page = look(worker, "/at-risk/", as_of=ago(20))
    assert household.number in page
    links = re.findall(r'href="(\?[^"]+|/households/[^"]+)"', main_of(page))
    assert links
    assert [link for link in links if f"as_of={ago(20)}" not in link] == []


@pytest.mark.parametrize("url", ["/at-risk/assign/", "/figures/file/"])
def test_nothing_is_posted_while_a_past_day_is_shown(client, head, url):
    client.force_login(head)
    assert client.post(f"{url}?as_of={ago(5)}", {"reason": "보고"}).status_code == 403
    assert client.post(f"{url}?known_by={ago(5)}", {"reason": "보고"}).status_code == 403


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"as_of": "gestern"}, "2026-08-31처럼"),
        ({"as_of": "2026-02-30"}, "2026-08-31처럼"),
        ({"as_of": "1999-01-01"}, "부터 시작합니다"),
        ({"as_of": "2999-01-01"}, "아직 오지 않은 날입니다"),
        ({"known_by": "eben"}, "2026-08-31T18:00처럼"),
        ({"known_by": "2999-01-01"}, "아직 알 수 없습니다"),
        ({"known_by": "9999-12-31"}, "2026-08-31T18:00처럼"),
        ({"known_by": "0001-01-01T00:00:00+14:00"}, "2026-08-31T18:00처럼"),
    ],
)
def test_a_day_that_makes_no_sense_gets_a_sentence(look, head, household, query, said):
    for url in ("/at-risk/", "/figures/", page_of(household)):
        assert said in look(head, url, status=400, **query)


def test_today_with_all_that_is_known_is_the_page_of_today(look, worker, household):
    assert 'class="asof"' not in look(worker, "/at-risk/", as_of=ago(0))
    assert 'class="asof"' not in look(worker, "/at-risk/", as_of=ago(0), known_by="now")


def test_rights_are_todays_whatever_day_is_shown(look, worker, centre, household):
    """The worker of that day, who has it no more, sees nothing; the worker of today sees that day too."""
    SignalFactory(household=household, code_id="S14", ago=40, known_ago=38)
    heir = UserFactory(agency=centre, name="하도윤")
    assert household.number in look(worker, "/at-risk/", as_of=ago(20))
    supersede(Assignment.objects.get(household=household), by=worker, worker=heir)
    assert household.number not in look(worker, "/at-risk/", as_of=ago(20))
    look(worker, page_of(household), status=404, as_of=ago(20))
    page = look(heir, "/at-risk/", as_of=ago(20))
    assert household.number in page
    assert worker.name in page, "who looked after it then"
    assert "하도윤" not in main_of(page), "nor is the worker of today told as that of then"


def test_a_share_of_today_shows_the_past_and_an_expired_one_does_not(look, household):
    for share, status in (({}, 200), ({"expired": True}, 404)):
        other = UserFactory(role="supervisor")
        ShareFactory(household=household, to_user=other, **share)
        look(other, page_of(household), status=status, as_of=ago(20))


def test_a_note_is_read_by_those_who_may_read_it_today(look, household, worker):
    ContactFactory(
        household=household,
        recorded_by=worker,
        worker=worker,
        occurred_at=timezone.now() - timedelta(days=45),
        known_at=timezone.now() - timedelta(days=45),
        summary="빚 이야기를 들었습니다.",
    )
    assert "빚 이야기를 들었습니다." in look(worker, page_of(household), as_of=ago(20))
    other = UserFactory(role="supervisor")
    ShareFactory(household=household, to_user=other)
    assert "빚 이야기를 들었습니다." not in look(other, page_of(household), as_of=ago(20))


def test_names_and_members_are_those_of_the_day_and_the_moment(look, worker, household):
    name = PersonName.objects.get(person=members_of(household)[0])
    supersede(name, by=worker, given="금희")
    then, now = (
        look(worker, page_of(household), as_of=ago(20)),
        look(worker, page_of(household), as_of=ago(20), known_by="now"),
    )
    assert "오춘화 가구" in then
    assert "오금희 가구" in now
    assert "오늘 아는 내용으로 보기" in then
    assert "그날까지 알려진 내용으로 보기" in now


def test_who_is_protected_today_is_not_named_on_a_page_about_then(look, worker, household):
    SignalFactory(household=household, code_id="S14", ago=40)
    contact(household, ago(0), 2, tags=["violence"])
    live_sweep(ago(0))
    listed, page = look(worker, "/at-risk/", as_of=ago(20)), look(worker, page_of(household), as_of=ago(20))
    assert page_of(household) in listed
    assert household.number in page
    for shown in (listed, page):
        assert "오춘화 가구" not in shown


def test_who_is_protected_today_is_hidden_on_a_day_on_which_nobody_lived_there(look, worker):
    """Nobody was judged on that day, so no standing of it says that the address is protected."""
    household = HouseholdFactory(worker=worker, members=["오춘화"], registered_on=ago(500), town="신림동")
    supersede(Membership.objects.get(household=household), by=worker, during=DateRange(ago(5), None))
    page = look(worker, page_of(household), as_of=ago(20), known_by="now")
    assert "신림동" in page
    contact(household, ago(0), 2, tags=["violence"])
    live_sweep(ago(0))
    page = look(worker, page_of(household), as_of=ago(20), known_by="now")
    assert household.number in page
    for hidden in ("신림동", "오춘화 가구"):
        assert hidden not in page


def test_looking_at_the_past_is_logged_with_the_day(look, worker, household):
    look(worker, page_of(household), as_of=ago(20))
    entry = AccessLog.objects.filter(view="desks:household").latest("id")
    assert entry.detail == {"as_of": str(ago(20))}
    assert sorted(entry.subjects) == sorted(person.pk for person in members_of(household))


def test_why_not_is_asked_of_the_day(look, worker, household):
    page = look(worker, page_of(household), as_of=ago(20), part="quiet")
    assert "해당하지 않은 기준" in page
    assert 'class="asof"' in page


def test_the_timeline_ends_with_the_day(look, worker, household):
    for days, text in ((45, "전에 들은 말"), (10, "나중에 들은 말")):
        at = timezone.now() - timedelta(days=days)
        ContactFactory(household=household, recorded_by=worker, occurred_at=at, known_at=at, summary=text)
    page = look(worker, page_of(household), as_of=ago(20))
    assert "전에 들은 말" in page
    assert "나중에 들은 말" not in page
    assert "나중에 들은 말" not in look(worker, page_of(household), as_of=ago(20), known_by="now"), "it was not yet so"


# --- what was shown (design §3) ---


def test_what_was_shown_is_told_where_it_was_not_what_is_computed(look, worker, household):
    live_sweep(ago(20))
    SignalFactory(
        household=household, code_id="S14", on=ago(0), ago=40, known_ago=30
    )  # came later, said as known before
    page = look(worker, "/at-risk/", as_of=ago(0), known_by=timezone.now().isoformat())
    assert "그날 화면에 보였던 단계" in page
    assert "나중에 들어왔지만 그전에 알려진 것으로 적힌 자료 1건" in page


def test_a_household_that_stands_beside_the_page_was_looked_at_too(look, worker, household):
    live_sweep(ago(20))
    SignalFactory(household=household, code_id="S14", on=ago(0), ago=40, known_ago=30)
    page = look(worker, "/at-risk/", as_of=ago(0), known_by=timezone.now().isoformat(), band=1)
    assert household.number in page, "under what was shown, not in the list of the General"
    entry = AccessLog.objects.filter(view="desks:list").latest("id")
    assert entry.households == [household.pk]
    assert entry.subjects == sorted(person.pk for person in members_of(household))
    assert entry.detail["as_of"] == str(ago(0))


def test_what_was_shown_and_agrees_is_one_sentence(look, worker, household, swept):
    swept()
    page = look(worker, "/at-risk/", as_of=ago(0), known_by=timezone.now().isoformat())
    assert "당시 저장된 판단이 지금 계산한 단계와 모두 같습니다" in page


def test_a_day_before_the_first_evaluation_says_that_nothing_was_kept(look, worker, household, swept):
    swept()
    assert "그날의 판단이 저장되어 있지 않습니다" in look(worker, "/at-risk/", as_of=ago(20))


# --- figures ---


def test_figures_of_a_past_day_are_suppressed_as_ever(look):
    ministry = UserFactory(role="ministry_officer", agency=Agency.objects.filter(kind="ministry").first())
    centre = Agency.objects.get(name_ko="인천하나센터")
    homes = [HouseholdFactory(center=centre, registered_on=ago(100)) for _ in range(9)]
    for home in homes[:3]:
        SignalFactory(household=home, code_id="S14", ago=40, known_ago=38)
    live_sweep(seoul_day(timezone.now()))
    page = look(ministry, "/figures/", as_of=ago(20))
    assert "5 미만" in main_of(page)
    assert "/figures/file/" not in page
    for home in homes:
        assert home.number not in page


def test_a_centre_that_answers_today_counts_what_it_answers_for_today(head, centre):
    for home in [HouseholdFactory(center=centre, registered_on=ago(100)) for _ in range(7)]:
        SignalFactory(household=home, code_id="S14", ago=40, known_ago=38)
    HouseholdFactory(registered_on=ago(100))
    live_sweep(ago(0))
    totals = {}
    for day in (20, 60):
        asked = Asked(AsOf(ago(day), end_of(ago(day))), ())
        totals[day] = table_then(head, asked, timezone.now()).total.cells
    assert {cells["households"].text for cells in totals.values()} == {"7"}
    assert totals[20]["urgent"].text != totals[60]["urgent"].text, "before it was known, nobody was High"
