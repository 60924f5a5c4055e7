"""Showing a household to the members of a council: for a time, on its ground, agency by agency.

The duty to refer carries the minimum, so the line on the agenda only. The page of a household shows names, the address,
the family, income and health; a consent that opens it names all of these.
"""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from casework.clock import day_begins, seoul_day
from households.actions import end_share, share
from households.models import Responsibility
from households.requests.restricting import why_not_shared
from referrals import grounds
from referrals.council.workflow import SHOWING
from referrals.models import AgendaGrant, AgendaItem, CouncilMeeting, CouncilMember
from referrals.states import Ground

ITEMS = {
    AgendaItem.Scope.LINE: frozenset({"family"}),
    AgendaItem.Scope.FILE: frozenset({"name", "family", "address", "income", "health"}),
}
INSTANT = timedelta(microseconds=1)


def carrying(item, agency, *, on):
    """Return the Consent that lets an item be shown to an Agency, or None where none is needed.

    Raises `ValidationError` with the sentence where its ground does not carry there.
    """
    if why := grounds.refused(item.ground, item.from_agency, agency, item.need):
        raise ValidationError(str(why))
    if item.ground == Ground.DUTY and item.scope == AgendaItem.Scope.FILE:
        raise ValidationError(_("The duty to refer carries the minimum only: choose the line on the agenda."))
    if item.ground == Ground.DANGER and item.upheld is False:
        raise ValidationError(_("The urgent danger was not upheld when somebody else of your agency looked at it."))
    if item.ground != Ground.DANGER and (why := why_not_shared(item.household_id)):
        raise ValidationError(why)
    if item.ground != Ground.CONSENT:
        return None
    found = list(grounds.consents(item.household, agency, on=on))
    if covering := grounds.covers(found, ITEMS[AgendaItem.Scope(item.scope)]):
        return covering
    if found:
        raise ValidationError(grounds.missing_words(found, ITEMS[AgendaItem.Scope(item.scope)]))
    raise ValidationError(_("No consent that names %(agency)s is in force.") % {"agency": agency})


def show(meeting, *, now):
    """Show each household on the agenda to each member that it is not shown to yet, as far as its ground carries.

    Before the agenda is sent that is the convening agency alone, which reads the line. Nothing is shown of a household
    that the agency which brought it does not answer for any more.
    """
    on = seoul_day(now)
    items = meeting.items.standing().select_related("household", "from_agency", "proposed_by")
    items = _still_theirs(items.order_by("household"), on)
    seats = CouncilMember.objects.filter(council=meeting.council_id).on(on).select_related("agency", "user")
    if meeting.status not in SHOWING:
        seats = seats.filter(agency=meeting.council.convened_by_id)
    running = AgendaGrant.objects.filter(item__meeting=meeting).running(now)
    there = {(grant.item_id, grant.agency_id): grant for grant in running}
    seats = list(seats)
    for item in items:
        for seat in seats:
            if seat.agency_id != item.from_agency_id:
                _show(item, seat, there.get((item.pk, seat.agency_id)), meeting, now)


def _still_theirs(items, on):
    rows = list(items)
    duties = Responsibility.objects.current().during(on).filter(household__in=[item.household_id for item in rows])
    answers = set(duties.values_list("household", "center"))
    return [item for item in rows if (item.household_id, item.from_agency_id) in answers]


def _show(item, seat, grant, meeting, now):
    to = seat.user or (seat.agency if seat.agency.group_id else None)
    opens = to is not None and item.scope == AgendaItem.Scope.FILE and meeting.status in SHOWING
    if grant and (grant.share_id or not opens):
        return
    try:
        consent = carrying(item, seat.agency, on=seoul_day(now))
    except ValidationError:
        return
    until = until_of(meeting, consent)
    if until <= now:
        return
    if grant is None:
        grant = AgendaGrant.objects.create(
            item=item, agency=seat.agency, user=seat.user, consent=consent, during=(now, until)
        )
    if opens:
        said = _("Council meeting %(number)s") % {"number": meeting.number}
        shown = {"reason": said, "until": until, "despite": "council"}
        grant.share = share(item.household, to, now=now, by=item.proposed_by, **shown)
        grant.save(update_fields=["share"])


def until_of(meeting, consent) -> datetime:
    """Return when what is shown ends: as stated for the meeting, and never after the consent it rests on."""
    last = consent and consent.during.upper
    return min(meeting.open_until, day_begins(last)) if last else meeting.open_until


def end(grants, *, by, now):
    """End `grants` (a queryset) and their shares; what they showed is gone with the next query."""
    for grant in grants.running(now).select_related("share").order_by("item__household", "pk"):
        moment = max(now, grant.during.lower + INSTANT)
        if grant.share:
            end_share(grant.share, now=moment, by=by)
        grant.during = (grant.during.lower, moment)
        grant.save(update_fields=["during"])


def show_late(*, now):
    """Show what a ground obtained since the agenda was sent carries by now: all meetings that show anything."""
    rows = CouncilMeeting.objects.filter(status__in=SHOWING, open_until__gt=now)
    for pk in rows.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            held = CouncilMeeting.objects.select_for_update(of=("self",)).select_related("council").get(pk=pk)
            if held.status in SHOWING:
                show(held, now=now)


def end_fallen(*, by, now):
    """End what rests on a consent that stands no longer, so that the page of the household closes too; how many."""
    running = AgendaGrant.objects.running(now)
    fallen = running.exclude(pk__in=running.filter(running.consent_stands()).order_by().values("pk"))
    count = fallen.count()
    if count:
        end(AgendaGrant.objects.filter(pk__in=list(fallen.values_list("pk", flat=True))), by=by, now=now)
    return count
