"""When a plan is looked at again: 14, 30 and 90 days after the agreement, then every 90 (our own criterion).

Counted from the days and from the ledger of reviews, never by a job: a night when nothing ran loses none.
"""

from datetime import timedelta
from itertools import count

from households.models import PlanReview
from households.models.plan import EVERY, REVIEWS

EARLY = 7
"""Days before the due day from which a review answers it; held earlier it is one besides (our own criterion)."""


def due_days():
    """Yield the days after the agreement on which reviews are due: 14, 30, 90, 180, 270, …"""
    yield from REVIEWS
    yield from count(REVIEWS[-1] + EVERY, EVERY)


def next_day(reviewed):
    """Return the first due day after the one that was `reviewed` last (None: none yet)."""
    return next(day for day in due_days() if reviewed is None or day > reviewed)


def answered(agreed_on, reviewed, done_on):
    """Return the due day that a review held on `done_on` answers, or None where it is one besides.

    Held late, it answers every one that was due by then: the latest of them is kept.
    """
    passed, day = (done_on - agreed_on).days, next_day(reviewed)
    if passed < day - EARLY:
        return None
    while (later := next_day(day)) <= passed:
        day = later
    return day


def last_reviewed(plan):
    """Return the latest due day of a plan that was answered, or None."""
    rows = PlanReview.objects.filter(plan=plan, due_day__isnull=False).order_by("-due_day")
    return rows.values_list("due_day", flat=True).first()


def calendar_of(plan, reviews, on):
    """Return [{"day", "review", "passed_over"}] of the reviews of an agreed plan up to the next one: with the
    PlanReview that answered each, or that it was passed over by a later one. `reviews`: those of the plan."""
    by_day = {one.due_day: one for one in reviews if one.due_day is not None}
    last, rows = max(by_day, default=None), []
    for day in due_days():
        row = {"day": plan.agreed_on + timedelta(days=day), "review": by_day.get(day), "passed_over": False}
        row["passed_over"] = row["review"] is None and last is not None and day < last
        row["late"] = row["review"] is None and not row["passed_over"] and row["day"] < on
        rows.append(row)
        if last is None or day > last:
            return rows
    return rows
