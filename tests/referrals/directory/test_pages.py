"""The directory: kept by each agency, found by need, place and day, shown beside the referral form."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from casework.agencies.models import Closure
from casework.audit.models import Event
from casework.clock import Holiday, seoul_day
from referrals.directory import actions, hours
from referrals.models import Referral, Service
from tests.factories import HouseholdFactory, UserFactory
from tests.factories.agencies import district
from tests.factories.referrals import OfficeFactory, ReceiverFactory, ReferralFactory
from tests.factories.services import WEEK, ServiceFactory

pytestmark = pytest.mark.django_db
LIST, NEW, BOOKLET = reverse("referrals:directory"), reverse("referrals:service_new"), reverse("referrals:booklet")
DAY = timedelta(days=1)


@pytest.fixture
def keeper(db):
    return ReceiverFactory(name="구민서")


@pytest.fixture
def ask(client):
    def go(user, method, url, /, **data):
        client.force_login(user)
        return getattr(client, method)(url, data)

    return go


def words(**changed):
    said = {
        "need": "livelihood",
        "name_ko": "긴급 생계지원 상담",
        "who_ko": "갑자기 소득이 끊긴 가구",
        "channels": ["phone"],
        "phone": "02-000-0000",
        "first": "2026-01-01",
        "hours_mon": "9:00~18:00",
        "hours_sat": "",
    }
    return said | changed


def of(name, pk):
    return reverse(f"referrals:{name}", args=[pk])


class TestKeeping:
    def test_a_receiving_worker_enters_a_service_of_the_own_agency(self, ask, keeper):
        answer = ask(keeper, "post", NEW, **words(districts=[district("서울 관악구").pk]))
        row = Service.objects.get()
        assert answer.status_code == 302
        assert (row.agency, row.hours, row.during.lower) == (keeper.agency, "mon 09:00-18:00", date(2026, 1, 1))
        assert [place.name for place in row.districts.all()] == ["관악구"]
        assert Event.objects.about(row).get().verb == "service entered"
        assert row.name_ko in ask(keeper, "get", LIST).content.decode()

    def test_the_same_service_twice_is_refused_with_the_sentence(self, ask, keeper):
        ask(keeper, "post", NEW, **words())
        answer = ask(keeper, "post", NEW, **words(first="2026-05-01"))
        assert answer.status_code == 422
        assert "이미 이 서비스를" in answer.content.decode()
        assert Service.objects.count() == 1

    @pytest.mark.parametrize(
        ("changed", "sentence"),
        [
            ({"phone": ""}, "전화번호를"),
            ({"channels": ["visit"]}, "주소를"),
            ({"channels": ["online"]}, "누리집"),
            ({"channels": []}, ""),
            ({"capacity": "5"}, "날짜"),
            ({"hours_mon": "all day"}, "09:00-18:00"),
            ({"hours_mon": "18:00-09:00"}, ""),
            ({"last": "2025-12-31"}, ""),
        ],
    )
    def test_what_does_not_fit_is_refused_with_a_sentence(self, ask, keeper, changed, sentence):
        answer = ask(keeper, "post", NEW, **words(**changed))
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
        assert not Service.objects.exists()

    def test_a_change_is_kept_in_the_history_and_makes_it_the_agencys_own_word(self, ask, keeper):
        row = ServiceFactory(agency=keeper.agency, unofficial=True, source="목록", hours="")
        answer = ask(keeper, "post", of("service_edit", row.pk), **words(name_ko=row.name_ko, who_ko="누구나"))
        assert answer.status_code == 302
        row.refresh_from_db()
        assert (row.who_ko, row.unofficial, row.source) == ("누구나", False, "")
        assert row.events.count() == 2
        ask(keeper, "post", of("service_edit", row.pk), **words(name_ko=row.name_ko, who_ko="누구나"))
        assert Event.objects.about(row).filter(verb="service changed").count() == 1

    def test_a_web_address_is_kept_as_it_is_sent(self, ask, keeper):
        ask(keeper, "post", NEW, **words(channels=["online"], url="example.org/지원"))
        assert Service.objects.get().url == "https://example.org/%EC%A7%80%EC%9B%90"

    def test_the_form_opens_with_what_stands(self, ask, keeper):
        row = ServiceFactory(agency=keeper.agency, covers=["서울 강남구"])
        page = ask(keeper, "get", of("service_edit", row.pk)).content.decode()
        assert "09:00-18:00" in page
        assert "강남구" in page
        assert 'value="2024-01-01"' in page

    def test_ended_today_and_twice_changes_nothing(self, ask, keeper):
        row = ServiceFactory(agency=keeper.agency)
        for _again in range(2):
            assert ask(keeper, "post", of("service_end", row.pk)).status_code == 302
        row.refresh_from_db()
        assert row.during.upper == seoul_day(timezone.now()) + DAY
        assert Event.objects.filter(verb="service ended").count() == 1
        coming = ServiceFactory(agency=keeper.agency, during=DateRange(seoul_day(timezone.now()) + 9 * DAY, None))
        ask(keeper, "post", of("service_end", coming.pk))
        assert not Service.objects.filter(pk=coming.pk).exists()

    def test_the_buttons_refuse_get_strangers_and_the_wrong_role(self, ask, keeper):
        row = ServiceFactory(agency=keeper.agency)
        case_manager, stranger = UserFactory(role="case_manager"), ReceiverFactory()
        assert ask(keeper, "get", of("service_end", row.pk)).status_code == 405
        for name in ("service_end", "service_edit"):
            assert ask(stranger, "post", of(name, row.pk), **words()).status_code == 404
            assert ask(case_manager, "post", of(name, row.pk), **words()).status_code == 403
        assert ask(case_manager, "post", NEW, **words()).status_code == 403
        assert ask(UserFactory(role="privacy_auditor"), "get", LIST).status_code == 403
        row.refresh_from_db()
        assert row.during.upper is None

    def test_an_administrator_keeps_the_services_of_any_agency(self, ask, keeper):
        admin = UserFactory(role="system_administrator")
        assert keeper.agency.name_ko in ask(admin, "get", NEW).content.decode()
        assert ask(admin, "post", NEW, **words(agency=keeper.agency.pk)).status_code == 302
        assert Service.objects.get().agency == keeper.agency
        assert ask(admin, "get", of("service_edit", Service.objects.get().pk)).status_code == 200

    def test_a_receiver_cannot_name_another_agency(self, ask, keeper):
        ask(keeper, "post", NEW, **words(agency=OfficeFactory().pk))
        assert Service.objects.get().agency == keeper.agency

    def test_the_database_refuses_what_no_form_checked(self, keeper):
        wrong = [
            {"hours": "always"},
            {"phone": ""},
            {"channels": []},
            {"capacity": 3},
            {"during": DateRange(empty=True)},
        ]
        for said in wrong:
            with pytest.raises(IntegrityError), transaction.atomic():
                ServiceFactory(agency=keeper.agency, **said)

    def test_two_at_once_leave_one_and_the_other_reads_the_sentence(self, keeper, monkeypatch):
        said = {"need": "mind", "name_ko": "상담", "who_ko": "누구나", "channels": ["phone"], "phone": "02-000-0000"}
        said["during"] = DateRange(date(2026, 1, 1), None)
        actions.enter(keeper.agency, said, [], by=keeper)
        monkeypatch.setattr(Service, "full_clean", lambda self: None)
        with pytest.raises(ValidationError, match=r"이미 이 서비스를|already lists"):
            actions.enter(keeper.agency, said, [], by=keeper)


class TestHours:
    def test_they_are_read_written_and_spoken(self):
        assert hours.join(hours.parse(WEEK)) == WEEK
        assert hours.spoken(WEEK + ", sun 10:00-12:00") == "월~금 09:00~18:00, 일 10:00~12:00"
        assert hours.spoken("") == ""

    @pytest.mark.parametrize(
        "line", ["mon 9-18", "mon 09:00-25:00", "tue 09:00-18:00, mon 09:00-18:00", "mon 18:00-09:00"]
    )
    def test_anything_else_is_refused(self, line):
        with pytest.raises(ValidationError):
            hours.check(line)


def names(**asked):
    from referrals.directory.finding import page_of

    return [row.name_ko for row in page_of(asked, number=1, now=timezone.now())["rows"]]


class TestFinding:
    def test_by_need_place_kind_word_and_day(self, keeper):
        ServiceFactory(agency=keeper.agency, name_ko="생계")
        ServiceFactory(need="mind", name_ko="마음", covers=["서울 강남구"])
        ServiceFactory(name_ko="지난 것", during=DateRange(date(2024, 1, 1), date(2025, 1, 1)))
        assert names() == ["생계", "마음"]
        assert names(need="mind") == ["마음"]
        assert names(district=district("서울 관악구").pk) == ["생계"]
        assert names(district=district("서울 강남구").pk) == ["마음"]
        assert names(district=district("서울 강남구").parent_id) == ["생계", "마음"]
        assert names(kind="city") == ["생계", "마음"]
        assert names(kind="police") == []
        assert names(q="마음") == ["마음"]

    def test_a_national_body_helps_everywhere(self):
        ServiceFactory(agency__kind="foundation", agency__covers=[], name_ko="전국")
        assert names(district=district("제주 제주시").pk) == ["전국"]

    def test_open_today_minds_weekday_holiday_and_closed_days(self, keeper):
        every = ", ".join(f"{day} 09:00-18:00" for day in hours.DAYS)
        ServiceFactory(agency=keeper.agency, name_ko="매일", hours=every)
        ServiceFactory(agency=keeper.agency, name_ko="모름", hours="")
        today = seoul_day(timezone.now())
        Holiday.objects.filter(day=today).delete()
        assert names(open=True) == ["매일"]
        closed = Closure.objects.create(agency=keeper.agency, day=today, why="이전")
        assert names(open=True) == []
        closed.delete()
        Holiday.objects.create(day=today, name_ko="임시공휴일")
        assert names(open=True) == []

    def test_two_rows_or_twenty_cost_the_same_queries(self, ask, keeper):
        asked = []
        for rows in (2, 18):
            for _n in range(rows):
                ServiceFactory(agency=OfficeFactory(), covers=["서울 관악구", "서울 강남구"])
            ask(keeper, "get", LIST)
            with CaptureQueriesContext(connection) as queries:
                ask(keeper, "get", LIST)
            asked.append(len(queries))
        assert asked[0] == asked[1]

    def test_nothing_found_says_so_and_htmx_gets_the_region(self, ask, keeper, client):
        assert "등록된 서비스가 없습니다" in ask(keeper, "get", LIST).content.decode()
        ServiceFactory(name_ko="생계")
        whole = ask(keeper, "get", LIST, need="livelihood").content.decode()
        region = client.get(LIST, {"need": "livelihood"}, headers={"HX-Request": "true"}).content.decode()
        assert region.strip() in whole
        assert "<html" not in region
        assert "맞는 서비스가 없습니다" in ask(keeper, "get", LIST, need="work").content.decode()
        assert ask(keeper, "get", LIST, need="nothing", district="x").status_code == 200

    def test_one_service_in_both_languages(self, ask, keeper):
        row = ServiceFactory(agency=keeper.agency, capacity=3, capacity_on=date(2026, 11, 2))
        page = ask(keeper, "get", of("service", row.pk)).content.decode()
        assert row.who_ko in page
        assert "2026. 11. 2." in page
        keeper.language = "en"
        keeper.save()
        page = ask(keeper, "get", of("service", row.pk), language="en").content.decode()
        assert row.who_en in page or row.who_ko in page


class TestAnswerTimes:
    def answered(self, keeper, times, took=timedelta(hours=6), ago=timedelta(days=20)):
        sender = UserFactory()
        household = HouseholdFactory(worker=sender, members=1)
        for _n in range(times):
            made = ReferralFactory(sender=sender, receiver=keeper, household=household, stands="accepted")
            sent = timezone.now() - ago
            Referral.objects.filter(pk=made.pk).update(sent_at=sent, answered_at=sent + took)

    def test_the_median_is_shown_from_five_answers_on(self, ask, keeper):
        row = ServiceFactory(agency=keeper.agency)
        self.answered(keeper, 4)
        assert "자료 부족" in ask(keeper, "get", of("service", row.pk)).content.decode()
        self.answered(keeper, 1, took=timedelta(days=9))
        assert "약 6시간" in ask(keeper, "get", of("service", row.pk)).content.decode()

    def test_answers_older_than_a_year_and_of_other_needs_do_not_count(self, ask, keeper):
        row = ServiceFactory(agency=keeper.agency, need="mind")
        self.answered(keeper, 5)
        assert "자료 부족" in ask(keeper, "get", of("service", row.pk)).content.decode()
        old = ServiceFactory(agency=keeper.agency)
        Referral.objects.update(answered_at=timezone.now() - timedelta(days=366))
        assert "자료 부족" in ask(keeper, "get", of("service", old.pk)).content.decode()


class TestBooklet:
    def test_by_district_in_both_languages_and_as_pdf(self, ask, keeper):
        row = ServiceFactory(agency=keeper.agency)
        assert row.name_ko not in ask(keeper, "get", BOOKLET).content.decode()
        place = district("서울 관악구").pk
        korean = ask(keeper, "get", BOOKLET, district=place).content.decode()
        assert row.name_ko in korean
        assert "서비스 안내" in korean or "관악구" in korean
        english = ask(keeper, "get", BOOKLET, district=place, language="en").content.decode()
        assert row.name_en in english
        assert "Who may get it" in english
        for language in ("ko", "en"):
            file = ask(keeper, "get", reverse("referrals:booklet_file"), district=place, language=language)
            assert file["Content-Type"] == "application/pdf"
            assert file.content.startswith(b"%PDF")

    def test_by_need_and_nothing_to_print(self, ask, keeper):
        row = ServiceFactory(agency=keeper.agency, need="debt")
        assert row.name_ko in ask(keeper, "get", BOOKLET, need="debt").content.decode()
        assert ask(keeper, "get", reverse("referrals:booklet_file"), need="work").status_code == 302


class TestGuidance:
    def test_it_stands_beside_the_form_when_the_need_is_chosen(self, ask, client, keeper):
        sender = UserFactory()
        household = HouseholdFactory(worker=sender, members=1, district=district("서울 관악구"))
        near = ServiceFactory(agency=keeper.agency, name_ko="가까운 지원")
        ServiceFactory(name_ko="먼 지원", covers=["부산 해운대구"])
        url = reverse("referrals:new", args=[household.number])
        assert near.name_ko not in ask(sender, "get", url).content.decode()
        form = {"need": "livelihood", "act": "suggest"}
        for headers in ({"HX-Request": "true"}, {}):
            page = client.post(url, form, headers=headers).content.decode()
            assert near.name_ko in page
            assert near.bring_ko in page
            assert "먼 지원" not in page
