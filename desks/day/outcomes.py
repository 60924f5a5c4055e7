"""What came of a referral and is not recorded yet: asked for once it was confirmed that the help arrived."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Concat, TruncDate
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from casework.clock import day_begins
from desks.day.due import Due, Scope, Source, due_rows
from households.models import Job, NothingCame, Schooling, Treatment
from referrals.models import Referral
from referrals.states import Outcome

WITHIN = timedelta(days=30)
"""How long after the confirmation an outcome is recorded at the latest: our own criterion."""
ASKED_FOR = timedelta(days=365)
"""How long after the confirmation it is asked for at all: our own criterion."""
# What may come of a need, and what the address of the form says of it.
OF_NEED = {
    "work": {"kind": "job"},
    "training": {"kind": "schooling", "as": "training"},
    "education": {"kind": "schooling", "as": "school"},
    "health": {"kind": "treatment"},
    "mind": {"kind": "treatment"},
}
DAY = timedelta(days=1)


def unrecorded(scope: Scope) -> QuerySet[Any]:
    """Return the Referrals of the scope that were confirmed as provided, and of which nobody recorded what came."""
    since = day_begins(scope.on - ASKED_FOR)
    rows = Referral.objects.filter(
        household__in=scope.households,
        need__in=list(OF_NEED),
        outcome__in=(Outcome.PROVIDED, Outcome.PARTIAL),
        confirmed_at__gte=since,
    )
    kept: tuple[Any, ...] = (Job, Schooling, Treatment, NothingCame)
    for model in kept:
        rows = rows.filter(~Exists(model.objects.current().filter(source=OuterRef("number")).order_by()))
    return rows


def _rows(scope: Scope) -> QuerySet[Any]:
    key = Concat("need", Value(":"), "number")
    day = TruncDate("confirmed_at") + Value(WITHIN)
    about = {"household": "household_id", "person": "person_id", "key": key, "words": "number"}
    return due_rows(unrecorded(scope), "outcome", day=day, **about)


def _href(due: Due, number: str) -> str:
    need, _colon, referral = due.key.partition(":")
    return address(number, need, referral)


def address(number: str, need: str, referral: str, **more: str) -> str:
    """Return the form that records what came of a referral of a need, filled in as far as it is known."""
    asked = {**OF_NEED[need], "from": referral, **more}
    return f"{reverse('households:outcome', args=[number])}?{urlencode(asked)}"


OUTCOMES = Source("outcome", _("Record what came of it"), _rows, _href)
