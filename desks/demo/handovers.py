"""Handovers from Hanawon at the centre whose people log in, education records of some, one conflict of interest."""

from datetime import date, datetime, timedelta
from typing import Any

from casework.agencies.models import Agency, District, User
from casework.clock import day_begins
from households.conflicts.actions import declare
from households.handover import actions
from households.models import Assignment, CourseRecord, Handover, HandoverPerson, Membership, Particulars

NAMED = ("caseworker", "supervisor", "ministry")
COHORT = "제311기 (시연용)"
PEOPLE = (
    (("리", "은하", "F", 1988, "head"), ("리", "새벽", "M", 2016, "child")),
    (("고", "단비", "F", 1979, "head"),),
    (("우", "한결", "M", 1994, "head"), ("서", "다은", "F", 1996, "spouse")),
)
EDUCATED = 12


def write(*, on: date) -> int:
    """Write them; return how many handovers there are."""
    users = {user.username: user for user in User.objects.filter(username__in=NAMED)}
    now = day_begins(on)
    home = users["supervisor"].agency
    if home is None:
        return 0
    User.objects.filter(username="counsellor").update(woman=True)
    _educated(users["caseworker"], on)
    _announced(users, home, PEOPLE[0], on + timedelta(days=1), now, woman_worker=True, language="zh", interpreter=True)
    accepted = _announced(users, home, PEOPLE[1], on, now - timedelta(days=9), first_day="늦은 오후에 도착합니다.")
    actions.accept(accepted, by=users["supervisor"], now=now - timedelta(days=8), worker=users["caseworker"])
    other = Agency.objects.centres().exclude(pk=home.pk).order_by("id").first()
    if other:
        _announced(users, other, PEOPLE[2], on - timedelta(days=1), now - timedelta(days=12))
    settled = _arrived(users, home, on, now)
    _kin(users, on, now)
    return 3 + settled


def _announced(
    users: dict[str, User], center: Agency, people: Any, moves_on: date, now: datetime, **said: Any
) -> Handover:
    district = District.objects.filter(jurisdiction__agency=center, jurisdiction__during__contains=moves_on)
    words: dict[str, Any] = {
        "center": center,
        "district": district.order_by("code").first(),
        "moves_on": moves_on,
        "cohort": COHORT,
    }
    words |= {"language": "ko", "interpreter": False, "woman_worker": False, "first_day": "", **said}
    coming = [
        {
            "family": family,
            "given": given,
            "sex": sex,
            "birth_on": date(year, 1, 1),
            "birth_precision": "year",
            "role": role,
            "is_defector": True,
        }
        for family, given, sex, year, role in people
    ]
    return actions.announce(by=users["ministry"], now=now, people=coming, **words)


def _arrived(users: dict[str, User], home: Agency, on: date, now: datetime) -> int:
    """Write the handover of the caseworker's household that moved in last, with its first steps."""
    about = _about(users["caseworker"], on).order_by("-moved_in_on", "person_id").first()
    if about is None:
        return 0
    lives = Membership.objects.current().during(on).filter(person=about.person_id, kind="living")
    lives = lives.select_related("household").order_by("id").first()
    dwells = lives.household.dwelling_set.current().during(on).order_by("id").first()
    made = Handover.objects.create(
        center=home,
        district=dwells.district,
        moves_on=about.moved_in_on,
        cohort=COHORT,
        status="moved_in",
        announced_by=users["ministry"],
        announced_at=day_begins(about.moved_in_on - timedelta(days=20)),
        accepted_by=users["supervisor"],
        accepted_at=day_begins(about.moved_in_on - timedelta(days=19)),
        worker=users["caseworker"],
        moved_on=about.moved_in_on,
        household=lives.household,
    )
    _people_of(made, on)
    for step in ("registration", "lease"):
        actions.tick(made, step, by=users["caseworker"], now=now, done_on=about.moved_in_on)
    return 1


def _people_of(made: Handover, on: date) -> None:
    members = Membership.objects.current().during(on).filter(household=made.household).order_by("id")
    about = {row.person_id: row for row in Particulars.objects.current().filter(person__in=members.values("person"))}
    for place, member in enumerate(sorted(members, key=lambda row: row.role != "head"), 1):
        name = member.person.personname_set.current().filter(kind="hangul").order_by("id").first()
        HandoverPerson.objects.create(
            handover=made,
            place=place,
            family=name.family,
            given=name.given,
            sex=about[member.person_id].sex,
            birth_on=about[member.person_id].birth_on,
            role=member.role,
            is_defector=about[member.person_id].is_defector,
            person=member.person,
        )


def _educated(by: User, on: date) -> None:
    """Record the initial education of those of the caseworker's people who moved in last; one attended in part."""
    rows = _about(by, on).order_by("-moved_in_on", "person_id")[:EDUCATED]
    CourseRecord.objects.bulk_create(
        CourseRecord(
            person_id=row.person_id,
            kind="initial",
            title="초기집중교육",
            begins_on=row.moved_in_on + timedelta(days=7),
            ends_on=row.moved_in_on + timedelta(days=16),
            hours=30 if place == 1 else 50,
            result="partly" if place == 1 else "completed",
            reason="병원 진료로 사흘을 빠졌습니다." if place == 1 else "",
            recorded_by=by,
        )
        for place, row in enumerate(rows)
    )


def _about(worker: User, on: date) -> Any:
    """Return the Particulars of the people whom the worker looks after and whose first move-in is known."""
    mine = Assignment.objects.current().during(on).filter(worker=worker, kind="main")
    members = Membership.objects.current().during(on).filter(household__in=mine.order_by().values("household"))
    about = Particulars.objects.current().filter(person__in=members.order_by().values("person"), is_defector=True)
    return about.filter(moved_in_on__lte=on)


def _kin(users: dict[str, User], on: date, now: datetime) -> None:
    """Let a colleague who is kin to somebody of the caseworker's have nothing to do with that household."""
    staff = User.objects.filter(agency=users["supervisor"].agency, grants__role="case_manager", is_demo=True)
    colleague = staff.exclude(pk=users["caseworker"].pk).order_by("id").first()
    mine = Assignment.objects.current().during(on).filter(worker=users["caseworker"], kind="main").order_by("id")
    lives = Membership.objects.current().during(on).filter(household__in=mine.values("household")[:1], role="head")
    person = lives.select_related("person").order_by("id").first()
    if colleague and person:
        declare(person.person, user=colleague, kind="kin", words="사촌입니다.", by=users["supervisor"], now=now)
