"""Celery's side: a message is only a doorbell; what was asked stands in PostgreSQL."""

import contextlib

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from casework.exports.actions import forget
from casework.exports.answering import lapse
from casework.exports.running import work_off


@shared_task(name="casework.exports.tasks.make_due")
def make_due() -> None:
    """Somebody rang: make what waits, unless another worker has it."""
    work_off(timezone.now)


@shared_task(name="casework.exports.tasks.tick")
def tick() -> None:
    """Once a minute: delete what has expired, end what nobody agreed to in time, then make what waits or was left
    behind by a worker that was lost."""
    forget(timezone.now())
    lapse(timezone.now())
    work_off(timezone.now)


def ring() -> None:
    """Ask a worker; where no message gets through, the tick finds it within a minute."""
    with contextlib.suppress(OperationalError, OSError):
        make_due.apply_async(retry=False, expires=60)
