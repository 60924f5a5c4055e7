"""Which agencies to ask for a need: those that cover the household's district, in the order of the routing table."""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext

from casework.agencies.models import Agency, Kind, User
from casework.agencies.roles import May, holders
from households.models import Dwelling
from referrals.routing import route

NATIONAL = (Kind.FOUNDATION, Kind.MINISTRY)
NEVER = (Kind.HANAWON,)


def agencies_for(household, *, on, sender):
    """Return the agencies that can be asked about a household on a day; `staffed` says that somebody receives there.

    Those whose jurisdiction holds the household's district, and the national ones; never the sender's own.
    """
    districts = Dwelling.objects.current().during(on).filter(household=household).order_by().values("district")
    covering = Agency.objects.filter(jurisdictions__district__in=districts, jurisdictions__during__contains=on)
    receivers = User.objects.filter(holders(May.RECEIVE), agency=OuterRef("pk"), is_active=True)
    return (
        Agency.objects.filter(Q(pk__in=covering.order_by().values("pk")) | Q(kind__in=NATIONAL))
        .exclude(kind__in=NEVER)
        .exclude(user=sender.pk)
        .annotate(staffed=Exists(receivers))
        .order_by("kind", "name_ko")
    )


def choices(agencies, need, *, on):
    """Return grouped select choices: those to ask first for `need`, those to ask beside them, the others."""
    line = route(need, on) if need else None
    first, also = (line.first, line.also) if line else ((), ())
    groups = {gettext("Ask first for this need"): [], gettext("May be asked beside it"): [], gettext("Others here"): []}
    names = list(groups)
    for agency in sorted(agencies, key=lambda a: (_place(a.kind, (*first, *also)), not a.staffed, a.name_ko)):
        group = names[0] if agency.kind in first else names[1] if agency.kind in also else names[2]
        groups[group].append((agency.pk, _label(agency)))
    return [("", gettext("Choose an agency")), *((name, rows) for name, rows in groups.items() if rows)]


def _place(kind, order):
    return order.index(kind) if kind in order else len(order)


def _label(agency):
    if agency.staffed:
        return str(agency)
    return gettext("%(agency)s (nobody there receives through this system yet)") % {"agency": agency}
