"""Which cases are closed at a moment, and of which of them something new was heard since.

Two words, each said once: a case is *closed*; it is *quiet* while nothing was heard of it. A closed case that is not
quiet stands on every list as before. The band of a closed household is judged as ever; only contact is not owed.
"""

from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from households.models import Closing
from risk.bands import Band
from risk.models import Flag, Standing

_CLOSED = """
    SELECT FROM households_closing closing WHERE closing.household_id = standing.household_id
        AND closing.reason <> 'transferred' AND closing.approved_at <= %s
        AND (closing.reopened_at IS NULL OR closing.reopened_at > %s)
        AND EXISTS (SELECT FROM households_responsibility answers
            WHERE answers.household_id = closing.household_id AND answers.superseded_at IS NULL
                AND answers.center_id = closing.centre_id AND answers.during @> CURRENT_DATE)
"""
CLOSED = f"EXISTS ({_CLOSED})"
"""The condition that the case of `standing` is closed; its values are the moment, twice."""
QUIET = f"""EXISTS ({_CLOSED} AND standing.shown_band < {int(Band.HIGH)}
        AND NOT EXISTS (SELECT FROM risk_flag heard WHERE heard.household_id = closing.household_id
            AND heard.cleared_at IS NULL AND heard.floor IS NOT NULL AND heard.raised_at > closing.approved_at))"""
"""The condition that nothing new was heard of the closed case of `standing`; its values are the moment, twice."""


def closed_at(moment: Any) -> QuerySet[Closing]:
    """Return the closings in force at a moment."""
    return Closing.objects.closing_now(moment)


def quiet(moment: Any) -> Q:
    """Return the condition on a Standing that its case is closed and nothing new was heard of it."""
    news = Flag.objects.open().filter(
        household=OuterRef("household"), floor__isnull=False, raised_at__gt=OuterRef("approved_at")
    )
    rows = closed_at(moment).filter(household=OuterRef("household")).filter(~Exists(news.order_by()))
    return Q(shown_band__lt=Band.HIGH) & Q(Exists(rows.order_by()))


def quiet_homes(moment: Any) -> QuerySet[Closing]:
    """Return, to ask with `Exists` of a Household, the closing by which its case is closed at `moment` and nothing new
    was heard of it."""
    stands = Standing.objects.filter(household=OuterRef("household")).order_by()
    loud = Exists(stands) & ~Exists(stands.filter(quiet(moment)))
    return closed_at(moment).filter(household=OuterRef("pk")).filter(~loud).order_by()


def heard_of(standings: QuerySet[Standing], moment: datetime) -> Any:
    """Return those of `standings` whose case is closed and of which something new was heard, the worst first."""
    closed = Exists(closed_at(moment).filter(household=OuterRef("household")).order_by())
    return standings.filter(closed, ~quiet(moment)).order_by("-shown_band", F("reason_since").desc(), "household_id")


__all__ = ["CLOSED", "QUIET", "closed_at", "heard_of", "quiet", "quiet_homes"]
