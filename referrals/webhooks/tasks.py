"""Celery's side: a message is only a doorbell; the outbox stands in PostgreSQL."""

import contextlib

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from casework.api.answers import forget_old
from casework.api.throttling import forget_old_uses
from referrals.webhooks.sending import work_off


@shared_task(name="referrals.webhooks.tasks.send_due")
def send_due():
    """Once a minute, and when somebody rings: send what is due."""
    work_off(timezone.now)


@shared_task(name="referrals.webhooks.tasks.forget")
def forget():
    """Once an hour: forget answers kept for retries, and how often tokens were used long ago."""
    forget_old(timezone.now())
    forget_old_uses(timezone.now())


def ring():
    """Ask a worker to send; where no message gets through, the tick finds it within a minute."""
    with contextlib.suppress(OperationalError, OSError):
        send_due.apply_async(retry=False, expires=60)
