"""The inquiry on paper: a PDF made from the sections as they stand on the page, in a font that has all of Hangul.

Each page bears who printed it, when, its number of how many, and the checksum of the content (sections.checksum).
"""

from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from fpdf import FPDF
from fpdf.enums import TableBordersLayout
from fpdf.fonts import FontFace

from casework.agencies.models import User
from casework.templatetags.format import fullday, fulltime
from desks.inquiry.found import Found
from desks.inquiry.sections import Section

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
    "tried": (19, 14, 34, 14, 19),
    "promised": (19, 44, 13, 30),
    "clocks": (36, 18, 22, 24),
}


def fonts_installed() -> bool:
    """Say whether the fonts are there: `make setup` fetches them, and without them no page can be printed."""
    return all((FONTS / name).is_file() for name in FACES.values())


class Paper(FPDF):
    """A page of A4 with the foot that every page bears."""

    def __init__(self, foot: Iterable[str]) -> None:
        super().__init__(format="A4")
        self.foot = list(foot)
        for style, name in FACES.items():
            self.add_font(FAMILY, style, FONTS / name)
        self.set_margins(MARGIN, MARGIN)
        self.set_auto_page_break(True, margin=24)
        self.set_lang(get_language() or "ko")

    def footer(self) -> None:
        self.set_y(-20)
        self.set_font(FAMILY, "", 7.5)
        self.set_text_color(*GREY)
        page = _("Page %(page)s of %(pages)s") % {"page": self.page_no(), "pages": "{nb}"}
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
    _text(paper, title, "B", 17, 9)
    _text(paper, _("Reason for the inquiry: %(reason)s") % {"reason": reason}, "", 9.5, 6)
    for section in sections:
        _section(paper, section)
    return bytes(paper.output())


def _text(paper: Paper, text: str, style: str, size: float, height: float, colour: tuple[int, int, int] = INK) -> None:
    paper.set_font(FAMILY, style, size)
    paper.set_text_color(*colour)
    paper.multi_cell(0, height, text, new_x="LMARGIN", new_y="NEXT", align="L")


def _section(paper: Paper, section: Section) -> None:
    paper.ln(4)
    if paper.will_page_break(34):
        paper.add_page()
    _text(paper, section.title, "B", 12, 7)
    _text(paper, section.note, "", 8.5, 4.6, GREY)
    paper.ln(1.5)
    if not section.rows:
        _text(paper, section.empty, "", 9.5, 6)
        return
    paper.set_font(FAMILY, "", 8)
    paper.set_text_color(*INK)
    paper.set_draw_color(200, 204, 209)
    heads = FontFace(emphasis="BOLD", fill_color=HEAD, color=INK)
    with paper.table(
        col_widths=WIDTHS[section.key],
        borders_layout=TableBordersLayout.HORIZONTAL_LINES,
        headings_style=heads,
        line_height=4.4,
        text_align="LEFT",
        padding=0.8,
        first_row_as_headings=True,
    ) as table:
        for cells in (section.head, *section.rows):
            table.row([str(cell) for cell in cells])
