"""A page asked as of a day, and as known by a moment: it says so, changes nothing, and shows to whom it may today."""

import csv
import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from casework.agencies.models import Agency
from casework.audit.models import AccessLog
from casework.clock import AsOf, seoul_day
from casework.facts import supersede
from casework.templatetags.format import fullday
from desks.asof import Asked, end_of
from desks.figures import table_then
from households.models import Assignment, PersonName
from risk.models import Assessment, Signal
from tests.factories import ContactFactory, HouseholdFactory, ShareFactory, UserFactory
from tests.factories.households import members_of
from tests.factories.imports import SIGNAL
from tests.factories.risk import SignalFactory, contact, live_sweep

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
SAFE = re.compile(r"^(#|\?|/static/|/at-risk/|/households/[^/]+/\?|/figures/\?)")


def ago(days):
    return TODAY() - timedelta(days=days)


@pytest.fixture
def look(client):
    """Return look(user, url, as_of=…, known_by=…) as text; a day is written as it stands in an address."""

    def at(user, url, status=200, **query):
        client.force_login(user)
        answer = client.get(url, {word: str(value) for word, value in query.items()})
        assert answer.status_code == status, answer.content.decode()[:300]
        return answer.content.decode()

    return at


@pytest.fixture
def household(worker):
    return HouseholdFactory(
        worker=worker, members=["오춘화", "오하나"], registered_on=ago(500), person_phone="010-0000-1734"
    )


def page_of(household):
    return reverse("desks:household", args=[household.number])


@pytest.fixture
def head(centre):
    return UserFactory(role="centre_head", agency=centre)


def main_of(page):
    """What the page shows, without the minute at which it would be printed."""
    return re.sub(r' data-print="[^"]*"', "", re.search(r"<main.*</main>", page, re.S)[0])


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
    assert 'class="asof"' not in look(worker, "/at-risk/", as_of=TODAY())
    assert 'class="asof"' not in look(worker, "/at-risk/", as_of=TODAY(), known_by="now")


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
    contact(household, TODAY(), 2, tags=["violence"])
    live_sweep(TODAY())
    listed, page = look(worker, "/at-risk/", as_of=ago(20)), look(worker, page_of(household), as_of=ago(20))
    assert page_of(household) in listed
    assert household.number in page
    for shown in (listed, page):
        assert "오춘화 가구" not in shown


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


# --- late facts (issue 3 §3): what comes in today about a day a year ago ---


def band_in_list(page, household):
    row = re.search(rf"<tr role=\"row\" data-row>(?:(?!</tr>).)*{household.number}.*?</tr>", page, re.S)
    return re.search(r"긴급|고위험|주의|관심|일반", row[0])[0] if row else None


def test_a_signal_of_a_year_ago_that_comes_in_today(look, head, household, tmp_path, swept):
    """It changes today, changes that day as known today, and leaves untouched what is shown as known then."""
    year, after = ago(365), ago(355)
    ContactFactory(
        household=household,
        occurred_at=timezone.now() - timedelta(days=366),
        known_at=timezone.now() - timedelta(days=366),
    )
    live_sweep(after)
    swept()
    urls = {
        "list": "/at-risk/?band=1&band=2&band=3&band=4&band=5",
        "household": page_of(household),
        "figures": "/figures/",
    }

    def asked(url, query):
        return f"{url}{'&' if '?' in url else '?'}{query}"

    def shown(query):
        return {name: main_of(look(head, asked(url, query))) for name, url in urls.items()}

    then, now = f"as_of={after}", f"as_of={after}&known_by=now"
    before = {query: shown(query) for query in (then, now, "")}
    assessments = Assessment.objects.count()
    path = tmp_path / "signals.csv"
    person = members_of(household)[0]
    person_row = {**SIGNAL, "observed_on": str(year), "person_ref": "", "case_number": person.case_number, "months": ""}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(person_row))
        writer.writeheader()
        writer.writerow(person_row)
    call_command("import_signals", str(path), "--source", "행복e음")
    assert Signal.objects.get().observed_on == year
    swept()
    later = {query: shown(query) for query in (then, now, "")}

    assert later[then] == before[then], "as known then, nothing has changed on any page"
    assert "전기" not in later[then]["household"]
    assert "전기" in later[now]["household"]
    assert band_in_list(later[now]["list"], household) == "고위험"
    assert band_in_list(before[now]["list"], household) != "고위험"
    assert Assessment.objects.count() > assessments, "today's assessment has changed"
    assert "전기" in later[""]["household"]
    assert "전기" not in before[""]["household"]


# --- what was shown (design §3) ---


def test_what_was_shown_is_told_where_it_was_not_what_is_computed(look, worker, household):
    live_sweep(ago(20))
    SignalFactory(
        household=household, code_id="S14", on=TODAY(), ago=40, known_ago=30
    )  # came later, said as known before
    page = look(worker, "/at-risk/", as_of=TODAY(), known_by=timezone.now().isoformat())
    assert "그날 화면에 보였던 단계" in page
    assert "나중에 들어왔지만 그전에 알려진 것으로 적힌 자료 1건" in page


def test_what_was_shown_and_agrees_is_one_sentence(look, worker, household, swept):
    swept()
    page = look(worker, "/at-risk/", as_of=TODAY(), known_by=timezone.now().isoformat())
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
    live_sweep(TODAY())
    totals = {}
    for day in (20, 60):
        asked = Asked(AsOf(ago(day), end_of(ago(day))), ())
        totals[day] = table_then(head, asked, timezone.now()).total.cells
    assert {cells["households"].text for cells in totals.values()} == {"7"}
    assert totals[20]["urgent"].text != totals[60]["urgent"].text, "before it was known, nobody was High"
