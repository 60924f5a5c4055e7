"""What the record of a conference keeps of its households: as they were, and as it was known, at its hour.

What was learned between the talk and the closing of the record was not before those who decided. A household that came
on the agenda while the conference was being held is kept as of then.
"""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from casework.clock import AsOf, seoul_day
from desks.conferences.asked import told_of
from desks.conferences.material import Block, Line, Material, kept_of, people_lines, reasons_of, standing_line
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


def _hour(conference: CaseConference, item: ConferenceItem) -> datetime:
    return max(item.brought_at, conference.held_at or item.brought_at)


def _as_of(moment: datetime, households: list[int], centre: int) -> dict[int, dict[str, Any]]:
    on = seoul_day(moment)
    with as_it_was(AsOf(on, moment), households=households):
        duties = Responsibility.objects.current().filter(household__in=households, during__contains=on)
        answers = dict(duties.order_by("id").values_list("household", "center"))
        told = told_of([key for key in households if answers.get(key, centre) == centre], on=on)
    return {key: kept_of(told[key], on) if key in told else MOVED for key in households}


def kept_material(conference: CaseConference, item: ConferenceItem) -> Material:
    """Return the page of one household of a closed record: what was before those who decided, not what is so today."""
    kept = conference.record["items"][str(item.household_id)]["material"]
    day = seoul_day(_hour(conference, item))
    rows = Membership.objects.current().filter(household=item.household_id, during__contains=day)
    subjects = list(rows.order_by("person").values_list("person", flat=True))
    about = (item.household_id, item.household.number)
    if not kept or kept.get("moved"):
        return Material(*about, 1, False, [], kept, [Block(_("How it stands (our own criterion)"), [], moved_words())])
    blocks = [
        Block(_("Who lives there"), [Line(words) for words in people_lines(kept)], _("Nobody lives there any more.")),
        Block(
            _("How it stands (our own criterion)"),
            [Line(standing_line(kept)), *(Line(words) for words in reasons_of(kept))],
        ),
    ]
    return Material(*about, kept["band"], kept["protected"], subjects, kept, blocks)


def moved_words() -> str:
    """Return what is said of a household of which nothing is kept."""
    return _("Another centre answered for this household at the hour of the conference: nothing of it is kept here.")
