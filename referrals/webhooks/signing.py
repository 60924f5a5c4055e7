"""The signature of a message, as Standard Webhooks has it: HMAC-SHA256 over id, moment and body.

The secret of an address is derived from the installation's SECRET_KEY and the address' own key: none is stored. With
another SECRET_KEY all of them change.
"""

import hashlib
import hmac
import json
from base64 import b64encode

from django.conf import settings
from django.utils.timezone import localtime

MARK = "whsec_"
SALT = b"referrals.webhooks"


def secret_of(subscription):
    """Return the secret of a WebhookSubscription as it is shown once to whoever makes it."""
    return MARK + b64encode(_key(subscription)).decode()


def _key(subscription):
    return hmac.digest(settings.SECRET_KEY.encode(), SALT + subscription.key.bytes, "sha256")


def body_of(delivery):
    """Return the message as bytes: event, number, moment and link, and nothing about anybody."""
    link = f"/api/v1/referrals/{delivery.number}"
    told = {"type": delivery.event, "number": delivery.number, "timestamp": localtime(delivery.moment).isoformat()}
    return json.dumps(told | {"link": link}, separators=(",", ":")).encode()


def headers_of(delivery, body, now):
    """Return the headers of a message: id, moment, signature."""
    stamp = str(int(now.timestamp()))
    signed = b".".join([str(delivery.message_id).encode(), stamp.encode(), body])
    mark = b64encode(hmac.new(_key(delivery.subscription), signed, hashlib.sha256).digest()).decode()
    return {
        "Content-Type": "application/json",
        "User-Agent": "casework-webhooks/1",
        "webhook-id": str(delivery.message_id),
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{mark}",
    }
