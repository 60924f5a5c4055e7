"""Which local governments may be asked or told about a request, and the notice of a decision that reaches their desk.

Nobody but the office of the place where somebody lives, or lived during the period, has anything to say or to know.
"""

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Exists, OuterRef, Q

from casework.agencies.models import Agency, Jurisdiction, Kind
from casework.clock import seoul_day
from households.extensions import telling
from households.extensions.drafting import place_kept_back
from households.extensions.periods import DAY
from households.models import Dwelling, Household, LocalNotice, Membership


def offices_to_ask(request, on):
    """Return the local governments that may be asked for an opinion: of the place where the person lives on the day,
    or lived since the period began. With a violence marker no former office hears of the person."""
    since = on if place_kept_back(request.person, on) else min(request.period_from or on, on)
    return _offices(request.person_id, since, on)


def offices_to_tell(person, on):
    """Return the local governments of the place where the person (or id) lives on the day."""
    return _offices(person, on, on)


def tell_offices(request, *, outcome, until, by, now):
    """Put the notice of a decision on the desk of the office where the person lives today, and tell its officers.

    Return the LocalNotices: none where no office is on record, and the page says so.
    """
    found = []
    for agency in offices_to_tell(request.person_id, seoul_day(now)):
        words = {"outcome": outcome, "until": until, "told_at": now, "told_by": by}
        found.append(LocalNotice.objects.create(request=request, agency=agency, **words))
        telling.the_office(request, agency, kind="extension_local", by=by, now=now)
    return found


def _offices(person, since, on):
    """Membership, dwelling and these days have a day in common where each two of them have one."""
    days = DateRange(since, on + DAY)
    lived = Membership.objects.current().filter(
        Q(during__overlap=OuterRef("during")) & Q(during__overlap=days),
        person=person,
        household=OuterRef("household"),
        kind=Household.Kind.LIVING,
    )
    homes = Dwelling.objects.current().filter(Exists(lived.order_by()), during__overlap=days)
    covering = Jurisdiction.objects.filter(
        agency=OuterRef("pk"), during__contains=on, district__in=homes.order_by().values("district")
    )
    return Agency.objects.filter(Exists(covering), kind=Kind.CITY).order_by("name_ko")
