"""Which notices of a move are told to an office where the household lives no more."""

import uuid

from casework.agencies.models import Agency
from households.models import Dwelling

NAMESPACE = uuid.UUID("5f0f2f0e-6a0a-4d0e-9d0b-6a9f8f1f7c11")


def home_of(household, *, on):
    """Return the Dwelling of a household (or its id) on a day, where its district is known, or None."""
    rows = Dwelling.objects.current().during(on).filter(household=household, district__isnull=False)
    return rows.select_related("district__parent").first()


def key_of(home, agency):
    """Return the key of the notice of a move: one for a move and an office (its id), whoever prepares it."""
    return uuid.uuid5(NAMESPACE, f"{home.fact_id}:{agency}")


def tells_where_left(referral, *, on):
    """Say whether a referral is the notice of a move to an office that does not work where the household lives."""
    if referral.client_key is None:
        return False
    moves = Dwelling.objects.current().filter(household=referral.household_id, district__isnull=False)
    if referral.client_key not in {key_of(move, referral.to_agency_id) for move in moves}:
        return False
    home = home_of(referral.household_id, on=on)
    if home is None:
        return True
    return not Agency.objects.covering(home.district, on=on).filter(pk=referral.to_agency_id).exists()
