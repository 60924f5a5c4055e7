"""The rows of the directory: a page to look through, a booklet to hand out, the lines beside the referral form."""

from itertools import groupby
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Q

from casework.agencies.models import District
from casework.clock import seoul_day
from referrals import suggest
from referrals.directory import hours
from referrals.directory.answers import with_answers
from referrals.models import Service

ROWS = 30
MOST_BESIDE = 6
MOST_PRINTED = 600


def found(asked, *, on):
    """Return the services in force that fit `asked`: {need, district, kind, q, open}, each of them optional."""
    rows = Service.objects.in_force(on).with_open(on)
    if asked.get("need"):
        rows = rows.filter(need=asked["need"])
    if asked.get("district"):
        rows = rows.covering(asked["district"], on=on)
    if asked.get("kind"):
        rows = rows.filter(agency__kind=asked["kind"])
    if asked.get("open"):
        rows = rows.filter(open_today=True)
    if word := asked.get("q", "").strip():
        names = ("name_ko", "name_en", "agency__name_ko", "agency__name_en")
        rows = rows.filter(Q(*[(f"{name}__icontains", word) for name in names], _connector=Q.OR))
    return rows.order_by("need", "name_ko", "agency__name_ko", "id")


def page_of(asked, *, number, now):
    """Return {page, rows, query}: one page of the services, each with `answers` and `today`, its hours of today."""
    on = seoul_day(now)
    page = Paginator(found(asked, on=on).shown(), ROWS).get_page(number)
    rows = with_answers(page.object_list, now=now)
    for row in rows:
        row.today = hours.parse(row.hours).get(hours.DAYS[on.weekday()]) if row.open_today else None
    query = urlencode({name: "on" if value is True else value for name, value in asked.items()})
    return {"page": page, "rows": rows, "query": query, "asked": asked}


def booklet_of(asked, *, now):
    """Return {groups: [(need, services)], on, district, query}; nothing before a district or a need is chosen."""
    on = seoul_day(now)
    asked = {name: asked[name] for name in ("need", "district") if name in asked}
    rows = with_answers(found(asked, on=on).shown()[:MOST_PRINTED], now=now) if asked else []
    groups = [(str(need), list(of)) for need, of in groupby(rows, key=lambda row: row.get_need_display())]
    place = District.objects.filter(pk=asked.get("district")).select_related("parent").first()
    return {"groups": groups, "on": on, "district": place, "query": urlencode(asked), "chosen": bool(asked)}


def beside(household, need, *, now):
    """Return the services that help with a need where the household lives today, at most MOST_BESIDE.

    Each has `answers`.
    """
    if not need:
        return []
    on = seoul_day(now)
    district = suggest.district_of(household, on=on)
    rows = Service.objects.in_force(on).filter(need=need).covering(district, on=on).select_related("agency")
    return with_answers(rows.order_by("agency__kind", "name_ko", "id")[:MOST_BESIDE], now=now)
