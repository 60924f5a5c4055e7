"""Who a survey is about: a filter that is saved with the survey, and the households it names on a day.

Built from the standings, the answering centres, the dwellings and the members as they are that day; one statement
whatever the number of households.
"""

from dataclasses import asdict, dataclass, fields
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q

from casework.clock import add_months, day_ends
from households.models import Dwelling, Membership, Particulars, Responsibility
from households.models.data_request import Scope
from households.requests.restricting import homes_of_restricted
from risk.bands import Band
from risk.closings.heard import closed_at
from risk.models import Standing


@dataclass(frozen=True)
class Criteria:
    """The saved filter. Empty or None means: whatever it is.

    `bands`: band values. `centres`, `districts`: ids. `ends_within`: days until the earliest last day of protection.
    `age_from`, `age_to`: some member is of that age, both included. `alone`: one-person households only. `silent_for`:
    days since the last two-way contact, households without one counted in.
    """

    bands: tuple[int, ...] = ()
    centres: tuple[int, ...] = ()
    districts: tuple[int, ...] = ()
    ends_within: int | None = None
    age_from: int | None = None
    age_to: int | None = None
    alone: bool = False
    silent_for: int | None = None

    @classmethod
    def of(cls, saved):
        """Read what `as_saved` wrote; words of a later version are left out."""
        known = {field.name for field in fields(cls)}
        plain: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in saved.items() if name in known
        }
        return cls(**plain)

    def as_saved(self):
        """Return the filter as JSON keeps it: only what narrows."""
        return {name: value for name, value in asdict(self).items() if value or (value == 0 and value is not False)}


def population(criteria, *, agency=None, on):
    """Return the standings of the households that `criteria` names on the day and in which somebody lives; `agency`:
    an id, None for all."""
    lived_in = _standing(Membership, on).values("household")
    return named(criteria, agency=agency, on=on).filter(household__in=lived_in)


def named(criteria, *, agency=None, on):
    """As `population`, with those that keep a standing although nobody lives there any more: protected addresses.

    Nobody is asked in whose household somebody had the use for surveys stopped, nor whose case is closed that day."""
    rows = Standing.objects.order_by().exclude(household__in=homes_of_restricted(Scope.SURVEYS, on=on))
    rows = rows.exclude(household__in=closed_at(day_ends(on)).order_by().values("household"))
    if criteria.bands and set(criteria.bands) != set(Band.values):
        rows = rows.filter(shown_band__in=criteria.bands)
    if agency or criteria.centres:
        centres = [agency] if agency else criteria.centres
        rows = rows.filter(household__in=_standing(Responsibility, on).filter(center__in=centres).values("household"))
    if criteria.districts:
        homes = _standing(Dwelling, on).filter(district__in=criteria.districts)
        rows = rows.filter(household__in=homes.values("household"))
    if criteria.ends_within is not None:
        rows = rows.filter(protection_ends_on__range=(on, on + timedelta(days=criteria.ends_within)))
    if criteria.silent_for is not None:
        rows = rows.filter(Q(contact_on=None) | Q(contact_on__lt=on - timedelta(days=criteria.silent_for)))
    return _by_members(rows, criteria, on)


def _by_members(rows, criteria, on):
    members = _standing(Membership, on)
    if criteria.alone:
        single = members.values("household").annotate(n=Count("pk")).filter(n=1)
        rows = rows.filter(household__in=single.values("household"))
    if criteria.age_from is not None or criteria.age_to is not None:
        born = Particulars.objects.current().filter(*_born(criteria, on))
        rows = rows.filter(household__in=members.filter(person__in=born.values("person")).values("household"))
    return rows


def _born(criteria, on):
    """Yield the tests of the day of birth; who is 65 today was born at the latest on this day 65 years ago."""
    if criteria.age_from is not None:
        yield Q(birth_on__lte=add_months(on, -12 * criteria.age_from))
    if criteria.age_to is not None:
        yield Q(birth_on__gt=add_months(on, -12 * (criteria.age_to + 1)))


def _standing(model, on):
    return model.objects.current().filter(during__contains=on).order_by()
