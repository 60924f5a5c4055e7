"""What a decision does to the register: an extension is appended, a shortening writes a version with an earlier end."""

from datetime import timedelta

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F
from django.utils.translation import gettext as _

from casework.facts import supersede
from casework.templatetags.format import fullday
from households.actions.refusal import Refused
from households.actions.verb import lock_person, on_day
from households.extensions import clocks
from households.models import ProtectionDecision, ProtectionPeriod

DAY = timedelta(days=1)
OF_RESIDENCE = (ProtectionPeriod.Basis.RESIDENCE, ProtectionPeriod.Basis.EXTENSION)


def last_period(person):
    """Return the standing ProtectionPeriod of a person (or id) at the residence that ends last; None where there is
    none, or where it has no last day on record."""
    rows = ProtectionPeriod.objects.current().filter(person=person, basis__in=OF_RESIDENCE, during__isempty=False)
    last = rows.order_by(F("during__endswith").desc(nulls_first=True), "-id").first()
    return last if last and last.during.upper else None


def check_extends(last_day, until, years, *, field):
    """Raise `Refused` unless `until` is a last day that an extension after `last_day` may have."""
    first, latest = clocks.extended(last_day, years)
    if until < first:
        said = _("The period runs until %(day)s already. An extension ends after it.")
        raise Refused(said % {"day": fullday(last_day)}, field=field)
    if until > latest:
        said = _("One extension is %(n)s years at most: until %(day)s.")
        raise Refused(said % {"n": years, "day": fullday(latest)}, field=field)


def check_shortens(period, until, *, on, field):
    """Raise `Refused` unless `until` is an earlier last day of `period` that has not passed by `on`."""
    last = period.during.upper - DAY
    if until >= last:
        said = _("A shorter period ends before %(day)s.")
        raise Refused(said % {"day": fullday(last)}, field=field)
    if until < on or (period.during.lower and until < period.during.lower):
        raise Refused(_("A period is not shortened to a day that has passed."), field=field)


def extend(person, until, *, number, years, by, field="granted_until"):
    """Append the extension of a decision (`number`): from the day after the last day, until `until`; return it."""
    lock_person(person)
    period = _standing(person)
    last = period.during.upper - DAY
    check_extends(last, until, years, field=field)
    if on_day(ProtectionDecision.objects.filter(person=person, decision="ended"), last + DAY).exists():
        raise Refused(_("A decision on record ended the protection of this person; it is not extended."), field=field)
    return ProtectionPeriod.objects.create(
        person=person,
        during=DateRange(last + DAY, until + DAY),
        basis=ProtectionPeriod.Basis.EXTENSION,
        decision=number,
        recorded_by=by,
    )


def shorten(person, until, *, number, on, by):
    """Append a version of the last period that ends with `until`, by a decision (`number`); return it."""
    lock_person(person)
    period = _standing(person)
    check_shortens(period, until, on=on, field="granted_until")
    return supersede(period, by=by, during=DateRange(period.during.lower, until + DAY), decision=number)


def _standing(person):
    if period := last_period(person):
        return period
    raise Refused(_("No period of residence protection with a last day is on record for this person."))
