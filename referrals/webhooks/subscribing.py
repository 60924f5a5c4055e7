"""Adding and ending the addresses that are told."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from casework.api.tokens import check_can_keep
from casework.audit.record import record
from referrals.models import WebhookDelivery, WebhookSubscription
from referrals.webhooks.outbox import EVENTS
from referrals.webhooks.reaching import check_url


def subscribe(agency, *, url, events, by):
    """Add an address of an agency's system; return the WebhookSubscription.

    Raises PermissionDenied for who may not, ValidationError for an address that is not gone to, twice the same, or no
    event.
    """
    check_can_keep(by)
    check_url(url)
    if not events or set(events) - set(EVENTS):
        raise ValidationError(_("Choose at least one event."))
    try:
        with transaction.atomic():
            made = WebhookSubscription.objects.create(agency=agency, url=url, events=sorted(events), made_by=by)
            record("webhook added", made, by=by, data={"events": made.events})
    except IntegrityError:
        raise ValidationError(_("This agency is already told at this address.")) from None
    return made


@transaction.atomic
def end(subscription, *, by, now):
    """End an address; False when it was ended before. What waits for it is given up with the next try."""
    check_can_keep(by)
    ended = WebhookSubscription.objects.filter(pk=subscription.pk, ended_at=None).update(ended_at=now, ended_by=by)
    if ended:
        record("webhook ended", subscription, by=by)
    return bool(ended)


def dead_letters():
    """Return what was given up, the latest first."""
    rows = WebhookDelivery.objects.filter(dead_at__isnull=False).select_related("subscription__agency")
    return rows.order_by("-dead_at", "-id")


def waiting():
    """Return how many messages wait to be sent."""
    return WebhookDelivery.objects.filter(sent_at=None, dead_at=None).count()
