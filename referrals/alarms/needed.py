"""Which alarms of what waits beside the steps of a referral are still needed: the step was not taken yet."""

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from referrals.concerns.workflow import ConcernStatus
from referrals.states import FINISHED, Ground
from referrals.transfers.workflow import TransferStatus


def still_waits():
    """Return the condition on Alarm rows; what counts is what `alarms.waits` selects, asked of one record."""
    return (
        _of("decision", "BenefitApplication", "application", ~Q(referral__status__in=FINISHED), decided_on=None)
        | _of("look", "GroundReview", "referral", reviewed_at=None, at="referral")
        | _of("agenda_look", "AgendaItem", "item", ground=Ground.DANGER, looked_at=None, withdrawn_at=None)
        | _of("transfer", "Transfer", "transfer", status=TransferStatus.PROPOSED)
        | _of("meet", "Transfer", "transfer", status=TransferStatus.ACCEPTED)
        | _of("triage", "Concern", "concern", status=ConcernStatus.WAITING, waits_since=OuterRef("begins_at"))
        | _of("owed", "Concern", "concern", status=ConcernStatus.CONTACT, answered_at=OuterRef("begins_at"))
    )


def _of(station, model, column, *conditions, at="pk", **words):
    rows = apps.get_model("referrals", model).objects.filter(*conditions, **words, **{at: OuterRef(column)})
    if station == "owed":
        rows = rows.with_followed().owed()
    return Q(station=station) & Q(Exists(rows.order_by()))


def seen_by(user):
    """Return the condition on Alarm rows that the user sees what they are about; asked of each row, since there are few
    to ask of."""
    columns = {"referral": "Referral", "transfer": "Transfer", "concern": "Concern", "item": "AgendaItem"}
    found = Q()
    for column, model in columns.items():
        rows = apps.get_model("referrals", model).objects.visible_to(user).filter(pk=OuterRef(column))
        found |= Q(Exists(rows.order_by())) & Q(**{f"{column}__isnull": False})
    return found
