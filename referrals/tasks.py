"""Celery's side of referrals: a tick asks the ledger what is due, and misses nothing when it comes late."""

from celery import shared_task
from django.utils import timezone

from casework.agencies.models import User
from referrals import telling
from referrals.alarms.raising import raise_alarms
from referrals.council.showing import end_fallen, show_late


@shared_task(name="referrals.tasks.look_at_clocks")
def look_at_clocks():
    """Once a minute, and at start-up: raise the alarms that are due, tell of consents that were withdrawn."""
    raise_alarms(timezone.now())
    telling.of_withdrawals(timezone.now())


@shared_task(name="referrals.tasks.end_fallen_shares")
def end_fallen_shares():
    """Once a minute: close the pages that were opened for a meeting on a consent which stands no longer, and show what
    a consent obtained since the agenda was sent carries."""
    end_fallen(by=User.objects.system(), now=timezone.now())
    show_late(now=timezone.now())
