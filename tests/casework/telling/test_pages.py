"""The page of notices, the bell, how one is told, and the mails that did not arrive."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from casework.audit.models import Event
from casework.telling import letterbox, reading
from casework.telling.actions import tell_of_occasions
from casework.telling.models import Mail, Notification, Occasion, Preference
from tests.casework.telling.conftest import NOON
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
LIST, BELL, SETTINGS = reverse("telling:list"), reverse("telling:bell"), reverse("telling:settings")
READ_ALL, UNREAD, LETTERS = reverse("telling:read_all"), reverse("telling:unread"), reverse("telling:letters")


def open_url(notice):
    return reverse("telling:open", args=[notice.pk])


class TestOpening:
    def test_it_marks_as_read_and_leads_there(self, ask, worker, told):
        notice = told(worker)
        answer = ask(worker, "post", open_url(notice))
        assert answer.url == reverse("referrals:detail", args=[notice.label])
        notice.refresh_from_db()
        assert notice.read_at is not None

    def test_it_refuses_get(self, ask, worker, told):
        assert ask(worker, "get", open_url(told(worker))).status_code == 405

    def test_a_stranger_gets_404_and_marks_nothing(self, ask, worker, other, admin, told):
        notice = told(worker)
        for stranger in (other, admin):
            assert ask(stranger, "post", open_url(notice)).status_code == 404
            assert notice.label not in ask(stranger, "get", LIST).content.decode()
            ask(stranger, "post", READ_ALL)
        notice.refresh_from_db()
        assert notice.read_at is None

    def test_twice_keeps_the_first_moment(self, worker, told):
        notice = told(worker)
        assert reading.read(notice, by=worker, now=NOON)
        assert not reading.read(notice, by=worker, now=NOON + timedelta(hours=1))
        notice.refresh_from_db()
        assert notice.read_at == NOON

    def test_where_there_is_no_such_page_any_more_it_leads_back(self, ask, worker, told):
        notice = told(worker)
        Notification.objects.update(url_name="nowhere:page")
        assert ask(worker, "post", open_url(notice)).url == LIST


class TestAllAsRead:
    def test_it_can_be_undone_and_what_was_read_before_stays_read(self, ask, worker, other, told):
        before, notice, theirs = told(worker), told(worker, label="R-0000-0000-1"), told(other)
        reading.read(before, by=worker, now=NOON)
        answer = ask(worker, "post", READ_ALL)
        assert not Notification.objects.filter(user=worker).unread().exists()
        assert Notification.objects.filter(pk=theirs.pk).unread().exists()
        page = ask(worker, "get", answer.url)
        undo = page.context["undo"]
        assert undo
        ask(other, "post", UNREAD, read=undo)
        assert not Notification.objects.filter(user=worker).unread().exists(), "nobody else's"
        ask(worker, "post", UNREAD, read=undo)
        assert [row.pk for row in Notification.objects.filter(user=worker).unread()] == [notice.pk]

    def test_twice_changes_nothing(self, ask, worker, told):
        told(worker)
        ask(worker, "post", READ_ALL)
        first = Notification.objects.get().read_at
        assert ask(worker, "post", READ_ALL).url == LIST
        assert Notification.objects.get().read_at == first

    def test_they_refuse_get_and_nonsense(self, ask, worker):
        assert ask(worker, "get", READ_ALL).status_code == 405
        assert ask(worker, "get", UNREAD).status_code == 405
        assert ask(worker, "post", UNREAD, read="2026-99-99").status_code == 400
        assert ask(worker, "post", UNREAD).status_code == 400
        assert ask(worker, "get", LIST, read="nonsense").status_code == 200


def test_unread_stands_first_and_nothing_says_more_than_a_number(ask, worker, told):
    old, new = told(worker), told(worker, label="R-0000-0000-1", now=NOON + timedelta(hours=1))
    reading.read(new, by=worker, now=NOON + timedelta(hours=2))
    page = ask(worker, "get", LIST).content.decode()
    assert page.index(old.label) < page.index(new.label)
    assert "의뢰가 도착하였습니다" in page


def test_an_empty_page_says_when_something_will_stand_here(ask, worker):
    assert "아직 알림이 없습니다" in ask(worker, "get", LIST).content.decode()


def test_the_page_costs_the_same_for_two_and_for_twenty(ask, worker, told):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert ask(worker, "get", LIST).status_code == 200
        return len([one for one in asked if "telling_" in one["sql"]])

    ask(worker, "get", LIST)
    for n in range(2):
        told(worker, label=f"R-0000-0000-{n}")
    two = queries()
    for n in range(2, 20):
        told(worker, label=f"R-0000-0000-{n}")
    assert queries() == two <= 5


def test_the_bell_stands_on_every_page_as_a_link_and_costs_one_query(ask, worker, other, told):
    told(worker)
    told(other)
    told(worker, label="R-0000-0000-1")
    with CaptureQueriesContext(connection) as asked:
        page = ask(worker, "get", SETTINGS).content.decode()
    assert f'href="{LIST}"' in page
    assert not [one for one in asked if "telling_notification" in one["sql"]], "the count comes after the page"
    with CaptureQueriesContext(connection) as asked:
        bell = ask(worker, "get", BELL)
    assert len([one for one in asked if "telling_" in one["sql"]]) == 1
    assert '<span class="n">2' in bell.content.decode()
    reading.read_all(by=worker, now=timezone.now())
    assert 'class="n"' not in ask(worker, "get", BELL).content.decode()


def test_what_was_read_is_deleted_after_90_days_and_what_nobody_read_stays(worker, told):
    tell_of_occasions("consent_withdrawn", ["R-0000-0000-1 1"], [], now=NOON)
    read, unread = told(worker), told(worker, label="R-0000-0000-1")
    reading.read(read, by=worker, now=NOON)
    assert reading.forget_read(NOON + timedelta(days=89)) == 0
    assert Occasion.objects.exists()
    assert reading.forget_read(NOON + timedelta(days=91)) == 1
    assert not Occasion.objects.exists()
    assert list(Notification.objects.all()) == [unread]


class TestHowIAmTold:
    def test_it_is_kept_for_oneself(self, ask, worker, other):
        words = {"mail": ["asked", "answered"], "quiet_from": "21:00", "quiet_until": "07:30", "days_off": "on"}
        assert ask(worker, "post", SETTINGS, **words).status_code == 302
        kept = Preference.objects.get()
        assert kept.user == worker
        assert (kept.mails("answered"), kept.mails("arrived"), kept.digest, kept.days_off) == (True, False, False, True)
        ask(worker, "post", SETTINGS, **words)
        assert Preference.objects.count() == 1

    def test_a_mistake_is_said_in_words(self, ask, worker):
        answer = ask(worker, "post", SETTINGS, quiet_from="25:00", quiet_until="08:00", mail=["nonsense"])
        assert answer.status_code == 422
        assert 'role="alert"' in answer.content.decode()
        assert not Preference.objects.exists()

    def test_without_a_server_or_an_address_it_says_so(self, ask, worker, settings):
        settings.EMAIL_URL = ""
        page = ask(worker, "get", SETTINGS).content.decode()
        assert "메일 서버가 없습니다" in page
        assert worker.email in page
        assert "등록된 전자우편 주소가 없" in ask(UserFactory(email=""), "get", SETTINGS).content.decode()
        settings.EMAIL_URL = "smtp://mail.example"
        assert "메일 서버가 없습니다" not in ask(worker, "get", SETTINGS).content.decode()


@pytest.fixture
def letter(worker, mailed):
    mail = mailed(worker)
    Mail.objects.filter(pk=mail.pk).update(dead_at=NOON, tries=6, last_error="recipient refused")
    mail.refresh_from_db()
    return mail


def letter_url(verb, mail):
    return reverse(f"telling:letter_{verb}", args=[mail.pk])


class TestLetters:
    def test_the_administrator_reads_whom_and_why_and_no_content(self, ask, admin, letter, worker, settings):
        settings.EMAIL_URL = ""
        page = ask(admin, "get", LETTERS).content.decode()
        assert letter.label in page
        assert str(worker) in page
        assert "받는 사람의 주소를 거절" in page
        assert worker.email not in page
        assert "메일 서버가 없습니다" in page

    def test_that_the_server_is_out_of_reach_is_said_though_no_try_counts(self, ask, admin, worker, mailed, served):
        mail = mailed(worker)
        assert "5분마다 다시 시도" not in ask(admin, "get", LETTERS).content.decode()
        Mail.objects.filter(pk=mail.pk).update(last_error="log-in refused")
        page = ask(admin, "get", LETTERS).content.decode()
        assert "5분마다 다시 시도" in page
        assert letterbox.words_of(Mail.objects.get()) in page

    def test_it_is_sent_again(self, ask, admin, letter):
        ask(admin, "post", letter_url("again", letter))
        letter.refresh_from_db()
        assert (letter.dead_at, letter.tries) == (None, 0)
        assert Event.objects.about(letter).get().verb == "mail sent again"
        ask(admin, "post", letter_url("again", letter))
        assert Event.objects.about(letter).count() == 1, "twice changes nothing"

    def test_it_is_given_up_for_good(self, ask, admin, letter):
        ask(admin, "post", letter_url("give_up", letter))
        letter.refresh_from_db()
        assert letter.settled_by == admin
        ask(admin, "post", letter_url("give_up", letter))
        ask(admin, "post", letter_url("again", letter))
        assert Event.objects.about(letter).count() == 1, "twice changes nothing"
        assert letter.label not in ask(admin, "get", LETTERS).content.decode()

    @pytest.mark.parametrize("verb", ["again", "give_up"])
    def test_they_refuse_get_the_wrong_role_and_what_is_not_there(self, ask, admin, worker, letter, verb):
        url = letter_url(verb, letter)
        assert ask(admin, "get", url).status_code == 405
        assert ask(worker, "post", url).status_code == 403
        assert ask(admin, "post", reverse(f"telling:letter_{verb}", args=[letter.pk + 999])).status_code == 404
        letter.refresh_from_db()
        assert letter.dead_at == NOON

    def test_the_page_is_for_administrators(self, ask, worker):
        assert ask(worker, "get", LETTERS).status_code == 403

    def test_the_page_costs_the_same_for_two_and_for_twenty(self, ask, admin, mailed):
        def queries():
            with CaptureQueriesContext(connection) as asked:
                assert ask(admin, "get", LETTERS).status_code == 200
            return len(asked)

        def dead(count):
            for n in range(count):
                mail = mailed(UserFactory(email=f"x{count}-{n}@centre.example"))
                Mail.objects.filter(pk=mail.pk).update(dead_at=NOON)

        ask(admin, "get", LETTERS)
        dead(2)
        two = queries()
        dead(18)
        assert queries() == two
