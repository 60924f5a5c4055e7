"""The inquiry on paper: a PDF made from the sections as they stand on the page, in a font that has all of Hangul, with
tags for screen readers.

Each page bears who printed it, when, its number of how many, and the checksum of the content (sections.checksum).
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from fpdf.enums import TableBordersLayout
from fpdf.fonts import FontFace
from fpdf.prefs import ViewerPreferences

from casework.agencies.models import User
from casework.templatetags.format import fullday, fulltime
from desks.inquiry.found import Found
from desks.inquiry.sections import Row, Section
from desks.inquiry.tags import TaggedPDF, TaggedTable

FONTS = Path(settings.BASE_DIR) / "node_modules/@expo-google-fonts/nanum-gothic"
FACES = {"": "400Regular/NanumGothic_400Regular.ttf", "B": "700Bold/NanumGothic_700Bold.ttf"}
FAMILY = "NanumGothic"
MARGIN, INK, GREY, HEAD = 14, (30, 33, 36), (88, 97, 106), (238, 240, 243)
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


def fonts_installed() -> bool:
    """Say whether the fonts are there: `make setup` fetches them, and without them no page can be printed."""
    return all((FONTS / name).is_file() for name in FACES.values())


class Paper(TaggedPDF):
    """A page of A4 with the foot that every page bears."""

    def __init__(self, foot: Iterable[str]) -> None:
        super().__init__(format="A4")
        self.foot = list(foot)
        for style, name in FACES.items():
            self.add_font(FAMILY, style, FONTS / name)
        self.set_margins(MARGIN, MARGIN)
        self.set_auto_page_break(True, margin=24)
        self.set_lang(get_language() or "ko")
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)

    def footer(self) -> None:
        self.set_y(-20)
        self.set_font(FAMILY, "", 7.5)
        self.set_text_color(*GREY)
        page = _("Page %(page)s of %(pages)s") % {"page": self.page_no(), "pages": "{nb}"}
        with self.aside():
            for line in (*self.foot, page):
                self.cell(0, 3.6, line, new_x="LMARGIN", new_y="NEXT")


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
    _text(paper, "H1", title, "B", 17, 9)
    _text(paper, "P", _("Reason for the inquiry: %(reason)s") % {"reason": reason}, "", 9.5, 6)
    for section in sections:
        _section(paper, section)
    # The feet are not read out: who printed it and the checksum are said once, at the end.
    paper.ln(4)
    for line in paper.foot:
        _text(paper, "P", line, "", 7.5, 4, GREY)
    return bytes(paper.output())


def _text(
    paper: Paper, kind: str, text: str, style: str, size: float, height: float, colour: tuple[int, int, int] = INK
) -> None:
    paper.set_font(FAMILY, style, size)
    paper.set_text_color(*colour)
    with paper.within(paper.tree.add(kind)):
        paper.multi_cell(0, height, text, new_x="LMARGIN", new_y="NEXT", align="L")


def _section(paper: Paper, section: Section) -> None:
    paper.ln(4)
    if paper.will_page_break(34):
        paper.add_page()
    _text(paper, "H2", section.title, "B", 12, 7)
    _text(paper, "P", section.note, "", 8.5, 4.6, GREY)
    paper.ln(1.5)
    if not section.rows:
        _text(paper, "P", section.empty, "", 9.5, 6)
        return
    paper.set_font(FAMILY, "", 8)
    paper.set_text_color(*INK)
    paper.set_draw_color(200, 204, 209)
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
