"""Pages about the past take turns, at most so many in a minute, and leave nothing behind, also where they break."""

import threading
from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, connections
from django.utils import timezone

from casework.audit.models import AccessLog
from casework.clock import AsOf
from desks import turns
from desks.asof import end_of
from desks.turns import TooOften, one_turn
from risk.past import as_it_was
from tests.factories import HouseholdFactory, UserFactory
from tests.factories.agencies import CentreFactory
from tests.harness.asking import ago, inquiry_of, page_of


@pytest.fixture
def household(worker):
    return HouseholdFactory(worker=worker, registered_on=ago(500))


@pytest.fixture
def two_a_minute(settings):
    settings.CASEWORK_PAST_PAGES = 2


def left_behind():
    """Return what this session still holds: temporary relations, and locks of turns."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relnamespace = pg_my_temp_schema() ORDER BY relname")
        relations = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND pid = pg_backend_pid()",
            [turns.LOCK],
        )
        return relations, cursor.fetchone()[0]


@pytest.mark.django_db
def test_too_many_pages_about_the_past_in_a_minute_get_a_sentence(client, look, worker, household, two_a_minute):
    urls = [page_of(household), "/at-risk/"]
    for url in urls:
        look(worker, url, as_of=ago(20))
    for url in urls:
        page = look(worker, url, status=429, as_of=ago(20))
        assert "1분에 2번까지" in page
        assert f'href="{url}?as_of={ago(20)}"' in page, "the way to open it again"
    assert client.get(urls[0], {"as_of": str(ago(20))}).headers["Retry-After"] == "60"
    for url in urls:
        look(worker, url)
    assert left_behind() == ([], 0)


@pytest.mark.django_db
def test_it_counts_for_each_user_and_for_a_minute(look, worker, supervisor, household, two_a_minute, monkeypatch):
    for _ in range(2):
        look(worker, page_of(household), as_of=ago(20))
    look(supervisor, page_of(household), as_of=ago(20))
    look(worker, page_of(household), status=429, as_of=ago(20))
    monkeypatch.setattr(turns, "MINUTE", timedelta(seconds=-5))
    look(worker, page_of(household), as_of=ago(20))


@pytest.mark.django_db
def test_inquiries_count_among_them(client, look, supervisor, household, two_a_minute):
    client.force_login(supervisor)
    client.post(inquiry_of(household), {"on": str(ago(20)), "reason": "경위 확인"})
    for _ in range(2):
        look(supervisor, inquiry_of(household), on=ago(20))
    look(supervisor, inquiry_of(household), status=429, on=ago(20))
    assert client.post(inquiry_of(household, "file"), {"on": str(ago(20))}).status_code == 429
    look(supervisor, page_of(household), status=429, as_of=ago(20))


@pytest.mark.django_db
def test_nought_is_no_limit(look, worker, household, settings):
    settings.CASEWORK_PAST_PAGES = 0
    for _ in range(3):
        look(worker, page_of(household), as_of=ago(20))


@pytest.mark.django_db
def test_who_is_at_turn_holds_the_lock_until_the_page_is_done(worker):
    with one_turn(worker):
        assert left_behind() == ([], 1)
    assert left_behind() == ([], 0)
    with pytest.raises(ZeroDivisionError), one_turn(worker):
        1 / 0  # noqa: B018
    assert left_behind() == ([], 0)


def breaks(*_said, **_how):
    raise ZeroDivisionError


def breaks_in_the_database(*_said, **_how):
    with connection.cursor() as cursor:
        cursor.execute("SELECT nonsense FROM risk_standing")


@pytest.mark.django_db
@pytest.mark.parametrize("breaking", [breaks, breaks_in_the_database])
@pytest.mark.parametrize(
    ("url", "where"),
    [
        ("household", "desks.household.views.history_shown"),
        ("list", "desks.atrisk.views.shown_beside"),
        ("figures", "desks.figures.views.table_for"),
        ("inquiry", "desks.inquiry.found.referrals_of"),
    ],
)
def test_a_page_that_breaks_leaves_nothing_behind(client, head, household, monkeypatch, url, where, breaking):
    client.force_login(head)
    client.post(inquiry_of(household), {"on": str(ago(20)), "reason": "경위 확인"})
    urls = {"household": page_of(household), "list": "/at-risk/", "figures": "/figures/"}
    monkeypatch.setattr(where, breaking)
    client.raise_request_exception = False
    asked = {"on": str(ago(20))} if url == "inquiry" else {"as_of": str(ago(20))}
    assert client.get(urls.get(url) or inquiry_of(household), asked).status_code == 500
    assert left_behind() == ([], 0)
    monkeypatch.undo()
    assert client.get(urls.get(url) or inquiry_of(household), asked).status_code == 200


def test_nothing_is_left_in_a_connection_of_its_own(committed_db):
    """Without the transaction of a test around it: what breaks is rolled back, and so is what went well."""
    household = HouseholdFactory(worker=UserFactory(agency=CentreFactory()), registered_on=ago(500))
    as_of = AsOf(ago(20), end_of(ago(20)))
    with pytest.raises(ProgrammingError), as_it_was(as_of, households=[household.pk]):
        breaks_in_the_database()
    assert left_behind() == ([], 0)
    with as_it_was(as_of, households=None):
        assert left_behind()[0]
    assert left_behind() == ([], 0)


def test_a_second_question_waits_until_the_first_is_answered(committed_db, settings):
    """Many at once are answered one after the other, so that the one too many finds the others in the log."""
    settings.CASEWORK_PAST_PAGES = 1
    user = UserFactory(agency=CentreFactory())
    begun, answers = threading.Event(), []

    def ask():
        begun.wait(10)
        try:
            with one_turn(user):
                answers.append("answered")
        except TooOften:
            answers.append("too often")
        connections.close_all()

    second = threading.Thread(target=ask)
    second.start()
    with one_turn(user):
        begun.set()
        second.join(0.5)
        assert second.is_alive(), "it waits"
        AccessLog.objects.create(act="open", actor_id=user.pk, at=timezone.now(), detail={"as_of": "2026-01-01"})
    second.join(10)
    assert answers == ["too often"]
