"""Two case conferences of the demo's centre: one of last week with what it decided, one to come."""

from datetime import date, datetime, timedelta

from casework.agencies.models import Agency, User
from casework.clock import day_begins
from desks.conferences.asked import told_of
from desks.conferences.material import kept_of
from desks.demo.homes import Home
from households.conferences import actions, agenda, deciding
from households.models import CaseConference, ConferenceItem, Household, Task
from households.tasklist import actions as tasklist

PLACE = "3층 상담실"
WHY = (
    "연락이 닿는 시간이 줄었습니다. 함께 찾아뵐 방법을 의논하고 싶습니다.",
    "관리비와 공과금이 여러 달 밀렸습니다. 급여와 긴급지원을 함께 살펴 주십시오.",
    "치료를 시작하셨습니다. 동행과 자녀 돌봄을 나누어 맡았으면 합니다.",
)
TO_COME = ("다음 석 달의 계획을 함께 정하고 싶습니다.", "일자리를 잃으신 뒤의 지원을 의논하고 싶습니다.", "")


def write(homes: list[Home], *, on: date) -> int:
    """Write them by the verbs that everybody uses; return how many households are talked about."""
    supervisor, worker = User.objects.get(username="supervisor"), User.objects.get(username="caseworker")
    mine = sorted((home for home in homes if home.shown and home.worker == worker.pk), key=lambda home: home.number)
    households = Household.objects.in_bulk([home.key for home in mine[: len(WHY) + len(TO_COME)]])
    found = [households[home.key] for home in mine if home.key in households]
    then = day_begins(on - timedelta(days=7)) + timedelta(hours=10)
    _last_week(found[: len(WHY)], supervisor, worker, then)
    _to_come(found[len(WHY) :], supervisor, worker, day_begins(on))
    return len(found)


def _last_week(households: list[Household], supervisor: User, worker: User, then: datetime) -> None:
    conference, items = _brought(households, WHY, supervisor, worker, then, then + timedelta(hours=4))
    actions.hold(conference, by=supervisor, now=then + timedelta(hours=4))
    there = {"present": {supervisor.pk, worker.pk}, "seen": {supervisor.pk, worker.pk}}
    guests = [("강해온", "남동구 정신건강복지센터")]
    actions.attend(conference, **there, guests=guests, by=supervisor, now=then + timedelta(hours=4))
    on = then.date()
    office = Agency.objects.filter(kind="city", user__username="officer").order_by("id").first()
    words = [
        {"kind": "task", "what": "저녁 시간에 두 사람이 함께 찾아뵙니다.", "due_on": on + timedelta(days=3)},
        {"kind": "referral", "what": "긴급복지 지원을 의뢰합니다.", "due_on": on + timedelta(days=9)},
        {"kind": "step", "what": "진료 동행과 자녀 돌봄 일정을 정합니다.", "due_on": on + timedelta(days=6)},
    ]
    for item, said in zip(items, words, strict=False):
        if said["kind"] == "referral":
            said |= {"need": "livelihood", "to_agency": office}
        one = deciding.decide(item, version=0, owner=worker, by=supervisor, now=then + timedelta(hours=5), **said)
        if said["kind"] == "task":
            task = Task.objects.get(household=item.household, what=one.what, source=str(conference))
            tasklist.done(task, by=worker, now=then + timedelta(days=2))
    ended = then + timedelta(hours=6)
    told = told_of([one.pk for one in households], on=on)
    materials = {key: kept_of(one, on) for key, one in told.items()}
    actions.close(conference, by=supervisor, now=ended, materials=materials)


def _to_come(households: list[Household], supervisor: User, worker: User, now: datetime) -> None:
    conference, _items = _brought(households, TO_COME, supervisor, worker, now, now + timedelta(days=2, hours=14))
    if households:
        actions.announce(conference, by=supervisor, now=now)


def _brought(
    households: list[Household],
    why: tuple[str, ...],
    supervisor: User,
    worker: User,
    now: datetime,
    starts_at: datetime,
) -> tuple[CaseConference, list[ConferenceItem]]:
    made = actions.plan(starts_at=starts_at, place=PLACE, chair=supervisor, by=supervisor, now=now)
    items = agenda.bring(households, conference=made, by=worker, now=now)[0]
    for item, words in zip(items, why, strict=False):
        item.why = words
    ConferenceItem.objects.bulk_update(items, ["why"])
    return made, items
