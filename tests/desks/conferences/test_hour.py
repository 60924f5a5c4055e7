"""The record keeps what was so and known at the hour of the conference; of a household that had moved, its number."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from casework.audit.models import AccessLog
from casework.clock import seoul_day
from casework.paper import Paper
from households import actions
from households.models import ConferenceItem
from tests.factories import HouseholdFactory, district
from tests.factories.conferences import attended, brought, decided, held, planned
from tests.factories.households import members_of
from tests.households.conferences.test_deciding import moved

pytestmark = pytest.mark.django_db


@pytest.fixture
def close(page, supervisor):
    """Close the record on its page; return what it keeps of the households."""

    def close(conference):
        attended(conference, supervisor)
        page.post(supervisor, reverse("desks:conference_step", args=[conference.number, "close"]))
        conference.refresh_from_db()
        return conference.record["items"]

    return close


def struck(conference):
    """Let the hour of the conference come: it is now."""
    conference.starts_at = timezone.now()
    conference.save(update_fields=["starts_at"])


@pytest.fixture
def said(monkeypatch):
    """Every text that a PDF says: the file itself is compressed glyphs."""
    texts = []
    say = Paper.say

    def keep(self, kind, text, *args, **kwargs):
        texts.append(text)
        return say(self, kind, text, *args, **kwargs)

    monkeypatch.setattr(Paper, "say", keep)
    return texts


def printed(page, user, conference, name):
    return page.post(user, reverse(f"desks:{name}", args=[conference.number]), reason="보관")


def test_what_is_learned_after_the_hour_is_not_in_the_record_nor_in_its_material(
    page, close, said, supervisor, worker, begun, household
):
    decided(begun, supervisor, owner=worker)
    today = seoul_day(begun.brought_at)
    actions.change_district(household, district=district("부산 해운대구"), town="", on=today, by=worker)
    actions.record_death(members_of(household)[1], on=today, by=worker)
    kept = close(begun.conference)[str(household.pk)]["material"]
    assert ("관악구" in kept["district"], len(kept["people"])) == (True, 2)
    url = reverse("desks:conference_material", args=[begun.conference.number, household.number])
    text = page.get(worker, url).content.decode()
    assert "관악구" in text
    assert "해운대구" not in text
    looked = AccessLog.objects.filter(view="desks:conference_material").latest("id")
    assert looked.households == [household.pk]
    assert set(looked.subjects) <= {person.pk for person in members_of(household)}
    printed(page, supervisor, begun.conference, "conference_material_file")
    assert any("관악구" in one for one in said)
    assert not any("해운대구" in one for one in said)


def test_who_had_moved_by_the_hour_is_named_as_moved_and_nothing_else(page, close, said, supervisor, worker):
    stays, gone = (HouseholdFactory(worker=worker, members=[name]) for name in ("정금주", "한가람"))
    conference = planned(supervisor, ago=-timedelta(seconds=40))
    items = brought(conference, stays, gone, by=worker, why="함께 살펴 주십시오.")
    moved(gone, supervisor)
    struck(conference)
    held(conference, supervisor)
    decided(ConferenceItem.objects.get(pk=items[0].pk), supervisor, owner=worker)
    kept = close(conference)
    assert kept[str(gone.pk)]["material"] == {"moved": True}
    assert (kept[str(gone.pk)]["number"], kept[str(gone.pk)]["why"]) == (gone.number, "")
    assert kept[str(stays.pk)]["material"]["people"]
    printed(page, supervisor, conference, "conference_record")
    where = next(n for n, one in enumerate(said) if gone.number in one)
    assert stays.number in "\n".join(said)
    assert "다른 센터" in said[where + 1]


def test_who_moved_after_the_hour_stays_in_the_record_as_it_was(close, supervisor, worker, begun, household):
    decided(begun, supervisor, owner=worker)
    moved(household, supervisor)
    kept = close(begun.conference)[str(household.pk)]
    assert len(kept["material"]["people"]) == 2
    assert kept["decisions"]


def material_of(page, user, item, **asked):
    url = reverse("desks:conference_material", args=[item.conference.number, item.household.number])
    return page.get(user, url, **asked).content.decode()


def test_while_it_is_held_everybody_reads_what_stood_when_it_began_and_what_changed_since(
    page, said, supervisor, worker, begun, household
):
    before = material_of(page, worker, begun)
    assert "회의 시작 때의 내용" in before
    assert "바뀐 것이 없습니다" in material_of(page, worker, begun, now="1")
    today = seoul_day(begun.brought_at)
    actions.change_district(household, district=district("부산 해운대구"), town="", on=today, by=worker)
    text = material_of(page, worker, begun)
    assert "관악구" in text
    assert "해운대구" not in text
    since = material_of(page, worker, begun, now="1")
    assert "새로 생김" in since
    assert "해운대구" in since
    printed(page, supervisor, begun.conference, "conference_material_file")
    assert any("회의 시작 때의 내용" in one for one in said)
    assert not any("해운대구" in one for one in said)


def test_before_it_begins_the_material_is_of_today(page, supervisor, worker, household):
    (item,) = brought(planned(supervisor), household, by=worker, why="함께 살펴 주십시오.")
    text = material_of(page, worker, item, now="1")
    assert "회의 시작 때의 내용" not in text
    assert "바뀐" not in text


def test_a_household_brought_while_it_is_held_is_shown_as_of_then(page, supervisor, worker, begun):
    late = HouseholdFactory(worker=worker, members=["한가람"], district="서울 관악구")
    (item,) = brought(begun.conference, late, by=worker, why="급히 올립니다.")
    assert late.number in material_of(page, worker, item)


def test_of_twenty_on_the_agenda_the_page_of_one_asks_no_more_than_of_two(page, supervisor, worker, household):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for number in (2, 6):
        conference = planned(supervisor, ago=-timedelta(seconds=40))
        homes = [HouseholdFactory(worker=worker, members=["한가람"]) for _n in range(number)]
        items = brought(conference, *homes, by=worker, why="함께")
        held(conference, supervisor)
        material_of(page, worker, items[0])
        with CaptureQueriesContext(connection) as captured:
            material_of(page, worker, items[0])
        counts.append(len(captured))
    assert counts[0] == counts[1]
