"""Monthly reports as pages show them: the months of a centre, one report, what happened to it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext, pgettext

from casework.agencies.models import User
from casework.audit.models import Event
from casework.clock import add_months, seoul_day
from casework.templatetags.format import korean, monthname
from households.models import MonthlyReport
from households.monthly.workflow import MONTHLY, leads
from households.signed.workflow import ReportStatus

OFFERED = 6
"""So many of the months that ended last stand in the list also without a report."""


@dataclass(frozen=True)
class Listed:
    """One month of a centre with the latest version of its report, if there is one."""

    first: date
    report: MonthlyReport | None

    @property
    def name(self) -> str:
        return name_of(self.first)


def name_of(first: date) -> str:
    """Return "2026년 10월" or "October 2026"."""
    return f"{first.year}년 {first.month}월" if korean() else f"{monthname(first)} {first.year}"


def months_of(user: User, now: datetime) -> list[Listed]:
    """Return the months that ended last, and every earlier one with a report, the latest first; one query."""
    this = seoul_day(now).replace(day=1)
    months: dict[date, MonthlyReport | None] = {add_months(this, -n): None for n in range(1, OFFERED + 1)}
    for report in MonthlyReport.objects.visible_to(user).order_by("version"):
        months[report.month] = report
    return [Listed(first, months[first]) for first in sorted(months, reverse=True)]


def page_of(report: MonthlyReport, user: User) -> dict[str, Any]:
    """Return what the page of one report shows besides its lines: its steps, what happened, its versions."""
    steps = MONTHLY.open_to(report, user)
    versions = list(
        MonthlyReport.objects.visible_to(user).filter(center=report.center_id, month=report.month).order_by("-version")
    )
    latest = versions and versions[0].pk == report.pk
    return {
        "report": report,
        "name": name_of(report.month),
        "steps": steps,
        "drafts": any(step.verb == "ready" for step in steps),
        "waits": report.status == ReportStatus.READY and not any(step.verb == "sign" for step in steps),
        "events": [{"event": event, "said": said(event.verb)} for event in events_of(report)],
        "versions": versions,
        "reopens": latest and report.status == ReportStatus.SENT and leads(user),
    }


def events_of(report: MonthlyReport) -> Any:
    """Return what happened with a report, the newest first."""
    return Event.objects.about(report).order_by("-id")


def said(verb: str) -> str:
    """Return an Event's verb in words."""
    return str(
        {
            "monthly report: begun": pgettext("report", "Begun"),
            "monthly report: reopened": gettext("New version begun"),
            "monthly report: corrected": gettext("A number put right"),
            "monthly report: ready": gettext("Frozen for signing off"),
            "monthly report: back": gettext("Back to preparing"),
            "monthly report: signed": pgettext("report", "Signed off"),
            "monthly report: sent": pgettext("report", "Sent"),
        }.get(verb, verb)
    )
