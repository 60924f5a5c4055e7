"""Notices of a move that nobody has sent yet, as one source of the day."""

from datetime import timedelta
from typing import Any

from django.db.models import DateTimeField, Exists, ExpressionWrapper, F, OuterRef, QuerySet, Value
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from desks.day.due import Scope, Source, due_rows
from households.models import Dwelling
from referrals.models import Referral

WITHIN, LOOK_BACK = timedelta(days=7), timedelta(days=60)
"""By when the offices are told of a move, and for how long an untold one stands on the list: our own criterion."""


def unsent(scope: Scope) -> QuerySet[Any]:
    """Households that came from another district within LOOK_BACK, of which no notice was sent since. A move with no
    former district on record, as of a first register, is none."""
    before = Dwelling.objects.current().filter(
        household=OuterRef("household"), during__endswith=OuterRef("during__startswith"), district__isnull=False
    )
    moved = (
        Dwelling.objects.current()
        .filter(household__in=scope.households, during__contains=scope.on, district__isnull=False)
        .filter(during__startswith__gte=scope.on - LOOK_BACK)
        .filter(Exists(before.exclude(district=OuterRef("district")).order_by()))
    )
    told = Referral.objects.filter(
        household=OuterRef("household"), need="protection", sent_at__gte=OuterRef("during__startswith")
    )
    by = ExpressionWrapper(F("during__startswith") + Value(WITHIN), DateTimeField())
    untold = moved.exclude(Exists(told.order_by()))
    return due_rows(untold, "move-notice", day=by, household="household_id", key="fact_id")


MOVES = (
    Source(
        "move-notice",
        _("Tell the offices of the move"),
        unsent,
        lambda one, number: reverse("referrals:move", args=[number]),
    ),
)
