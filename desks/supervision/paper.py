"""The supervision sheet on paper: what its page shows the same reader, with who printed it and why."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from casework.agencies.models import User
from casework.paper import GREY, Paper
from casework.templatetags.format import band_name, fullday, fulltime, households, num, people
from desks.supervision.shown import Agreed, Away, Sheet, Talk

LABEL = 80
"""Millimetres for what a number is."""


def printed(sheet: Sheet, *, by: User, reason: str, now: datetime) -> bytes:
    """Return the PDF file of a sheet, in the reader's language."""
    title = _("Supervision sheet: %(name)s") % {"name": sheet.worker.name}
    who = _("Printed by %(name)s (%(agency)s) at %(at)s") % {"name": by, "agency": by.agency, "at": fulltime(now)}
    why = _("Reason for the download: %(reason)s") % {"reason": reason}
    paper = Paper([who, why, _("Numbers to talk about; they say nothing of how well somebody works.")], margin=16)
    paper.set_title(title)
    paper.set_creation_date(now)
    paper.add_page()
    paper.say("H1", title, "B", 17, 10)
    paper.say("P", _about(sheet), "", 9.5, 5.4, GREY)
    _pairs(paper, _("Households by band"), _bands(sheet))
    _pairs(paper, _("Owed and late"), _owed(sheet))
    if sheet.numbers.beyond:
        said = _(
            "More contacts are owed this week than a week can hold. "
            "That is a matter of the caseload, not of the worker."
        )
        paper.say("P", said, "", 9.5, 5.4)
    _pairs(paper, _("Due by kind"), _waiting(sheet) or [(_("Nothing else is due."), "")])
    _lines(
        paper,
        _("Absences of the last twelve months, and to come"),
        [_away(row) for row in sheet.absences] or [_("No absence is on record.")],
    )
    told = [line for note in sheet.notes for line in _note(note)]
    _lines(paper, _("Notes of supervision"), told or [_("No note that you may read.")])
    return bytes(paper.output())


def _about(sheet: Sheet) -> str:
    held = {"households": households(sheet.numbers.households), "people": people(sheet.numbers.people)}
    said = _("As of %(day)s: responsible for %(households)s, %(people)s.") % {"day": fullday(sheet.on), **held}
    return f"{said} {sheet.worker.agency}"


def _bands(sheet: Sheet) -> list[tuple[str, str]]:
    return [(str(band_name(one["level"])), num(one["count"])) for one in sheet.numbers.tally]


def _owed(sheet: Sheet) -> list[tuple[str, str]]:
    found = sheet.numbers
    late = _("(%(n)s past the date)") % {"n": num(found.reviews_late)} if found.reviews_late else ""
    return [
        (_("Contacts owed this week"), num(found.owed)),
        (_("Contacts that a week can hold"), num(found.room)),
        (_("Contact dates passed"), num(found.overdue)),
        (_("Reviews owed"), f"{num(found.reviews)} {late}".strip()),
        (_("Households with a substitute today"), num(found.covered)),
    ]


def _waiting(sheet: Sheet) -> list[tuple[str, str]]:
    due, late = pgettext("supervision", "Due"), _("Past the day")
    return [(str(row.label), f"{due} {num(row.due)} · {late} {num(row.late)}") for row in sheet.waiting]


def _away(row: Away) -> str:
    stands_in = _("%(name)s stands in") % {"name": row.substitute} if row.substitute else ""
    days = f"{fullday(row.first)} – {fullday(row.last)}"
    return " · ".join(filter(None, [days, row.kind, stands_in]))


def _note(note: Talk) -> list[str]:
    return [f"{fullday(note.held_on)} · {note.supervisor}", *(f"– {_step(step)}" for step in note.steps)]


def _step(step: Agreed) -> str:
    if step.done:
        return f"{step.text} · {_('done')}"
    return f"{step.text} · {_('by %(day)s') % {'day': fullday(step.due_on)}}" if step.due_on else step.text


def _pairs(paper: Paper, title: str, pairs: Sequence[tuple[str, str]]) -> None:
    _head(paper, title)
    for label, number in pairs:
        paper.say_beside(label, number, width=LABEL, size=9.5, height=5.4)


def _lines(paper: Paper, title: str, lines: Sequence[str]) -> None:
    _head(paper, title)
    for line in lines:
        paper.say("P", line, "", 9.5, 5.4)


def _head(paper: Paper, title: str) -> None:
    paper.ln(3)
    if paper.will_page_break(24):
        paper.add_page()
    paper.say("H2", title, "B", 12, 7)
