"""Celery's side: a message is only a doorbell; notifications, mails and the ledger stand in PostgreSQL."""

import contextlib

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from casework.telling import digests, reading, sending


@shared_task(name="casework.telling.tasks.send_due")
def send_due():
    """Once a minute, and when somebody rings: send what is due."""
    sending.work_off(timezone.now)


@shared_task(name="casework.telling.tasks.write_digests")
def write_digests():
    """Every few minutes: write the digests that are missing up to the last Monday."""
    digests.write_digests(timezone.now())


@shared_task(name="casework.telling.tasks.forget")
def forget():
    """Every night: forget what was read long ago, and mails that arrived."""
    reading.forget_read(timezone.now())
    sending.forget_old(timezone.now())


def ring():
    """Ask a worker to send; where no message gets through, the tick finds it within a minute."""
    if sending.has_server():
        with contextlib.suppress(OperationalError, OSError):
            send_due.apply_async(retry=False, expires=60)
