"""The material and the record of a case conference as PDF files; each page says who printed it, when and why."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from casework.agencies.models import User
from casework.paper import GREY, Paper
from casework.templatetags.format import fullday, fulltime
from desks.conferences.hour import moved_words
from desks.conferences.material import Material, people_lines, standing_line
from households.conferences.workflow import ConferenceStatus
from households.models import CaseConference, ConferenceDecision, ConferenceItem


def material_printed(
    conference: CaseConference,
    items: Sequence[ConferenceItem],
    pages: dict[int, Material],
    *,
    by: User,
    reason: str,
    now: datetime,
) -> bytes:
    """Return the PDF file of the material: a page for each household, in the order of the agenda."""
    title = _("Material of the case conference %(number)s") % {"number": conference.number}
    paper = _paper(title, by=by, reason=reason, now=now)
    for item in items:
        paper.add_page()
        _material_page(paper, conference, item, pages[item.household_id])
    if not items:
        paper.add_page()
        paper.say("H1", title, "B", 17, 10)
        paper.say("P", _("You see no household on this agenda."), "", 10, 6)
    return bytes(paper.output())


def _material_page(paper: Paper, conference: CaseConference, item: ConferenceItem, page: Material) -> None:
    paper.say("H1", page.number, "B", 17, 10)
    paper.say("P", _about(conference), "", 9, 5.2, GREY)
    brought = _("Brought by: %(name)s") % {"name": item.brought_by.name}
    paper.say("P", brought, "", 9, 5.2, GREY)
    if conference.status == ConferenceStatus.HELD:
        at = _("What stood when the conference began, %(at)s") % {"at": fulltime(conference.held_at)}
        paper.say("P", at, "", 9, 5.2, GREY)
    if item.why:
        paper.ln(2)
        paper.say("P", _("Why it is on the agenda: %(why)s") % {"why": item.why}, "", 10, 5.6)
    for block in page.blocks:
        _block(paper, block.title, [line.words for line in block.lines] or [block.empty])


def record_printed(
    conference: CaseConference, households: Sequence[int], *, by: User, reason: str, now: datetime
) -> bytes:
    """Return the PDF file of the record as it was frozen; `households`: the ids of those that the reader sees."""
    kept = conference.record
    title = _("Record of the case conference %(number)s") % {"number": conference.number}
    paper = _paper(title, by=by, reason=reason, now=now)
    paper.add_page()
    paper.say("H1", title, "B", 17, 10)
    paper.say("P", _about(conference), "", 9.5, 5.2)
    at = _("As it was at the hour of the conference, %(at)s") % {"at": fulltime(conference.held_at)}
    paper.say("P", at, "", 9.5, 5.2)
    closed = _("Record closed: %(at)s, %(name)s") % {"at": fulltime(conference.closed_at), "name": conference.closed_by}
    paper.say("P", closed, "", 9.5, 5.2)
    guests = [" · ".join(filter(None, [one["name"], one["agency"]])) for one in kept["guests"]]
    _block(paper, _("Attendance"), [*kept["present"], *guests] or [_("Nobody is ticked as present.")])
    shown = {str(key) for key in households}
    for key, one in sorted(kept["items"].items(), key=lambda pair: pair[1]["place"]):
        if one["material"].get("moved"):
            _block(paper, f"{one['place']}. {one['number']}", [moved_words()])
        elif key in shown:
            _record_item(paper, one)
    known = {key for key, one in kept["items"].items() if one["material"].get("moved")}
    if left := len([key for key in kept["items"] if key not in shown | known]):
        words = _("%(n)s more households were talked about; they are not shown to you.") % {"n": left}
        _block(paper, _("Not shown"), [words])
    return bytes(paper.output())


def _record_item(paper: Paper, one: dict[str, Any]) -> None:
    material = one["material"]
    lines = [_("Why it is on the agenda: %(why)s") % {"why": one["why"]}] if one["why"] else []
    lines.append(_("Brought by: %(name)s") % {"name": one["by"]})
    if material:
        said = [reason.get(get_language() or "ko") or reason["ko"] for reason in material["reasons"]]
        lines += [standing_line(material), *people_lines(material), *said]
    decided = [_decision(decision) for decision in one["decisions"]]
    _block(paper, f"{one['place']}. {one['number']}", [*lines, *(decided or [_("Nothing was decided.")])])


def _decision(one: dict[str, str]) -> str:
    until = _("until %(day)s") % {"day": fullday(date.fromisoformat(one["due_on"]))} if one["due_on"] else ""
    kind = str(ConferenceDecision.Kind(one["kind"]).label)
    return "– " + " · ".join(filter(None, [f"{kind}: {one['what']}", one["owner"], until]))


def _about(conference: CaseConference) -> str:
    return " · ".join([fulltime(conference.starts_at), conference.place, _chair(conference)])


def _chair(conference: CaseConference) -> str:
    return pgettext("case conference", "chair: %(chair)s") % {"chair": conference.chair.name}


def _block(paper: Paper, title: str, lines: Sequence[str]) -> None:
    paper.ln(3)
    if paper.will_page_break(24):
        paper.add_page()
    paper.say("H2", title, "B", 12, 7)
    for line in lines:
        paper.say("P", line, "", 9.5, 5.4)


def _paper(title: str, *, by: User, reason: str, now: datetime) -> Paper:
    who = _("Printed by %(name)s (%(agency)s) at %(at)s") % {"name": by, "agency": by.agency, "at": fulltime(now)}
    why = _("Reason for the download: %(reason)s") % {"reason": reason}
    paper = Paper([who, why, _("Bands and reasons are our own criterion; people decide.")], margin=16)
    paper.set_title(title)
    paper.set_creation_date(now)
    return paper
