"""What people had decided by the day of the demo: the first sweep is not the first day at work."""

from datetime import date, datetime, time, timedelta
from random import Random

from django.db import connection, connections, transaction

from casework.agencies.models import RoleGrant
from casework.clock import SEOUL, AsOf
from casework.touched import Touched
from desks.demo import survey
from households.models import Responsibility
from risk.bands import Band
from risk.models import Flag, Review, Standing
from risk.sweeps import Result, sweep

REASONS = {
    Review.Decision.CONFIRM: "담당자와 기록을 함께 확인했습니다. 방문 일정을 잡고 계속 살핍니다.",
    Review.Decision.ADJUST: "담당자가 만나 보니 도와주는 가족이 있어 한 단계 낮추어 살핍니다.",
    Review.Decision.DISMISS: "이미 납부한 것을 영수증으로 확인했습니다. 다음 자료에서 다시 봅니다.",
}
DECISIONS = (Review.Decision.CONFIRM,) * 17 + (Review.Decision.ADJUST, Review.Decision.DISMISS)
REVIEWED = 0.62

# A household did not become High on the day of the demo. Only derived rows are written; facts stay as they are.
_AGE = """
    UPDATE risk_standing SET
        since = GREATEST(reason_since, %(on)s::date - days),
        band_since = (GREATEST(reason_since, %(on)s::date - days) + time '03:00') AT TIME ZONE 'Asia/Seoul'
    FROM (
        SELECT household_id AS key, CASE WHEN band = 5 THEN 1 ELSE 1 + (household_id * 7919 %% 13)::int END AS days
        FROM risk_standing WHERE band >= 2
    ) aged
    WHERE household_id = aged.key AND reason_since IS NOT NULL
"""


def first_days(on: date, now: datetime, *, seed: int) -> Result:
    """Sweep for the first time, let the supervisors of the past days review what they found and the Ministry open a
    survey of it, and sweep that again."""
    _count_rows()
    found = sweep(AsOf.live(now))
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_AGE, {"on": on})
        urgent = list(Standing.objects.filter(band__gte=Band.HIGH, since__isnull=False).order_by("household_id"))
        survey.begin(on=on, seed=seed)
        Review.objects.bulk_create(_reviews(urgent, Random(f"reviews {seed}"), on))  # noqa: S311
        Touched.objects.all().delete()
    sweep(AsOf.live(now), households=[standing.household_id for standing in urgent])
    return found


def _count_rows() -> None:
    """Have the planner know what was just loaded: only the tables' owner may, and autovacuum comes a minute late."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")
    connections["owner"].close()


def _reviews(urgent: list[Standing], random: Random, on: date) -> list[Review]:
    """Return reviews of most urgent households by the supervisor of their centre."""
    supervisors = dict(RoleGrant.objects.filter(role="supervisor").order_by("id").values_list("user__agency", "user"))
    centers = _centers([standing.household_id for standing in urgent])
    flags = {flag.household_id: flag for flag in Flag.objects.open().filter(trump=False).order_by("weight", "id")}
    made = []
    for standing in urgent:
        reviewer = supervisors.get(centers.get(standing.household_id, 0))
        decision = random.choice(DECISIONS)
        since: date = standing.since or on
        day: date = min(since + timedelta(days=random.randint(0, 4)), on - timedelta(days=1))
        waits = standing.band == Band.EMERGENCY or decision != Review.Decision.DISMISS
        flag = None if waits else flags.get(standing.household_id)
        if not reviewer or random.random() > REVIEWED or day < since:
            continue
        if standing.band == Band.EMERGENCY or (decision == Review.Decision.DISMISS and flag is None):
            decision = Review.Decision.CONFIRM
        band = {Review.Decision.CONFIRM: standing.band, Review.Decision.ADJUST: Band.MODERATE}.get(decision)
        made.append(
            Review(
                household_id=standing.household_id,
                decision=decision,
                flag=flag,
                band=band,
                machine_band=standing.band,
                reason=REASONS[decision],
                review_on=day + timedelta(days=random.choice((14, 30, 60))),
                decided_on=day,
                points=flag.weight if flag else 0,
                facts=flag.facts if flag else 0,
                recorded_by_id=reviewer,
                recorded_at=datetime.combine(day, time(random.randint(9, 17), 20), tzinfo=SEOUL),
            )
        )
    return made


def _centers(households: list[int]) -> dict[int, int]:
    rows = Responsibility.objects.current().filter(household__in=households, during__endswith=None)
    return dict(rows.order_by("id").values_list("household", "center"))
