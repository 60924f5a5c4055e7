"""The minutes as a PDF file, in the font and on the pages of the booklet of services."""

from django.utils.translation import gettext as _

from casework.templatetags.format import fulltime
from referrals.council.minutes import Level
from referrals.directory.paper import GREY, Booklet, fonts_installed

__all__ = ["fonts_installed", "printed"]


def printed(minutes, *, level, by, reason, now):
    """Return the PDF file of Minutes; each page says who printed it, when, and how much stands in it."""
    who = _("Printed by %(name)s (%(agency)s) at %(at)s") % {"name": by, "agency": by.agency, "at": fulltime(now)}
    paper = Booklet(who)
    paper.set_title(minutes.title)
    paper.set_creation_date(now)
    paper.add_page()
    paper.line_of(minutes.title, 17, "B", height=10)
    paper.line_of(str(Level(level).label), 9, "", GREY)
    paper.line_of(_("Reason for the download: %(reason)s") % {"reason": reason}, 9, "", GREY)
    for heading, lines in minutes.blocks:
        paper.ln(3)
        if paper.will_page_break(24):
            paper.add_page()
        paper.line_of(heading, 12, "B", height=7)
        for line in lines:
            paper.line_of(line)
    return bytes(paper.output())
