"""How a member stands: stated on a day, put right, taken back; and what a screening gave, seen by few."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from casework.audit.models import Event
from casework.touched import Touched
from households import actions
from households.actions import Refused
from households.models import Circumstance, Screening
from households.models.circumstance import VALUES
from households.readings import READINGS, reading_of, steps_of
from tests.factories import PersonFactory, ShareFactory, UserFactory
from tests.factories.stated import CircumstanceFactory, ScreeningFactory

MARCH, MAY, JULY = date(2026, 3, 2), date(2026, 5, 4), date(2026, 7, 6)


@pytest.fixture
def state(people, kim):
    """State something about the head."""

    def said(value, since, kind="income", **more):
        return actions.record_circumstance(people[0], kind=kind, value=value, since=since, by=kim, **more)

    return said


def standing(person, kind="income"):
    """Return [(value, first day, day after the last)] of what stands now."""
    rows = Circumstance.objects.current().filter(person=person, kind=kind).order_by("during")
    return [(row.value, row.during.lower, row.during.upper) for row in rows if not row.during.isempty]


def test_a_new_statement_ends_the_one_before_on_its_day(state, people):
    state("above_line", MARCH)
    state("below_line", MAY)
    assert standing(people[0]) == [("above_line", MARCH, MAY), ("below_line", MAY, None)]


def test_what_is_learned_late_leaves_what_came_after_standing(state, people):
    state("below_line", JULY)
    state("above_line", MARCH)
    assert standing(people[0]) == [("above_line", MARCH, JULY), ("below_line", JULY, None)]


def test_the_same_statement_twice_changes_nothing(state):
    first = state("below_line", MARCH)
    assert state("below_line", MARCH) == first
    assert state("below_line", MAY) == first
    assert Circumstance.objects.count() == 1
    assert Event.objects.filter(verb="circumstance_recorded").count() == 1


def test_the_same_key_lands_once_also_after_it_was_taken_back(state, people, kim):
    key = uuid4()
    made = state("below_line", MARCH, client_key=key)
    actions.withdraw_circumstance(made, by=kim, now=timezone.now())
    assert state("below_line", MARCH, client_key=key) == made
    assert standing(people[0]) == []


def test_benefits_stand_beside_each_other(state, people):
    state("receiving", MARCH, kind="benefit", detail="livelihood")
    state("refused", MARCH, kind="benefit", detail="housing")
    assert len(standing(people[0], "benefit")) == 2


def test_a_second_word_for_the_same_day_takes_the_place_of_the_first(state, people):
    state("below_line", MARCH)
    state("near_line", MARCH)
    assert standing(people[0]) == [("near_line", MARCH, None)]


@pytest.mark.parametrize(
    ("about", "field"),
    [
        ({"value": "rich"}, "value"),
        ({"kind": "shoe_size", "value": "none"}, "value"),
        ({"kind": "benefit", "value": "receiving"}, "detail"),
        ({"value": "below_line", "detail": "housing"}, "detail"),
    ],
)
def test_only_the_closed_list_is_recorded(state, about, field):
    with pytest.raises(Refused) as refused:
        state(about.pop("value"), MARCH, **about)
    assert refused.value.field == field


def test_the_database_says_no_to_a_word_outside_the_list(people):
    with pytest.raises(IntegrityError), transaction.atomic():
        CircumstanceFactory(person=people[0], value="severe")
    with pytest.raises(IntegrityError), transaction.atomic():
        CircumstanceFactory(person=people[0], kind="benefit", value="ended", detail="")


def test_a_corrected_value_keeps_the_fact_and_its_first_version(state, kim):
    made = state("below_line", MARCH)
    version = actions.correct_circumstance(made, value="near_line", since=MARCH, by=kim)
    assert (version.fact_id, version.value) == (made.fact_id, "near_line")
    assert Circumstance.objects.get(pk=made.pk).superseded_at == version.known_at
    assert actions.correct_circumstance(version, value="near_line", since=MARCH, by=kim) == version


@pytest.mark.parametrize("since", [date(2026, 4, 1), date(2026, 6, 1)])
def test_a_corrected_day_moves_the_end_of_the_statement_before(state, people, kim, since):
    state("above_line", MARCH)
    made = state("below_line", MAY)
    actions.correct_circumstance(made, value="below_line", since=since, by=kim)
    assert standing(people[0]) == [("above_line", MARCH, since), ("below_line", since, None)]


@pytest.mark.parametrize("since", [MARCH, JULY])
def test_a_corrected_day_stays_between_its_neighbours(state, kim, since):
    state("above_line", MARCH)
    made = state("below_line", MAY)
    state("near_line", JULY)
    made = Circumstance.objects.current().get(fact_id=made.fact_id)
    with pytest.raises(Refused) as refused:
        actions.correct_circumstance(made, value="below_line", since=since, by=kim)
    assert refused.value.field == "since"


def test_a_correction_of_an_older_version_is_refused(state, kim, boss):
    made = state("below_line", MARCH)
    actions.correct_circumstance(made, value="near_line", since=MARCH, by=boss)
    with pytest.raises(Refused):
        actions.correct_circumstance(made, value="above_line", since=MARCH, by=kim)


def test_what_a_mistaken_entry_had_ended_goes_on_when_it_is_taken_back(state, people, kim):
    state("above_line", MARCH)
    mistaken = state("below_line", MAY)
    seen_at = timezone.now()
    for _tap in range(2):
        actions.withdraw_circumstance(mistaken, by=kim, now=timezone.now())
    assert standing(people[0]) == [("above_line", MARCH, None)]
    told = Circumstance.objects.known_by(seen_at).filter(value="below_line")
    assert told.exists(), "what was known then stays known then"
    assert Event.objects.filter(verb="circumstance_withdrawn").count() == 1


def test_what_a_mistake_of_the_same_day_left_no_day_stands_again(state, people, kim):
    state("above_line", MARCH)
    state("near_line", MAY)
    mistaken = state("below_line", MAY)
    assert standing(people[0]) == [("above_line", MARCH, MAY), ("below_line", MAY, None)]
    for _tap in range(2):
        actions.withdraw_circumstance(mistaken, by=kim, now=timezone.now())
    assert standing(people[0]) == [("above_line", MARCH, MAY), ("near_line", MAY, None)]


@pytest.mark.parametrize("moved_to", [date(2026, 4, 6), date(2026, 6, 1)])
def test_it_stands_again_on_its_own_day_also_where_the_mistake_was_moved(state, people, kim, moved_to):
    state("above_line", MARCH)
    state("near_line", MAY)
    mistaken = actions.correct_circumstance(state("below_line", MAY), value="below_line", since=moved_to, by=kim)
    actions.withdraw_circumstance(mistaken, by=kim, now=timezone.now())
    assert standing(people[0]) == [("above_line", MARCH, MAY), ("near_line", MAY, None)]


@pytest.mark.parametrize(("order", "between"), [((1, 0), "below_line"), ((0, 1), "near_line")])
def test_of_two_mistakes_of_one_day_each_leaves_what_is_said_besides(state, people, kim, order, between):
    state("above_line", MAY)
    made = [state("below_line", MAY), state("near_line", MAY)]
    for taken, left in zip(order, (between, "above_line"), strict=True):
        actions.withdraw_circumstance(made[taken], by=kim, now=timezone.now())
        assert standing(people[0]) == [(left, MAY, None)]


def test_what_stands_again_ends_where_something_later_is_on_record(state, people, kim):
    state("above_line", MAY)
    mistaken = state("below_line", MAY)
    state("near_line", JULY)
    actions.withdraw_circumstance(mistaken, by=kim, now=timezone.now())
    assert standing(people[0]) == [("above_line", MAY, JULY), ("near_line", JULY, None)]


def test_after_a_day_or_by_another_an_entry_is_corrected_and_not_taken_back(state, kim, boss):
    made = state("below_line", MARCH)
    with pytest.raises(Refused):
        actions.withdraw_circumstance(made, by=boss, now=timezone.now())
    with pytest.raises(Refused):
        actions.withdraw_circumstance(made, by=kim, now=timezone.now() + timedelta(hours=25))


def test_recording_and_taking_back_both_wait_for_a_sweep(state, house, kim):
    Touched.objects.all().delete()
    made = state("below_line", MARCH)
    assert Touched.objects.filter(household_id=house.pk).exists()
    Touched.objects.all().delete()
    actions.withdraw_circumstance(made, by=kim, now=timezone.now())
    assert Touched.objects.filter(household_id=house.pk).exists()


def test_the_event_says_about_what_and_not_what_was_said(state):
    state("serious", MARCH, kind="illness")
    event = Event.objects.get(verb="circumstance_recorded")
    assert event.data["about"] == "illness"
    assert "serious" not in f"{event.data} {event.subject_label}"


def test_every_value_has_words_and_fits_its_column():
    assert max(len(value) for said in VALUES.values() for value in said) <= 16
    assert all(str(label) for said in VALUES.values() for label in said.values())


# --- screenings ---


def screen(person, by, **about):
    said = {"instrument": "phq9", "score": 12, "item9": False, "observed_on": MARCH, **about}
    return actions.record_screening(person, by=by, **said)


def test_a_screening_keeps_the_score_the_day_and_no_answers(people, kim):
    made = screen(people[0], kim, item9=True)
    assert (made.score, made.item9, made.observed_on) == (12, True, MARCH)
    assert screen(people[0], kim, item9=True) == made
    columns = {field.name for field in Screening._meta.get_fields()}
    assert columns & {"answers", "items", "responses"} == set()


@pytest.mark.parametrize(
    "about",
    [
        {"score": 28},
        {"score": -1},
        {"instrument": "lonely", "score": 11, "item9": None},
        {"instrument": "pcptsd5", "score": 6, "item9": None},
        {"instrument": "auditk", "score": 41, "item9": None},
        {"instrument": "cssrs", "score": 7, "item9": None},
        {"instrument": "lonely", "score": 4, "item9": False},
        {"score": 0, "item9": True},
        {"instrument": "horoscope", "score": 1, "item9": None},
    ],
)
def test_a_result_that_the_instrument_cannot_give_is_refused(people, kim, about):
    with pytest.raises(Refused):
        screen(people[0], kim, **about)
    assert not Screening.objects.exists()


def test_the_database_holds_the_range_too(people):
    with pytest.raises(IntegrityError), transaction.atomic():
        ScreeningFactory(person=people[0], score=28)
    with pytest.raises(IntegrityError), transaction.atomic():
        ScreeningFactory(person=people[0], instrument="lonely", score=3, item9=False)


def test_a_screening_is_corrected_by_a_version_and_taken_back_by_none(people, kim):
    made = screen(people[0], kim)
    version = actions.correct_screening(made, score=21, item9=False, observed_on=MARCH, by=kim)
    assert (version.fact_id, version.score) == (made.fact_id, 21)
    for _tap in range(2):
        actions.withdraw_screening(version, by=kim, now=timezone.now())
    assert not Screening.objects.current().exists()
    assert Screening.objects.count() == 2


def test_a_screening_is_seen_by_workers_and_supervisors_and_by_no_share(people, house, kim, boss, centre, stranger):
    made = ScreeningFactory(person=people[0])
    stated = CircumstanceFactory(person=people[0])
    colleague, guest = UserFactory(agency=centre), UserFactory(role="supervisor")
    ShareFactory(household=house, to_user=guest)
    seen = {user: list(Screening.objects.visible_to(user)) for user in (kim, boss, colleague, guest, stranger)}
    assert seen == {kim: [made], boss: [made], colleague: [], guest: [], stranger: []}
    assert list(Circumstance.objects.visible_to(guest)) == [stated]
    assert not Circumstance.objects.visible_to(stranger).exists()


def test_nobody_changes_a_stored_fact(people):
    ScreeningFactory(person=people[0])
    with pytest.raises(Exception, match=r"permission denied|never changed"), transaction.atomic():
        Screening.objects.update(score=3)
    with connection.cursor() as cursor:
        cursor.execute("SELECT score FROM households_screening")
        assert cursor.fetchone() == (7,)


def test_every_score_has_a_reading_and_the_steps_cover_the_whole_sheet():
    assert reading_of("phq9", 15).words == READINGS["phq9"][3].words
    assert [told for told, _step in steps_of("phq9")] == ["0–4", "5–9", "10–14", "15–19", "20–27"]
    assert [told for told, _step in steps_of("cssrs")] == ["0", "1–6"]


def test_somebody_without_a_household_can_be_screened(kim):
    assert screen(PersonFactory(name="표하나"), kim).pk
