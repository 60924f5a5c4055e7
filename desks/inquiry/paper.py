"""The inquiry on paper: a PDF made from the sections as they stand on the page, in a font that has all of Hangul, with
tags for screen readers.

Each page bears who printed it, when, its number of how many, and the checksum of the content (sections.checksum).
"""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _
from fpdf.enums import TableBordersLayout
from fpdf.fonts import FontFace

from casework.agencies.models import User
from casework.paper import GREY, INK, LINE, Paper
from casework.tags import TaggedTable
from casework.templatetags.format import fullday, fulltime
from desks.inquiry.found import Found
from desks.inquiry.sections import Row, Section

HEAD = (238, 240, 243)
# The widths of the columns by section, in parts of the page.
WIDTHS = {
    "shown": (22, 7, 11, 7, 53),
    "known": (12, 35, 18, 18, 27),
    "later": (12, 35, 18, 18, 27),
    "late": (12, 35, 18, 18, 27),
    "looks": (30, 17, 7, 19, 19, 18),
    "tried": (15, 14, 43, 13, 15),
    "promised": (19, 44, 13, 30),
    "clocks": (36, 18, 22, 24),
}

MOST = 400
"""Characters of a cell that fit on a page whatever the column; a longer text goes on in the row below."""


def printed(found: Found, sections: Iterable[Section], *, by: User, reason: str, digest: str) -> bytes:
    """Return the PDF file of an inquiry."""
    who = _("Printed by %(name)s (%(agency)s) at %(at)s") % {
        "name": by,
        "agency": by.agency,
        "at": fulltime(found.now),
    }
    paper = Paper([who, _("Checksum of the content (SHA-256): %(digest)s") % {"digest": digest}])
    title = _("Inquiry: %(number)s on %(day)s") % {"number": found.household.number, "day": fullday(found.on)}
    paper.set_title(title)
    paper.set_creation_date(found.now)
    paper.add_page()
    paper.say("H1", title, "B", 17, 9)
    paper.say("P", _("Reason for the inquiry: %(reason)s") % {"reason": reason}, "", 9.5, 6)
    for section in sections:
        _section(paper, section)
    # The feet are not read out: who printed it and the checksum are said once, at the end.
    paper.ln(4)
    for line in paper.foot:
        paper.say("P", line, "", 7.5, 4, GREY)
    return bytes(paper.output())


def _section(paper: Paper, section: Section) -> None:
    paper.ln(4)
    if paper.will_page_break(34):
        paper.add_page()
    paper.say("H2", section.title, "B", 12, 7)
    paper.say("P", section.note, "", 8.5, 4.6, GREY)
    paper.ln(1.5)
    if not section.rows:
        paper.say("P", section.empty, "", 9.5, 6)
        return
    paper.write_in("", 8)
    paper.set_draw_color(*LINE)
    table = TaggedTable(
        paper,
        col_widths=WIDTHS[section.key],
        borders_layout=TableBordersLayout.HORIZONTAL_LINES,
        headings_style=FontFace(emphasis="BOLD", fill_color=HEAD, color=INK),
        line_height=4.4,
        text_align="LEFT",
        padding=0.8,
    )
    for cells in (section.head, *section.rows):
        for piece in _pieces(cells):
            table.row(piece)
    table.render()


def _pieces(cells: Row) -> Iterator[Row]:
    """Yield the row, in several rows where a text is too long for one page."""
    for start in range(0, max(1, *(len(cell) for cell in cells)), MOST):
        yield tuple(str(cell)[start : start + MOST] for cell in cells)
