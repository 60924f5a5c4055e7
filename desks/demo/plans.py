"""Assessments and plans of some households of the demo's caseworker: one just begun, one under way, one to be signed.

Small and the same for the same register: the pages of the case show something real.
"""

from datetime import date, datetime, timedelta
from typing import Any

from casework.agencies.models import User
from casework.clock import day_begins
from desks.demo.homes import Home
from households.models import Household, NeedsAssessment, Person, ServicePlan
from households.models.assessment import Domain
from households.plans import actions, writing

WORDS = (
    "아침에 일어나기가 힘들고 사람 만나는 게 겁나요.",
    "아이가 학교에서 혼자 있는 것 같아 걱정이에요.",
    "일을 하고 싶은데 이력서를 어떻게 쓰는지 몰라요.",
)
WISHES = "제 힘으로 살고, 가끔 마음 놓고 이야기할 사람이 있으면 좋겠어요."
FOUND = {
    "health": ("serious", "두통과 불면이 석 달째 이어짐. 병원에는 아직 가지 못함."),
    "social": ("some", "이웃과 왕래가 없고 전화할 사람이 한 명 있음."),
    "work": ("some", "식당 일을 그만둔 뒤 구직 중."),
    "safety": ("not_asked", ""),
}
BETTER = {"health": ("some", "약을 드시며 잠이 조금 나아짐."), "work": ("some", "직업훈련을 알아보는 중.")}
STRENGTHS = {"work": "재봉과 요리를 잘하심", "family": "딸과 사이가 좋음"}
GOALS = (
    {"domain": "health", "client_words": "밤에 푹 자고 싶어요.", "words": "수면과 두통을 진료받음"},
    {"domain": "work", "client_words": "다시 일하고 싶어요.", "words": "구직 준비와 직업훈련"},
    {"domain": "social", "client_words": "같이 밥 먹을 사람이 있으면 좋겠어요.", "words": "모임 한 곳에 나가 봄"},
)
# Days since the client agreed (0: not yet), and the days after that on which the plan was looked at again.
AGREED = ((40, (15,)), (95, (14, 31)), (0, ()))
LONG = timedelta(days=120)
STEPS = (
    (0, "신경과 첫 진료에 함께 가기", True, 10),
    (1, "이력서 함께 쓰기", True, 21),
    (2, "뜨개 모임 구경하기", False, 40),
)


def write(homes: list[Home], *, on: date) -> int:
    """Write them; return how many assessments and plans there are."""
    worker = User.objects.get(username="caseworker")
    mine = [home for home in homes if home.shown and home.worker == worker.pk and home.head.left_on is None]
    settled = [home for home in mine if home.registered < on - LONG]
    chosen = sorted(settled, key=lambda home: home.number)[2:5]
    households = Household.objects.in_bulk([home.key for home in chosen])
    people = Person.objects.in_bulk([home.head.key for home in chosen])
    cases = [(households[home.key], people[home.head.key]) for home in chosen]
    for (household, _person), words in zip(cases, WORDS, strict=False):
        _assessed(household, worker, on - timedelta(days=75), words, FOUND, "first")
    for household, _person in cases[:1]:
        _assessed(household, worker, on - timedelta(days=5), WORDS[0], BETTER, "again")
    for (household, person), (ago, held) in zip(cases, AGREED, strict=False):
        plan = _drafted(household, worker, on - timedelta(days=ago or 2))
        if ago:
            _lived(plan, person, worker, on - timedelta(days=ago), held)
    return len(WORDS) + 1 + len(cases)


def _assessed(household: Household, worker: User, on: date, words: str, found: Any, kind: str) -> None:
    levels = dict.fromkeys(Domain.values, "none") | {domain: level for domain, (level, _text) in found.items()}
    NeedsAssessment.objects.create(
        household=household,
        kind=kind,
        assessed_on=on,
        words={domain: text for domain, (_level, text) in found.items() if text},
        strengths=STRENGTHS,
        client_words=words,
        wishes=WISHES,
        took_part="본인, 담당자",
        known_at=_at(on),
        recorded_by=worker,
        **levels,
    )


def _drafted(household: Household, worker: User, on: date) -> ServicePlan:
    now, words = _at(on), {"wish": WISHES, "summary": "건강을 먼저 살피며 일할 준비를 합니다."}
    plan = writing.begin(household, by=worker, now=now, goals=GOALS, **words)
    goals = list(plan.goals.all())
    for goal, what, own, days in STEPS:
        due = on + timedelta(days=days)
        actions.add_step(goals[goal], what=what, owner=worker if own else None, due_on=due, by=worker, now=now)
    return ServicePlan.objects.get(pk=plan.pk)


def _lived(plan: ServicePlan, person: Person, worker: User, on: date, held: tuple[int, ...]) -> None:
    """The client agreed on a day; the first step was done, reviews were held some days later."""
    told = {"way": "paper", "witness": "통역 이수진", "signed_on": on}
    actions.agree(plan, version=plan.version, person=person, by=worker, now=_at(on), **told)
    stands = dict(zip([goal.pk for goal in plan.goals.all()], ("reached", "well", "slow"), strict=False))
    for days in held:
        day = on + timedelta(days=days)
        seen = max(plan.reviews.values_list("pk", flat=True), default=0)
        about = {"words": "진료를 받고 잠이 나아졌다고 하심.", "stands": stands, "seen": seen}
        actions.review(plan, done_on=day, by=worker, now=_at(day), **about)
    if held:
        day = on + timedelta(days=held[0])
        actions.finish_step(plan.steps.order_by("due_on", "id")[0], done_on=day, by=worker, now=_at(day))


def _at(on: date) -> datetime:
    return day_begins(on) + timedelta(hours=15)
