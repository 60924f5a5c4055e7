"""A page of A4 that all printed things share: a font that has all of Hangul, margins, the foot that every page bears,
and tags for screen readers.
"""

from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from fpdf.prefs import ViewerPreferences

from casework.tags import TaggedPDF

FONTS = Path(settings.BASE_DIR) / "node_modules/@expo-google-fonts/nanum-gothic"
FACES = {"": "400Regular/NanumGothic_400Regular.ttf", "B": "700Bold/NanumGothic_700Bold.ttf"}
FAMILY = "NanumGothic"
Colour = tuple[int, int, int]
INK: Colour = (30, 33, 36)
GREY: Colour = (88, 97, 106)
LINE: Colour = (200, 204, 209)


def fonts_installed() -> bool:
    """Say whether the fonts are there: `make setup` fetches them, and without them no page can be printed."""
    return all((FONTS / name).is_file() for name in FACES.values())


class Paper(TaggedPDF):
    """A page of A4 with its foot: the lines of `foot`, then the number of the page."""

    def __init__(self, foot: Iterable[str], *, margin: float = 14) -> None:
        super().__init__(format="A4")
        self.foot = list(foot)
        for style, name in FACES.items():
            self.add_font(FAMILY, style, FONTS / name)
        self.set_margins(margin, margin)
        self.set_auto_page_break(True, margin=24)
        self.set_lang(get_language() or "ko")
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)

    def footer(self) -> None:
        """Write the foot; it is not read out."""
        self.set_y(-20)
        self.write_in("", 7.5, GREY)
        page = _("Page %(page)s of %(pages)s") % {"page": self.page_no(), "pages": "{nb}"}
        with self.aside():
            for line in (*self.foot, page):
                self.cell(0, 3.6, line, new_x="LMARGIN", new_y="NEXT")

    def write_in(self, style: str, size: float, colour: Colour = INK) -> None:
        """Choose the face ("" or "B"), the size in points and the colour of what is written next."""
        self.set_font(FAMILY, style, size)
        self.set_text_color(*colour)

    def say(
        self, kind: str, text: str, style: str = "", size: float = 9.5, height: float = 6, colour: Colour = INK
    ) -> None:
        """Write a text as an element of `kind` ("H1", "H2", "P") over as many lines, `height` mm each, as it needs."""
        self.write_in(style, size, colour)
        with self.within(self.tree.add(kind)):
            self.multi_cell(0, height, text, new_x="LMARGIN", new_y="NEXT", align="L")

    def say_beside(self, label: str, text: str, *, width: float = 40, size: float = 10, height: float = 6) -> None:
        """Write a text to the right of its label; both are one paragraph."""
        if self.will_page_break(2 * height):
            self.add_page()
        with self.within(self.tree.add("P")):
            top, page = self.get_y(), self.page
            self.write_in("", size, GREY)
            self.multi_cell(width, height, label, new_x="RIGHT", new_y="NEXT", align="L")
            under = self.get_y()
            self.set_y(top)
            self.set_x(self.l_margin + width)
            self.write_in("", size)
            self.multi_cell(0, height, text, new_x="LMARGIN", new_y="NEXT", align="L")
            if self.page == page:
                self.set_y(max(under, self.get_y()))

    def rule(self) -> None:
        """Draw a line across the page; it is not read out."""
        self.ln(2)
        self.set_draw_color(*LINE)
        with self.aside():
            self.line(self.l_margin, self.get_y(), self.w - self.r_margin, self.get_y())
        self.ln(2)
