"""What is to be done: tasks, planned visits, warnings, what was put off."""

from datetime import timedelta

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from casework.clock import seoul_day
from households.models import AddressWarning, PlannedVisit, Snooze, Task

HOUR = timedelta(hours=1)


def task_of(household=None, *, by, owner=None, what="주민센터에 전화하기", in_days=0, **fields):
    """Write an open task that is due in so many days."""
    due_on = fields.pop("due_on", None) or seoul_day(timezone.now()) + timedelta(days=in_days)
    return Task.objects.create(
        household=household, agency=by.agency, what=what, due_on=due_on, owner=owner, recorded_by=by, **fields
    )


def visit_of(household, *, worker, by=None, begins=None, back_in=HOUR, **fields):
    """Write a visit that began an hour ago, or at `begins`, and is expected back `back_in` after it began."""
    begins = begins or timezone.now() - HOUR
    moments = {"begins": begins, "expected_back": begins + back_in}
    return PlannedVisit.objects.create(
        household=household, agency=worker.agency, worker=worker, recorded_by=by or worker, **moments, **fields
    )


def warning_of(household, *, by, kind="dog", words="", since=None):
    """Write a warning about an address, in force for a month."""
    since = since or seoul_day(timezone.now()) - timedelta(days=30)
    return AddressWarning.objects.create(
        household=household, kind=kind, words=words, during=DateRange(since, None), recorded_by=by
    )


def things_to_do(household, *, worker, by):
    """Write one of each for the permission matrix; return {name: what a URL is called with}."""
    on = seoul_day(timezone.now())
    task = task_of(household, by=worker)
    put_off = {"kind": "task", "key": str(task.pk), "due_on": on, "put_off_on": on, "until": on + timedelta(days=1)}
    return {
        "task": task.pk,
        "visit": visit_of(household, worker=worker, back_in=10 * HOUR).pk,
        "warning": warning_of(household, by=by).fact_id,
        "snooze": Snooze.objects.create(household=household, reason="-", by=worker, **put_off).pk,
    }
