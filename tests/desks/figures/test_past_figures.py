"""Figures of the past: ends of months, in tens, so that no two of them tell of one household."""

from datetime import date, timedelta

import pytest

from casework.agencies.models import Agency
from casework.audit.models import AccessLog
from casework.templatetags.format import fullday
from desks.figures.past import last_end, month_ends
from tests.factories import HouseholdFactory, UserFactory
from tests.harness.asking import ago, main_of

pytestmark = pytest.mark.django_db
URL = "/figures/"


@pytest.fixture
def incheon():
    return Agency.objects.get(name_ko="인천하나센터")


@pytest.fixture
def ends():
    """The last two ends of months, the later first."""
    return month_ends(ago(0))[:2]


def homes(centre, count, since):
    return [HouseholdFactory(center=centre, registered_on=since) for _ in range(count)]


def test_a_month_ends_on_its_last_day():
    assert last_end(date(2026, 10, 31)) == date(2026, 10, 31)
    assert last_end(date(2026, 10, 30)) == date(2026, 9, 30)
    assert month_ends(date(2026, 3, 31))[:2] == [date(2026, 2, 28), date(2026, 1, 31)], "today is not over"
    assert month_ends(date(2026, 4, 1))[0] == date(2026, 3, 31)
    assert len(set(month_ends(date(2026, 4, 1)))) == 24


def test_any_moment_asked_for_is_answered_with_the_end_of_the_month_before(look, ministry, incheon, ends):
    later, before = ends
    homes(incheon, 12, before - timedelta(days=30))
    pages = [
        look(ministry, URL, **asked)
        for asked in (
            {"as_of": later},
            {"as_of": later, "known_by": "now"},
            {"as_of": later, "known_by": f"{before}T10:31"},
            {"known_by": f"{ago(0)}T00:00:01"},
        )
    ]
    assert len({main_of(page) for page in pages}) == 1
    assert fullday(later) in pages[0]
    assert "오늘 아는 내용으로 보기" not in pages[0]
    assert "매월 말일" in pages[0], "the page says so"
    assert "십 단위" in pages[0]
    assert AccessLog.objects.latest("id").detail == {"figures": True, "as_of": str(later)}
    assert fullday(before) in look(ministry, URL, as_of=later - timedelta(days=1))


def test_one_household_more_is_not_told_by_two_months(client, look, ministry, incheon, ends):
    later, before = ends
    homes(incheon, 12, before - timedelta(days=30))
    homes(incheon, 1, later - timedelta(days=2))
    client.force_login(ministry)
    for day in ends:
        table = client.get(URL, {"as_of": str(day)}).context["table"]
        shown = [line.cells["households"].text for line in (*table.rows, *table.centres, table.total)]
        assert set(shown) == {"약 10"}


def test_the_days_to_choose_from_are_ends_of_months(look, ministry, incheon, ends):
    homes(incheon, 5, ago(400))
    page = look(ministry, URL)
    for day in ends:
        assert f'<option value="{day}">{fullday(day)}</option>' in page
    assert 'type="datetime-local"' not in page


def test_the_head_of_a_centre_who_sees_its_households_asks_for_any_day(look, incheon, ends):
    head = UserFactory(role="centre_head", agency=incheon)
    homes(incheon, 12, ago(100))
    page = look(head, URL, as_of=ago(20))
    assert fullday(ago(20)) in page
    assert ">12<" in page
    assert 'type="datetime-local"' in page


def test_before_the_first_end_of_a_month_there_is_a_sentence(look, ministry, incheon):
    first = ago(0).replace(day=1)
    homes(incheon, 5, first)
    page = look(ministry, URL, status=400, known_by=f"{ago(0)}T00:00:01")
    assert "끝난 달이 없습니다" in page
