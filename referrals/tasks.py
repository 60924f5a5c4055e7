"""Celery's side of referrals: a tick asks the ledger what is due, and misses nothing when it comes late."""

from celery import shared_task
from django.utils import timezone

from referrals import telling
from referrals.alarms.raising import raise_alarms


@shared_task(name="referrals.tasks.look_at_clocks")
def look_at_clocks():
    """Once a minute, and at start-up: raise the alarms that are due, tell of consents that were withdrawn."""
    raise_alarms(timezone.now())
    telling.of_withdrawals(timezone.now())
