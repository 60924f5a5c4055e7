"""The short line about a household on an agenda, frozen when the agenda is sent.

What the floors above know (the band, the listed reasons) is told through one register, so that imports still go down.
"""

from collections import Counter

from households.beside import guarded
from households.models import Dwelling, Membership
from referrals.models import AgendaItem

_tellers = []


def tell(function):
    """Add a function that says something about households; adding it twice changes nothing.

    `function(households, on)` takes ids and returns {id: {"band": number, "reasons": [{"ko", "en"}, …]}}; the reasons
    are list sentences, safe on a projector.
    """
    if function not in _tellers:
        _tellers.append(function)
    return function


def frozen(items, *, on):
    """Return {item id: material} of AgendaItem rows; the number of queries does not depend on how many there are."""
    ids = [item.household_id for item in items]
    people = Counter(
        Membership.objects.current().during(on).filter(household__in=ids).values_list("household", flat=True)
    )
    places = _districts(items, on)
    told = {}
    for function in _tellers:
        for household, said in function(ids, on).items():
            told.setdefault(household, {}).update(said)
    return {
        item.pk: {
            "v": 1,
            "people": people[item.household_id],
            "district": places.get(item.household_id, ""),
            "band": told.get(item.household_id, {}).get("band", 0),
            "reasons": told.get(item.household_id, {}).get("reasons", []),
        }
        for item in items
    }


def _districts(items, on):
    """Name the district where the page of the household is shown anyway, and never of a protected address."""
    ids = {item.household_id for item in items if item.scope == AgendaItem.Scope.FILE}
    homes = Dwelling.objects.current().during(on).filter(household__in=ids - guarded(ids), district__isnull=False)
    return {home.household_id: home.district.name for home in homes.select_related("district").order_by("-id")}
