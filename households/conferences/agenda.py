"""The agenda of a case conference: bringing households, their order, taking one off."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from casework.audit.record import record
from casework.workflow import NotNow, NotYours
from households.actions.refusal import Refused, refusals
from households.actions.verb import lock
from households.conferences import actions
from households.conferences.rights import check_brings
from households.conferences.workflow import OPEN, ConferenceStatus, is_keeper
from households.models import CaseConference, ConferenceItem

TAKES_MORE = (*OPEN, ConferenceStatus.HELD)


def bring(households, *, conference, by, now, why=""):
    """Put households on the agenda, after those that stand there; return (the new items, how many stood there already).

    Whoever sees a household at the centre that keeps its file brings it, also while the conference is being held.
    Raises `NotYours` for a household that is not the user's to bring or a conference of another centre, `Refused` where
    the conference takes nothing more.
    """
    check_brings(by, households)
    with refusals():
        lock(*households)
        held = actions.locked(conference)
        if held.centre_id != by.agency_id:
            raise NotYours("bringer")
        if held.status not in TAKES_MORE:
            raise Refused(_("The agenda of this conference is closed."), field="conference")
        there = set(held.items.standing().values_list("household", flat=True))
        fresh = [one for one in households if one.pk not in there]
        last = held.items.aggregate(last=Max("place"))["last"] or 0
        made = [
            ConferenceItem.objects.create(
                conference=held, household=one, place=place, why=why.strip(), brought_by=by, brought_at=now
            )
            for place, one in enumerate(fresh, start=last + 1)
        ]
        for item in made:
            record("brought to a conference", item, by=by, reason=item.why)
    return made, len(households) - len(made)


@transaction.atomic
def move(item, *, up, by, now):
    """Put an item one place up or down among those that stand on the agenda; at the end nothing changes."""
    conference = actions.locked(CaseConference(pk=item.conference_id))
    if not is_keeper(conference, by):
        raise NotYours("keeper")
    if conference.status not in TAKES_MORE:
        raise NotNow(conference.status)
    rows = list(conference.items.standing().order_by("place", "id"))
    at = next((n for n, row in enumerate(rows) if row.pk == item.pk), None)
    to = None if at is None else at - 1 if up else at + 1
    if at is None or to is None or not 0 <= to < len(rows):
        return item
    rows[at], rows[to] = rows[to], rows[at]
    for place, row in enumerate(rows, start=1):
        row.place = place
    ConferenceItem.objects.bulk_update(rows, ["place"])
    return item


@transaction.atomic
def withdraw(item, *, by, now, reason):
    """Take a household off the agenda with a reason, as long as nothing was decided about it. Twice is once.

    Raises `NotYours` for who neither brought it nor decides over the work there, `NotNow` once the record is closed.
    """
    lock(item.household)
    conference = actions.locked(CaseConference(pk=item.conference_id))
    held = ConferenceItem.objects.select_for_update(of=("self",)).select_related("household").get(pk=item.pk)
    if by.pk != held.brought_by_id and not is_keeper(conference, by):
        raise NotYours("bringer")
    if held.withdrawn_at:
        return held
    if conference.status not in TAKES_MORE:
        raise NotNow(conference.status)
    if held.decisions.standing().exists():
        raise ValidationError(_("Something is decided about this household. Take the decisions back first."))
    if not reason.strip():
        raise ValidationError(_("Please give the reason."))
    held.withdrawn_at, held.withdrawn_by, held.withdrawn_because = now, by, reason.strip()
    held.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_because"])
    record("taken off a conference", held, by=by, reason=held.withdrawn_because)
    return held
