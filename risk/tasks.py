"""Celery's side: a message is only a doorbell, so every task is three lines that ask the ledger."""

from celery import shared_task
from django.utils import timezone

from risk.ledger import work_off
from risk.queue import sweep_queue


@shared_task(name="risk.tasks.tick")
def tick():
    """Once a minute, and at start-up: do what the ledger says is due."""
    work_off(timezone.now)


@shared_task(name="risk.tasks.sweep_touched")
def sweep_touched():
    """Somebody rang: sweep what was touched."""
    sweep_queue(timezone.now)
