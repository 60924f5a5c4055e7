"""What a conference talks about once it has begun, and what its record keeps of its households: as they were, and as it
was known, at its hour.

What was learned between the talk and the closing of the record was not before those who decided. A household that came
on the agenda while the conference was being held is kept as of then.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from casework.clock import AsOf, seoul_day
from desks.conferences.asked import told_of
from desks.conferences.material import (
    FROZEN,
    Block,
    Line,
    Material,
    kept_of,
    page_of,
    people_lines,
    reasons_of,
    standing_line,
)
from households.models import CaseConference, ConferenceItem, Membership, Responsibility
from risk.past import as_it_was

MOVED: dict[str, Any] = {"moved": True}
"""What is kept of a household for which another centre answered at the hour: that it had moved, and nothing else."""


def frozen(conference: CaseConference) -> dict[int, dict[str, Any]]:
    """Return {household id: what the record keeps of it}, whoever closes it."""
    moments: dict[datetime, list[int]] = {}
    for item in conference.items.standing().order_by("place", "id"):
        moments.setdefault(_hour(conference, item), []).append(item.household_id)
    found: dict[int, dict[str, Any]] = {}
    for moment, households in moments.items():
        found |= _as_of(moment, households, conference.centre_id)
    return found


def begun(items: Sequence[ConferenceItem], *, full: bool = False, at: datetime | None = None) -> dict[int, Material]:
    """Return {household id: its page as of the hour} of items of one conference that is being held, the items found
    through the user: everybody in the room reads the same, whatever is recorded meanwhile. `full`: as `materials_of`;
    `at`: another moment, read in the same way, so that the two can be compared."""
    moments: dict[datetime, list[ConferenceItem]] = {}
    for item in items:
        moments.setdefault(at or _hour(item.conference, item), []).append(item)
    found: dict[int, Material] = {}
    for moment, at_once in moments.items():
        on, households = seoul_day(moment), [item.household_id for item in at_once]
        with as_it_was(AsOf(on, moment), households=households):
            told = told_of(_answered(households, on, at_once[0].conference.centre_id), on=on)
        for item in at_once:
            one = told.get(item.household_id)
            found[item.household_id] = page_of(one, [], on, full) if one else _moved(item, MOVED)
    return found


def with_today(then: Material, live: Material) -> Material:
    """Return the page of the hour with what only today's page tells, which says so."""
    more = [replace(block, title=f"{block.title} · {_('as of now')}") for block in live.blocks[FROZEN:]]
    subjects = sorted({*then.subjects, *live.subjects})
    return replace(then, subjects=subjects, blocks=[*then.blocks, *more])


def changed(then: Material, since: Material) -> list[Block]:
    """Return what differs from the page of the hour: a block for each in which something is new or is gone."""
    found = []
    for before, after in zip(then.blocks, since.blocks, strict=False):
        was, stands = ([line.words for line in block.lines] for block in (before, after))
        lines = [Line(_("New: %(what)s") % {"what": one}) for one in stands if one not in was]
        lines += [Line(_("No longer: %(what)s") % {"what": one}) for one in was if one not in stands]
        found += [Block(after.title, lines)] if lines else []
    return found


def _hour(conference: CaseConference, item: ConferenceItem) -> datetime:
    return max(item.brought_at, conference.held_at or item.brought_at)


def _as_of(moment: datetime, households: list[int], centre: int) -> dict[int, dict[str, Any]]:
    on = seoul_day(moment)
    with as_it_was(AsOf(on, moment), households=households):
        told = told_of(_answered(households, on, centre), on=on)
    return {key: kept_of(told[key], on) if key in told else MOVED for key in households}


def _answered(households: list[int], on: date, centre: int) -> list[int]:
    """Return those of `households` for which no other centre answered on a day."""
    duties = Responsibility.objects.current().filter(household__in=households, during__contains=on)
    answers = dict(duties.order_by("id").values_list("household", "center"))
    return [key for key in households if answers.get(key, centre) == centre]


def kept_material(conference: CaseConference, item: ConferenceItem) -> Material:
    """Return the page of one household of a closed record: what was before those who decided, not what is so today."""
    kept = conference.record["items"][str(item.household_id)]["material"]
    day = seoul_day(_hour(conference, item))
    rows = Membership.objects.current().filter(household=item.household_id, during__contains=day)
    subjects = list(rows.order_by("person").values_list("person", flat=True))
    about = (item.household_id, item.household.number)
    if not kept or kept.get("moved"):
        return _moved(item, kept)
    blocks = [
        Block(_("Who lives there"), [Line(words) for words in people_lines(kept)], _("Nobody lives there any more.")),
        Block(
            _("How it stands (our own criterion)"),
            [Line(standing_line(kept)), *(Line(words) for words in reasons_of(kept))],
        ),
    ]
    return Material(*about, kept["band"], kept["protected"], subjects, kept, blocks)


def _moved(item: ConferenceItem, kept: dict[str, Any]) -> Material:
    said = Block(_("How it stands (our own criterion)"), [], moved_words())
    return Material(item.household_id, item.household.number, 1, False, [], kept, [said])


def moved_words() -> str:
    """Return what is said of a household of which nothing is kept."""
    return _("Another centre answered for this household at the hour of the conference: nothing of it is kept here.")
