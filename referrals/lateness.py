"""The clocks of many referrals at once, in SQL: the same days as `referrals.clocks` counts one by one."""

from datetime import timedelta

from django.db.models import (
    Case,
    DateField,
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    Q,
    Value,
    When,
)
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast
from django.db.models.lookups import Exact, GreaterThanOrEqual, LessThan, LessThanOrEqual

from casework.clock import seoul_day
from referrals.clocks import RECEIVER, REPLY, RUNNING
from referrals.states import Waits

# Working days on which the receiver's clock stood still since it began; the same count as `clocks.paused_days`. A day
# on which the receiver was closed is none: the clock jumps over it anyway.
STOOD_STILL = """
CREATE OR REPLACE FUNCTION referral_stood_still(asked bigint, since timestamptz, moment timestamptz)
RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT COALESCE(sum(last.number - first.number - closed.days), 0)::integer
    FROM referrals_pause pause
    JOIN referrals_referral referral ON referral.id = pause.referral_id
    JOIN casework_workday first ON first.day = (lower(pause.during) AT TIME ZONE 'Asia/Seoul')::date
    JOIN casework_workday last
        ON last.day = (LEAST(upper(pause.during), moment) AT TIME ZONE 'Asia/Seoul')::date
    CROSS JOIN LATERAL (
        SELECT count(*) AS days FROM agencies_closure closure
        JOIN casework_workday usual ON usual.day = closure.day AND usual.works
        WHERE closure.agency_id = referral.to_agency_id AND closure.day > first.day AND closure.day <= last.day
    ) closed
    WHERE pause.referral_id = asked AND lower(pause.during) >= since AND lower(pause.during) <= moment
$$
"""


class Elapsed(Func):
    """Working days of an agency between two moments: (begins, moment, agency)."""

    function = "working_days_elapsed"
    output_field = IntegerField()


class SeoulDay(Func):
    """The day of a moment."""

    template = "(%(expressions)s AT TIME ZONE 'Asia/Seoul')::date"
    output_field = DateField()


class LastDays(Func):
    """For 0, 1, 2 … the last day since which so many usual working days have begun by a day: (day)."""

    template = """ARRAY(
        SELECT max(usual.day) FROM casework_workday usual JOIN casework_workday today
            ON usual.number BETWEEN today.number - 400 AND today.number
            -- Wide enough for them, and for the days off that follow today; so that an index answers.
            AND usual.day BETWEEN today.day - 800 AND today.day + 40
        WHERE today.day = %(expressions)s GROUP BY usual.number ORDER BY usual.number DESC
    )"""
    output_field = DateField()


class LastDay(Func):
    """One of LastDays: (LastDays, how many working days)."""

    template = "COALESCE((%(expressions)s + 1], 'infinity')"
    arg_joiner = ")["
    output_field = DateField()


class StoodStill(Func):
    """Working days on which a referral's clock stood still: (referral, since, moment)."""

    function = "referral_stood_still"
    output_field = IntegerField()


def overdue(now):
    """Return the condition on Referral rows that the clock that counts has run out by `now`."""
    waiting, own = Q(waits_for=Waits.SENDER), Q(status__in=list(RUNNING))
    by_hours = own & Q(Exact(limit_unit(), Value("h"))) & Q(LessThan(_hours_end(), _moment(now)))
    by_days = own & ~waiting & Q(Exact(limit_unit(), Value("wd"))) & _long_enough_ago(begins(), limit_amount(), now)
    by_days &= Q(GreaterThanOrEqual(elapsed(now), limit_amount()))
    asked = waiting & ~(own & Q(Exact(limit_unit(), Value("h"))))
    asked &= _long_enough_ago(F(REPLY.begins), _reply_days(), now) & Q(_reply_overdue(now))
    return by_hours | by_days | asked


class After(Func):
    """The moment so many working days of an agency after another one: (begins, days, agency)."""

    function = "working_days_after"
    output_field = DateTimeField()


def runs_out(now):
    """Return the expression of the moment at which the clock that counts runs out, as `clocks.deadline` says it of one
    referral; NULL where none runs."""
    by_hours = Q(status__in=list(RUNNING)) & Q(Exact(limit_unit(), Value("h")))
    asked = Q(waits_for=Waits.SENDER) & ~by_hours
    days = ExpressionWrapper(limit_amount() + stood_still(now), output_field=IntegerField())
    return Case(
        When(asked, then=After(F(REPLY.begins), _reply_days(), F("from_agency_id"))),
        When(by_hours, then=_hours_end()),
        default=After(begins(), days, _agency()),
        output_field=DateTimeField(),
    )


def begins():
    """Return the expression of the moment from which the clock that counts runs."""
    return _by_status(lambda station: F(station.begins), DateTimeField())


def limit_amount():
    """Return the expression of how many days or hours the clock that counts allows."""
    return Cast(_by_status(lambda station: _limit(station, 0)), IntegerField())


def limit_unit():
    """Return the expression of the unit, "wd" or "h"."""
    return _by_status(lambda station: _limit(station, 1))


def elapsed(now):
    """Return the expression of the working days since the clock that counts began, less those it stood still."""
    return Elapsed(begins(), _moment(now), _agency()) - stood_still(now)


def _by_status(value, output_field=None):
    cases = [When(status=status, then=value(station)) for status, station in RUNNING.items()]
    return Case(*cases, output_field=output_field) if output_field else Case(*cases)


def _limit(station, part):
    return KeyTextTransform(part, KeyTransform(station.name, "route__limits"))


def _agency():
    return _by_status(lambda station: F("to_agency_id" if station.side == RECEIVER else "from_agency_id"))


def stood_still(now):
    """Return the expression of the working days on which the clock that counts stood still.

    Only a receiver's clock stands still; what the sender owes does not.
    """
    mine = [status for status, station in RUNNING.items() if station.side == RECEIVER]
    return Case(When(status__in=mine, then=StoodStill(F("pk"), begins(), _moment(now))), default=Value(0))


def _hours_end():
    hours = ExpressionWrapper(limit_amount() * Value(timedelta(hours=1)), output_field=DurationField())
    return ExpressionWrapper(begins() + hours, output_field=DateTimeField())


def _reply_overdue(now):
    return GreaterThanOrEqual(Elapsed(F(REPLY.begins), _moment(now), F("from_agency_id")), _reply_days())


def _reply_days():
    return Cast(_limit(REPLY, 0), IntegerField())


def _long_enough_ago(since, days, now):
    """Return whether so many usual working days have begun since; a closed day or a pause may give more time, never
    less. It costs one look at the calendar for all rows, and only for those within it are their own days counted."""
    last = LastDays(Value(seoul_day(now), output_field=DateField()))
    return Q(LessThanOrEqual(SeoulDay(since), LastDay(last, days)))


def _moment(now):
    return Value(now, output_field=DateTimeField())
