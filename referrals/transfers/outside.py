"""Households that live where another centre works: a move, however it was told, with nobody to follow it up yet.

Nothing is stored: the list comes from where they live, who answers and what each centre covers, so that a move on
screen and one of forty in a file stand here in the same moment, and none can be forgotten.
"""

from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Subquery

from casework.agencies.models import Agency, Jurisdiction
from casework.agencies.roles import agency_of
from households.beside import guarded
from households.models import Dwelling, Household
from referrals.models import Transfer
from referrals.transfers.workflow import TransferStatus


@dataclass(frozen=True)
class Outside:
    """One household: its Dwelling, the centres that cover its district, the last Transfer that came to nothing,
    and whether a violence marker keeps the address back."""

    home: Dwelling
    centres: list
    last: Transfer | None
    protected: bool = False

    @property
    def to(self):
        """The one centre to which one click sends the file; None where somebody has to choose, or no centre works."""
        return self.centres[0] if len(self.centres) == 1 and not self.protected else None


def homes_outside(user, *, on):
    """Return the dwellings, on a day, of households whose file the user's centre keeps, in districts that it does not
    cover, and for which no transfer is under way. A centre without an area on record has no outside."""
    area = Jurisdiction.objects.filter(agency=agency_of(user), during__contains=on)
    here = area.filter(district=OuterRef("district"))
    going = Transfer.objects.open().filter(household=OuterRef("household"))
    kept = Household.objects.kept_by(user).order_by().values("pk")
    homes = Dwelling.objects.current().during(on).filter(household__in=kept, district__isnull=False)
    return homes.filter(Exists(area.order_by()), ~Exists(here.order_by()), ~Exists(going.order_by()))


def outside_of(user, *, on, household=None):
    """Return the Outside of each such household, the latest move first; one query when there is none."""
    homes = homes_outside(user, on=on)
    if household is not None:
        homes = homes.filter(household=household)
    centres = Agency.objects.centres().covering(OuterRef("district"), on=on).order_by("name_ko")
    past = Transfer.objects.filter(household=OuterRef("household"), status__in=_NOTHING).order_by("-id")
    told = homes.annotate(
        centre_ids=ArraySubquery(centres.values("pk")), last_id=Subquery(past.values("pk")[:1])
    ).select_related("household", "district__parent")
    rows = list(told.order_by("-known_at", "-id"))
    if not rows:
        return []
    names = Agency.objects.in_bulk({pk for row in rows for pk in row.centre_ids})
    lasts = Transfer.objects.select_related("to_agency").in_bulk([row.last_id for row in rows if row.last_id])
    kept_back = guarded({row.household_id for row in rows})
    return [
        Outside(row, [names[pk] for pk in row.centre_ids], lasts.get(row.last_id), row.household_id in kept_back)
        for row in rows
    ]


_NOTHING = (TransferStatus.DECLINED, TransferStatus.WITHDRAWN)
