"""What came of the work in the demo: jobs, schooling and treatments over three years, a few supervision notes, and the
monthly reports of the centre whose people log in. All of it is invented."""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from casework.agencies.models import User
from casework.clock import add_months, day_begins
from desks.day.outcomes import OF_NEED
from desks.monthly import actions
from households.models import Assignment, Job, Membership, MonthlyReport, Particulars, Schooling, Treatment
from households.supervision.actions import write_note
from referrals.models import Referral
from referrals.states import Outcome

FULL = 1_600
"""Outcomes that no referral brought, for the whole register."""
DAYS = 1_000
FRESH = timedelta(days=40)
"""What was confirmed so lately is left to be recorded."""
LOOKED_AFTER = 8
MORNING = timedelta(hours=10)
EMPLOYERS = ("company",) * 12 + ("welfare",) * 3 + ("public_body", "government", "other")
WHY = ("term", "other_job", "gave_up", "health", "family", "closed")


def write(*, on: date, share: float, seed: int) -> int:
    """Write them as of the day; return how many outcomes there are. `share`: of the whole register."""
    random = Random(f"outcomes {seed}")  # noqa: S311  (not for secrets)
    worker = User.objects.filter(username="caseworker").first()
    made: list[Any] = [
        *_of_referrals(random, on, worker),
        *_of_others(random, on, round(FULL * share)),
        *_of_caseload(random, on, worker),
    ]
    models: tuple[Any, ...] = (Job, Schooling, Treatment)
    for model in models:
        model.objects.bulk_create([one for one in made if isinstance(one, model)])
    boss, head = (User.objects.filter(username=name).first() for name in ("supervisor", "head"))
    if boss and head and worker:
        _supervised(worker, boss, on)
        _reported(boss, head, on)
    return len(made)


def _of_referrals(random: Random, on: date, worker: User | None) -> Any:
    """One outcome for nearly each referral that was confirmed more than FRESH ago; those of the centre whose people
    log in are left to be recorded."""
    before = day_begins(on - FRESH)
    rows = Referral.objects.filter(
        need__in=OF_NEED, outcome__in=(Outcome.PROVIDED, Outcome.PARTIAL), confirmed_at__lt=before
    )
    heads = (
        Membership.objects.current().during(on).filter(role="head", household__in=rows.order_by().values("household"))
    )
    head_of = dict(heads.order_by("id").values_list("household", "person"))
    for row in rows.order_by("id"):
        person = row.person_id or head_of.get(row.household_id)
        if person is None or row.confirmed_at is None or random.random() < 0.05:
            continue
        kind = OF_NEED[row.need]["kind"]
        yield _made(kind, person, row.confirmed_at.date(), on, random, row.sender_id, row.number)


def _of_others(random: Random, on: date, number: int) -> Any:
    """Outcomes of adults of the register, drawn over DAYS."""
    adults = Particulars.objects.current().filter(
        is_defector=True, birth_on__range=(date(1965, 1, 1), date(2004, 1, 1))
    )
    people = list(adults.order_by("person").values_list("person", flat=True))
    for person in sorted(random.sample(people, min(number, len(people)))):
        kind = random.choices(("job", "schooling", "treatment"), (7, 2, 1))[0]
        began = on - timedelta(days=random.randrange(30, DAYS))
        yield _made(kind, person, began, on, random, None, "")


def _of_caseload(random: Random, on: date, worker: User | None) -> Any:
    """Something for the first few households of the case manager who logs in."""
    mine = Assignment.objects.current().during(on).filter(worker=worker).order_by().values("household")
    heads = Membership.objects.current().during(on).filter(role="head", household__in=mine)
    for place, person in enumerate(heads.order_by("household").values_list("person", flat=True)[:LOOKED_AFTER]):
        kind = ("job", "job", "schooling", "treatment")[place % 4]
        yield _made(kind, person, on - timedelta(days=90 + 40 * place), on, random, worker.pk if worker else None, "")


def _made(kind: str, person: int, began: date, on: date, random: Random, by: int | None, source: str) -> Any:
    days = random.randrange(40, 900)
    ended = began + timedelta(days=days) if began + timedelta(days=days) <= on and random.random() < 0.7 else None
    known = day_begins(ended or began) + MORNING
    about = {"person_id": person, "began_on": began, "ended_on": ended, "source": source, "recorded_by_id": by}
    if kind == "job":
        return Job(**about, **_job(random, ended, source), known_at=known)
    if kind == "schooling":
        training = random.random() < 0.7
        words = {"kind": "training", "level": "vocational"} if training else {"kind": "school", "level": "university"}
        return Schooling(**about, **words, result="completed" if ended else "", known_at=known)
    words = {"kind": random.choice(("physical", "physical", "mental", "dental")), "place": "hospital"}
    return Treatment(**about, **words, known_at=known)


def _job(random: Random, ended: date | None, source: str) -> dict[str, Any]:
    employer = random.choice(EMPLOYERS)
    return {
        "kind": random.choices(("regular", "fixed_term", "day_labour"), (6, 3, 1))[0],
        "employer": employer,
        "public_sector": employer in ("public_body", "government"),
        "incentive": random.choice(("unknown", "none", "voucher", "tax_credit")),
        "found": "referral" if source else random.choice(("own", "centre", "acquaintance")),
        "end_why": random.choice(WHY) if ended else "",
    }


def _supervised(worker: User, boss: User, on: date) -> None:
    """Two talks of supervision with the case manager."""
    for days, text, steps in (
        (
            44,
            "고위험 가구 방문 순서를 함께 정했습니다. 야간 전화가 많습니다.",
            [("야간 당직 배정 조정", 20)],
        ),
        (9, "연락이 닿지 않는 두 가구의 다음 조치를 의논했습니다.", [("동 주민센터 합동 방문 일정 잡기", -5)]),
    ):
        day = on - timedelta(days=days)
        agreed = [(words, on - timedelta(days=ago)) for words, ago in steps]
        write_note(worker, by=boss, now=day_begins(day) + MORNING, held_on=day, text=text, steps=agreed)


def _reported(boss: User, head: User, on: date) -> None:
    """The report of the month before last was sent; that of the last month is being prepared."""
    last = add_months(on.replace(day=1), -1)
    sent = _begun(add_months(last, -1), boss, on)
    now = day_begins(last) + timedelta(days=3) + MORNING
    frozen = actions.ready(sent, by=boss, now=now)
    actions.sign(sent, by=head, now=now + timedelta(hours=4), digest=frozen.digest)
    actions.send(sent, by=boss, now=now + timedelta(hours=5), reference="하나센터-1042")
    draft = _begun(last, boss, on)
    row = next(row for row in actions.rows_now(draft) if row.code == "met.office")
    actions.correct(draft, row.code, value=row.counted + 2, reason="종이 상담일지 2건 미입력", by=boss)


def _begun(month: date, boss: User, on: date) -> MonthlyReport:
    now: datetime = min(day_begins(add_months(month, 1)) + timedelta(days=2), day_begins(on)) + MORNING
    return actions.begin(month, by=boss, now=now)
