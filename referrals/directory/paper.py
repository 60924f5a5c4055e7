"""The booklet as a PDF file, in a font that has all of Hangul; each page bears the day and its number."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from casework.paper import GREY, Paper
from casework.templatetags.format import fullday


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
    booklet = Paper([_("As of %(day)s") % {"day": fullday(found["on"])}], margin=16)
    booklet.set_title(title)
    booklet.add_page()
    booklet.say("H1", title, "B", 17, 10)
    advice = _("Please ask your case manager before you go: hours and conditions can change.")
    booklet.say("P", advice, "", 9, 5.2, GREY)
    for need, services in found["groups"]:
        booklet.ln(4)
        booklet.say("H2", str(need), "B", 13, 8)
        for service in services:
            _one(booklet, service)
    return bytes(booklet.output())


def _one(booklet, service):
    booklet.ln(2)
    if booklet.will_page_break(40):
        booklet.add_page()
    booklet.say("H3", service.name, "B", 11, 6.4)
    for label, text in lines_of(service):
        booklet.say("P", f"{label}: {text}", "", 9.5, 5.2)
    if service.unofficial:
        booklet.say("P", _("Not confirmed by the agency."), "", 8.5, 5.2, GREY)
