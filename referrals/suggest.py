"""Which agencies to ask for a need: those that cover the household's district, in the order of the routing table."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext

from casework.agencies.models import Agency, Kind
from households.models import Dwelling
from referrals.handing import workers_of
from referrals.models import Route
from referrals.states import Urgency
from referrals.transfers.left import tells_where_left

NATIONAL = (Kind.FOUNDATION, Kind.MINISTRY)
NEVER = (Kind.HANAWON,)


def agencies_for(household, *, on, sender, draft=None):
    """Return the agencies that can be asked about a household on a day; `staffed` says that somebody receives there.

    Those whose jurisdiction holds the household's district, and the national ones; never the sender's own. And of a
    `draft` (a Referral) the one it is written to; a notice of a move to the district that was left goes to no other.
    """
    also = [draft.to_agency_id] if draft else ()
    rows = working_in(places_of(household, on=on), on=on, also=also).exclude(user=sender.pk)
    return rows.filter(pk__in=also) if draft and tells_where_left(draft, on=on) else rows


def places_of(household, *, on):
    """Return the districts (a subquery of ids) where a household (or its id) lives on a day."""
    return Dwelling.objects.current().during(on).filter(household=household).order_by().values("district")


def working_in(places, *, on, also=()):
    """Return the agencies that cover one of `places` (a subquery of districts) on a day, the national ones, and those
    of `also` (ids). `staffed` says that somebody there receives.
    """
    covering = Agency.objects.filter(jurisdictions__district__in=places, jurisdictions__during__contains=on)
    return (
        Agency.objects.filter(Q(pk__in=covering.order_by().values("pk")) | Q(kind__in=NATIONAL) | Q(pk__in=also))
        .exclude(kind__in=NEVER)
        .annotate(staffed=Exists(workers_of(OuterRef("pk"))))
        .order_by("kind", "name_ko")
    )


@dataclass(frozen=True)
class Proposal:
    """The Agency that the table of routes asks first, and the reason in a sentence."""

    agency: Agency
    why: str


def district_of(household, *, on):
    """Return the id of the district where a household lives on a day, or None."""
    homes = Dwelling.objects.current().during(on).filter(household=household).order_by("id")
    return homes.values_list("district", flat=True).first()


def proposed(agencies, need, *, on, urgency=Urgency.USUAL, district=None):
    """Return the Proposal among `agencies` for a need in a district, or None where nobody of the table receives."""
    if not need:
        return None
    line = Route.objects.best_for(need, urgency, district, on=on)
    order = (*line.first, *line.also)
    able = sorted((a for a in agencies if a.staffed and a.kind in order), key=lambda a: order.index(a.kind))
    if not able:
        return None
    words = {"need": line.get_need_display(), "kind": able[0].get_kind_display(), "limit": line.limit("answer")}
    if able[0].kind in line.first:
        why = gettext("%(need)s: asked first of %(kind)s, which answers within %(limit)s. Our own criterion.")
    else:
        why = gettext(
            "%(need)s: nobody asked first receives here; %(kind)s answers within %(limit)s. Our own criterion."
        )
    return Proposal(able[0], why % words)


def choices(agencies, need, *, on, urgency=Urgency.USUAL, district=None):
    """Return grouped select choices: those to ask first for `need`, those to ask beside them, the others."""
    line = Route.objects.best_for(need, urgency, district, on=on) if need else None
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
