"""From which province of the North somebody comes: asked at intake, put right on the page, told in the own record."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from casework.clock import AsOf, seoul_day
from desks.requests.about import About
from desks.requests.kept import particulars
from desks.requests.veil import Veil
from households.actions import record_hometown
from households.duplicates.actions import keep_apart
from households.duplicates.alike import LISTED_FROM, POINTS, pair_of, pairs_of
from households.duplicates.shown import compared, records_of
from households.handover import actions as handing
from households.handover.arriving import arrive
from households.models import Handover, Hometown, Person
from households.requests.correcting import entries_of, form_of
from risk.sweeps import sweep
from tests.factories import UserFactory
from tests.factories.handovers import LISTED
from tests.factories.imports import bring, counts
from tests.factories.links import twins
from tests.households.handover.conftest import MOVED, NOW, officer

__all__ = ["officer"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def mate(kim):
    """Somebody at the same centre who keeps both files."""
    return UserFactory(agency=kim.agency, role="supervisor")


def url(person):
    return reverse("households:hometown", args=[person.case_number])


def page(client, person):
    return client.get(reverse("desks:person", args=[person.case_number])).content.decode()


def test_it_is_stated_and_put_right_on_the_page_of_the_person(people, kim, enter):
    client = enter(kim)
    assert url(people[0]) in page(client, people[0])
    for province in ("ryanggang", "north_hamgyong", "north_hamgyong"):
        assert client.post(url(people[0]), {"province": province}).status_code == 302
    assert "함경북도" in page(client, people[0])
    assert 'value="north_hamgyong" selected' in client.get(url(people[0])).content.decode()
    versions = Hometown.objects.order_by("id").values_list("province", "superseded_at")
    assert [(province, ended is None) for province, ended in versions] == [
        ("ryanggang", False),
        ("north_hamgyong", True),
    ]


def test_a_word_that_is_no_province_is_refused_and_a_stranger_sees_nothing(people, kim, stranger, enter):
    assert enter(kim).post(url(people[0]), {"province": "서울"}).status_code == 422
    assert enter(kim).post(url(people[0]), {"province": ""}).status_code == 422
    assert enter(stranger).get(url(people[0])).status_code == 404
    Hometown.objects.create(person=people[0], province="rason")
    assert Hometown.objects.visible_to(kim).exists()
    assert not Hometown.objects.visible_to(stranger).exists()


def test_the_own_record_and_what_may_be_corrected_name_it(people, kim, today):
    record_hometown(people[0], province="kaesong", on=today, by=kim)
    about = About(person=people[0], on=today, protected=False, veil=Veil(()), notes=False, agency=0)
    assert any("개성" in line for line in particulars(about))
    entry = next(one for one in entries_of(people[0].pk) if one.model is Hometown)
    assert entry.words == "개성"
    assert form_of(entry, people[0], None) == url(people[0])


def test_a_file_of_hanawon_brings_it_and_the_move_in_puts_it_on_file(officer, boss, kim):
    refused = {**LISTED, "handover_ref": "F-2", "given_name": "가람", "home_province": "서울"}
    assert counts(bring("handovers", [{**LISTED, "home_province": "chagang"}, refused]))[0] == 1
    found = handing.accept(Handover.objects.get(), by=boss, now=NOW, worker=kim)
    assert found.people.get().home_province == "chagang"
    arrive(found, by=boss, now=NOW, on=MOVED, decision="protected")
    assert (Hometown.objects.get().person, Hometown.objects.get().province) == (found.people.get().person, "chagang")


def test_a_household_told_before_the_column_was_there_is_no_news(officer, boss):
    assert counts(bring("handovers", [LISTED]))[:2] == (1, 0)
    assert counts(bring("handovers", [{**LISTED, "home_province": ""}]))[:2] == (0, 1)


def test_who_is_on_file_gets_it_with_the_move_in_unless_somebody_said_otherwise(officer, boss, kim, people):
    bring("handovers", [{**LISTED, "home_province": "chagang"}])
    found = handing.accept(Handover.objects.get(), by=boss, now=NOW, worker=kim)
    said = Hometown.objects.create(person=people[0], province="rason")
    arrive(found, by=boss, now=NOW, on=MOVED, decision="protected", known={found.people.get().pk: people[0]})
    assert Hometown.objects.get() == said


def test_the_intake_asks_it(kim, enter, house, people):
    told = {
        "person": {"family": "정", "given": "금주", "sex": "F", "birth": "1980-05-17", "is_defector": "yes"}
        | {"language": "ko", "home_province": "rason"},
        "household": {"where": "join", "number": house.number, "role": "other"},
        "protection": {"decision": "none"},
        "contact": {},
    }
    client, key = enter(kim), uuid4()
    client.post("/intake/", {"draft": str(key)})
    record_hometown(people[0], province="rason", on=seoul_day(timezone.now()), by=kim)
    for step, fields in told.items():
        answer = client.post(reverse("households:intake_step", args=[key, step]), fields)
        assert answer.status_code == 302, (step, answer.context["form"].errors)
    last = reverse("households:intake_step", args=[key, "check"])
    shown = client.get(last).content.decode()
    client.post(last, {"not_same": "on"} if "not_same" in shown else {})
    assert Hometown.objects.exclude(person=people[0]).get().province == "rason"


def test_pairs_say_it_for_or_against_and_it_lists_nobody(kim, mate, today):
    one, two = twins(kim)
    before = pair_of(one.pk, two.pk)
    for person, province, reasons, more in (
        (one, "unknown", set(), 0),
        (two, "rason", set(), 0),
        (one, "nampo", {"other_home"}, -1),
        (one, "rason", {"same_home"}, 1),
    ):
        record_hometown(person, province=province, on=today, by=kim)
        pair = pair_of(one.pk, two.pk)
        assert set(pair.reasons) == set(before.reasons) | reasons
        assert pair.points == before.points + more
    rows = {row.label: row for row in compared(*records_of([one.pk, two.pk], mate, today).values())}
    assert rows["출신 도(북한)"].same is True
    assert POINTS["same_home"] < LISTED_FROM


def test_a_pair_below_the_line_is_not_lifted_over_it(kim, today):
    low = twins(kim, names=("박금옥", "최금옥"))  # the given name and the birthday: what sisters-in-law may share
    for person in low:
        record_hometown(person, province="nampo", on=today, by=kim)
    assert pairs_of(Person.objects.kept_by(kim)) == []


def test_two_people_are_shown_again_once_a_home_province_is_stated(kim, mate, today):
    one, two = twins(kim)
    keep_apart(one, two, reason="다른 분", by=mate, now=timezone.now())
    assert pairs_of(Person.objects.kept_by(kim)) == []
    record_hometown(one, province="rason", on=today + timedelta(days=0), by=kim)
    assert len(pairs_of(Person.objects.kept_by(kim))) == 1


def test_no_rule_reads_it(people, kim, today):
    sweep(AsOf.live(timezone.now()))
    record_hometown(people[0], province="rason", on=today, by=kim)
    assert sweep(AsOf.live(timezone.now())).opened == 0
