"""Who is told of what: one table from the verb of an event to a kind and a side. Only what needs somebody is told.

The receiver's side is who has the referral, or, while nobody has it, all who receive there; the sender's side is who
sent it, or, when they are gone, those who decide over the work. On a day on which the one person is away, who stands in
is told as well, or, where nobody does, all of that side. Numbers only; nobody of a third agency; nobody of
their own act.
"""

from collections import defaultdict
from datetime import timedelta
from functools import reduce

from django.db.models import BigIntegerField, CharField, Exists, F, OuterRef, Q, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils.translation import gettext_lazy as _

from casework.agencies.models import User
from casework.agencies.roles import May
from casework.clock import seoul_day
from casework.telling.actions import Notice, tell, tell_each, tell_of_occasions
from casework.telling.kinds import Kind
from casework.telling.models import Occasion
from casework.telling.standing_in import standing_in
from households.models import Absence, Consent
from referrals.models import Alarm, Referral, Route
from referrals.models.statutory import LOOKS_AGAIN
from referrals.states import FINISHED, Ground

KINDS = (
    Kind("arrived", _("A referral arrived")),
    Kind("arrived_urgent", _("A referral arrived that is to be answered within a day"), at_any_hour=True),
    Kind("assigned", _("A referral was given to you")),
    Kind("came_back", _("A referral came back or was passed on")),
    Kind("asked", _("A question about a referral")),
    Kind("answered", _("A question was answered"), mailed=False),
    Kind("provided", _("A result to confirm")),
    Kind("confirmed", _("The help was confirmed"), mailed=False),
    Kind("disputed", _("The help did not arrive, says the sender")),
    Kind("consent_withdrawn", _("A consent was withdrawn: the contents are closed")),
    Kind("ground_review", _("Urgent danger: a second look is needed")),
    Kind("ended", _("A referral was ended: the person has died")),
    Kind("alarm", _("A deadline of days has passed")),
    Kind("alarm_hours", _("A deadline of hours has passed"), at_any_hour=True),
    Kind("transfer_proposed", _("A transfer waits for an answer")),
    Kind("transfer_named", _("You were named for a first contact")),
    Kind("meeting_changed", _("A council meeting was changed after its agenda was sent")),
    Kind("transfer_answered", _("A transfer was answered"), mailed=False),
)
TO_RECEIVER, TO_SENDER = "receiver", "sender"
SENDS = (May.REFER, May.ASK_FOR)
# Of a referral: a verb of its table of steps, or a kind of message.
TABLE = {
    "send": ("arrived", TO_RECEIVER),
    "forward": ("arrived", TO_RECEIVER),
    "decline": ("came_back", TO_SENDER),
    "reroute": ("came_back", TO_SENDER),
    "fail": ("came_back", TO_SENDER),
    "question": ("asked", TO_SENDER),
    "answer": ("answered", TO_RECEIVER),
    "provide": ("provided", TO_SENDER),
    "confirm": ("confirmed", TO_RECEIVER),
    "return": ("disputed", TO_RECEIVER),
}
ALL_WHO_ANSWER = ("accept", "decline", "give_back")  # of a transfer
WITHDRAWN_LATELY = timedelta(days=30)  # shorter than a read notification is kept: told once


def of_step(referral, verb, *, by, now):
    """Tell who has to know that `verb` (a step, or a kind of message) happened; in the transaction of the step."""
    if verb not in TABLE:
        return
    kind, side = TABLE[verb]
    if kind == "arrived" and referral.same_day:
        kind = "arrived_urgent"
    people = receivers(referral, now) if side == TO_RECEIVER else senders(referral, now)
    tell(people, kind, label=referral.number, url=("referrals:detail", referral.number), now=now, by=by)


def of_end(referral, *, by, now):
    """Tell both sides, in the transaction of the step, that a referral was ended; a draft was never told to anybody."""
    people = [*senders(referral, now), *(receivers(referral, now) if referral.sent_at else [])]
    tell(people, "ended", label=referral.number, url=("referrals:detail", referral.number), now=now, by=by)


def of_assignment(referral, *, by, now):
    """Tell who was given a referral by somebody else; in the transaction of giving."""
    url = ("referrals:detail", referral.number)
    tell([referral.handler], "assigned", label=referral.number, url=url, now=now, by=by)


def receivers(referral, now):
    """Return who has the referral at the receiving agency; while nobody there has it, all who receive there."""
    agency = referral.to_agency_id
    able = people_of([agency], May.RECEIVE).get(agency, [])
    return _one_or(able, able, referral.handler_id, away_of([agency], now))


def senders(referral, now):
    """Return who sent the referral; when they work there no more, those who decide over the work of the agency."""
    return _one_or_leads(referral.from_agency_id, referral.sender_id, SENDS, now)


def _one_or_leads(agency, user, words, now):
    """An office has nobody who decides over the work: there all who are able answer for who is gone."""
    able, leads = (people_of([agency], *one).get(agency, []) for one in (words, (May.ASSIGN,)))
    return _one_or(able, leads or able, user, away_of([agency], now))


def _one_or(able, others, user, away):
    """Return the one of `able` whose id is `user`, else `others`; for who is `away`, who stands in as well, where that
    one is able and there, else `others` as well."""
    found = [one for one in able if one.pk == user]
    if not found or user not in away:
        return found or others
    standing_in = [one for one in able if one.pk == away[user] and one.pk not in away]
    return [*found, *(standing_in or (one for one in others if one.pk != user))]


def away_of(agencies, now):
    """Return {id of who is away on this day: id of who stands in, or None} of the people of agencies. One query."""
    rows = Absence.objects.current().during(seoul_day(now)).filter(worker__agency__in=agencies)
    return dict(rows.values_list("worker", "substitute"))


def people_of(agencies, *words):
    """Return {agency id: its people who hold one of `words`}; one query."""
    return User.objects.who_may(*words).people().filter(agency__in=agencies).by_agency()


def of_review(review, *, now):
    """Tell those of the sending agency who may look at an urgent danger again; not who claimed it."""
    referral = review.referral
    ours = people_of([referral.from_agency_id], *LOOKS_AGAIN).get(referral.from_agency_id, [])
    people = [user for user in ours if user.pk != review.asked_by_id]
    tell(people, "ground_review", label=referral.number, url=("referrals:ground_reviews",), now=now)


def of_council_danger(item, *, now):
    """Tell those of the agency that brought a household before a meeting for urgent danger who may look at it again."""
    ours = people_of([item.from_agency_id], May.REVIEW).get(item.from_agency_id, [])
    people = [user for user in ours if user.pk != item.proposed_by_id]
    number = item.meeting.number
    tell(people, "ground_review", label=number, url=("referrals:ground_reviews",), now=now, key=f"{number} {item.pk}")


def of_meeting_changed(meeting, people, *, by, now):
    """Tell `people` of the agencies that sit at a meeting that it was changed after its agenda was sent."""
    url, key = ("referrals:meeting", meeting.number), f"{meeting.number} {meeting.version}"
    tell(people, "meeting_changed", label=meeting.number, url=url, now=now, key=key, by=by)


def of_alarms(ids, *, now):
    """Tell everybody whom these alarms (ids) name and who was not told by a higher rung, and for who is away who stands
    in, where they see what it is about; in six statements."""
    rows = Alarm.objects.filter(pk__in=ids, skipped=False, to_user__is_active=True).order_by("id")
    names = ("referral__number", "item__meeting__number", "transfer__number", "concern__number")
    columns = ("pk", "to_user", "station", "of", "referral__route")
    found = list(rows.annotate(of=Coalesce(*names)).values_list(*columns))
    limits = dict(Route.objects.order_by("id").values_list("pk", "limits"))  # once each, not once a row
    instead = _instead({pk: user for pk, user, *_rest in found}, now)
    notices = [
        Notice(reader, _alarm_kind(limits.get(route), station), number, ("referrals:alarms",), f"{number} {pk}", True)
        for pk, user, station, number, route in found
        for reader in (user, *instead.get(pk, ()))
    ]
    tell_each(notices, now=now)


def _instead(alarms, now):
    """Return {alarm: [who stands in for whom it names, and sees what it is about]}; `alarms` is {id: user id}."""
    away = standing_in(set(alarms.values()), now)
    waiting = defaultdict(list)
    for pk, user in alarms.items():
        if away.get(user):
            waiting[away[user]].append(pk)
    parts = [
        Alarm.objects.filter(pk__in=waiting[reader.pk])
        .named(reader)
        .order_by()
        .annotate(reader=Value(reader.pk, output_field=BigIntegerField()))
        .values_list("pk", "reader")
        for reader in User.objects.filter(pk__in=waiting).order_by("pk")
    ]
    found = defaultdict(list)
    for pk, reader in reduce(lambda one, other: one.union(other, all=True), parts) if parts else ():
        found[pk].append(reader)
    return found


def _alarm_kind(limits, station):
    limit = (limits or {}).get(station)
    return "alarm_hours" if limit and limit[1] == "h" else "alarm"


def of_withdrawals(now):
    """Tell the sides of open referrals whose consent was withdrawn lately, each agency once, also where there is nobody
    to tell; return how many referrals.

    The register keeps the consent and knows no referral: a tick asks, by range, so that no withdrawal is missed. The
    number of queries does not depend on how many there are.
    """
    lately = Consent.objects.current().filter(withdrawn_on__isnull=False, recorded_at__gte=now - WITHDRAWN_LATELY)
    withdrawn = {fact: (person, by) for fact, person, by in lately.values_list("fact_id", "person", "recorded_by")}
    if not withdrawn:
        return 0
    # Any version of the consent, found through the person: the referral names the one it was sent upon.
    agreed = {
        "consent__person__in": {person for person, _by in withdrawn.values()},
        "consent__fact_id__in": withdrawn.keys(),
    }
    rows = Referral.objects.filter(**agreed, ground=Ground.CONSENT, sent_at__isnull=False).exclude(status__in=FINISHED)
    rows = rows.annotate(agreed=F("consent__fact_id"), to_told=_told("to_agency"), from_told=_told("from_agency"))
    found = list(rows.filter(Q(to_told=False) | Q(from_told=False)).order_by("id"))
    if found:
        keys = [_side(one, agency) for one in found for agency in (one.to_agency_id, one.from_agency_id)]
        notices = _of_withdrawn(found, {fact: by for fact, (_person, by) in withdrawn.items()}, now)
        tell_of_occasions("consent_withdrawn", keys, notices, now=now)
    return len(found)


def _told(agency):
    """Return an Exists() that this side of a Referral row (outer) was dealt with."""
    key = Concat(OuterRef("number"), Value(" "), Cast(OuterRef(f"{agency}_id"), CharField()))
    return Exists(Occasion.objects.filter(kind="consent_withdrawn", key=key))


def _side(referral, agency):
    return f"{referral.number} {agency}"


def _of_withdrawn(referrals, by, now):
    """Return the Notices; `by` maps a consent's `fact_id` to who recorded its withdrawal."""
    sides = {one.from_agency_id for one in referrals}
    receiving = people_of({one.to_agency_id for one in referrals}, May.RECEIVE)
    sending, leading = people_of(sides, *SENDS), people_of(sides, May.ASSIGN)
    away = away_of(sides | receiving.keys(), now)
    notices = []
    for one in referrals:
        people, to, since = [], one.to_agency_id, one.from_agency_id
        if not one.to_told:
            people += _one_or(receiving.get(to, []), receiving.get(to, []), one.handler_id, away)
        if not one.from_told:
            able = sending.get(since, [])
            people += _one_or(able, leading.get(since) or able, one.sender_id, away)
        ids = {user.pk for user in people} - {by.get(one.agreed)}
        url = ("referrals:detail", one.number)
        notices += [Notice(pk, "consent_withdrawn", one.number, url, one.number) for pk in sorted(ids)]
    return notices


def of_transfer(transfer, verb, *, by, now):
    """Tell who has to know that `verb` happened to a transfer; in its transaction."""
    url = ("referrals:transfer", transfer.number)
    if verb == "propose":
        leads = people_of([transfer.to_agency_id], May.ASSIGN).get(transfer.to_agency_id, [])
        tell(leads, "transfer_proposed", label=transfer.number, url=url, now=now, by=by)
    if verb in ALL_WHO_ANSWER:
        asked = _one_or_leads(transfer.from_agency_id, transfer.proposed_by_id, (May.INTAKE,), now)
        tell(asked, "transfer_answered", label=transfer.number, url=url, now=now, by=by)
    if verb in ("accept", "name"):
        tell([transfer.worker], "transfer_named", label=transfer.number, url=url, now=now, by=by)
