"""Figures for the Ministry, the Foundation and heads of centres: how many, where; nobody by name (LOOK, map)."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from casework.agencies.models import District, User
from casework.agencies.roles import May, can
from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import seoul_day
from casework.numbers import PERSON_GROUPS, read_number
from desks.asof import Asked, band_of, in_time
from desks.atrisk.views import honest
from desks.downloads import ReasonForm, csv_file
from desks.figures.past import at_month_end, is_coarse, month_ends
from desks.figures.regions import ELSEWHERE, Region, regions
from desks.figures.suppression import Column, in_tens, suppressed, together
from desks.figures.tables import Table, measures
from households.models import Person, Responsibility
from referrals.alarms.shown import waiting_for
from risk.counting import MEASURES, counts_by_centre, counts_by_district
from risk.counting import figures as counted_by
from risk.models import Standing
from risk.past import as_it_was


@require_safe
@in_time
def figures(request, asked: Asked | None) -> HttpResponse:
    """The map, the regions and the centres; for the head of a centre, its districts. `asked`: of a past day, for the
    others of the end of a month."""
    check_sees_figures(request.user)
    now, coarse = timezone.now(), is_coarse(request.user)
    asked = at_month_end(asked, seoul_day(now)) if asked and coarse else asked
    table = table_then(request.user, asked, now) if asked else table_for(request.user, now)
    looked(request, Act.LIST, detail={"figures": True, **(dict(asked.pairs) if asked else {})})
    shown = request.GET.get("show", "")
    context = {
        **band_of(asked, request, now, show=shown),
        "months": month_ends(seoul_day(now)) if coarse else (),
        "coarse": coarse,
        "table": table,
        "measures": measures(shown),
        "map": table.tiles(shown) if table.national else None,
        "honest": None if asked else honest(now),
        "reason": None if asked else ReasonForm(),
        "alarms": None if asked or not table.national else waiting_for(request.user, now),
        "case": _case(request) if table.national and not asked else None,
    }
    return render(request, "desks/figures.html", context)


@require_POST
def download(request) -> HttpResponse:
    """The same table as a file; the reason is kept."""
    check_sees_figures(request.user)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return render(request, "desks/reason.html", {"form": form, "back": "desks:map"}, status=422)
    table = table_for(request.user, timezone.now())
    looked(request, Act.EXPORT, reason=form.cleaned_data["reason"], detail={"rows": len(table.rows)})
    return csv_file("figures.csv", table.header(), table.lines())


def check_sees_figures(user: User) -> None:
    """Raise PermissionDenied unless the user's role carries figures."""
    if not can(user, May.SEE_FIGURES):
        raise PermissionDenied(_("Figures are for the Ministry, the Foundation and heads of centres."))


def table_then(user: User, asked: Asked, now: Any) -> Table:
    """Return the table of a past day over the households that the user may count today."""
    ids = list(counted_by(user, on=seoul_day(now)).order_by("pk").values_list("pk", flat=True))
    everybody = len(ids) == Standing.objects.count()
    with as_it_was(asked.as_of, households=None if everybody else ids):
        return table_for(user, asked.then, Standing.objects.all())


def table_for(user: User, now: Any, counted: Any = None) -> Table:
    """Return what the user may count, already suppressed: regions and centres, or the districts of one's own centre.

    `counted`: the households of a past day, where it was asked before which the user may count; regions and centres
    are then in tens.
    """
    on = seoul_day(now)
    if can(user, May.SEE_CENTRE):
        return _of_centre(user, on, counted)
    places = regions(on)
    home = {centre: code for code, region in places.items() for centre in region.centres}
    counts: dict[str, dict[str, dict]] = {measure: {} for measure in MEASURES}
    for row in counts_by_centre(user, on=on, counted=counted):
        code = home.get(row["key"], ELSEWHERE)
        for measure in MEASURES:
            counts[measure].setdefault(code, {})[row["key"] if row["key"] in home else None] = row[measure]
    columns = columns_of(counts)
    if counted is not None:
        columns = {measure: in_tens(column) for measure, column in columns.items()}
    return Table(columns, places, national=True)


def _of_centre(user: User, on: Any, counted: Any) -> Table:
    rows = counts_by_district(user, on=on, counted=counted)
    known = District.objects.in_bulk([row["key"] for row in rows if row["key"]])
    places = {row["key"]: Region("", str(known.get(row["key"]) or _("District not known")), {}) for row in rows}
    counts = {measure: {row["key"]: {None: row[measure]} for row in rows} for measure in MEASURES}
    return Table(columns_of(counts), places, national=False)


def columns_of(counts: dict[str, dict]) -> dict[str, Column]:
    """Return the suppressed columns; urgent and moderate share the households of a row and are looked at together."""
    whole = counts["households"]
    shares = together({"urgent": counts["urgent"], "moderate": counts["moderate"]}, whole)
    others = ("households", "nobody", "overdue", "unreachable")
    return {measure: suppressed(counts[measure]) for measure in others} | shares


def _case(request) -> dict[str, Any] | None:
    """Answer a whole case number: which centre answers for the person. No name, no band; what was asked is kept."""
    asked = request.GET.get("case", "").strip().upper()
    if not asked:
        return None
    number = read_number(asked, PERSON_GROUPS)
    person = Person.objects.filter(case_number=number).first() if number else None
    looked(request, Act.SEARCH, subjects=[person.pk] if person else [], detail={"by": "case number"})
    return {"asked": asked, "known": bool(person), "centre": _centre_of(person) if person else None}


def _centre_of(person: Person) -> Any:
    today = seoul_day(timezone.now())
    homes = person.membership_set.current().filter(during__contains=today).values("household")
    duty = Responsibility.objects.current().filter(household__in=homes, during__contains=today)
    found = duty.select_related("center").order_by("pk").first()
    return found.center if found else None
