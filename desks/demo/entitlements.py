"""What some households of the demo's caseworker applied for and got, and a version of the catalogue that waits.

Small and the same for the same register: the pages of entitlements show something real.
"""

from datetime import date, timedelta

from django.db.backends.postgresql.psycopg_any import DateRange

from casework.agencies.models import User
from casework.clock import day_begins
from desks.demo.homes import Home
from households.entitlements import drafting
from households.models import Circumstance, Entitlement, EntitlementStep, EntitlementVersion, ProtectionPeriod

# code, state, days ago, days that a grant still runs, won
CAME = (
    ("TRAINING", "granted", 60, 75, None),
    ("FUTURE-ACCOUNT", "applied", 20, None, None),
    ("JOB-VOUCHER", "granted", 100, 40, 1_000_000),
    ("COUNSELLING", "refused", 45, None, None),
    ("MEDICAL-COST", "not_wanted", 30, None, None),
)
CHANGED, WHY = "JOB-VOUCHER", "사업 안내가 바뀌어 신청하는 곳을 고쳐 적습니다."


def write(homes: list[Home], *, on: date) -> int:
    """Write the steps and the draft; return how many steps there are."""
    worker = User.objects.get(username="caseworker")
    mine = sorted((home for home in homes if home.shown and home.worker == worker.pk), key=lambda home: home.number)
    entries = {entry.code: entry for entry in Entitlement.objects.filter(code__in=[code for code, *_rest in CAME])}
    steps = [
        EntitlementStep(
            person_id=home.head.key,
            entitlement=entries[code],
            state=state,
            stated_on=on - timedelta(days=ago),
            until_on=on + timedelta(days=runs) if runs else None,
            amount_krw=won,
            source="상담 때 들음",
            known_at=day_begins(on - timedelta(days=ago)) + timedelta(hours=16),
            recorded_by_id=worker.pk,
        )
        for home, (code, state, ago, runs, won) in zip(mine, CAME, strict=False)
    ]
    EntitlementStep.objects.bulk_create(steps)
    _low_income(mine, on, worker.pk)
    _draft(on)
    return len(steps)


def _low_income(mine: list[Home], on: date, by: int) -> None:
    """One household in its first five years told of an income below the line and receives nothing: a hint."""
    heads = [home.head.key for home in mine]
    told = set(
        Circumstance.objects.filter(person__in=heads, kind__in=("income", "benefit")).values_list("person", flat=True)
    )
    running = ProtectionPeriod.objects.filter(person__in=heads, during__contains=on).values_list("person", flat=True)
    since = on - timedelta(days=12)
    for person in [head for head in heads if head in set(running) - told][:1]:
        known = {"known_at": day_begins(since) + timedelta(hours=16), "recorded_by_id": by}
        words = {"kind": "income", "value": "below_line", "source": "정기상담", "during": DateRange(since, None)}
        Circumstance.objects.create(person_id=person, **words, **known)


def _draft(on: date) -> None:
    """One officer drew up a version that another one may approve."""
    officers = User.objects.filter(is_demo=True, grants__role="ministry_officer").order_by("id")
    standing = EntitlementVersion.objects.standing(on=on).filter(entitlement__code=CHANGED).first()
    if standing is None or not officers:
        return
    content = drafting.content_of(standing) | {"apply_ko": "남북하나재단 누리집 또는 하나센터", "why": WHY}
    drafting.request(drafting.draw_up(standing.entitlement, by=officers[0], **content), by=officers[0])
