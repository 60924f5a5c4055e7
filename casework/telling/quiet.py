"""Quiet hours: when no mail is sent, and the first moment after them. Days are Seoul days."""

from datetime import datetime, time, timedelta

from casework.clock import SEOUL, day_begins, is_working_day

QUIET_FROM, QUIET_UNTIL = time(20), time(8)


def after_quiet(moment, *, begins, ends, days_off, holidays):
    """Return `moment` itself outside quiet hours, else the first moment after them.

    `begins`, `ends`: times of day, over midnight where `begins` is later, no quiet hours where they are the same;
    `days_off`: quiet on weekends and `holidays` (a set of dates) as well.
    """
    local = moment.astimezone(SEOUL)
    day, clock = local.date(), local.time()
    late = begins > ends and clock >= begins
    quiet = late or (clock < ends if begins > ends else begins <= clock < ends)
    if not quiet and (not days_off or is_working_day(day, holidays)):
        return moment
    if late:
        day += timedelta(days=1)
    while days_off and not is_working_day(day, holidays):
        day += timedelta(days=1)
    if day == local.date():
        return datetime.combine(day, ends, tzinfo=SEOUL)
    return after_quiet(day_begins(day), begins=begins, ends=ends, days_off=days_off, holidays=holidays)
