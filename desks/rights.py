"""What a user may see of one household today, asked before the tables are covered by those of a past day."""

from dataclasses import dataclass
from typing import Any

from casework.agencies.models import User
from households.models import Contact, Household
from households.models.screening import keepers_of
from referrals.models import Referral


@dataclass(frozen=True)
class Rights:
    """The household's id; whether the user reads its screenings; ids of the contacts whose notes the user may read, in
    every version, and of the referrals the user may see."""

    household: int
    keeps: bool
    notes: tuple[int, ...]
    referrals: tuple[int, ...]

    @property
    def seen(self) -> Any:
        """The household as a queryset that asks for no right any more."""
        return Household.objects.filter(pk=self.household)


def rights_of(user: User, household: Household) -> Rights:
    """Return today's rights of the user in a household that the user was found to see."""
    notes = Contact.objects.readable_by(user).filter(household=household).order_by("pk")
    referrals = Referral.objects.read_by(user).filter(household=household).order_by("pk")
    return Rights(
        household=household.pk,
        keeps=Household.objects.filter(pk__in=keepers_of(user, household=household.pk), pk=household.pk).exists(),
        notes=tuple(notes.values_list("pk", flat=True)),
        referrals=tuple(referrals.values_list("pk", flat=True)),
    )
