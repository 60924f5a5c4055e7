"""Celery's side of households: a tick asks the ledger which steps before the end of protection were not told of."""

from celery import shared_task
from django.utils import timezone

from households.protection.telling import tell_due


@shared_task(name="households.tasks.tell_of_ends")
def tell_of_ends():
    """Every ten minutes: tell of the steps before the end of protection that fell due."""
    tell_due(timezone.now())
