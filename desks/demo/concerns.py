"""A few concerns of the last days at the centre whose people log in: one urgent, one late, some that were decided."""

from datetime import date, datetime, timedelta

from casework.agencies.models import District, User
from casework.clock import Holiday, day_begins, seoul_day
from desks.demo.staff import HOME_DISTRICT
from households.models import Assignment
from referrals.concerns import actions
from referrals.models import Concern

# taken down how many working days ago, by whom, in which way, what was told, whether it is urgent.
TOLD = (
    (0, "foundation", "neighbour", "이틀째 아이 우는 소리가 들리고 문을 두드려도 대답이 없습니다.", True),
    (3, "officer", "office", "관리사무소에서 관리비가 여섯 달 밀렸고 우편물이 쌓여 있다고 알려 왔습니다.", False),
    (2, "foundation", "group", "모임에 늘 나오시던 분이 한 달째 연락이 되지 않습니다.", False),
    (4, "foundation", "kin", "친척인데 설 이후로 통화가 되지 않아 걱정됩니다.", False),
    (5, "town", "neighbour", "계단에서 자주 넘어지시는 것을 보았습니다.", False),
)
MORNING, NIGHT = timedelta(hours=9, minutes=20), timedelta(minutes=5)


def write(*, on: date) -> int:
    """Take the concerns down by the verbs that everybody uses, and decide some; return how many stand there."""
    named = {row[1] for row in TOLD} | {"caseworker", "supervisor"}
    users = {user.username: user for user in User.objects.filter(username__in=named)}
    short, name = HOME_DISTRICT.split()
    place = District.objects.get(parent__short=short, name=name)
    made = [_take_down(row, users, place, on) for row in TOLD]
    home = Assignment.objects.current().during(on).filter(worker=users["caseworker"]).order_by("id").first()
    if home is None:
        return len(made)
    by, yesterday = users["supervisor"], day_begins(on - timedelta(days=1)) + MORNING
    words = {"household": home.household, "worker": users["caseworker"], "due_on": on + timedelta(days=1)}
    actions.contact(made[2], by=by, now=yesterday, **words)
    actions.nothing(made[4], by=by, now=yesterday, reason="담당자가 어제 만나 병원 진료를 함께 다녀왔습니다.")
    return len(made)


def _take_down(row, users, place, on) -> Concern:
    ago, who, way, words, urgent = row
    now = _moment(on, ago)
    told = {"way": way, "words": words, "urgent": urgent, "seen_on": seoul_day(now), "district": place}
    return actions.take_down(by=users[who], now=now, heard_place=f"{HOME_DISTRICT} 행복빌라 (모의)", **told)


def _moment(on: date, ago: int) -> datetime:
    """The morning so many working days before; of today the night, which has passed whenever the demo is loaded."""
    if not ago:
        return day_begins(on) + NIGHT
    day, holidays = on, Holiday.objects.days()
    while ago:
        day -= timedelta(days=1)
        ago -= day.weekday() < 5 and day not in holidays
    return day_begins(day) + MORNING
