"""Which local governments have sent their settlement report, and how many people it tells of: for the Ministry, in
tens, nothing below five, and nobody by name. Two half-years, or two versions, laid side by side tell of nobody."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from casework.agencies.models import Agency, Kind
from casework.agencies.roles import May, can
from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import add_months, seoul_day
from desks.figures.suppression import in_tens, suppressed
from desks.figures.tables import Shown, text_of
from households.models import ReportForm, SettlementReport
from households.reports.halves import HALF, ended_before, name_of
from households.reports.shown import half

HALVES = 6
UNKNOWN = "–"


@dataclass(frozen=True)
class Office:
    """One local government: whether and when its report was sent, how many people it tells of."""

    name: str
    sent_at: datetime | None
    version: int
    people: Shown


@dataclass(frozen=True)
class Place:
    """One region: how many of its local governments have sent, how many people they tell of, and each of them."""

    name: str
    sent: int
    people: Shown
    offices: list[Office]


@require_safe
def reports_sent(request) -> HttpResponse:
    """The reports of one half-year, region by region; the half-year that ended last unless another is asked for."""
    if not can(request.user, May.DECIDE_PROTECTION):
        raise PermissionDenied(_("What local governments have sent is counted by the officers of the Ministry."))
    today = seoul_day(timezone.now())
    offered = [add_months(ended_before(today), -HALF * n) for n in range(HALVES)]
    begins = next((day for day in offered if day.isoformat() == request.GET.get("half", "")), offered[0])
    looked(request, Act.LIST, detail={"reports": begins.isoformat()})
    context = {
        "half": half(begins, None, list(ReportForm.objects.order_by("id")), today),
        "halves": [{"value": day.isoformat(), "name": name_of(day), "current": day == begins} for day in offered],
        **table_of(begins),
    }
    return render(request, "desks/figures/sent.html", context)


def table_of(begins: date) -> dict[str, Any]:
    """Return {"places", "people", "sent", "all"} of a half-year; two queries. A report is counted in its latest version
    that was sent; without a record nothing is said about whether it was sent some other way."""
    sent = {row.agency_id: row for row in SettlementReport.objects.counted().filter(half_begins=begins)}
    offices = list(Agency.objects.filter(kind=Kind.CITY).select_related("parent").order_by("region", "name_ko"))
    regions: dict[str, list[Agency]] = {}
    for office in offices:
        regions.setdefault(_region(office), []).append(office)
    counts = {
        name: {one.pk: sent[one.pk].counts["people"] for one in members if one.pk in sent}
        for name, members in regions.items()
    }
    column = in_tens(suppressed(counts))
    places = [_place(name, members, sent, column) for name, members in regions.items()]
    how = Counter(one.pk in sent for one in offices)
    return {"places": places, "people": text_of(column.total), "sent": how[True], "all": len(offices)}


def _region(office: Agency) -> str:
    """Return the name of the region of a local government: of the province or city above it, or its own."""
    above = office.parent
    if above is None or get_language() != "en":
        return office.region or str(above or office)
    return above.name_en or office.region


def _place(name: str, members: list[Agency], sent: dict[int, SettlementReport], column: Any) -> Place:
    found = [_office(one, sent.get(one.pk), name, column) for one in members]
    people = text_of(column.groups[name]) if name in column.groups else Shown(UNKNOWN)
    return Place(name, sum(one.sent_at is not None for one in found), people, found)


def _office(office: Agency, report: SettlementReport | None, region: str, column: Any) -> Office:
    if report is None:
        return Office(str(office), None, 0, Shown(UNKNOWN))
    cell = column.leaves[region][office.pk]
    return Office(str(office), report.sent_at, report.version, text_of(cell))
