"""Planted stories after three real cases: found but not reached, a gap after the last visit, refusal taken for closure.

Names, places within the district and dates are made up. Each is told twice: in a district like the real one, and in
the caseload of the demo log-in `caseworker`.
"""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

from desks.demo.homes import Home

MOTHER, ALONE, SETTLED = "mother and child", "man alone", "well settled"
SCENES = (
    (MOTHER, "서울 관악구"),
    (ALONE, "경기 평택시"),
    (SETTLED, "서울 양천구"),
    (MOTHER, "인천 남동구"),
    (ALONE, "인천 남동구"),
    (SETTLED, "인천 남동구"),
)
HIGH, EMERGENCY = 3, 4
AT_HOME = "인천 남동구"
# Beside the stories, the demo caseworker has something of every level to do today.
SHOWN = {EMERGENCY: 2, HIGH: 4, 2: 4, 0: 4}


def cast(homes: list[Home], *, on: date) -> None:
    """Choose the households of the stories: living there, of the right shape, and otherwise without hardship."""
    for story, place in SCENES:
        fitting = (
            h for h in homes if h.place.name == place and not h.closed_on and not h.story and _fits(story, h, on)
        )
        if home := next(fitting, None):
            home.story, home.level, home.shown = story, HIGH, place == AT_HOME
    near = [h for h in homes if h.place.name == AT_HOME and not h.closed_on and not h.story]
    for level, number in SHOWN.items():
        fitting_here = sorted((h for h in near if not h.shown and h.head.age(on) >= 19), key=lambda h: h.level != level)
        for home in fitting_here[:number]:
            home.level, home.shown = level, True


def _fits(story: str, home: Home, on: date) -> bool:
    head, age = home.head, home.head.age(on)
    if head.status != "resident" or not head.moved_in or (on - home.registered).days < 400:
        return False
    if story == MOTHER:
        return len(home.members) == 2 and head.sex == "F" and home.members[1].age(on) < 13
    lone = len(home.members) == 1
    return lone and (head.sex, age // 10) == ("M", 5) if story == ALONE else lone and head.sex == "F" and 35 <= age < 60


def tell(happening: Any, series: Callable[..., Any], random: Random, on: date) -> None:
    """Fill `happening` with what the story says; `series` makes a condition that feeds tell of."""
    TOLD[happening.home.story](happening, series, on)


def _mother(happening: Any, series: Callable[..., Any], on: date) -> None:
    """Divorced, benefit stopped, gas and water unpaid, water cut, the telephone dead, nobody at the door."""
    head = happening.home.head
    happening.since, happening.gap = on - timedelta(days=300), 128
    for code, ago, months in (("S10", 300, 4), ("S11", 300, 5), ("S07", 240, 3), ("S41", 280, None), ("S01", 260, 3)):
        happening.series.append(series(head, code, on - timedelta(days=ago), None, months))
    happening.series.append(series(head, "S13", on - timedelta(days=70)))
    happening.told += [(260, ("divorce",)), (128, ("job_loss", "isolation"))]
    happening.tries += [(40, "phone", 10), (33, "phone", 15), (26, "visit", 14), (12, "visit", 11)]
    happening.told.append((33, ("number_invalid",)))


def _alone(happening: Any, series: Callable[..., Any], on: date) -> None:
    """On benefits, ill, drinking; visited twice a month; since the last visit nobody answers."""
    head = happening.home.head
    happening.since, happening.gap = on - timedelta(days=420), 20
    happening.series.append(series(head, "S30", on - timedelta(days=420)))
    happening.series.append(series(head, "S27", on - timedelta(days=200)))
    happening.told += [(150, ("alcohol", "chronic_illness")), (48, ("isolation",))]
    happening.tries += [(9, "phone", 11), (6, "visit", 15), (2, "visit", 10)]


def _settled(happening: Any, series: Callable[..., Any], on: date) -> None:
    """A model of settling in; rent unpaid, the lease cancelled, help declined, five visits unanswered."""
    head = happening.home.head
    happening.since, happening.gap = on - timedelta(days=500), 330
    happening.series.append(series(head, "S05", on - timedelta(days=500), None, 3))
    happening.series.append(series(head, "S01", on - timedelta(days=240), None, 3))
    happening.told += [(330, ("declined",)), (190, ("lease_cancelled",))]
    happening.tries += [
        (210, "visit", 10),
        (190, "visit", 14),
        (150, "visit", 11),
        (95, "visit", 15),
        (30, "visit", 10),
    ]


TOLD = {MOTHER: _mother, ALONE: _alone, SETTLED: _settled}
