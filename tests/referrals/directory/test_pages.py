"""The directory: kept by each agency, with its hours."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils import timezone

from casework.audit.models import Event
from casework.clock import seoul_day
from referrals.directory import actions, hours
from referrals.models import Service
from tests.factories import UserFactory
from tests.factories.agencies import district
from tests.factories.referrals import OfficeFactory, ReceiverFactory
from tests.factories.services import WEEK, ServiceFactory

pytestmark = pytest.mark.django_db
LIST, NEW = reverse("referrals:directory"), reverse("referrals:service_new")
DAY = timedelta(days=1)


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
