"""The material: masked whoever looks, one question for all households, logged with everybody whose data it holds."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from casework.audit.models import AccessLog, Act
from casework.paper import Paper
from desks.conferences.material import materials_of
from households.models import Household
from risk.models import Standing
from tests.factories import ContactFactory, HouseholdFactory, PersonFactory
from tests.factories.conferences import attended, brought, closed, decided
from tests.factories.households import members_of
from tests.factories.standings import flagged, stands

pytestmark = pytest.mark.django_db


def url_of(item, **query):
    asked = "?safe=1" if query.get("safe") else ""
    return reverse("desks:conference_material", args=[item.conference.number, item.household.number]) + asked


@pytest.fixture
def printed(monkeypatch):
    """Return the texts that a PDF says, page by page: the file itself is compressed glyphs."""
    pages = []
    say, add = Paper.say, Paper.add_page

    def keep(self, kind, text, *args, **kwargs):
        pages[-1].append(text)
        return say(self, kind, text, *args, **kwargs)

    def turn(self, *args, **kwargs):
        pages.append(list(self.foot))
        return add(self, *args, **kwargs)

    monkeypatch.setattr(Paper, "say", keep)
    monkeypatch.setattr(Paper, "add_page", turn)
    return pages


def file_of(conference, name="conference_material_file"):
    return reverse(f"desks:{name}", args=[conference.number])


def test_it_names_nobody_and_tells_ages_the_district_and_how_it_was_tried(page, worker, item, household):
    PersonFactory(household=household, name="정막내", phone="010-1234-5678", role="child")
    ContactFactory(household=household, recorded_by=worker)
    answer = page.get(worker, url_of(item))
    text = answer.content.decode().split("<main")[1]
    assert household.number in text
    for secret in ("정금주", "정유나", "정막내", "1234-5678", "1980", "신림동"):
        assert secret not in text
    assert "관악구" in text
    seen = AccessLog.objects.filter(view="desks:conference_material").latest("id")
    assert (seen.subjects, seen.households) == (sorted(p.pk for p in members_of(household)), [household.pk])


def test_of_a_protected_address_not_even_the_district_is_told(page, worker, item, household):
    Standing.objects.filter(household=household).update(address_protected=True)
    text = page.get(worker, url_of(item)).content.decode().split("<main")[1]
    assert "관악구" not in text


def test_reasons_are_full_before_who_may_see_them_and_those_of_the_lists_for_the_projector(
    page, worker, item, household
):
    violence = {"v": 1, "facts": [{"code": "violence", "kind": "contact"}], "params": {}}
    flagged(household, "R-VIOL", evidence=violence)
    full = materials_of(worker, [household.pk], now=timezone.now(), full=True)[household.pk]
    safe = materials_of(worker, [household.pk], now=timezone.now())[household.pk]
    assert full.blocks[1].lines[1:] != safe.blocks[1].lines[1:]
    assert safe.blocks[1].lines[1].words in page.get(worker, url_of(item, safe=True)).content.decode()
    assert full.blocks[1].lines[1].words in page.get(worker, url_of(item)).content.decode()
    assert page.get(worker, file_of(item.conference)).status_code == 200


def test_who_does_not_see_the_household_sees_no_page_of_it(page, item, other, stranger):
    assert page.get(other, url_of(item)).status_code == 404
    assert page.get(stranger, url_of(item)).status_code == 404
    assert page.get(stranger, file_of(item.conference)).status_code == 404
    assert page.get(other, reverse("desks:conference", args=[item.conference.number])).context["hidden"] == 1


def test_it_is_asked_at_once_for_two_households_and_for_twenty(conference, worker, supervisor):
    def asked(n):
        homes = [HouseholdFactory(worker=worker) for _n in range(n)]
        for home in homes:
            stands(home, 4)
            flagged(home)
        with CaptureQueriesContext(connection) as captured:
            found = materials_of(worker, [home.pk for home in homes], now=timezone.now())
        assert len(found) == n
        return len(captured)

    assert asked(2) == asked(20) <= 5


def test_the_page_of_one_household_asks_at_most_five_questions_of_its_own(own_queries, worker, item):
    asked = own_queries(worker, url_of(item))
    assert len([sql for sql in asked if "pghistory" not in sql]) <= 5


def test_the_file_holds_a_page_for_each_household_says_who_printed_it_and_is_logged(page, printed, worker, item):
    second = HouseholdFactory(worker=worker, members=["리복순"])
    flagged(second)
    brought(item.conference, second, by=worker)
    assert page.post(worker, file_of(item.conference), reason="").status_code == 422
    answer = page.post(worker, file_of(item.conference), reason="사례회의 준비")
    text = "\n".join(line for lines in printed for line in lines)
    assert answer.content.startswith(b"%PDF")
    assert item.household.number in text
    assert second.number in text
    assert "서지훈" in text
    assert "사례회의 준비" in text
    assert "정금주" not in text
    assert "리복순" not in text
    seen = AccessLog.objects.filter(act=Act.EXPORT).latest("id")
    people = {person.pk for home in (item.household, second) for person in members_of(home)}
    assert (set(seen.subjects), seen.reason) == (people, "사례회의 준비")
    assert len(printed) == 2


def test_the_record_is_what_was_frozen_and_there_is_none_before(
    page, printed, supervisor, worker, other, begun, household
):
    assert page.post(supervisor, file_of(begun.conference, "conference_record"), reason="-").redirect_chain
    one = decided(begun, supervisor, owner=worker)
    attended(begun.conference, supervisor)
    page.post(supervisor, reverse("desks:conference_step", args=[begun.conference.number, "close"]))
    PersonFactory(household=household, name="정새로", born=date(1950, 1, 1))
    page.post(supervisor, file_of(begun.conference, "conference_record"), reason="보관")
    text = "\n".join(printed.pop())
    assert one.what in text
    assert "서지훈" in text
    begun.conference.refresh_from_db()
    assert len(begun.conference.record["items"][str(household.pk)]["material"]["people"]) == 2
    assert "정금주" not in text
    page.post(other, file_of(begun.conference, "conference_record"), reason="보관")
    none = "\n".join(printed.pop())
    assert one.what not in none
    assert household.number not in none


def test_a_household_whose_only_client_died_is_not_told_of_as_living(worker, item, household):
    from households.actions import record_death

    people = members_of(household)
    for person in [people[1], people[0]]:
        record_death(person, on=timezone.localdate(), by=worker)
    found = materials_of(worker, [household.pk], now=timezone.now())[household.pk]
    assert found.blocks[0].lines == []
    assert Household.objects.filter(pk=found.household).exists()


def test_what_was_decided_earlier_stands_on_the_next_material(worker, supervisor, begun, household):
    one = decided(begun, supervisor, due_on=timezone.localdate() + timedelta(days=3))
    attended(begun.conference, supervisor)
    closed(begun.conference, supervisor)
    found = materials_of(supervisor, [household.pk], now=timezone.now())[household.pk]
    assert any(one.what in line.words for block in found.blocks for line in block.lines)
