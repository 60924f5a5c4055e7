"""One statement for one person and for everybody: it agrees with plain Python, and with itself."""

import random
from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from households.entitlements import compiled
from households.entitlements.answers import answers_of
from households.entitlements.catalogue import Catalogue, catalogue_of
from households.entitlements.pieces import PIECES, anniversary
from households.entitlements.vocabulary import NOT_KEPT, SIDO, WORDS, validated
from households.entitlements.whatif import Assumed, assume
from households.models import Entitlement, EntitlementVersion
from tests.factories.registers import household, member
from tests.factories.stated import CircumstanceFactory
from tests.households.entitlements import oracle

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 23)
EDGES = [
    date(2024, 2, 29),
    date(2023, 2, 28),
    date(2024, 3, 1),
    date(2021, 11, 23),
    date(2021, 11, 24),
    date(1960, 2, 29),
]
DAYS = st.one_of(st.none(), st.sampled_from(EDGES), st.dates(date(1930, 1, 1), date(2027, 12, 31))).map(
    lambda day: day and day.isoformat()
)
FLAG = st.sampled_from([True, False, None])


def maybe(*values):
    return st.sampled_from([None, *values])


ROW = st.fixed_dictionaries(
    {
        "role": st.sampled_from(["head", "spouse", "child"]),
        "defector": FLAG,
        "born_first": DAYS,
        "uncertain": st.sampled_from([0, 30, 364]),
        "entered_on": DAYS,
        "moved_in_on": DAYS,
        "decision": maybe("protected", "non_protected", "pending", "changed", "suspended"),
        "decided_on": DAYS,
        "protected_until": DAYS,
        "last_protected_on": DAYS,
        "facility_until": DAYS,
        "income": maybe("below_line", "near_line", "above_line"),
        "income_krw": maybe(0, 820_556, 820_557, 3_000_000),
        "median_krw": maybe(2_564_238, 6_494_738),
        "employment": maybe("employed", "day_labour", "not_working"),
        "employed_since": DAYS,
        "benefits": maybe({"livelihood": "receiving"}, {"livelihood": "ended", "medical": "receiving"}),
        "disability": maybe("severe", "mild", "none"),
        "illness": maybe("serious", "none"),
        "marital": maybe("married", "single", "divorced"),
        "size": st.integers(1, 6),
        "with_defector": FLAG,
        "parent_defector": st.booleans(),
        "children": st.integers(0, 2),
        "child_born": DAYS,
        "child_born_last": DAYS,
        "other_child": st.booleans(),
        "has_spouse": st.booleans(),
        "home_moved_in_on": DAYS,
        "sido": maybe("서울", "부산"),
        "sido_since": DAYS,
    }
)
TOLD = {
    "decision": {"codes": ["protected", "non_protected"]},
    "since_move_in": {"years": 5},
    "home_since_move_in": {"years": 1},
    "facility_left": {"months": 6},
    "age": {"least": 18, "most": 60},
    "age_at_decision": {"least": 50, "most": 59},
    "entered": {"since": "2014-11-29"},
    "income_below_line": {"percent": 32},
    "income_up_to": {"percent": 75},
    "receiving": {"codes": ["livelihood", "medical"]},
    "not_receiving": {"codes": ["livelihood"]},
    "disability": {"codes": ["severe", "mild"]},
    "illness": {"codes": ["serious"]},
    "child_at_home": {"under": 13},
    "employed": {"codes": ["employed", "day_labour"], "months": 6},
    "employment": {"codes": ["employed"]},
    "lives_in": {"codes": ["부산"]},
    "lives_there": {"years": 2},
    "household_size": {"least": 2, "most": 4},
    "not_kept": {"codes": ["assets"]},
}
EACH = [{"word": word, **TOLD.get(word, {})} for word in WORDS]


def versions(*lists):
    """Return unsaved versions with these criteria; their keys are their places."""
    entry = Entitlement(code="T", whom="person")
    return tuple(EntitlementVersion(pk=place, entitlement=entry, criteria=told) for place, told in enumerate(lists, 1))


def completed(row, key=1):
    """Return a row as the statement takes it, with the last day of birth beside the first."""
    full = {name: row.get(name) for name in compiled.COLUMNS} | {"person_id": key, "household_id": key, "asks": True}
    if row["born_first"]:
        last = date.fromisoformat(row["born_first"]) + timedelta(days=row["uncertain"])
        full["born_last"] = last.isoformat()
    return full


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    rows=st.lists(ROW, min_size=1, max_size=6),
    on=st.one_of(st.sampled_from(EDGES), st.dates(date(2018, 1, 1), date(2030, 12, 31))),
)
def test_every_word_says_what_plain_python_says(rows, on):
    facts = [completed(row, key) for key, row in enumerate(rows, 1)]
    mixed = [
        [EACH[0], {**EACH[4], "group": "a"}, {**EACH[9], "group": "a"}],
        [{**EACH[11], "group": "b"}, {**EACH[6], "group": "b"}, EACH[3]],
        [EACH[2], {**EACH[-1], "check": True}, EACH[20]],
    ]
    lists = [[criterion] for criterion in EACH] + mixed
    found = compiled.answered(facts, Catalogue(versions(*lists), ()), on=on)
    assert len(found) == len(facts) * len(lists)
    for person, version, state, until, told in found:
        said = oracle.answer(version.criteria, facts[person - 1], on)
        assert state is said, (version.criteria, facts[person - 1], on)
        assert until is None or (state is True and until >= on)
        assert [one[0] for one in told] == [oracle.holds(c, facts[person - 1], on) for c in version.criteria]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(row=ROW, on=st.dates(date(2018, 1, 1), date(2030, 12, 31)))
def test_the_last_day_is_the_last_on_which_it_holds(row, on):
    facts = [completed(row)]
    catalogue = Catalogue(versions(*([criterion] for criterion in EACH)), ())
    after = {}
    for _person, version, state, until, _told in compiled.answered(facts, catalogue, on=on):
        if state and until and until < date(2031, 1, 1):
            after.setdefault(until, []).append(version)
    for until, ending in after.items():
        for day, holds in ((until, True), (until + timedelta(days=1), False)):
            told = compiled.answered(facts, Catalogue(tuple(ending), ()), on=day)
            assert all((state is True) == holds for _p, _v, state, _u, _t in told), (ending[0].criteria, row, day)


@given(st.lists(st.dates(date(1900, 1, 1), date(2100, 12, 31)), min_size=1, max_size=40), st.integers(1, 100))
@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
def test_years_are_counted_as_the_clock_counts_them(days, years):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT day, {anniversary('day', years)} FROM unnest(%s::date[]) AS day", [days])
        assert all(later == oracle.anniversary(day, years) for day, later in cursor.fetchall())


STATED = (
    ("income", ["below_line", "near_line", "above_line", "unknown"]),
    ("employment", ["employed", "day_labour", "not_working", "unknown"]),
    ("disability", ["severe", "none"]),
    ("illness", ["serious", "chronic", "none"]),
    ("marital", ["married", "single", "divorced"]),
)


def a_register(seed, number=25):
    """Write households of one to four people with facts that chance chose; return them."""
    chance = random.Random(seed)

    def day(first, last):
        return None if chance.random() < 0.2 else date.fromordinal(chance.randint(first.toordinal(), last.toordinal()))

    homes = []
    for _home in range(number):
        home = household(
            place=chance.choice(["", "부산 해운대구", "서울 관악구"]), place_since=day(date(2020, 1, 1), ON)
        )
        for role in ("head", "spouse", "child", "child")[: chance.randint(1, 4)]:
            somebody(home, role, chance, day)
        homes.append(home)
    return homes


def somebody(home, role, chance, day):
    """Write one member of `home` with facts that chance chose; `day(first, last)` is one of those days, or unknown."""
    moved = day(date(2015, 1, 1), ON)
    decision = chance.choice(["", "protected", "protected", "non_protected"])
    until = moved and oracle.anniversary(moved, 5) - timedelta(days=1)
    member(
        home,
        role=role,
        defector=chance.choice([True, True, True, False]),
        born=day(date(1940, 1, 1), ON),
        precision=chance.choice(["day", "day", "month", "year"]),
        entered=day(date(2010, 1, 1), ON),
        moved_in=moved,
        decision=decision,
        decided=day(date(2015, 1, 1), ON),
        periods=[(moved, until)] if moved and decision == "protected" and chance.random() < 0.8 else (),
        stated=[
            (kind, chance.choice(values), day(date(2024, 1, 1), ON)) for kind, values in STATED if chance.random() < 0.6
        ],
        benefits=[("livelihood", "receiving")] if chance.random() < 0.2 else (),
    )


@pytest.mark.parametrize(
    ("children", "expected"),
    [
        ([(None, "day")], None),
        ([(date(2000, 1, 1), "day"), (None, "day")], None),
        ([(date(2020, 1, 1), "day"), (None, "day")], True),
        ([(date(2000, 1, 1), "day")], False),
        ([(date(2013, 1, 1), "year")], None),
        ([(date(2013, 11, 1), "month")], None),
        ([(date(2013, 10, 1), "month")], False),
    ],
)
def test_a_child_whose_birth_is_unknown_is_neither_young_nor_grown(children, expected):
    home = household()
    member(home, role="head", born=date(1980, 1, 1))
    for born, precision in children:
        member(home, role="child", born=born, precision=precision)
    rows = compiled.rows_of([home.pk], on=ON, medians=())
    told = versions([{"word": "child_at_home", "under": 13}])
    assert {row[2] for row in compiled.answered(rows, Catalogue(told, ()), on=ON)} == {expected}


def test_work_that_is_assumed_unknown_is_unknown():
    (row,) = assume([{"person_id": 1, "employment": "employed"}], Assumed(ON, person=1, employment="unknown"))
    assert row["employment"] is None


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_one_by_one_and_everybody_at_once_say_the_same(seed):
    homes = a_register(seed)
    catalogue = catalogue_of(on=ON)
    sql, params = compiled.statement(catalogue, on=ON)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        everybody = {(row[0], row[1], row[2]): (row[3], row[4]) for row in cursor.fetchall()}
    alone = {}
    for home in homes:
        for answer in answers_of(home.pk, on=ON, catalogue=catalogue):
            if answer.state != "no":
                state = True if answer.state == "yes" else None
                alone[home.pk, answer.person, answer.version.pk] = (state, answer.until)
    assert everybody == alone
    assert len(everybody) > 100


def test_each_word_has_a_piece_and_nothing_else_passes():
    assert set(PIECES) == set(WORDS)
    assert len(validated(EACH[:12])) == 12
    assert SIDO
    assert NOT_KEPT


def test_what_was_told_late_is_not_known_earlier():
    home = household()
    one = member(home, moved_in=date(2024, 3, 1), decision="protected", born=date(1980, 1, 1))
    before = timezone.now()
    CircumstanceFactory(person=one, value="below_line", since=date(2026, 1, 1), known_at=timezone.now())
    states = []
    for known in (before, timezone.now()):
        sql, params = compiled.statement(catalogue_of(on=ON), on=ON, known=known)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT state FROM ({sql}) a JOIN households_entitlementversion v ON v.id = a.version "
                "JOIN households_entitlement e ON e.id = v.entitlement_id WHERE e.code = 'LIVELIHOOD-5Y'",
                params,
            )
            states.append(cursor.fetchone()[0])
    assert states == [None, True]


@pytest.mark.parametrize("gap", [0, 1])
def test_an_extension_that_follows_without_a_gap_moves_the_last_day(gap):
    home = household()
    first = (date(2022, 3, 15), date(2027, 3, 14))
    more = (first[1] + timedelta(days=1 + gap), date(2029, 3, 14))
    member(home, moved_in=first[0], decision="protected", born=date(1960, 1, 1), periods=[first, more])
    found = {answer.code: answer for answer in answers_of(home.pk, on=ON)}
    assert found["ADD-AGE"].until == (first[1] if gap else more[1])
