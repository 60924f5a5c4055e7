"""What is due, asked of the ledger in PostgreSQL: a missed tick, an emptied Redis or a killed worker loses nothing."""

from datetime import time, timedelta

from casework.clock import SEOUL, AsOf, seoul_day
from casework.touched import Touched
from risk.models import Review, Sweep
from risk.queue import sweep_queue
from risk.sweeps import Busy, sweep

NIGHT = time(2)  # after the feeds of the day before, before anybody starts work


def full_sweep_is_due(now):
    """Tell whether today's full sweep has not been completed although its hour has come, or yesterday's never was."""
    today = seoul_day(now)
    full = Sweep.objects.filter(kind=Sweep.Kind.FULL, finished_at__isnull=False)
    if full.filter(on=today).exists():
        return False
    return now.astimezone(SEOUL).time() >= NIGHT or not full.filter(on=today - timedelta(days=1)).exists()


def queue_reviews_that_ran_out(now):
    """Queue the households whose day to look again has come since the last full sweep; return how many.

    The nightly sweep sees them anyway; this covers the hours between midnight and then.
    """
    today = seoul_day(now)
    if Sweep.objects.filter(kind=Sweep.Kind.FULL, finished_at__isnull=False, on=today).exists():
        return 0
    since = Sweep.objects.filter(finished_at__isnull=False, on=today, kind=Sweep.Kind.TOUCHED)
    if since.exists():
        return 0
    due = (
        Review.objects.filter(review_on=today)
        .order_by("household_id")
        .values_list("household_id", flat=True)
        .distinct()
    )
    queued = [Touched(household_id=household) for household in due]
    Touched.objects.bulk_create(queued)
    return len(queued)


def work_off(now):
    """Do what is due: the nightly sweep, then whatever was touched. `now` is a function that returns the moment."""
    moment = now()
    if full_sweep_is_due(moment):
        try:
            sweep(AsOf.live(moment), wait=False)
        except Busy:
            return
    else:
        queue_reviews_that_ran_out(moment)
    sweep_queue(now)
