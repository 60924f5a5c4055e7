"""A day of visits in the order of the way, and the calendar with its feed."""

from django.urls import reverse
from django.utils import timezone

from casework.clock import seoul_day
from tests.desks.day.today import DAY, HOUR, NOW
from tests.factories import HouseholdFactory
from tests.factories.day import task_of, visit_of
from tests.factories.households import members_of
from tests.factories.standings import stands


class TestTheRoute:
    def test_visits_stand_in_the_order_of_districts_towns_and_hours_the_protected_last(self, client, worker):
        at = timezone.localtime(NOW).replace(hour=9, minute=0)
        homes = {
            "나신림": HouseholdFactory(worker=worker, members=["나신림"], town="신림동"),
            "가봉천": HouseholdFactory(worker=worker, members=["가봉천"], town="봉천동"),
            "다숨김": HouseholdFactory(worker=worker, members=["다숨김"], town="봉천동"),
            "라종로": HouseholdFactory(worker=worker, members=["라종로"], district="서울 종로구", town="사직동"),
        }
        stands(homes["다숨김"], band=2, address_protected=True)
        for hours, home in enumerate(homes.values()):
            visit_of(home, worker=worker, begins=at + hours * HOUR)
        client.force_login(worker)
        page = client.get(reverse("desks:route"), {"on": f"{seoul_day(at)}"}).content.decode()
        order = ["라종로", "가봉천", "나신림", homes["다숨김"].number]
        assert [page.index(f">{name}<") for name in order] == sorted(page.index(f">{name}<") for name in order)
        assert "다숨김" not in page
        assert page.count("봉천동") == 1

    def test_another_day_and_other_peoples_visits_stand_elsewhere(self, client, worker, colleague, supervisor, house):
        visit_of(house, worker=worker, begins=NOW + 2 * DAY)
        for user, shown in ((colleague, False), (worker, True), (supervisor, True)):
            client.force_login(user)
            page = client.get(reverse("desks:route"), {"on": f"{seoul_day(NOW + 2 * DAY)}"}).content.decode()
            assert ("정금주" in page) is shown
        assert "정금주" not in client.get(reverse("desks:route"), {"on": "2020-01-01"}).content.decode()
        for odd in ("2026-13-45", "9999-12-31", "0001-01-01"):
            assert client.get(reverse("desks:route"), {"on": odd}).status_code == 200


class TestTheCalendar:
    def test_the_feed_has_kinds_and_case_numbers_alone(self, client, worker, house):
        stands(house, band=2, due_in=2)
        task_of(house, by=worker, what="정금주 씨 병원 동행")
        visit_of(house, worker=worker, begins=NOW + DAY)
        client.force_login(worker)
        body = client.get(reverse("desks:protection_ics")).content.decode().replace("\r\n ", "")
        number = members_of(house)[0].case_number
        assert body.count(f"SUMMARY:{number} ") == 3
        assert "정금주" not in body
        page = client.get(reverse("desks:protection_calendar")).content.decode()
        assert "정금주 씨 병원 동행" in page

    def test_who_oversees_a_centre_has_the_own_things_in_the_calendar(self, client, supervisor, worker, house):
        stands(house, band=2, due_in=2)
        task_of(by=supervisor, owner=supervisor, what="결재")
        client.force_login(supervisor)
        body = client.get(reverse("desks:protection_ics")).content.decode()
        assert body.count("BEGIN:VEVENT") == 1
