"""A few people who are on file twice: two pairs to decide on, one that is linked. Nobody is added: of the demo
caseworker's heads of household, pairs of one sex and year of birth are given names that sound alike and one day of
birth, so that every total stays what it was."""

from collections.abc import Iterator
from datetime import date, timedelta

from casework.agencies.models import User
from casework.clock import day_begins
from desks.demo.homes import Home
from households.duplicates import actions
from households.models import Particulars, Person, PersonName

# How each pair is spelled, by sex: as in the North and in the South, with one wrong letter, and alike.
SPELLED = {
    "F": ((("리", "영희"), ("이", "영희")), (("박", "금옥"), ("박", "금욱")), (("류", "정순"), ("유", "정순"))),
    "M": ((("림", "철수"), ("임", "철수")), (("박", "성옥"), ("박", "성욱")), (("로", "명길"), ("노", "명길"))),
}
PAIRS = 3
REASON = "생년월일이 같고 이름은 표기만 다릅니다. 본인이 두 번 등록되었다고 확인해 주셨습니다."


def write(homes: list[Home], *, on: date) -> int:
    """Write the pairs as of the day and link the first of them; return how many."""
    worker, second = (User.objects.get(username=name) for name in ("caseworker", "supervisor"))
    mine = [home for home in homes if home.worker == worker.pk and _plain(home)]
    # Those who live alone first: linked, nobody is left behind in the other home.
    alone_first = sorted(mine, key=lambda home: (len(home.members) > 1, home.number))
    made = []
    for place, (one, two) in zip(range(PAIRS), _pairs(alone_first), strict=False):
        for home, name in zip((one, two), SPELLED[one.head.sex][place], strict=True):
            _respell(home, name, one.head.born)
        made.append((one, two))
    if made:
        _link(*made[0], worker, second, on)
    return len(made)


def _plain(home: Home) -> bool:
    return home.head.status == "resident" and not home.shown and not home.story and not home.closed_on


def _pairs(alone: list[Home]) -> Iterator[tuple[Home, Home]]:
    """Yield homes of people of one sex and year of birth, two by two."""
    waiting: dict[tuple[str, int], Home] = {}
    for home in alone:
        key = (home.head.sex, home.head.born.year)
        if other := waiting.pop(key, None):
            yield other, home
        else:
            waiting[key] = home


def _respell(home: Home, name: tuple[str, str], born: date) -> None:
    """Record the name and the day of birth that the file is to show, in the place of the first ones."""
    family, given = name
    for row in PersonName.objects.current().filter(person=home.head.key, kind="hangul"):
        _in_its_place(row, family=family, given=given)
    for about in Particulars.objects.current().filter(person=home.head.key):
        _in_its_place(about, birth_on=born)


def _in_its_place(fact, **changes) -> None:
    model = type(fact)
    known = fact.known_at
    model.objects.filter(pk=fact.pk).update(superseded_at=known)
    values = {field.attname: getattr(fact, field.attname) for field in model._meta.concrete_fields}
    left_out = ("id", "recorded_at", "tx", "superseded_at")
    model.objects.create(**{**{name: value for name, value in values.items() if name not in left_out}, **changes})


def _link(one: Home, two: Home, worker: User, second: User, on: date) -> None:
    now = day_begins(on - timedelta(days=2)) + timedelta(hours=11)
    people = [Person.objects.get(pk=home.head.key) for home in (one, two)]
    made = actions.propose(*people, reason=REASON, by=worker, now=now)
    actions.confirm(made, by=second, now=now + timedelta(hours=3))
