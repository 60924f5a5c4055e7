"""A monthly report as a file: asked for with a reason, kept for a day; it names nobody's household."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework.agencies.models import User
from casework.exports.kinds import Kind, Line
from desks.monthly.actions import rows_of
from desks.monthly.paper import cells_of, head
from desks.monthly.shown import name_of
from households.models import MonthlyLine, MonthlyReport
from households.monthly.workflow import leads
from households.signed.workflow import FROZEN


class MonthlyFile(Kind):
    """A monthly report as it was frozen; a draft is no file."""

    code = "monthly-report"
    label = gettext_lazy("Monthly report of a centre")
    names = False

    def allows(self, user: User) -> bool:
        """Who leads the centre may take its reports away."""
        return leads(user)

    def narrowed(self, given: Mapping[str, Any], user: User) -> dict[str, Any]:
        """`report`: the number of the one asked for, else of the latest that is frozen."""
        rows = _frozen(user)
        asked = rows.filter(number=given.get("report", "")).first() or rows.first()
        return {"report": asked.number if asked else ""}

    def said(self, asked: Mapping[str, Any]) -> str:
        """The month and the version."""
        found = MonthlyReport.objects.filter(number=asked["report"]).first()
        if found is None:
            return ""
        return _("%(month)s, version %(version)s") % {"month": name_of(found.month), "version": found.version}

    def back(self, asked: Mapping[str, Any]) -> str:
        """The report on screen."""
        number = asked["report"]
        return reverse("desks:monthly_report", args=[number]) if number else reverse("desks:monthly")

    def header(self) -> list[str]:
        """The columns of the report."""
        return head()

    def ids(self, user: User, asked: Mapping[str, Any], *, now: datetime) -> list[int]:
        """The lines of its last freezing, in their order."""
        report = _frozen(user).filter(number=asked["report"]).first()
        if report is None:
            return []
        rows = MonthlyLine.objects.filter(report=report, attempt=report.attempt)
        return list(rows.order_by("place").values_list("pk", flat=True))

    def lines(self, user: User, asked: Mapping[str, Any], ids: Sequence[int], *, now: datetime) -> list[Line]:
        """As the page shows them, with nobody in them."""
        report = _frozen(user).filter(number=asked["report"]).first()
        if report is None:
            return []
        keys = dict(MonthlyLine.objects.filter(report=report, pk__in=ids).values_list("code", "pk"))
        return [Line(keys[row.code], cells_of(row), [], []) for row in rows_of(report) if row.code in keys]

    def still(self, user: User, records: Sequence[int], closed: Sequence[int]) -> bool:
        """Every line is visible still."""
        return MonthlyLine.objects.visible_to(user).filter(pk__in=records).count() == len(records)


def _frozen(user: User) -> Any:
    """Return the reports that the user reads and that hold lines, the latest first."""
    return MonthlyReport.objects.visible_to(user).filter(status__in=FROZEN).order_by("-month", "-version")
