"""Days on which one agency is closed while others work: its clocks stand still."""

from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.db.models import F, Value
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from casework.clock import Holiday

# How many working days of an agency lie between two moments; the same count as `casework.clock.add_working_days`
# read backwards: a limit of n has run out when n days have elapsed. STABLE: it reads the calendar.
ELAPSED = """
CREATE OR REPLACE FUNCTION working_days_elapsed(begins timestamptz, moment timestamptz, agency bigint)
RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT reached.number - begun.number
        - (
            SELECT count(*)::int FROM agencies_closure closed
            JOIN casework_workday usual ON usual.day = closed.day AND usual.works
            WHERE closed.agency_id = agency AND closed.day > begun.day AND closed.day <= reached.day
        )
        - CASE
            WHEN reached.works
                AND (moment AT TIME ZONE 'Asia/Seoul')::time <= (begins AT TIME ZONE 'Asia/Seoul')::time
                AND reached.day > begun.day
                AND NOT EXISTS (
                    SELECT FROM agencies_closure closed WHERE closed.agency_id = agency AND closed.day = reached.day
                )
            THEN 1 ELSE 0
        END
    FROM casework_workday begun, casework_workday reached
    WHERE begun.day = (begins AT TIME ZONE 'Asia/Seoul')::date
        AND reached.day = (moment AT TIME ZONE 'Asia/Seoul')::date
$$
"""

# The moment that lies so many working days of an agency after another: `casework.clock.add_working_days` in SQL. Where
# the agency was never closed since, the day is found by its number.
AFTER = """
CREATE OR REPLACE FUNCTION working_days_after(begins timestamptz, days integer, agency bigint)
RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT (
        CASE WHEN EXISTS (
            SELECT FROM agencies_closure closed WHERE closed.agency_id = agency AND closed.day > begun.day
        )
        THEN (
            SELECT usual.day FROM casework_workday usual
            WHERE usual.works AND usual.day > begun.day AND usual.number <= begun.number + days + 250
                AND NOT EXISTS (
                    SELECT FROM agencies_closure closed WHERE closed.agency_id = agency AND closed.day = usual.day
                )
            ORDER BY usual.day OFFSET days - 1 LIMIT 1
        )
        ELSE (SELECT usual.day FROM casework_workday usual WHERE usual.works AND usual.number = begun.number + days)
        END + (begins AT TIME ZONE 'Asia/Seoul')::time
    ) AT TIME ZONE 'Asia/Seoul'
    FROM casework_workday begun
    WHERE begun.day = (begins AT TIME ZONE 'Asia/Seoul')::date
$$
"""


class Closure(models.Model):
    """An agency is closed on a day."""

    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="closures")
    day = models.DateField(pgettext_lazy("closed day", "Day"))
    why = models.CharField(_("Why"), max_length=120)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["agency", "day"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "day"],
                name="closed_once_a_day",
                violation_error_message=_("This agency is already closed on this day."),
            )
        ]

    def __str__(self):
        return f"{self.agency} · {self.day}"


@dataclass(frozen=True)
class WorkCalendar:
    """The public holidays and the closures of single agencies, for the functions of `casework.clock`."""

    holidays: frozenset
    closures: dict

    @classmethod
    def load(cls):
        """Read it all in one query."""
        days = Holiday.objects.order_by().values_list("day", Value(None, output_field=models.BigIntegerField()))
        closed = Closure.objects.order_by().values_list("day", F("agency_id"))
        holidays, closures = set(), {}
        for day, agency in days.union(closed, all=True):
            (holidays if agency is None else closures.setdefault(agency, set())).add(day)
        return cls(frozenset(holidays), closures)

    def closed(self, agency_id):
        """Return the set of days on which this agency does not work, weekends apart."""
        return self.holidays | self.closures.get(agency_id, frozenset())
