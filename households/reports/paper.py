"""The settlement report, and the residence-protection register, on paper: A4 across, with who printed it and why."""

from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext
from fpdf.enums import TableBordersLayout
from fpdf.fonts import FontFace

from casework.clock import seoul_day
from casework.paper import GREY, INK, LINE, Paper
from casework.tags import TaggedTable
from casework.templatetags.format import fullday, fulltime, period
from casework.templatetags.format import people as people_words
from households.models import Particulars
from households.reports.columns import LABELS
from households.reports.halves import last_day, name_of
from households.signed.workflow import ReportStatus

HEAD = (238, 240, 243)
REPORT_WIDTHS = (15, 13, 9, 13, 13, 19, 18, 17, 17, 17, 17)
REGISTER_WIDTHS = (20, 30, 30, 34, 30)
WIDE = "L"


def printed(report, lines, *, by, reason, now):
    """Return the PDF file of a report, in Korean. `lines`: of `shown.lines_of`, put into words here."""
    with override("ko"):
        title = _("Settlement report: %(agency)s, %(half)s") % {
            "agency": report.agency.name_ko,
            "half": name_of(report.half_begins),
        }
        about = [
            _("%(number)s · version %(version)s · %(status)s") % _standing(report),
            _("As of %(day)s · %(people)s within five years of their first move-in")
            % {"day": fullday(last_day(report.half_begins)), "people": people_words(len(lines)) or "0"},
            *_signed(report),
            _("Own form: the official one was not found. Basis: %(source)s") % {"source": report.form.source},
        ]
        rows = [report_cells(line) for line in lines]
        return _drawn(title, about, report_head(), rows, REPORT_WIDTHS, report.digest, by=by, reason=reason, now=now)


def register_printed(agency, rows, *, on, by, reason, now):
    """Return the PDF file of an agency's residence-protection register on a day, in Korean; `rows`: lists of cells."""
    with override("ko"):
        title = _("Residence-protection register: %(agency)s") % {"agency": agency.name_ko}
        about = [
            _("As of %(day)s · %(people)s") % {"day": fullday(on), "people": people_words(len(rows)) or "0"},
            _("As the register says on %(day)s.") % {"day": fullday(seoul_day(now))},
        ]
        return _drawn(title, about, register_head(), rows, REGISTER_WIDTHS, "", by=by, reason=reason, now=now)


def report_head():
    """Return the heads of the columns of a report."""
    return [
        _("Case number"),
        pgettext("of a person", "Name"),
        _("Sex"),
        _("Year of birth"),
        _("First move-in"),
        _("Protected until"),
        pgettext("report", "Place"),
        *(str(label) for label in LABELS.values()),
    ]


def report_cells(line):
    """Return the cells of a line of `shown.lines_of`, in the order of `report_head`."""
    cells = line["row"].cells
    return [
        line["case"],
        "" if line["row"].guarded else line["name"],
        str(Particulars.Sex(cells["sex"]).label),
        str(line["born"]),
        fullday(line["moved_in"]),
        fullday(line["until"]) or "–",
        _("address protected") if line["row"].guarded else line["place"],
        *(cell["text"] for cell in line["cells"]),
    ]


def register_head():
    """Return the heads of the columns of the register."""
    return [_("Case number"), pgettext("of a person", "Name"), _("Town"), _("Period"), _("Hana Center")]


def register_cells(row, names, marked):
    """Return the cells of a ProtectionPeriod of `people.registered`; of who is `marked` neither name nor town."""
    hidden = row.person_id in marked
    place = " ".join(filter(None, (row.district, row.town)))
    return [
        row.person.case_number,
        "" if hidden else names.get(row.person_id, ""),
        _("address protected") if hidden else place,
        period(row.during),
        row.centre or "–",
    ]


def _standing(report):
    return {"number": report.number, "version": report.version, "status": report.get_status_display()}


def _signed(report):
    lines = []
    if report.ready_by_id:
        words = {"name": report.ready_by, "at": fulltime(report.ready_at)}
        lines.append(_("Made ready by %(name)s at %(at)s") % words)
    if report.signed_by_id:
        lines.append(
            _("Signed off by %(name)s at %(at)s") % {"name": report.signed_by, "at": fulltime(report.signed_at)}
        )
    if report.sent_by_id:
        words = {"at": fulltime(report.sent_at), "reference": report.reference or "–"}
        lines.append(_("Sent at %(at)s · document %(reference)s") % words)
    if report.status == ReportStatus.DRAFT:
        lines.append(_("DRAFT: not signed off, and nothing of it is frozen."))
    return lines


def _drawn(title, about, head, rows, widths, digest, *, by, reason, now):
    who = _("Printed by %(name)s (%(agency)s) at %(at)s") % {"name": by, "agency": by.agency, "at": fulltime(now)}
    foot = [who, _("Reason for the download: %(reason)s") % {"reason": reason}]
    paper = Paper([*foot, _("Checksum of the content (SHA-256): %(digest)s") % {"digest": digest}] if digest else foot)
    paper.set_title(title)
    paper.set_creation_date(now)
    paper.add_page(orientation=WIDE)
    paper.say("H1", title, "B", 16, 9)
    for line in about:
        paper.say("P", line, "", 9, 5.2, GREY)
    paper.ln(2)
    paper.write_in("", 8)
    paper.set_draw_color(*LINE)
    table = TaggedTable(
        paper,
        col_widths=widths,
        borders_layout=TableBordersLayout.HORIZONTAL_LINES,
        headings_style=FontFace(emphasis="BOLD", fill_color=HEAD, color=INK),
        line_height=4.4,
        text_align="LEFT",
        padding=0.8,
    )
    for cells in (head, *rows):
        table.row([str(cell) for cell in cells])
    table.render()
    return bytes(paper.output())
