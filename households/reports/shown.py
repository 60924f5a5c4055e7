"""Reports as pages show them: the half-years of an office, one report, its people, and until when it is due."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext, pgettext

from casework.agencies.models import Agency
from casework.audit.models import Event
from casework.clock import add_months, seoul_day
from households.models import ReportForm, SettlementReport
from households.reports.columns import COLUMNS, FROM_REGISTER, LABELS, label_of
from households.reports.halves import HALF, due_on, ended_before, last_day, name_of
from households.reports.workflow import REPORT
from households.signed.workflow import ReportStatus

OFFERED = 2
"""So many of the half-years that ended last stand in the list also without a report."""
SOON = 10


@dataclass(frozen=True)
class Half:
    """One half-year of an office: its name, until when its report is due, the latest version, the days left (below 0:
    late; None once it was sent, also while it is corrected)."""

    begins: date
    due: date | None
    report: SettlementReport | None
    left: int | None

    @property
    def name(self):
        return name_of(self.begins)

    @property
    def sent(self):
        return self.report is not None and self.report.status == ReportStatus.SENT

    @property
    def state(self):
        """ "late", "soon" or "": how the clock is shown."""
        if self.left is None:
            return ""
        return "late" if self.left < 0 else "soon" if self.left <= SOON else ""


def halves_of(user, now):
    """Return the Half of each half-year that ended last and of each that has a report, the latest first; two
    queries."""
    today = seoul_day(now)
    rows = SettlementReport.objects.visible_to(user).order_by("half_begins", "version")
    latest = {row.half_begins: row for row in rows}
    ended = [add_months(ended_before(today), -HALF * n) for n in range(OFFERED)]
    forms = list(ReportForm.objects.order_by("id"))
    return [half(begins, latest.get(begins), forms, today) for begins in sorted({*latest, *ended}, reverse=True)]


def half(begins, report, forms, today):
    """Return the Half of one half-year; `forms`: every ReportForm."""
    form = next((one for one in forms if last_day(begins) in one.during), None)
    due = due_on(begins, form) if form else None
    sent = report is not None and (report.status == ReportStatus.SENT or report.version > 1)
    return Half(begins, due, report, None if sent or due is None else (due - today).days)


def due_of(user, now):
    """Return the Half that ended last, for a desk; it stays there until it is sent. Two queries."""
    return next((one for one in halves_of(user, now) if not one.sent), None) if user.agency_id else None


def page_of(report, rows, user):
    """Return what the page of one report shows: how complete it is, who is missing what, the steps, what happened."""
    asked, missing = sum(len(row.asked) for row in rows), sum(len(row.missing) for row in rows)
    steps = REPORT.open_to(report, user)
    return {
        "report": report,
        "half": half(report.half_begins, report, [report.form], seoul_day(report.begun_at)),
        "people": len(rows),
        "asked": asked,
        "answered": asked - missing,
        "percent": round(100 * (asked - missing) / asked) if asked else 100,
        "incomplete": sum(bool(row.missing) for row in rows),
        "steps": steps,
        "drafts": any(step.verb == "ready" for step in steps),
        "waits": report.status == ReportStatus.READY and not any(step.verb == "sign" for step in steps),
        "events": [{"event": event, "said": said(event.verb)} for event in events_of(report)],
        "versions": versions_of(report, user),
    }


def events_of(report):
    """Return what happened with a report, the newest first; answers for single people are many and stand elsewhere."""
    return Event.objects.about(report).exclude(verb="settlement report: answered").order_by("-id")


def versions_of(report, user):
    """Return the versions of the same half-year, the latest first."""
    rows = SettlementReport.objects.visible_to(user).filter(agency=report.agency_id, half_begins=report.half_begins)
    return list(rows.order_by("-version"))


def lines_of(rows, report):
    """Return Rows as a table shows them: name, place, a cell for each column in order, what is missing of whom."""
    draft = report.status == ReportStatus.DRAFT
    return [
        {
            "row": row,
            "name": row.cells["name"] or row.cells["case"],
            "case": row.cells["case"],
            "born": row.cells["born"] or "",
            "moved_in": date.fromisoformat(row.cells["moved_in"]),
            "until": date.fromisoformat(row.cells["until"]) if row.cells["until"] else None,
            "place": " ".join(filter(None, (row.cells["district"], row.cells["town"]))),
            "centre": row.cells["centre"],
            "cells": [cell_of(row, column) | {"label": LABELS[column]} for column in COLUMNS],
            "url": reverse("households:report_answer", args=[report.number, row.cells["case"]]) if draft else "",
        }
        for row in rows
    ]


def cell_of(row, column):
    """Return {"text", "note", "state"} of a column of a Row: state "missing" where nobody answered, "none" where the
    column is not asked of somebody of this age."""
    if column not in row.asked:
        return {"text": "–", "note": "", "state": "none"}
    cell = row.cells[column]
    if not cell:
        return {"text": gettext("missing"), "note": "", "state": "missing"}
    sources = {"register": gettext("register"), "office": gettext("this office")}
    day = date.fromisoformat(cell["on"]) if cell["on"] else None
    return {"text": label_of(column, cell["value"]), "note": sources[cell["from"]], "day": day, "state": ""}


def missing_by_column(rows):
    """Return [{"label", "count", "who"}] of what is missing: how many people, and who can supply it."""
    own, theirs = gettext("this office finds it out"), gettext("this office, or the Hana Center that answers")
    counts = {column: sum(column in row.missing for row in rows) for column in COLUMNS}
    return [
        {"label": LABELS[column], "count": count, "who": theirs if column in FROM_REGISTER else own}
        for column, count in counts.items()
        if count
    ]


def telephones(rows):
    """Return {centre: telephone} of the centres that answer for the people of Rows; one query."""
    names = {row.cells["centre"] for row in rows if row.missing}
    return dict(Agency.objects.filter(name_ko__in=names).exclude(phone="").order_by().values_list("name_ko", "phone"))


def said(verb):
    """Return an Event's verb in words."""
    return str(
        {
            "settlement report: begun": pgettext("report", "Begun"),
            "settlement report: reopened": gettext("New version begun"),
            "settlement report: ready": gettext("Frozen for signing off"),
            "settlement report: back": gettext("Back to preparing"),
            "settlement report: signed": pgettext("report", "Signed off"),
            "settlement report: sent": pgettext("report", "Sent"),
        }.get(verb, verb)
    )
