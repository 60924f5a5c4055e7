"""Celery's side: a message is only a doorbell, so every task is three lines that ask the ledger."""

import contextlib

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from risk.backtest import runs as backtest
from risk.ledger import work_off
from risk.queue import sweep_queue


@shared_task(name="risk.tasks.tick")
def tick():
    """Once a minute, and at start-up: do what the ledger says is due."""
    work_off(timezone.now)
    if backtest.waiting():
        ring_for_backtests()


@shared_task(name="risk.tasks.sweep_touched")
def sweep_touched():
    """Somebody rang: sweep what was touched."""
    sweep_queue(timezone.now)


@shared_task(name="risk.tasks.run_backtests")
def run_backtests():
    """Somebody asked for a back-test: run what waits, unless another worker does."""
    backtest.work_off(timezone.now)


def ring_for_backtests():
    """Ring for a worker; where no message gets through, the tick rings again."""
    with contextlib.suppress(OperationalError, OSError):
        run_backtests.apply_async(retry=False, expires=55)
