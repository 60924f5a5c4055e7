"""One month of one centre, and whose work it was: the conditions that the lines of a report share."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import TruncDate

from casework.clock import add_months, day_begins
from households.models import Membership, Responsibility

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Month:
    """One month of one centre (its id), by its first day."""

    center: int
    first: date

    @property
    def after(self) -> date:
        """The first day of the next month."""
        return add_months(self.first, 1)

    @property
    def last(self) -> date:
        return self.after - DAY

    @property
    def days(self) -> tuple[date, date]:
        return self.first, self.last

    def moments(self, name: str) -> dict[str, datetime]:
        """Return the condition that the moment in a column falls into the month."""
        return {f"{name}__gte": day_begins(self.first), f"{name}__lt": day_begins(self.after)}

    def duties(self) -> QuerySet[Any]:
        """Return the centre's responsibilities of some day of the month."""
        rows = Responsibility.objects.current().filter(center=self.center)
        return rows.filter(during__overlap=(self.first, self.after))

    def homes(self) -> QuerySet[Any]:
        """Return the keys of the households for which the centre answered on some day of the month."""
        return self.duties().order_by().values("household")

    def ours(self, rows: QuerySet[Any], moment: str) -> QuerySet[Any]:
        """Return those of `rows` of the month whose household the centre answered for on that day."""
        here = rows.filter(household__in=self.homes(), **self.moments(moment))
        return self._answered(here.alias(its_day=TruncDate(moment)), "household")

    def ours_on(self, rows: QuerySet[Any], day: str, household: str = "household") -> QuerySet[Any]:
        """As `ours`, where the column `day` holds a day; `household` leads from a row to its household."""
        here = rows.filter(**{f"{day}__range": self.days, f"{household}__in": self.homes()})
        return self._answered(here.alias(its_day=F(day)), household)

    def _answered(self, rows: QuerySet[Any], household: str) -> QuerySet[Any]:
        then = self.duties().filter(household=OuterRef(household), during__contains=OuterRef("its_day")).order_by()
        return rows.filter(Exists(then))

    def people(self) -> QuerySet[Any]:
        """Return the keys of those who lived in such a household on some day of the month. Not day by day: asked of
        each row anew, that took seconds."""
        rows = Membership.objects.current().filter(kind="living", household__in=self.homes())
        return rows.filter(during__overlap=(self.first, self.after)).order_by().values("person")
