"""Celery's side of households: ticks ask the ledger what nobody was told of yet: steps before the end of protection,
visits from which nobody came back."""

from celery import shared_task
from django.utils import timezone

from households.protection.telling import tell_due
from households.visits.telling import tell_missing


@shared_task(name="households.tasks.tell_of_ends")
def tell_of_ends():
    """Every ten minutes: tell of the steps before the end of protection that fell due."""
    tell_due(timezone.now())


@shared_task(name="households.tasks.watch_visits")
def watch_visits():
    """Once a minute: tell of visits from which nobody came back at the expected time."""
    tell_missing(timezone.now())
