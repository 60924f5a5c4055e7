"""Somebody on leave in the larger centres, and what is known of the search for the people of the planted stories."""

from datetime import date, timedelta
from itertools import chain

from casework.agencies.models import User
from casework.clock import day_begins
from desks.demo.homes import Home
from desks.demo.staff import Staff
from desks.demo.stories import AT_HOME, SETTLED
from households.actions import record_absence
from households.models import PersonalProtection, SearchStep

ENOUGH = 4
"""Area managers from which a centre has somebody on leave."""
DAYS = timedelta(days=4)


def write(homes: list[Home], staff: Staff, *, on: date) -> int:
    """Write the absences, and the end of personal protection where a story tells of it; return how many."""
    told = [home for home in homes if home.story == SETTLED]
    PersonalProtection.objects.bulk_create(
        PersonalProtection(
            person_id=home.head.key,
            state=PersonalProtection.State.DECLINED,
            stated_on=on - timedelta(days=400),
            source="본인",
            known_at=day_begins(on - timedelta(days=400)),
            recorded_by_id=staff.system,
        )
        for home in told
    )
    SearchStep.objects.bulk_create(
        SearchStep(
            household_id=home.key,
            step=SearchStep.Step.TOWN,
            whom="행정복지센터 복지팀",
            answer="함께 방문했으나 만나지 못했습니다.",
            occurred_at=day_begins(on - timedelta(days=20)) + timedelta(hours=11),
            known_at=day_begins(on - timedelta(days=20)) + timedelta(hours=18),
            recorded_by_id=staff.system,
        )
        for home in told
        if home.place.name != AT_HOME
    )
    return len(told) + _leave(staff, on)


def _leave(staff: Staff, on: date) -> int:
    """The last manager but one of each larger centre is away this week; the last stands in."""
    people = User.objects.in_bulk([*staff.supervisors.values(), *chain.from_iterable(staff.managers.values())])
    away = 0
    for centre, managers in sorted(staff.managers.items()):
        if len(managers) >= ENOUGH and centre in staff.supervisors:
            record_absence(
                people[managers[-2]],
                first=on,
                last=on + DAYS,
                substitute=people[managers[-1]],
                by=people[staff.supervisors[centre]],
            )
            away += 1
    return away
