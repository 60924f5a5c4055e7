"""A person's record as a PDF, in Korean whatever language the page is read in; the name of the file is the number."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from casework.agencies.models import User
from casework.paper import GREY, Paper
from casework.templatetags.format import fulltime
from desks.requests.record import Part, left_out
from households.models import DataRequest


def printed(request: DataRequest, parts: Iterable[Part], *, by: User, now: datetime) -> bytes:
    """Return the record as the bytes of a PDF file."""
    with override("ko"):
        who = _("Printed by %(name)s (%(agency)s) at %(at)s") % {"name": by, "agency": by.agency, "at": fulltime(now)}
        paper = Paper([who, request.number], margin=20)
        paper.set_title(request.number)
        paper.set_creation_date(now)
        paper.add_page()
        paper.say("P", str(by.agency), "", 11, 7, GREY)
        paper.say("H1", _("Your record in plain words"), "B", 18, 11)
        for said in left_out():
            paper.say("P", said, "", 9.5, 5.5, GREY)
        paper.rule()
        for part in parts:
            _part(paper, part)
        return bytes(paper.output())


def _part(paper: Paper, part: Part) -> None:
    if paper.will_page_break(24):
        paper.add_page()
    paper.say("H2", part.title, "B", 12.5, 9)
    for line in part.lines:
        paper.say("P", line, "", 10, 5.8)
    paper.ln(3)
