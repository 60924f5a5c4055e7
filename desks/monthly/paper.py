"""The monthly report on paper: A4, in Korean, with who printed it and why."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override
from fpdf.enums import TableBordersLayout
from fpdf.fonts import FontFace

from casework.agencies.models import User
from casework.paper import GREY, INK, LINE, Paper
from casework.tags import TaggedTable
from casework.templatetags.format import fulltime, num
from desks.monthly.actions import rows_of
from desks.monthly.shown import name_of
from households.models import MonthlyReport
from households.signed.workflow import ReportStatus

HEAD = (238, 240, 243)
WIDTHS = (58, 18, 18, 88)


def head() -> list[str]:
    """Return the heads of the columns."""
    return [_("Line"), _("Counted"), _("In the report"), _("Definition, and why a number was put right")]


def cells_of(row: Any) -> list[str]:
    """Return the cells of a Row, in the order of `head`."""
    why = _("Put right by %(name)s: %(reason)s") % {"name": row.by, "reason": row.reason} if row.reason else ""
    return [row.label, num(row.counted), num(row.value), " · ".join(filter(None, (row.definition, why)))]


def printed(report: MonthlyReport, *, by: User, reason: str, now: datetime) -> bytes:
    """Return the PDF file of a report, in Korean."""
    with override("ko"):
        title = _("Monthly report: %(centre)s, %(month)s") % {
            "centre": report.center.name_ko,
            "month": name_of(report.month),
        }
        about = [
            _("%(number)s · version %(version)s · %(status)s")
            % {"number": report.number, "version": report.version, "status": report.get_status_display()},
            *_signed(report),
            _("Own form: the official one was not found."),
        ]
        return _drawn(title, about, [cells_of(row) for row in rows_of(report)], report.digest, by, reason, now)


def _signed(report: MonthlyReport) -> list[str]:
    lines = []
    if report.ready_by_id:
        words = {"name": report.ready_by, "at": fulltime(report.ready_at)}
        lines.append(_("Made ready by %(name)s at %(at)s") % words)
    if report.signed_by_id:
        words = {"name": report.signed_by, "at": fulltime(report.signed_at)}
        lines.append(_("Signed off by %(name)s at %(at)s") % words)
    if report.sent_by_id:
        said = {"at": fulltime(report.sent_at), "reference": report.reference or "–"}
        lines.append(_("Sent at %(at)s · document %(reference)s") % said)
    if report.status == ReportStatus.DRAFT:
        lines.append(_("DRAFT: not signed off, and nothing of it is frozen."))
    return lines


def _drawn(title: str, about: list[str], rows: Any, digest: str, by: User, reason: str, now: datetime) -> bytes:
    who = _("Printed by %(name)s (%(agency)s) at %(at)s") % {"name": by, "agency": by.agency, "at": fulltime(now)}
    foot = [who, _("Reason for the download: %(reason)s") % {"reason": reason}]
    paper = Paper([*foot, _("Checksum of the content (SHA-256): %(digest)s") % {"digest": digest}] if digest else foot)
    paper.set_title(title)
    paper.set_creation_date(now)
    paper.add_page()
    paper.say("H1", title, "B", 16, 9)
    for line in about:
        paper.say("P", line, "", 9, 5.2, GREY)
    paper.ln(2)
    paper.write_in("", 8)
    paper.set_draw_color(*LINE)
    table = TaggedTable(
        paper,
        col_widths=WIDTHS,
        borders_layout=TableBordersLayout.HORIZONTAL_LINES,
        headings_style=FontFace(emphasis="BOLD", fill_color=HEAD, color=INK),
        line_height=4.4,
        text_align="LEFT",
        padding=0.8,
    )
    for cells in (head(), *rows):
        table.row(cells)
    table.render()
    return bytes(paper.output())
