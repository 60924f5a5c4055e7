"""Counting households for those who see figures: how many, never which (design §6). No name, number or place leaves."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, FilteredRelation, Q, QuerySet
from django.db.models.functions import Now

from casework.agencies.models import RoleGrant, User
from casework.agencies.roles import ROLES, May, Role
from casework.clock import day_ends
from households.models import Assignment, Responsibility
from risk.bands import Band
from risk.closings.heard import closed_at, quiet
from risk.models import Flag, Standing

UNREACHABLE = "R-CON-FAIL"
MEASURES = ("households", "urgent", "moderate", "nobody", "overdue", "unreachable")


def figures(user: User, *, on: date) -> QuerySet[Standing]:
    """Ministry and Foundation count every household; the head of a centre counts those of the centre.

    Rows of this queryset are counted and never read: whoever shows the counts suppresses what is below five.
    """
    everywhere = _held(user, [role for role in ROLES.values() if May.SEE_FIGURES in role.words - _own(role)])
    head = _held(user, [role for role in ROLES.values() if May.SEE_FIGURES in role.words & _own(role)])
    ours = Responsibility.objects.current().filter(during__contains=on, center__user__in=head.values("user"))
    return Standing.objects.filter(Exists(everywhere) | Q(household__in=ours.values("household")))


def counts_by_centre(user: User, *, on: date, counted: QuerySet[Standing] | None = None) -> list[dict[str, Any]]:
    """Return one row per answering centre (`key`, None where no centre answers) with the MEASURES; one query. Counted
    are the cases that were open at the end of the day, and closed ones of which something new was heard.

    `counted`: the households to count, where `figures` was asked before (a past day).
    """
    rows = figures(user, on=on) if counted is None else counted
    duty = FilteredRelation("household__responsibility", condition=_standing("household__responsibility", on))
    return _counted(rows.annotate(duty=duty).values(key=F("duty__center")), on)


def counts_by_district(user: User, *, on: date, counted: QuerySet[Standing] | None = None) -> list[dict[str, Any]]:
    """Return one row per 시·군·구 (`key`, None where none is known) with the MEASURES, as above."""
    rows = figures(user, on=on) if counted is None else counted
    home = FilteredRelation("household__dwelling", condition=_standing("household__dwelling", on))
    return _counted(rows.annotate(home=home).values(key=F("home__district")), on)


def _own(role: type[Role]) -> frozenset[May]:
    """Return the role's words when it sees the households of a centre anyway, else none."""
    return role.words if May.SEE_CENTRE in role.words else frozenset()


def _held(user: User, roles: Iterable[type[Role]]) -> QuerySet[RoleGrant]:
    codes = [role.code for role in roles]
    return RoleGrant.objects.filter(user=user.pk, role__in=codes, during__contains=Now())


def _standing(path: str, on: date, **more: Any) -> Q:
    return Q(**{f"{path}__superseded_at": None, f"{path}__during__contains": on, **more})


def _counted(rows: Any, on: date) -> list[dict[str, Any]]:
    # A closed case of which nothing new was heard is nobody's work: it counts from its reopening on, or once heard of.
    rows = rows.exclude(quiet(day_ends(on)))
    held = Assignment.objects.current().filter(during__contains=on, kind=Assignment.Kind.MAIN)
    closed = closed_at(day_ends(on)).values("household")  # of those nobody is meant to be responsible
    silent = Flag.objects.open().filter(rule=UNREACHABLE).values("household")
    counted = rows.annotate(
        households=Count("pk"),
        urgent=Count("pk", filter=Q(shown_band__gte=Band.HIGH)),
        moderate=Count("pk", filter=Q(shown_band=Band.MODERATE)),
        nobody=Count("pk", filter=~Q(household__in=held.values("household")) & ~Q(household__in=closed)),
        overdue=Count("pk", filter=Q(contact_due_on__lt=on)),
        unreachable=Count("pk", filter=Q(household__in=silent)),
    )
    return list(counted.order_by("key"))
