"""Handovers from Hanawon, and what follows the move, for pages and rules that only need one there."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from casework.clock import seoul_day
from households.models import ConflictOfInterest, CourseRecord, Handover, HandoverPerson

PEOPLE = (("오", "은별", "head", "F"), ("오", "한결", "child", "M"))
LISTED = {
    "handover_ref": "F-1",
    "role": "head",
    "family_name": "오",
    "given_name": "은별",
    "sex": "F",
    "birth_date": "1985-04-02",
    "is_defector": "Y",
    "district": "서울 관악구",
    "center": "관악하나센터",
    "moves_on": "2026-03-20",
}
"""What one row of Hanawon's file has to say, as it says it."""


def handover_of(center, *, by, district, status="announced", people=PEOPLE, **words):
    """A household that the Ministry's officer `by` announced to a centre; two people unless said otherwise."""
    on = seoul_day(timezone.now())
    said = {"moves_on": on + timedelta(days=10), "cohort": "제300기", "announced_at": timezone.now(), **words}
    if status in ("accepted", "moved_in"):
        said.setdefault("accepted_by", said["worker"])
        said.setdefault("accepted_at", timezone.now())
    made = Handover.objects.create(center=center, district=district, announced_by=by, status=status, **said)
    for place, (family, given, role, sex) in enumerate(people, 1):
        born = on.replace(year=on.year - (40 if role == "head" else 10), month=1, day=1)
        HandoverPerson.objects.create(
            handover=made, place=place, family=family, given=given, role=role, sex=sex, birth_on=born
        )
    return made


def course_of(person, *, by, **words):
    """A completed initial education of the last days."""
    on = seoul_day(timezone.now())
    said = {"kind": "initial", "begins_on": on - timedelta(days=20), "ends_on": on - timedelta(days=10), "hours": 50}
    said |= {"result": "completed", "client_key": uuid4(), **words}
    return CourseRecord.objects.create(person=person, recorded_by=by, **said)


def conflict_of(user, person, *, by=None, **words):
    """A conflict of interest that runs since a week ago, without what the verb does beside it."""
    since = seoul_day(timezone.now()) - timedelta(days=7)
    said = {"kind": "kin", "during": (since, None), **words}
    return ConflictOfInterest.objects.create(user=user, person=person, recorded_by=by or user, **said)
