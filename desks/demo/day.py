"""Tasks, planned visits, warnings and something that was put off, of the demo's caseworker and supervisor."""

from datetime import date, datetime, timedelta
from typing import Any

from casework.agencies.models import User
from casework.clock import day_begins
from households.models import Assignment, Household
from households.tasklist import actions as tasks
from households.visits import actions as visits

FIRST, ENOUGH = 12, 5
"""Which of the caseworker's households, in the order of their keys: not those of other stories."""
HOUR = timedelta(hours=1)


def write(*, on: date) -> int:
    """Write them as of the day; return how many."""
    worker, boss = User.objects.get(username="caseworker"), User.objects.get(username="supervisor")
    counsellor, now = User.objects.get(username="counsellor"), day_begins(on)
    held = Assignment.objects.current().during(on).filter(worker=worker, kind=Assignment.Kind.MAIN).order_by("id")
    homes = [row.household for row in held.select_related("household")[FIRST : FIRST + ENOUGH]]
    if len(homes) < ENOUGH:
        return 0
    return _tasks(homes, worker, boss, now, on) + _visits(homes, worker, counsellor, now, on)


def _tasks(homes: list[Household], worker: User, boss: User, now: datetime, on: date) -> int:
    told: list[tuple[Any, ...]] = [
        (homes[0], "임대차 재계약 서류를 함께 챙기기", 2, None, worker),
        (homes[1], "자녀 방과후 신청 마감 확인하기", -1, None, worker),
        (homes[2], "병원 진료 예약에 동행할 자원봉사자 찾기", 5, worker, boss),
        (None, "월간 실적 보고 초안 쓰기", 4, worker, worker),
        (None, "신규 상담사 교육 자료 준비하기", 1, boss, boss),
    ]
    made = [
        tasks.add_task(household=home, what=what, due_on=on + timedelta(days=days), owner=owner, by=by, now=now)
        for home, what, days, owner, by in told
    ]
    about = {"kind": "task", "key": str(made[2].pk), "household": homes[2], "due_on": made[2].due_on}
    why = "자원봉사센터의 답을 기다립니다."
    tasks.snooze(**about, until=on + timedelta(days=6), reason=why, by=worker, on=on)
    sent = tasks.add_task(household=homes[3], what="안부 문자 보내기", due_on=on, owner=None, by=worker, now=now)
    tasks.done(sent, by=worker, now=now)
    return len(made) + 1


def _visits(homes: list[Household], worker: User, counsellor: User, now: datetime, on: date) -> int:
    since = on - timedelta(days=40)
    visits.warn_of_address(
        homes[0], kind="dog", words="마당에 큰 개가 있습니다. 먼저 전화합니다.", since=since, by=worker
    )
    visits.warn_of_address(homes[3], kind="alone", words="저녁에는 두 사람이 갑니다.", since=since, by=worker)
    ahead = day_begins(on + timedelta(days=2))
    told: list[tuple[Household, float, User | None, str]] = [
        (homes[0], 10, None, "재계약 서류 안내"),
        (homes[3], 13.5, counsellor, "정기 방문"),
        (homes[4], 16, None, "안부 확인"),
    ]
    for home, hour, companion, purpose in told:
        begins = ahead + timedelta(hours=hour)
        moments = {"begins": begins, "expected_back": begins + HOUR}
        visits.plan_visit(home, worker=worker, companion=companion, purpose=purpose, by=worker, now=now, **moments)
    return len(told) + 2
