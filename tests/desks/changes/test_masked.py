"""Nothing below five can be derived from what a trial shows: by reading, by subtraction, by what must be at least."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desks.changes.masked import BANDS, apart, beside, masked, sum_words
from desks.changes.work import work_of
from desks.figures.suppression import EXACT, FEW, HIDDEN, VEILED, Cell

count = st.integers(1, 4) | st.integers(1, 9)
standing = st.lists(st.integers(0, 6) | st.integers(0, 14), min_size=5, max_size=5)
moved = st.dictionaries(st.tuples(st.sampled_from(BANDS[:3]), st.sampled_from(BANDS)), count, max_size=3)


def moves_of(stay, moved):
    """Return [before, after, households] of who stays in the bands, highest first, and who moves."""
    going = [[before, after, n] for (before, after), n in moved.items() if before != after]
    return [[band, band, n] for band, n in zip(BANDS, stay, strict=True)] + going


def worlds(found, everybody):
    """Yield (now, moves) that would be shown in the very same way, by whoever knows how many households there are."""
    exact = [cell.value for cell in found.now.values() if cell.state == EXACT]
    ranges = {FEW: range(5), HIDDEN: range(5, min(exact, default=everybody) + 1), VEILED: range(everybody + 1)}
    hidden = [band for band, cell in found.now.items() if cell.state != EXACT]
    few = [pair for pair, cell in found.cells.items() if cell.state == FEW]
    for small in product(range(1, 5), repeat=len(few)):
        moves = {pair: cell.value for pair, cell in found.cells.items() if cell.state == EXACT}
        moves |= dict(zip(few, small, strict=True))
        leaving = {band: sum(n for (before, _after), n in moves.items() if before == band) for band in BANDS}
        if any(leaving[band] > cell.value for band, cell in found.now.items() if cell.state == EXACT):
            continue
        choices = [[n for n in ranges[found.now[band].state] if n >= leaving[band]] for band in hidden]
        for now in fitting(choices, everybody - sum(exact)):
            yield {band: cell.value for band, cell in found.now.items()} | dict(zip(hidden, now, strict=True)), moves


def fitting(choices, whole):
    """Yield one of each choice, so that they add up to the whole."""
    if not choices:
        if whole == 0:
            yield ()
        return
    for n in choices[0]:
        if n <= whole:
            yield from ((n, *rest) for rest in fitting(choices[1:], whole - n))


@settings(max_examples=150, deadline=None)
@given(standing, moved)
def test_every_small_count_of_the_bands_could_as_well_be_one_of_four_numbers(stay, moved):
    rows = moves_of(stay, moved)
    everybody, found = sum(row[2] for row in rows), masked(rows)
    if any(cell.state == VEILED for cell in found.cells.values()):
        assert all(cell.state == VEILED for cell in found.cells.values())
        return
    truth = {(before, after): n for before, after, n in rows if before != after}
    told = counts_of(found, everybody)
    for name, value in true_counts(stay, truth).items():
        if 0 < value < 5:
            assert len(told[name]) >= 4, name


def counts_of(found, everybody):
    """Return the numbers that each count could be: who stands in a band, moves, stays, stands there afterwards."""
    told = {}
    for now, moves in worlds(found, everybody):
        stay = [now[band] - sum(n for (before, _), n in moves.items() if before == band) for band in BANDS]
        for name, value in true_counts(stay, moves).items():
            told.setdefault(name, set()).add(value)
    return told


def true_counts(stay, moves):
    found = {("move", *pair): n for pair, n in moves.items()}
    for band, n in zip(BANDS, stay, strict=True):
        found["stay", band] = n
        found["now", band] = n + sum(m for (before, _), m in moves.items() if before == band)
        found["after", band] = n + sum(m for (_, after), m in moves.items() if after == band)
    return found


@given(standing, moved)
def test_no_count_below_five_is_printed_and_sums_are_of_what_shows(stay, moved):
    found = masked(moves_of(stay, moved))
    printed = [*found.cells.values(), *found.now.values()]
    printed += [cell for band in BANDS for cell in (found.stay(band), found.after(band))]
    assert not [cell for cell in printed if cell.state == EXACT and 0 < cell.value < 5]
    small = {pair: n for pair, n in moved.items() if n < 5 and pair[0] != pair[1]}
    other = masked(moves_of([n + 40 for n in stay], moved | dict.fromkeys(small, 4)))
    same = masked(moves_of([n + 40 for n in stay], moved | dict.fromkeys(small, 1)))
    assert [sum_words(cells) for cells in (other.up(), other.down())] == [
        sum_words(cells) for cells in (same.up(), same.down())
    ]


def test_sums_say_that_more_may_stand_behind_them():
    found = masked([[1, 1, 900], [1, 2, 60], [2, 3, 7], [2, 2, 90], [4, 4, 50], [4, 5, 2], [3, 3, 60], [5, 5, 20]])
    assert (sum_words(found.up()), sum_words(found.down())) == ("67 이상", "0")
    assert (sum_words(found.among(entering=5)), sum_words(found.among(leaving=5))) == ("5 미만", "0")
    assert (found.after(5).value, found.stay(4).value) == (20, 52), "the two count nowhere"


def test_where_nearly_all_of_a_band_move_the_band_is_hidden():
    found = masked([[4, 3, 58], [4, 4, 2], [3, 3, 300], [2, 2, 900], [1, 1, 5000], [5, 5, 90]])
    assert (found.cells[4, 3].state, found.now[4].state, found.stay(4).state) == (EXACT, VEILED, VEILED)
    assert found.now[5].state == HIDDEN, "two are hidden, for everybody is known"


def test_of_hardly_anybody_nothing_is_shown():
    found = masked([[2, 3, 1]])
    assert {cell.state for cell in found.cells.values()} == {VEILED}
    assert sum_words(found.up()) == "가림"


# --- by centre, beside the moves ---

flagged = st.lists(st.integers(0, 4) | st.integers(0, 12), min_size=1, max_size=3)


def said(cell, value):
    about = (value + 5) // 10 * 10
    return {
        EXACT: value == cell.value,
        FEW: value < 5,
        HIDDEN: value >= 5,
        VEILED: True,
        "about": about == cell.shown,
    }[cell.state]


def seen_beside(column, cells, most=40):
    """Return the numbers that each centre and each move could be, where no more move than are flagged."""
    centres = list(column.groups.values())
    exact = min((cell.value for cell in centres if cell.state == EXACT), default=most)
    ranges = {FEW: range(5), HIDDEN: range(5, exact + 1), VEILED: range(most)}
    of_centres = [ranges.get(cell.state, [cell.value]) for cell in centres]
    of_moves = [range(1, 5) if cell.state == FEW else [cell.value] for cell in cells]
    told = [set() for _ in centres], [set() for _ in cells]
    for values in product(*of_centres):
        if said(column.total, sum(values)):
            for moves in product(*of_moves):
                if sum(moves) <= sum(values):
                    for known, value in zip((*told[0], *told[1]), (*values, *moves), strict=True):
                        known.add(value)
    return told


@settings(max_examples=60, deadline=None)
@given(flagged, st.lists(count, max_size=2))
def test_neither_centres_nor_moves_narrow_each_other(flagged, moves):
    if sum(moves) > sum(flagged):
        return
    cells = [Cell(n, FEW if n < 5 else EXACT) for n in moves]
    column = beside(dict(enumerate(flagged)), cells)
    centres, moved = seen_beside(column, cells)
    assert all(len(known) >= 4 for known, value in zip(centres, flagged, strict=True) if value < 5)
    assert all(known == {1, 2, 3, 4} for known, value in zip(moved, moves, strict=True) if value < 5)


def test_where_nearly_all_newly_flagged_move_up_their_number_is_hidden():
    counts = dict(enumerate((300, 400, 534)))
    cells = [Cell(902), Cell(330), Cell(2, FEW)]
    assert apart(counts).total.state == EXACT
    column = beside(counts, cells)
    assert (column.total.state, [cell.state for cell in column.groups.values()]) == (VEILED, [VEILED, HIDDEN, EXACT])


def test_without_a_small_move_nothing_is_hidden():
    assert beside({1: 30, 2: 40}, [Cell(70)]).total.state == EXACT


# --- the work ---


def centre(key, *owed, new=40, workers=8, before=128.0):
    more = sum(line[3] for line in owed)
    return {
        "key": key,
        "name": str(key),
        "workers": workers,
        "households": 400,
        "before": before,
        "after": before + more,
        "new": new,
        "cleared": 40,
        "owed": [list(line) for line in owed],
    }


def work(*rows, own=None):
    new, cleared = (apart({row["key"]: row[name] for row in rows}) for name in ("new", "cleared"))
    found = work_of(list(rows), new, cleared, own)
    return found, {line["name"]: line["words"] if line["state"] == EXACT else None for line in found["first"]}


def test_work_shows_where_five_or_more_stand_behind_it():
    shown = (2, 3, 32, 12.0, 0.6)
    found, lines = work(
        centre(1, shown), centre(2, shown), centre(3, (2, 3, 2, 0.8, 0.6)), centre(4, (2, 3, 3, 1.2, 0.6))
    )
    assert lines == {"1": "+1.5", "2": "+1.5", "3": None, "4": None}
    assert found["hidden"]


def test_one_centre_hidden_takes_the_next_smallest_along():
    lines = work(centre(1, (2, 3, 30, 12.0, 0.6)), centre(2, (2, 3, 9, 4.0, 0.6)), centre(3, (2, 3, 2, 0.8, 0.6)))[1]
    assert lines == {"1": "+1.5", "2": None, "3": None}


def test_one_household_that_makes_most_of_the_work_hides_it():
    one = [(2, 3, 6, 0.4, 0.1), (4, 5, 1, 6.3, 6.3)]
    many = (4, 5, 6, 37.8, 6.3)
    lines = work(centre(1, *one), centre(2, many), centre(3, many), centre(4, *one))[1]
    assert (lines["1"], lines["4"], lines["2"]) == (None, None, "+4.7")


@pytest.mark.parametrize("entering", [1, 4])
def test_what_few_of_the_whole_country_do_is_in_no_figure_of_work(entering):
    shown = (2, 3, 30, 12.0, 0.6)
    few = (4, 5, entering, 6.3 * entering, 6.3)
    with_them, without = work(centre(1, shown, few), centre(2, shown)), work(centre(1, shown), centre(2, shown))
    assert with_them == without


def test_a_hidden_count_of_newly_flagged_hides_the_work_that_would_tell_it():
    shown = (2, 3, 30, 12.0, 0.6)
    lines = work(centre(1, shown, new=3), centre(2, shown, new=6), centre(3, shown), centre(4, shown))[1]
    assert lines["2"] is None
    assert list(lines.values()).count(None) == 2


def test_the_own_centre_is_listed_alone_and_exactly():
    found, lines = work(centre(1, (4, 5, 1, 6.4, 6.4)), centre(2, (2, 3, 30, 12.0, 0.6)), own=1)
    assert lines == {"1": "+0.8"}
    assert round(found["after"] - found["before"], 2) == round(12 / 16, 2)
