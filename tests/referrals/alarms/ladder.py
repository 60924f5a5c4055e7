"""What stands in the ledger of one clock, and a run at each moment at which a rung is due."""

from datetime import timedelta

from referrals.alarms.raising import raise_alarms
from referrals.models import Alarm

SECOND = timedelta(seconds=1)


def told(station, **about):
    """Return {rung: names} of one station of the ledger."""
    found = {}
    for row in Alarm.objects.filter(station=station, **about).select_related("to_user").order_by("rung", "id"):
        found.setdefault(row.rung, set()).add(row.to_user.name)
    return found


def told_later(station, run_out, **about):
    """Return the rungs that stand in the ledger just after each of them is due, a run at a time."""
    seen = []
    for moment in run_out:
        raise_alarms(moment)
        before = sorted(told(station, **about))
        raise_alarms(moment + SECOND)
        seen.append((before, sorted(told(station, **about))))
    return seen


EACH_IN_TURN = [([], [1]), ([1], [1, 2]), ([1, 2], [1, 2, 3]), ([1, 2, 3], [1, 2, 3, 4])]
