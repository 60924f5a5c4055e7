"""Who has not completed the initial education: people within their first year whose file the user's centre keeps."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Subquery

from households.handover.periods import FIRST_YEAR, education_due
from households.models import CourseRecord, Membership, Particulars, Person, Residence

GONE = (Residence.Status.DECEASED, Residence.Status.EMIGRATED)


@dataclass(frozen=True)
class Missing:
    """One person without a completed initial education: since when here, by when it is due, what was tried last."""

    person: Person
    household: int
    moved_in_on: date
    due: date
    last: str

    def late(self, on):
        """Return how many days the due day has passed, 0 while it has not."""
        return max((on - self.due).days, 0)


def in_first_year(on):
    """Return the Particulars of people who came from the North and moved in within the year before a day, without a
    completed initial education and not known to have died or gone abroad."""
    done = CourseRecord.objects.completes_initial().filter(person=OuterRef("person"))
    gone = Residence.objects.current().filter(person=OuterRef("person"), during__contains=on, status__in=GONE)
    rows = Particulars.objects.current().filter(is_defector=True, moved_in_on__gt=on - FIRST_YEAR, moved_in_on__lte=on)
    return rows.filter(~Exists(done), ~Exists(gone))


def missing_of(user, on):
    """Return [Missing] of the people whose file the user's centre keeps, the earliest due first; one query."""
    kept = Person.objects.kept_by(user).order_by().values("pk")
    last = CourseRecord.objects.current().filter(person=OuterRef("person"), kind=CourseRecord.Kind.INITIAL)
    homes = Membership.objects.current().filter(person=OuterRef("person"), kind="living", during__contains=on)
    rows = in_first_year(on).filter(person__in=kept).select_related("person")
    rows = rows.annotate(
        last=Subquery(last.order_by("-begins_on", "-id").values("result")[:1]),
        home=Subquery(homes.order_by("id").values("household")[:1]),
    )
    labels = dict(CourseRecord.Result.choices)
    return [
        Missing(row.person, row.home, row.moved_in_on, education_due(row.moved_in_on), str(labels.get(row.last, "")))
        for row in rows.order_by("moved_in_on", "person_id")
    ]
