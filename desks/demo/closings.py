"""A few endings at the centre whose people log in: a closing to approve, two closed cases, the review of a death."""

from datetime import date, datetime, timedelta

from casework.agencies.models import User
from casework.clock import day_begins, seoul_day
from desks.demo.homes import Home
from households.closings import actions
from households.models import Assignment, Closing, DeathReview, Household, Membership, Residence, Responsibility
from referrals.models import Referral

MORNING = timedelta(hours=10)
CLOSED_AGO = (125, 96)
"""Days: of the first somebody has asked after three months, of the second that is due."""
WORDS = (
    "취업과 자녀 진학의 목표를 이루셨고, 본인과 함께 확인하고 마치기로 했습니다.",
    "채무 조정이 끝났고 생활이 안정되었습니다. 필요하면 언제든 다시 연락하시기로 했습니다.",
    "세 가지 목표를 모두 이루셨습니다. 마지막 방문에서 종결을 함께 의논했습니다.",
)


def write(homes: list[Home], *, on: date) -> int:
    """Write them by the verbs that everybody uses; return how many there are."""
    users = {user.username: user for user in User.objects.filter(username__in=("caseworker", "supervisor"))}
    worker, boss = users["caseworker"], users["supervisor"]
    calm = _calm(homes, worker, on)
    for days, words, household in zip(CLOSED_AGO, WORDS, calm, strict=False):
        _closed(household, _ago(on, days), words, worker, boss)
    first = Closing.objects.filter(status="approved").order_by("id").first()
    if first:
        day = seoul_day(_ago(on, CLOSED_AGO[0] - 93))
        said = {"done_on": day, "result": "well", "words": "전화로 여쭈었고 잘 지내고 계십니다."}
        actions.record_after_care(first, months=3, by=boss, now=_ago(on, 0), **said)
    for household in calm[2:3]:
        actions.propose(household, by=worker, now=_ago(on, 1), reason="goals_met", words=WORDS[2])
    return len(calm) + _review(worker, on)


def _calm(homes: list[Home], worker: User, on: date) -> list[Household]:
    """Three households of the worker, none of them a story, of which no referral was ever sent."""
    asked = set(Referral.objects.values_list("household", flat=True).distinct().order_by("household"))
    mine = [home for home in homes if home.worker == worker.pk and not home.shown and home.key not in asked]
    begun = _ago(on, max(CLOSED_AGO)).date()
    long_ago = set(
        Assignment.objects.current()
        .filter(household__in=[home.key for home in mine], during__contains=begun)
        .values_list("household", flat=True)
    )
    keys = sorted(home.key for home in mine if home.key in long_ago)[-3:]
    return list(Household.objects.filter(pk__in=keys).order_by("pk"))


def _closed(household: Household, at: datetime, words: str, worker: User, boss: User) -> None:
    made = actions.propose(household, by=worker, now=at, reason="goals_met", words=words)
    actions.approve(made, by=boss, now=at + timedelta(hours=3))


def _review(worker: User, on: date) -> int:
    """Open the review of the latest death in a household of the centre."""
    ours = Responsibility.objects.current().filter(center=worker.agency_id, during__contains=on).values("household")
    lived = Membership.objects.current().filter(household__in=ours, during__isempty=False)
    dead = Residence.objects.current().filter(person__in=lived.values("person"), status="deceased")
    found = dead.order_by("-during__startswith", "id").first()
    if found is None or found.during.lower is None:
        return 0
    home = lived.filter(person=found.person_id).order_by("id").first()
    about = {"person_id": found.person_id, "household_id": home.household_id, "centre_id": worker.agency_id}
    DeathReview.objects.create(died_on=found.during.lower, opened_by=worker, **about)
    return 1


def _ago(on: date, days: int) -> datetime:
    return day_begins(on - timedelta(days=days)) + MORNING
