"""By when a case conference is owed: our own criterion by band, from the day the band came (자체 기준).

Emergency within 72 hours, High within 5 working days, Moderate as needed. The survey proposes "5 days" without saying
of which kind; they are counted as working days here. No law fixes any of it.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, DateField, DateTimeField, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Cast, Coalesce, Greatest, TruncDate

from casework.workdays import Workday
from households.models import ConferenceItem
from risk.bands import Band
from risk.models import Standing


@dataclass(frozen=True)
class Criterion:
    """What is owed of bands that came from `since` on; a later Criterion ends the one before it.

    `fell_within`: a conference so long before the band came still answers for High: the household was talked about
    while it stood higher.
    """

    since: date
    emergency: timedelta
    high_working_days: int
    fell_within: timedelta


CRITERIA = (Criterion(date(2020, 1, 1), timedelta(hours=72), 5, timedelta(days=14)),)


def criterion_on(on: date) -> Criterion:
    """Return the Criterion in force on a day."""
    return max((one for one in CRITERIA if one.since <= on), key=lambda one: one.since)


def owed(households: QuerySet[Any] | Any, *, on: date) -> QuerySet[Any]:
    """Return the standings of `households` (a queryset of keys) for which a conference is owed and was not held since
    the band came, annotated `due_on`. A household that waits on an agenda is among them."""
    rule = criterion_on(on)
    begun = Workday.objects.filter(day=OuterRef("began_on")).order_by().values("number")[:1]
    reached = Workday.objects.filter(works=True, number=OuterRef("begun") + rule.high_working_days).order_by()
    rows = Standing.objects.filter(household__in=households, shown_band__gte=Band.HIGH).order_by()
    # Where a person raised the band, the clock runs from that day and not from when the machine's band came.
    rows = rows.annotate(began=Greatest(F("band_since"), Cast(F("since"), DateTimeField()))).filter(began__isnull=False)
    rows = rows.annotate(began_on=TruncDate("began"), ends_at=F("began") + rule.emergency)
    rows = rows.annotate(begun=Subquery(begun))
    rows = rows.annotate(
        due_on=Case(
            When(shown_band=Band.EMERGENCY, then=TruncDate("ends_at")),
            default=Coalesce(Subquery(reached.values("day")[:1]), F("began_on")),
            output_field=DateField(),
        )
    )
    return rows.filter(~_talked_about(rule))


def _talked_about(rule: Criterion) -> Q:
    """Whether the household was talked about since its band came, or, at High, shortly before."""
    held = ConferenceItem.objects.talked_about().filter(household=OuterRef("household")).order_by()
    # Brought in while it was held, a household was talked about from then on, not from when the meeting began.
    held = held.annotate(talked_at=Greatest("conference__held_at", "brought_at"))
    since = held.filter(talked_at__gte=OuterRef("began"))
    before = held.filter(talked_at__gte=OuterRef("began") - rule.fell_within)
    return Q(Exists(since)) | Q(Exists(before), shown_band=Band.HIGH)
