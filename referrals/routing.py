"""The table of routes as it stands after every `migrate`, from `data/routing.csv`; and the line for one request.

An administrator adds lines for a district, or a later line, on screen; rows are added where none stands and never
overwritten. All of it is our own criterion (domain §3.6).
"""

import csv
from datetime import date
from pathlib import Path

from django.db import connections
from django.db.backends.postgresql.psycopg_any import DateRange

from referrals.clocks import NAMES
from referrals.limits import Limit
from referrals.models import Route

TABLE = Path(__file__).parent / "data" / "routing.csv"


def load_routes(using="owner"):
    """Put in the lines that are missing; a second run changes nothing. Returns how many were added."""
    if Route._meta.db_table not in connections[using].introspection.table_names():
        return 0
    rows = Route.objects.using(using)
    known = set(rows.filter(district=None).values_list("need", "urgency"))
    missing = [line for line in written_lines() if (line.need, line.urgency) not in known]
    return len(rows.bulk_create(missing))


def written_lines():
    """Return the lines of the file as unsaved Route rows, in force from their day on."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [_line(row) for row in csv.DictReader(file)]


def route_for(referral, *, on):
    """Return the Route of a referral's need, urgency and the district the household lives in on a day."""
    from households.models import Dwelling

    homes = Dwelling.objects.current().during(on).filter(household=referral.household_id).order_by("id")
    district = homes.values_list("district", flat=True).first()
    return Route.objects.best_for(referral.need, referral.urgency, district, on=on)


def _line(row):
    limits = {name: Limit.parse(row[name]) for name in NAMES}
    return Route(
        need=row["need"],
        urgency=row["urgency"],
        first=row["first"].split(),
        also=row["also"].split(),
        limits={name: [limit.amount, limit.unit] for name, limit in limits.items()},
        during=DateRange(date.fromisoformat(row["since"]), None),
    )
