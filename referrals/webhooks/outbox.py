"""What waits to be told: written with the step itself; how it is claimed and tried again stands in `casework.outbox`.

At least once: a worker that dies after the other side has answered sends the message again, under the same id.
"""

from datetime import timedelta

from django.db import transaction

from casework import outbox
from casework.outbox import AGAIN, LEASE, delivered, failed, given_up, renewed
from referrals.models import WebhookDelivery, WebhookSubscription
from referrals.states import Status
from referrals.workflow import REFERRAL

__all__ = [
    "AGAIN",
    "EVENTS",
    "LEASE",
    "again",
    "claim",
    "delivered",
    "failed",
    "forget_old",
    "given_up",
    "queue",
    "renewed",
]
SENT_KEPT, DEAD_KEPT = timedelta(days=30), timedelta(days=365)
SAID = ("comment", "question", "answer")
EVENTS = [*(f"referral.{verb}" for verb in REFERRAL.steps), *(f"referral.{kind}" for kind in SAID)]


def queue(referral, verb, *, now):
    """Write down for each address of both agencies that `verb` happened; in the transaction of the step.

    The receiver hears nothing of what was never sent.
    """
    agencies = [referral.from_agency_id]
    if referral.sent_at is not None and referral.status != Status.DRAFT:
        agencies.append(referral.to_agency_id)
    event = f"referral.{verb}"
    asked = WebhookSubscription.objects.filter(agency__in=agencies, ended_at=None, events__contains=[event])
    made = WebhookDelivery.objects.bulk_create(
        WebhookDelivery(subscription=one, event=event, number=referral.number, moment=now, next_at=now)
        for one in asked.order_by("id")
    )
    if made:
        transaction.on_commit(_ring)


def _ring():
    # The message stands in the database; the bell only saves the minute until the next tick.
    from referrals.webhooks.tasks import ring

    ring()


def claim(now):
    """Take what is due for this worker; return the deliveries, the oldest first."""
    return list(outbox.claim(WebhookDelivery.objects.all(), now=now).select_related("subscription"))


def again(delivery, *, now):
    """Take a dead letter up again, from the first try; False when it is none or its address was ended."""
    rows = WebhookDelivery.objects.filter(pk=delivery.pk, subscription__ended_at=None)
    revived = outbox.revived(rows, now=now)
    if revived:
        transaction.on_commit(_ring)
    return bool(revived)


def forget_old(now):
    """Forget what arrived more than 30 days ago and what was given up more than a year ago; return how many."""
    sent = WebhookDelivery.objects.filter(sent_at__lt=now - SENT_KEPT).delete()[0]
    return sent + WebhookDelivery.objects.filter(dead_at__lt=now - DEAD_KEPT).delete()[0]
