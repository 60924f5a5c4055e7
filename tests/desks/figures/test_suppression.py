"""Nothing below five can be derived from what is shown: not by reading, not by subtraction, not by narrowing down."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desks.figures.suppression import ABOUT, EXACT, FEW, HIDDEN, VEILED, suppressed, together

small = st.integers(0, 9) | st.integers(0, 60)
tables = st.dictionaries(
    st.integers(0, 15), st.dictionaries(st.integers(0, 5), small, min_size=1, max_size=6), min_size=1, max_size=16
)
tiny = st.dictionaries(
    st.integers(0, 3),
    st.dictionaries(st.integers(0, 2), st.integers(0, 6), min_size=1, max_size=2),
    min_size=1,
    max_size=2,
)


def equations(column):
    """Return what a reader may add and subtract: (unknown places, is anything else known) per sum that is shown."""
    sums = [((), [(group,) for group in column.groups])]
    sums += [((group,), [(group, leaf) for leaf in leaves]) for group, leaves in column.leaves.items()]
    for whole, parts in sums:
        if column.cell(*whole).state != ABOUT:
            yield [(place, sign) for place, sign in [(whole, -1), *((part, 1) for part in parts)]]


def solved_by_subtraction(column):
    """Return the places of hidden counts that the sums determine, by elimination over the rational numbers."""
    unknown = [place for place in column.places() if column.cell(*place).state not in (EXACT, ABOUT)]
    rows = []
    for equation in equations(column):
        row = [Fraction(0)] * len(unknown)
        for place, sign in equation:
            if place in unknown:
                row[unknown.index(place)] = Fraction(sign)
        rows.append(row)
    reduced = echelon(rows)
    return [unknown[row.index(1)] for row in reduced if sum(value != 0 for value in row) == 1]


def echelon(rows):
    rows, done = [row for row in rows if any(row)], []
    width = len(rows[0]) if rows else 0
    for column in range(width):
        pivot = next((row for row in rows if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        pivot = [value / pivot[column] for value in pivot]
        rows = [[a - row[column] * b for a, b in zip(row, pivot, strict=True)] for row in rows]
        done = [[a - row[column] * b for a, b in zip(row, pivot, strict=True)] for row in done] + [pivot]
    return done


@settings(max_examples=300, deadline=None)
@given(tables)
def test_no_hidden_count_is_recovered_by_subtraction(counts):
    assert solved_by_subtraction(suppressed(counts)) == []


@given(tables)
def test_no_count_below_five_is_shown(counts):
    column = suppressed(counts)
    for place in column.places():
        cell = column.cell(*place)
        assert cell.shown is None or cell.shown >= 5
        assert cell.state != EXACT or cell.value >= 5


@given(tables)
def test_a_total_over_hidden_groups_is_rounded_to_tens(counts):
    column = suppressed(counts)
    if any(cell.state != EXACT for cell in column.groups.values()):
        assert column.total.state != EXACT
        assert column.total.shown is None or column.total.shown % 10 == 0


def worlds(column, most=14):
    """Yield every table of small counts that would be shown in the very same way."""
    places = [(group, leaf) for group, leaves in column.leaves.items() for leaf in leaves]
    choices = {EXACT: lambda cell: [cell.value], FEW: lambda cell: range(5), HIDDEN: lambda cell: range(5, most)}
    options = [choices.get(column.cell(*p).state, lambda cell: range(most))(column.cell(*p)) for p in places]
    for values in product(*options):
        world = dict(zip(places, values, strict=True))
        if fits(column, world):
            yield world


def fits(column, world):
    sums = {group: sum(world[group, leaf] for leaf in leaves) for group, leaves in column.leaves.items()}
    if not all(said(column.groups[group], total) for group, total in sums.items()):
        return False
    return said(column.total, sum(sums.values()))


def said(cell, value):
    about = (value + 5) // 10 * 10
    return {EXACT: value == cell.value, ABOUT: about == cell.shown, FEW: value < 5, HIDDEN: value >= 5, VEILED: True}[
        cell.state
    ]


@settings(max_examples=40, deadline=None)
@given(tiny)
def test_every_small_count_could_as_well_be_any_other_small_count(counts):
    column = suppressed(counts)
    found = list(worlds(column))
    for place in [(group, leaf) for group, leaves in column.leaves.items() for leaf in leaves]:
        if column.cell(*place).value < 5:
            assert {world[place] for world in found} >= {0, 1, 2, 3, 4}


@given(st.lists(st.tuples(small, small, small), min_size=1, max_size=8))
def test_in_a_row_no_small_share_is_narrowed_by_its_neighbour(rows):
    urgent = {n: {0: row[0]} for n, row in enumerate(rows)}
    moderate = {n: {0: row[1]} for n, row in enumerate(rows)}
    whole = {n: {0: sum(row)} for n, row in enumerate(rows)}
    columns = together({"urgent": urgent, "moderate": moderate}, whole)
    shown = suppressed(whole)
    for n in urgent:
        cells, row = [column.groups[n] for column in columns.values()], shown.groups[n]
        for cell, other in (cells, cells[::-1]):
            least = {EXACT: other.value, HIDDEN: 5}.get(other.state, 0)
            if cell.value < 5 and row.state == EXACT:
                assert row.value - least >= 4


@pytest.mark.parametrize("counts", [{}, {1: {}}, {1: {1: 0}}])
def test_an_empty_table_is_shown_without_a_number(counts):
    assert suppressed(counts).total.shown is None


def test_jeju_takes_ulsan_along():
    column = suppressed({"제주": {1: 3}, "울산": {2: 12}, "대전": {3: 14}, "서울": {4: 90, 5: 108}})
    assert (column.groups["제주"].state, column.groups["울산"].state) == (FEW, HIDDEN)
    assert column.leaves["울산"][2].state == HIDDEN, "the centre would tell the region"
    assert (column.groups["대전"].state, column.total.state, column.total.shown) == (EXACT, ABOUT, 230)
