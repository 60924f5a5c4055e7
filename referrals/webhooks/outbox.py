"""What waits to be told: written with the step itself, claimed by one worker at a time, tried again, given up in the
open.

At least once: a worker that dies after the other side has answered sends the message again, under the same id.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import F

from referrals.models import WebhookDelivery, WebhookSubscription
from referrals.states import Status
from referrals.workflow import REFERRAL

# After so long it is tried again; when these are used up it lies among the dead letters, for a person.
AGAIN = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
)
LEASE = timedelta(minutes=5)  # longer than all tries of one claim: a worker that died lets them go then
CLAIMED_AT_ONCE = 10
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


@transaction.atomic
def claim(now):
    """Take what is due for this worker: count the try and set the lease; return the deliveries, the oldest first."""
    due = WebhookDelivery.objects.filter(sent_at=None, dead_at=None, next_at__lte=now).order_by("next_at", "id")
    ids = list(due.select_for_update(skip_locked=True).values_list("pk", flat=True)[:CLAIMED_AT_ONCE])
    WebhookDelivery.objects.filter(pk__in=ids).update(tries=F("tries") + 1, next_at=now + LEASE)
    claimed = WebhookDelivery.objects.filter(pk__in=ids).select_related("subscription").order_by("id")
    return list(claimed)


def delivered(delivery, *, now):
    """Note that the other side has it."""
    _open(delivery).update(sent_at=now, last_error="")


def failed(delivery, *, now, why):
    """Note why it did not arrive; try again later, or give it up in the open when the tries are used up."""
    if delivery.tries > len(AGAIN):
        _open(delivery).update(dead_at=now, last_error=why[:60])
    else:
        _open(delivery).update(next_at=now + AGAIN[delivery.tries - 1], last_error=why[:60])


def given_up(delivery, *, now, why):
    """Note that there is nobody to tell any more."""
    _open(delivery).update(dead_at=now, last_error=why[:60])


def _open(delivery):
    """The row, unless another worker took it over after the lease or settled it."""
    return WebhookDelivery.objects.filter(pk=delivery.pk, tries=delivery.tries, sent_at=None, dead_at=None)


def again(delivery, *, now):
    """Take a dead letter up again, from the first try; False when it is none or its address was ended."""
    rows = WebhookDelivery.objects.filter(pk=delivery.pk, dead_at__isnull=False, subscription__ended_at=None)
    revived = rows.update(dead_at=None, tries=0, next_at=now, last_error="")
    if revived:
        transaction.on_commit(_ring)
    return bool(revived)


def forget_old(now):
    """Forget what arrived more than 30 days ago and what was given up more than a year ago; return how many."""
    sent = WebhookDelivery.objects.filter(sent_at__lt=now - SENT_KEPT).delete()[0]
    return sent + WebhookDelivery.objects.filter(dead_at__lt=now - DEAD_KEPT).delete()[0]
