"""Settlement reports of the demo's district: two that were sent, the later one being corrected; and those of a few
neighbours for the half-year that ended last."""

from datetime import date, datetime, timedelta

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from casework.agencies.models import Agency, Kind, RoleGrant, User
from casework.clock import add_months, day_begins
from households.models import Person, SettlementReport
from households.reports import actions
from households.reports.columns import HOUSING, SCHOOL
from households.reports.halves import HALF, ended_before, last_day

WHY = "상반기에 전입하신 한 분이 늦게 확인되어 다시 보고합니다."
ANSWERED = 12
HOMES = ("public_rental", "public_rental", "public_rental", "private_rental", "with_others")
SECONDS = ("노은채", "백도현", "양서율", "천이든")


def write(*, on: date) -> int:
    """Write the reports as of the day; return how many. What was found out is invented like all the rest."""
    officer, signer = (User.objects.get(username=name) for name in ("officer", "officer2"))
    last = ended_before(on)
    for half_begins in (add_months(last, -HALF), last):
        sent = _sent(half_begins, officer, signer, on)
    now = day_begins(on)
    _answered(actions.reopen(sent, by=officer, now=now, why=WHY), officer, on, now)
    here = Agency.objects.get(user=officer)
    near = User.objects.filter(agency__kind=Kind.CITY, agency__region=here.region, is_demo=True)
    others = near.filter(grants__role="residence_officer").exclude(agency=officer.agency_id).select_related("agency")
    chosen = list({one.agency_id: one for one in others.order_by("agency", "id")}.values())[: len(SECONDS)]
    for place, (other, name) in enumerate(zip(chosen, SECONDS, strict=False), start=3):
        _sent(last, other, _second(other, f"officer{place}", name), on)
    return 3 + len(chosen)


def _second(officer: User, username: str, name: str) -> User:
    """Make the second officer of an office: whoever made a report ready does not sign it off."""
    made = User.objects.create(
        username=username, name=name, agency=officer.agency, password=officer.password, is_demo=True
    )
    grant = officer.grants.order_by("id").first()
    since = DateTimeTZRange(grant.during.lower, None) if grant else DateTimeTZRange(None, None)
    RoleGrant.objects.create(
        user=made, role="residence_officer", during=since, granted_by=User.objects.system(), reason="시연용 계정"
    )
    return made


def _sent(half_begins: date, officer: User, signer: User, on: date) -> SettlementReport:
    """Write a report that was sent ten days after its half-year."""
    now = day_begins(min(last_day(half_begins) + timedelta(days=10), on)) + timedelta(hours=10)
    made = actions.begin(half_begins, by=officer, now=now)
    frozen = actions.ready(made, by=officer, now=now)
    actions.sign(made, by=signer, now=now, digest=frozen.digest)
    return actions.send(made, by=officer, now=now, reference=f"복지정책과-{1000 + half_begins.month}")


def _answered(report: SettlementReport, officer: User, on: date, now: datetime) -> None:
    """Answer for the first few people, so that the list shows what is there and what is missing."""
    rows = actions.current_rows(report)[:ANSWERED]
    people = Person.objects.in_bulk([row.person for row in rows])
    for place, row in enumerate(rows):
        said = {HOUSING: HOMES[place % len(HOMES)]} | ({SCHOOL: "school"} if SCHOOL in row.asked else {})
        day = min(last_day(report.half_begins) + timedelta(days=1 + place % 3), on)
        actions.answer(report, people[row.person], values=said, observed_on=day, by=officer, now=now)
