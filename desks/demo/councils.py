"""One council in the demo's district, with a meeting next week before which the demo caseworker brings households."""

from datetime import date, timedelta

from django.db.backends.postgresql.psycopg_any import DateRange

from casework.agencies.models import Agency, User
from casework.clock import day_begins
from desks.demo.homes import Home
from desks.demo.staff import HOME_CENTER
from households.models import Consent, Household
from referrals.council import actions, bringing
from referrals.models import AgendaItem
from referrals.states import Ground

NAME, MEMBERS = "인천 남동구 북한이탈주민지원 지역협의회 (모의)", ("jobcentre", "mindcentre", "town")
ITEMS = ["family", "name", "address", "income", "health"]
BROUGHT = (
    ("work", "일자리를 잃으신 뒤 다시 구하고 계십니다. 상담과 훈련을 함께 살펴 주십시오.", "line"),
    ("livelihood", "관리비가 여러 달 밀렸습니다. 받으실 수 있는 급여를 함께 확인해 주십시오.", "file"),
    ("mind", "사람을 만나는 일이 줄었습니다. 함께 찾아뵐 방법을 의논하고 싶습니다.", "line"),
)


def write(homes: list[Home], *, on: date) -> int:
    """Write the council, its members, a meeting to come and what is on its agenda, agreed to by the head of each
    household; return how many households that is."""
    now = day_begins(on)
    officer, worker = User.objects.get(username="officer"), User.objects.get(username="caseworker")
    council = actions.convene(kind="regional", name=NAME, by=officer, now=now)
    told = [officer.agency, *(user.agency for user in User.objects.filter(username__in=MEMBERS).order_by("id"))]
    for agency in (Agency.objects.get(name_ko=HOME_CENTER), *told[1:]):
        actions.seat(council, agency=agency, by=officer, now=now)
    starts = day_begins(on + timedelta(days=7)) + timedelta(hours=14)
    meeting = actions.plan(council, starts_at=starts, place="구청 3층 회의실", chair="부구청장", by=officer, now=now)
    mine = sorted((home for home in homes if home.shown and home.worker == worker.pk), key=lambda home: home.number)
    brought = list(zip(mine, BROUGHT, strict=False))
    Consent.objects.bulk_create(_agreed(home, agency, on) for home, _words in brought for agency in told)
    households = Household.objects.in_bulk([home.key for home, _words in brought])
    for home, (need, reason, scope) in brought:
        words = {"need": need, "reason": reason, "scope": AgendaItem.Scope(scope), "ground": Ground.CONSENT}
        bringing.propose(households[home.key], meeting=meeting, by=worker, now=now, **words)
    return len(brought)


def _agreed(home: Home, agency: Agency | None, on: date) -> Consent:
    return Consent(
        person_id=home.head.key,
        purpose="지역협의회",
        items=ITEMS,
        recipient=agency,
        during=DateRange(on - timedelta(days=3), on + timedelta(days=180)),
        known_at=day_begins(on - timedelta(days=3)) + timedelta(hours=15),
        recorded_by_id=home.worker,
    )
