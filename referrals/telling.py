"""Who is told of what: one table from the verb of an event to a kind and a side. Only what needs somebody is told.

The receiver's side is who has the referral, or, while nobody has it, all who receive there; the sender's side is who
sent it, or, when they are gone, those who decide over the work. Numbers only; nobody of a third agency; nobody of
their own act.
"""

from datetime import timedelta

from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from casework.agencies.models import RoleGrant, User
from casework.agencies.roles import AGENCY_SYSTEM, May, holders
from casework.telling.actions import Notice, tell, tell_each
from casework.telling.kinds import Kind
from casework.telling.models import Notification
from households.models import Consent
from referrals.models import Alarm, Referral
from referrals.states import FINISHED, Ground

KINDS = (
    Kind("arrived", _("A referral arrived")),
    Kind("arrived_urgent", _("A referral arrived that is to be answered within a day"), at_any_hour=True),
    Kind("came_back", _("A referral came back or was passed on")),
    Kind("asked", _("A question about a referral")),
    Kind("answered", _("A question was answered"), mailed=False),
    Kind("provided", _("A result to confirm")),
    Kind("confirmed", _("The help was confirmed"), mailed=False),
    Kind("disputed", _("The help did not arrive, says the sender")),
    Kind("consent_withdrawn", _("A consent was withdrawn: the contents are closed")),
    Kind("ground_review", _("Urgent danger: a second look is needed")),
    Kind("alarm", _("A deadline of working days has passed")),
    Kind("alarm_hours", _("A deadline of hours has passed"), at_any_hour=True),
    Kind("transfer_proposed", _("A transfer waits for an answer")),
    Kind("transfer_named", _("You were named for a first contact")),
    Kind("transfer_answered", _("A transfer was answered"), mailed=False),
)
TO_RECEIVER, TO_SENDER = "receiver", "sender"
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
    people = receivers(referral) if side == TO_RECEIVER else senders(referral)
    tell(people, kind, label=referral.number, url=("referrals:detail", referral.number), now=now, by=by)


def receivers(referral):
    """Return who has the referral at the receiving agency; while nobody there has it, all who receive there."""
    return _one_or_all(people_of([referral.to_agency_id], May.RECEIVE), referral.to_agency_id, referral.handler_id)


def senders(referral):
    """Return who sent the referral; when they work there no more, those who decide over the work of the agency."""
    return _one_or_leads(referral.from_agency_id, referral.sender_id, May.REFER)


def _one_or_all(people, agency, user):
    found = people.get(agency, [])
    return [one for one in found if one.pk == user] or found


def _one_or_leads(agency, user, word):
    found = [one for one in people_of([agency], word).get(agency, []) if one.pk == user]
    return found or people_of([agency], May.ASSIGN).get(agency, [])


def people_of(agencies, word):
    """Return {agency id: its people whose grants carry `word`}; a system of an agency is nobody. One query."""
    systems = RoleGrant.objects.filter(user=OuterRef("pk"), role=AGENCY_SYSTEM, during__contains=Now())
    rows = User.objects.filter(holders(word), ~Exists(systems), agency__in=agencies, is_active=True)
    found = {}
    for user in rows.order_by("id"):
        found.setdefault(user.agency_id, []).append(user)
    return found


def of_review(review, *, now):
    """Tell those of the sending agency who may look at an urgent danger again; not who claimed it."""
    referral = review.referral
    ours = people_of([referral.from_agency_id], May.REVIEW).get(referral.from_agency_id, [])
    people = [user for user in ours if user.pk != review.asked_by_id]
    tell(people, "ground_review", label=referral.number, url=("referrals:ground_reviews",), now=now)


def of_alarms(ids, *, now):
    """Tell everybody whom these alarms (ids) name and who was not told by a higher rung; in three statements."""
    rows = Alarm.objects.filter(pk__in=ids, skipped=False, to_user__is_active=True).order_by("id")
    columns = ("pk", "to_user", "station", "referral__number", "referral__route__limits")
    notices = [
        Notice(user, _alarm_kind(limits, station), number, ("referrals:alarms",), f"{number} {pk}")
        for pk, user, station, number, limits in rows.values_list(*columns)
    ]
    tell_each(notices, now=now)


def _alarm_kind(limits, station):
    limit = (limits or {}).get(station)
    return "alarm_hours" if limit and limit[1] == "h" else "alarm"


def of_withdrawals(now):
    """Tell both sides of open referrals whose consent was withdrawn lately and nobody was told; return how many.

    The register keeps the consent and knows no referral: a tick asks, by range, so that no withdrawal is missed. The
    number of queries does not depend on how many there are.
    """
    withdrawn = Consent.objects.current().filter(withdrawn_on__isnull=False, recorded_at__gte=now - WITHDRAWN_LATELY)
    told = Notification.objects.filter(kind="consent_withdrawn", label=OuterRef("number"))
    rows = Referral.objects.filter(
        ~Exists(told), ground=Ground.CONSENT, sent_at__isnull=False, consent__fact_id__in=withdrawn.values("fact_id")
    )
    found = list(rows.exclude(status__in=FINISHED).annotate(agreed=F("consent__fact_id")).order_by("id"))
    if found:
        facts = [one.agreed for one in found]
        tell_each(
            _of_withdrawn(found, dict(withdrawn.filter(fact_id__in=facts).values_list("fact_id", "recorded_by"))),
            now=now,
        )
    return len(found)


def _of_withdrawn(referrals, by):
    """Return the Notices; `by` maps a consent's `fact_id` to who recorded its withdrawal."""
    sides = {one.from_agency_id for one in referrals}
    receiving = people_of({one.to_agency_id for one in referrals}, May.RECEIVE)
    sending, leading = people_of(sides, May.REFER), people_of(sides, May.ASSIGN)
    notices = []
    for one in referrals:
        sent = [user for user in sending.get(one.from_agency_id, []) if user.pk == one.sender_id]
        people = [*_one_or_all(receiving, one.to_agency_id, one.handler_id)]
        people += sent or leading.get(one.from_agency_id, [])
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
        asked = _one_or_leads(transfer.from_agency_id, transfer.proposed_by_id, May.INTAKE)
        tell(asked, "transfer_answered", label=transfer.number, url=url, now=now, by=by)
    if verb in ("accept", "name"):
        tell([transfer.worker], "transfer_named", label=transfer.number, url=url, now=now, by=by)
