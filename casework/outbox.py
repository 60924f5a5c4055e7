"""What waits to be sent, as rows: claimed by one worker at a time, tried again, given up in the open.

For models with `tries`, `next_at`, `sent_at`, `dead_at` and `last_error`. At least once: a worker that dies after the
other side has answered sends again, under the same id.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import F

# After so long it is tried again; when these are used up it lies among the dead letters, for a person.
AGAIN = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
)
LEASE = timedelta(minutes=5)  # longer than one try: who tries several renews it before each; a dead worker lets go then
CLAIMED_AT_ONCE = 10
REASON = 60
LEFT = "left behind"  # taken up as often as may be, and no worker ever noted how it ended


@transaction.atomic
def claim(rows, *, now):
    """Take what is due of `rows` (a QuerySet) for this worker: count the try and set the lease; return a QuerySet, the
    oldest first. Another worker passes over what is taken; what used up its tries without a word is given up."""
    due = rows.filter(sent_at=None, dead_at=None, next_at__lte=now).order_by("next_at", "id")
    held = dict(due.select_for_update(skip_locked=True).values_list("pk", "tries")[:CLAIMED_AT_ONCE])
    ids = [pk for pk, tries in held.items() if tries <= len(AGAIN)]
    if len(ids) < len(held):
        rows.filter(pk__in=held.keys() - set(ids)).update(dead_at=now, last_error=LEFT)
    rows.filter(pk__in=ids).update(tries=F("tries") + 1, next_at=now + LEASE)
    return rows.filter(pk__in=ids).order_by("id")


def renewed(row, *, now):
    """Hold the row for another lease, right before it is tried; False when it is another worker's by now."""
    return bool(_open(row).update(next_at=now + LEASE))


def put_off(row, *, until, why=None):
    """Let the row go untried: the try does not count. `why` (None: as before) says what kept it."""
    _open(row).update(next_at=until, tries=F("tries") - 1, **({} if why is None else {"last_error": why[:REASON]}))


def delivered(row, *, now):
    """Note that the other side has it."""
    _open(row).update(sent_at=now, last_error="")


def failed(row, *, now, why):
    """Note why it did not arrive; try again later, or give it up in the open when the tries are used up."""
    if row.tries > len(AGAIN):
        given_up(row, now=now, why=why)
    else:
        _open(row).update(next_at=now + AGAIN[row.tries - 1], last_error=why[:REASON])


def given_up(row, *, now, why):
    """Note that it is not tried any more."""
    _open(row).update(dead_at=now, last_error=why[:REASON])


def _open(row):
    """The row, unless another worker took it over after the lease or settled it."""
    return type(row)._base_manager.filter(pk=row.pk, tries=row.tries, sent_at=None, dead_at=None)


def revived(rows, *, now, **changes):
    """Take the dead letters of `rows` up again, from the first try, with `changes`; return how many."""
    dead = rows.filter(dead_at__isnull=False)
    return dead.update(dead_at=None, tries=0, next_at=now, last_error="", **changes)
