"""The directory is found by need, place and day, printed, and shown beside the referral form."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from casework.agencies.models import Closure
from casework.clock import Holiday, seoul_day
from referrals.directory import hours
from referrals.models import Referral
from tests.factories import HouseholdFactory, UserFactory
from tests.factories.agencies import district
from tests.factories.referrals import OfficeFactory, ReferralFactory
from tests.factories.services import ServiceFactory

pytestmark = pytest.mark.django_db
LIST, BOOKLET = reverse("referrals:directory"), reverse("referrals:booklet")


def of(name, pk):
    return reverse(f"referrals:{name}", args=[pk])


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
