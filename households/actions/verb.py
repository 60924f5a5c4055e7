"""What every verb of the register shares: one transaction, sentences for refusals, a bell for the sweep, and days."""

from functools import wraps

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from casework.facts import supersede
from casework.touched import ring
from households.actions.refusal import Refused, refusals
from households.models import Household, Person


def verb(function):
    """Make `function` a verb: all or nothing, `Refused` in the user's words, a sweep soon after it lands."""

    @wraps(function)
    def done(*args, **kwargs):
        with refusals():
            result = function(*args, **kwargs)
            ring()
        return result

    return done


def lock(*households):
    """Hold the households until the transaction ends, always in one order, so that two verbs cannot deadlock."""
    keys = sorted({household.pk for household in households if household is not None})
    list(Household.objects.select_for_update().filter(pk__in=keys).order_by("pk"))


def lock_person(person):
    """Hold a person until the transaction ends, so that the same thing said twice at once is kept once.

    Taken after the households where a verb takes both. Rows that only point at the person are not held up.
    """
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)


def on_day(queryset, day):
    """Return the standing versions of a queryset of facts that hold on `day`."""
    return queryset.filter(superseded_at=None, during__contains=day)


def close(fact, *, on, by):
    """End a fact's range so that `on` is the first day it no longer holds; return the new version.

    A fact that began on that very day never held (an empty range). Raises `Refused` for a day before its beginning.
    """
    first = fact.during.lower
    if first is not None and on < first:
        raise Refused(
            _("This day lies before %(day)s, when what it changes began.") % {"day": first.isoformat()}, field="on"
        )
    during = DateRange(empty=True) if first == on else DateRange(first, on)
    return supersede(fact, by=by, during=during)


def since(on):
    """Return the range from `on` for good."""
    return DateRange(on, None)
