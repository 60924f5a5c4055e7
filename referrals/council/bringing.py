"""Bringing a household before a meeting, taking it back, and looking again at urgent danger."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from casework.agencies.roles import May, can
from casework.audit.record import record
from casework.clock import seoul_day
from casework.landing import landed
from casework.workflow import NotNow, NotYours
from households.actions import Refused
from households.actions.refusal import refusals
from households.actions.rights import answers_for
from referrals import telling
from referrals.council import actions, showing
from referrals.council.workflow import OPEN, MeetingStatus
from referrals.models import AgendaItem, CouncilMeeting, CouncilMember
from referrals.states import Ground


def check_may_bring(user, household):
    """Raise `NotYours` unless the user refers at the centre that answers for it: a share hands on nothing."""
    if not (can(user, May.REFER) and answers_for(user, household)):
        raise NotYours("proposer")


def meetings_for(user):
    """Return the meetings to come on whose council the user sits, the next one first."""
    councils = CouncilMember.objects.of(user).order_by().values("council")
    rows = CouncilMeeting.objects.visible_to(user).open().filter(council__in=councils)
    return rows.select_related("council__convened_by").order_by("starts_at", "id")


def propose(household, *, meeting, by, now, client_key=None, **words):
    """Bring a household before a meeting; return the AgendaItem. `words`: need, reason, scope, ground, maybe urgent.

    The convening agency reads the line at once; after the agenda was sent the members see it as its ground carries.
    Raises `NotYours` for who does not refer for this household, `Refused` where the meeting takes nothing more, the
    ground does not carry to the convening agency, or the household is on this agenda already.
    """
    check_may_bring(by, household)
    with refusals():
        held = actions.locked(meeting)
        if first := landed(AgendaItem.objects, by=by, client_key=client_key, author="proposed_by"):
            return first
        if held.status not in OPEN:
            raise Refused(_("The agenda of this meeting is closed."), field="meeting")
        if not CouncilMember.objects.of(by).filter(council=held.council_id).exists():
            raise NotYours("proposer")
        item = AgendaItem(
            meeting=held,
            household=household,
            from_agency=by.agency,
            proposed_by=by,
            proposed_at=now,
            client_key=client_key,
            **words,
        )
        _check_ground(item, on=seoul_day(now))
        item.save()
        record("agenda item proposed", item, by=by, data={"ground": item.ground, "scope": item.scope})
        if held.status == MeetingStatus.SENT:
            actions.freeze(held, now)
        showing.show(held, now=now)
        if item.ground == Ground.DANGER:
            telling.of_council_danger(item, now=now)
    return item


def _check_ground(item, *, on):
    if item.ground == Ground.DANGER and not item.urgent.strip():
        raise Refused(_("Say in one line why it cannot wait."), field="urgent")
    try:
        showing.carrying(item, item.meeting.council.convened_by, on=on)
    except ValidationError as why:
        raise Refused(" ".join(why.messages), field="ground") from why


def may_take_back(user, item):
    """Tell whether the user refers at the agency that brought the household or at the centre that answers for it."""
    return can(user, May.REFER) and (item.from_agency_id == user.agency_id or answers_for(user, item.household))


@transaction.atomic
def withdraw(item, *, by, now, reason):
    """Take a household off the agenda with a reason; what was shown of it is gone at once. Twice is once.

    Raises `NotYours` for who refers neither at the agency that brought it nor at the centre that answers for it.
    """
    held = locked(item)
    if not may_take_back(by, held):
        raise NotYours("proposer")
    if held.withdrawn_at:
        return held
    if not reason.strip():
        raise ValidationError(_("Please give the reason."))
    return _taken_off(held, by, now, reason.strip())


def _taken_off(held, by, now, reason):
    showing.end(held.grants.all(), by=by, now=now)
    held.withdrawn_at, held.withdrawn_by, held.withdrawn_because = now, by, reason
    held.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_because"])
    record("agenda item withdrawn", held, by=by, reason=reason)
    return held


def check_may_look_again(item, user):
    """Raise `NotYours` unless the user reviews at the agency that brought the household and is not who brought it."""
    if item.from_agency_id != user.agency_id or not can(user, May.REVIEW) or user.pk == item.proposed_by_id:
        raise NotYours("reviewer")


@transaction.atomic
def look_again(item, *, by, now, upheld):
    """Uphold urgent danger as a ground, or not: then the household is taken off the agenda, and what was shown of it is
    gone at once. Somebody else of the agency looks.

    Raises `NotYours` for who may not, `NotNow` when it was looked at before or rests on another ground.
    """
    held = locked(item)
    check_may_look_again(held, by)
    if held.ground != Ground.DANGER or held.looked_at or held.withdrawn_at:
        raise NotNow("reviewed")
    held.upheld, held.looked_at, held.looked_by = upheld, now, by
    held.save(update_fields=["upheld", "looked_at", "looked_by"])
    record("ground upheld" if upheld else "ground not upheld", held, by=by)
    return held if upheld else _taken_off(held, by, now, _("The urgent danger was not upheld."))


def waiting_for_a_look(user):
    """Return what the user's own agency brought for urgent danger and nobody looked at again, to those who review."""
    if not can(user, May.REVIEW):
        return AgendaItem.objects.none()
    rows = AgendaItem.objects.visible_to(user).standing().filter(from_agency=user.agency_id, looked_at=None)
    rows = rows.filter(ground=Ground.DANGER).select_related("household", "meeting__council", "proposed_by")
    return rows.order_by("proposed_at", "id")


def locked(item):
    """Return the item as it stands now, held until the transaction ends; its meeting is held first."""
    CouncilMeeting.objects.select_for_update().get(pk=item.meeting_id)
    rows = AgendaItem.objects.select_for_update(of=("self",))
    return rows.select_related("meeting__council", "household", "from_agency").get(pk=item.pk)
