"""A feed of one's own calendar: made, found by its secret, revoked. Only the hash of the secret is kept."""

import secrets
from datetime import datetime
from hashlib import sha256

from django.db import transaction

from casework.agencies.models import User
from casework.audit.record import record
from households.models import CalendarFeed


@transaction.atomic
def make_feed(*, by: User, now: datetime) -> str:
    """Make the user's feed and return its secret, which is not shown again; an earlier one ends with it."""
    User.objects.select_for_update(of=("self",)).get(pk=by.pk)
    end_feed(by=by, now=now)
    secret = secrets.token_urlsafe(32)
    feed = CalendarFeed.objects.create(user=by, digest=_digest(secret))
    record("calendar_feed_made", feed, by=by)
    return secret


@transaction.atomic
def end_feed(*, by: User, now: datetime) -> bool:
    """End the user's feed for good; False when there is none."""
    feed = CalendarFeed.objects.visible_to(by).filter(revoked_at=None).first()
    if feed is None:
        return False
    CalendarFeed.objects.filter(pk=feed.pk, revoked_at=None).update(revoked_at=now)
    record("calendar_feed_ended", feed, by=by)
    return True


def feed_of(secret: str) -> CalendarFeed | None:
    """Return the feed in force with this secret, its user along, or None; one query."""
    return CalendarFeed.objects.in_force().select_related("user__agency").filter(digest=_digest(secret)).first()


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
