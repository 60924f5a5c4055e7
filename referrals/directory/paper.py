"""The booklet as a PDF file, in a font that has all of Hangul; each page bears the day and its number."""

from pathlib import Path

from django.conf import settings
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from fpdf import FPDF

from casework.templatetags.format import fullday

FONTS = Path(settings.BASE_DIR) / "node_modules/@expo-google-fonts/nanum-gothic"
FACES = {"": "400Regular/NanumGothic_400Regular.ttf", "B": "700Bold/NanumGothic_700Bold.ttf"}
FAMILY, MARGIN, INK, GREY = "NanumGothic", 16, (30, 33, 36), (88, 97, 106)


def fonts_installed():
    """Say whether the fonts are there: `make setup` fetches them."""
    return all((FONTS / name).is_file() for name in FACES.values())


class Booklet(FPDF):
    """A page of A4 with its foot."""

    def __init__(self, foot):
        super().__init__(format="A4")
        self.foot = foot
        for style, name in FACES.items():
            self.add_font(FAMILY, style, FONTS / name)
        self.set_margins(MARGIN, MARGIN)
        self.set_auto_page_break(True, margin=20)
        self.set_lang(get_language() or "ko")

    def footer(self):
        """Write the day of the directory and the number of the page."""
        self.set_y(-14)
        self.set_font(FAMILY, "", 8)
        self.set_text_color(*GREY)
        page = _("Page %(page)s of %(pages)s") % {"page": self.page_no(), "pages": "{nb}"}
        self.cell(0, 4, f"{self.foot} · {page}")

    def line_of(self, text, size=9.5, style="", colour=INK, height=5.2):
        """Write a text over as many lines as it needs."""
        self.set_font(FAMILY, style, size)
        self.set_text_color(*colour)
        self.multi_cell(0, height, text, new_x="LMARGIN", new_y="NEXT", align="L")


def title_of(found):
    """Return the title of a booklet."""
    if found["district"]:
        names = [str(place) for place in (found["district"].parent, found["district"]) if place]
        return _("Services for people of %(district)s") % {"district": " ".join(names)}
    return _("Services: %(need)s") % {"need": found["groups"][0][0]}


def lines_of(service):
    """Return [(label, text)] of what is said of a service, without what nobody said."""
    asked = [*service.said_channels]
    reached = [text for text in (service.phone, service.address, service.url) if text]
    said = [
        (_("Agency"), str(service.agency)),
        (_("Who may get it"), service.who),
        (_("What to bring"), service.bring),
        (pgettext("hours", "Open"), service.said_hours),
        (_("How to ask"), " · ".join([", ".join(asked), *reached])),
        (_("Good to know"), service.guidance),
        (_("Usual time until the answer"), service.answers),
    ]
    return [(label, text) for label, text in said if text]


def printed(found):
    """Return the PDF file of what `finding.booklet_of` returns."""
    title = title_of(found)
    booklet = Booklet(_("As of %(day)s") % {"day": fullday(found["on"])})
    booklet.set_title(title)
    booklet.add_page()
    booklet.line_of(title, 17, "B", height=10)
    booklet.line_of(_("Please ask your case manager before you go: hours and conditions can change."), 9, "", GREY)
    for need, services in found["groups"]:
        booklet.ln(4)
        booklet.line_of(need, 13, "B", height=8)
        for service in services:
            _one(booklet, service)
    return bytes(booklet.output())


def _one(booklet, service):
    booklet.ln(2)
    if booklet.will_page_break(40):
        booklet.add_page()
    booklet.line_of(service.name, 11, "B", height=6.4)
    for label, text in lines_of(service):
        booklet.line_of(f"{label}: {text}")
    if service.unofficial:
        booklet.line_of(_("Not confirmed by the agency."), 8.5, "", GREY)
