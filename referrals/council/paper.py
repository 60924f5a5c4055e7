"""The minutes as a PDF file; each page bears who printed it and when."""

from django.utils.translation import gettext as _

from casework.paper import GREY, Paper, fonts_installed
from casework.templatetags.format import fulltime
from referrals.council.minutes import Level

__all__ = ["fonts_installed", "printed"]


def printed(minutes, *, level, by, reason, now):
    """Return the PDF file of Minutes; each page says who printed it, when, and how much stands in it."""
    who = _("Printed by %(name)s (%(agency)s) at %(at)s") % {"name": by, "agency": by.agency, "at": fulltime(now)}
    paper = Paper([who], margin=16)
    paper.set_title(minutes.title)
    paper.set_creation_date(now)
    paper.add_page()
    paper.say("H1", minutes.title, "B", 17, 10)
    paper.say("P", str(Level(level).label), "", 9, 5.2, GREY)
    paper.say("P", _("Reason for the download: %(reason)s") % {"reason": reason}, "", 9, 5.2, GREY)
    for heading, lines in minutes.blocks:
        paper.ln(3)
        if paper.will_page_break(24):
            paper.add_page()
        paper.say("H2", heading, "B", 12, 7)
        for line in lines:
            paper.say("P", line, "", 9.5, 5.2)
    return bytes(paper.output())
