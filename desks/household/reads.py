"""What the viewer of a household reads beside its file: parts of the one query of `desks.household.file`.

Whose help was asked and which surveys ask the household is a matter of rights, and those are long to write and to plan.
Here they are written once a process; the page then fetches by key.
"""

from functools import lru_cache
from typing import Any

from casework.agencies.models import User
from casework.prepared import ME, named
from referrals.models import Referral
from risk.campaigns.counts import asking_of

_NOBODY = -1
# Of the household of `opened`; where rights were asked before, the referrals are given and no survey is shown.
GIVEN = ("to_jsonb(%(referrals)s::bigint[])", "NULL")


@lru_cache(maxsize=1)
def reading() -> tuple[tuple[str, str], dict[str, Any]]:
    """Return, for the value `viewer` (a user's id), the keys of the referrals whose contents the viewer reads and of
    the surveys in which the viewer may still ask the household, as two JSON lists in SQL, with their other values by
    name. Kept, because rights are read when it is asked."""
    viewer = User(pk=ME)
    referrals = Referral.objects.read_by(viewer).filter(household=_NOBODY)
    found, values = [], {}
    for prefix, rows in (("referral_", referrals), ("survey_", asking_of(_NOBODY, viewer))):
        sql, fixed = named(
            rows.order_by().values("pk").query.sql_with_params(), {"viewer": ME, "opened": _NOBODY}, prefix
        )
        opened = sql.replace("%(opened)s", "(SELECT id FROM opened)")
        found.append(f"(SELECT jsonb_agg(id) FROM ({opened}) AS {prefix}read (id))")
        values |= fixed
    return (found[0], found[1]), values
