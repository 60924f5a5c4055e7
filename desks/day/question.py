"""Every source of the day as one question, written once a day for everybody: who asks is named in it.

Writing a dozen queries as SQL took longer than asking them, and the database took longer to read and plan the text than
to answer it. Rights are read by the database when it is asked: a source knows the user by nothing but the keys.
"""

from datetime import date
from typing import Any

from django.db.models.expressions import RawSQL

from casework.agencies.models import User
from casework.prepared import ME, named
from desks.day.due import COLUMNS, Scope, Source

OUR_AGENCY, HERE, ALSO_CLOSED = -(2**40) - 1, [-1], [-2]
_MARKS = {"me": ME, "our_agency": OUR_AGENCY, "here": HERE, "also_closed": ALSO_CLOSED}
GIVEN = {"me": "bigint", "our_agency": "bigint", "here": "bigint[]", "also_closed": "bigint[]"}
"""Who asks, whose agency it is, the households that are asked about, and these with the closed ones among them of which
nothing new was heard."""


def among(ids: list[int]) -> RawSQL:
    """Return the keys `ids`, given to the database as one value. Looked up among the households, they were read once
    for each source."""
    return RawSQL("SELECT unnest(%s::bigint[])", (ids,))


def due_sql(
    found: tuple[Source, ...], *, on: date, until: date | None = None, beside: bool = False
) -> tuple[str, dict[str, Any]]:
    """Return the rows of the sources `found` as the table `due` in SQL, and its values by name; GIVEN names those that
    are given when it is asked. `on`, `until`, `beside`: as in Scope."""
    user = User(pk=ME, agency_id=OUR_AGENCY)
    here = Scope(user, among(HERE), on, beside=beside, until=until)
    ended = Scope(user, among(ALSO_CLOSED), on, beside=beside, until=until)
    parts = [source.rows(ended if source.ended else here) for source in found]
    union = parts[0].union(*parts[1:], all=True) if parts[1:] else parts[0]
    sql, values = named(union.order_by().query.sql_with_params(), _MARKS)
    return f"({sql}) due ({', '.join(COLUMNS)})", values
