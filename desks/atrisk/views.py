"""The at-risk list: who needs somebody first, and why (LOOK, list)."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from casework.agencies.models import User
from casework.agencies.request import Request
from casework.agencies.roles import May, can
from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import seoul_day
from casework.context import url_or_nothing
from desks.asof import Asked, band_of, in_time
from desks.atrisk.filters import Filters
from desks.atrisk.lines import line_of
from desks.atrisk.ranking import PAGE_SIZE, Page, page_of
from desks.atrisk.rows import PLACE, Links, duty_of, row_of, short_duty_of
from desks.atrisk.shown import Shown, shown_beside
from households.actions import Refused, assign
from households.models import Household
from risk.bands import Band
from risk.models import Feed, Sweep
from risk.past import as_it_was

NIGHTLY_BY = 6
"""The hour after which last night's evaluation is missed; it begins at two."""


@require_safe
@in_time
def at_risk(request: Request, asked: Asked | None) -> HttpResponse:
    """The ranked list of the households the user may see, narrowed by the address; `asked`: of a past day."""
    check_works_cases(request.user)
    now = asked.then if asked else timezone.now()
    filters = Filters.of(request.GET, request.user)
    page, shown = found_for(request, filters, now, asked)
    beside = shown.listed if shown else []
    looked(
        request,
        Act.LIST,
        subjects=[
            *(person for row in page.rows for person in row["subjects"] or ()),
            *(person for line in beside for person in line.people),
        ],
        households=[*(row["household_id"] for row in page.rows), *(line.household for line in beside)],
        detail={"filters": filters.query(), "page": page.number, **dict(filters.moment)},
    )
    assignable = assignable_by(request.user) if page.rows and not asked else ()
    links = links_for(request.user, filters)
    context = {
        **band_of(asked, request, timezone.now(), **filters.words()),
        "shown": shown,
        "honest": None if asked else honest(now),
        "page": page,
        "filters": filters,
        "groups": groups_of(page, now, links, selectable=bool(assignable)),
        "tally": tally_of(page, filters),
        "chips": chips_of(page, filters),
        "pager": pager_of(page, filters.query()),
        "workers": workers_of(page, filters, request.user),
        "assignable": assignable,
        "assign_url": url_or_nothing("desks:assign"),
    }
    return render(request, "desks/list.html#rows" if request.htmx else "desks/list.html", context)


def found_for(request: Request, filters: Filters, now: datetime, asked: Asked | None) -> tuple[Page, Shown | None]:
    """Return the page asked for and, of a past day, what was shown then. Who is seen is asked of today's rights."""
    number, latin = page_number(request), get_language() == "en"
    if asked is None:
        return page_of(request.user, filters, now=now, number=number, latin=latin), None
    seen = list(Household.objects.visible_to(request.user).order_by("pk").values_list("pk", flat=True))
    with as_it_was(asked.as_of, households=seen):
        page = page_of(request.user, filters, now=now, number=number, latin=latin, seen=seen)
        return page, shown_beside(asked)


@require_POST
def assign_selected(request: Request) -> HttpResponse:
    """Give the ticked households to one worker of the centre; each that cannot be given is named with the reason."""
    if not can(request.user, May.ASSIGN):
        raise PermissionDenied(_("Work is assigned by the supervisor or the head of the centre."))
    back = f"{reverse('desks:list')}?{Filters.of(QueryDict(request.POST.get('back', '')), request.user).query()}"
    households = list(Household.objects.visible_to(request.user).filter(number__in=request.POST.getlist("household")))
    worker = next((user for user in assignable_by(request.user) if str(user.pk) == request.POST.get("worker")), None)
    if worker is None or not households:
        messages.warning(request, _("Please tick households and choose a worker."))
        return redirect(back)
    given = 0
    for household in households:
        try:
            assign(household, worker=worker, on=seoul_day(timezone.now()), by=request.user)
            given += 1
        except Refused as refused:
            messages.error(request, f"{household}: {refused}")
    if given:
        said = ngettext("%(n)s household is now with %(worker)s.", "%(n)s households are now with %(worker)s.", given)
        messages.success(request, said % {"n": given, "worker": worker})
    return redirect(back)


def check_works_cases(user: User) -> None:
    """Raise PermissionDenied unless the user looks after households: bands and reasons are for those who do."""
    if not can(user, May.SEE_CASELOAD):
        raise PermissionDenied(_("The at-risk list is for those who look after the households."))


def page_number(request: Request) -> int:
    """Return the page asked for, from 1; nonsense is the first page."""
    asked = request.GET.get("page", "1")
    return max(1, int(asked)) if asked.isdecimal() and len(asked) < 6 else 1


@dataclass(frozen=True)
class Group:
    """The lines of one band with the duty that the band owes."""

    band: int
    count: int
    duty: str
    lines: list[str]


def links_for(user: User, filters: Filters) -> Links:
    """Return the addresses that a row offers this user, with PLACE where the number of the household goes."""
    acts = [
        ("visit", "households:contact", May.RECORD_CONTACT),
        ("refer", "referrals:new", May.REFER),
        ("review", "risk:review", May.REVIEW),
    ]
    names = {word: name for word, name, may in acts if not filters.moment and can(user, may)}
    back = urlencode([("list", filters.query()), *filters.moment])
    opened = f"{url_or_nothing('desks:household', PLACE)}?{back}"
    return Links(open=opened, **{word: url_or_nothing(name, PLACE) for word, name in names.items()})


def groups_of(page: Page, now: datetime, links: Links, *, selectable: bool) -> list[Group]:
    """Return the lines by band, in the order of the list; `selectable` puts a box in front of each."""
    rows = (row_of(found, now, links) for found in page.rows)
    return [
        Group(
            band,
            page.bands_filtered.get(band, 0),
            duty_of(band),
            [line_of(row, selectable=selectable) for row in found],
        )
        for band, found in groupby(rows, key=lambda row: row.band)
    ]


def tally_of(page: Page, filters: Filters) -> list[dict[str, Any]]:
    """Return the counts per band, the highest first."""
    return [
        {
            "level": int(band),
            "count": page.bands.get(int(band), 0),
            "duty": short_duty_of(band),
            "query": filters.toggled(band=int(band)),
            "current": filters.bands == (int(band),),
        }
        for band in sorted(Band, reverse=True)
    ]


def chips_of(page: Page, filters: Filters) -> list[dict[str, Any]]:
    """Return the chips with what each would leave."""
    labels = {
        "nobody": _("Nobody responsible"),
        "overdue": _("Contact date passed"),
        "review": _("Waiting for review"),
        "referral": _("Referral deadline passed"),
        "ending": _("Protection ends within 180 days"),
        "survey": _("To be asked in a survey"),
        "closed": _("New signal since closing"),
    }
    return [
        {
            "label": label,
            "count": page.chips.get(show) or 0,
            "query": filters.toggled(show=show),
            "current": filters.show == show,
            "late": show in ("nobody", "closed") and page.chips.get(show),
        }
        for show, label in labels.items()
    ]


def workers_of(page: Page, filters: Filters, user: User) -> list[dict[str, Any]]:
    """Return the workers to choose from, oneself first; none where there is nobody to choose between."""
    found = sorted(page.workers, key=lambda worker: worker["id"] != user.pk)
    if len(found) < 2 and not filters.worker:
        return []
    return [
        {
            **worker,
            "name": _("my own") if worker["id"] == user.pk else worker["name"],
            "current": worker["id"] == filters.worker,
        }
        for worker in found
    ]


def assignable_by(user: User) -> list[User]:
    """Return who may be given a household by `user`: those of the agency who carry a caseload."""
    if not can(user, May.ASSIGN):
        return []
    people = User.objects.who_may(May.SEE_CASELOAD).filter(agency=user.agency_id)
    return list(people.order_by("name", "id"))


def pager_of(page: Page, query: str) -> dict[str, Any]:
    """Return the numbers of the pages and the rows shown: "51 to 100 of 328"."""
    first = (page.number - 1) * PAGE_SIZE
    return {
        "first": first + 1 if page.rows else 0,
        "last": first + len(page.rows),
        "pages": range(1, page.pages + 1) if page.pages > 1 else (),
        "query": query,
    }


def honest(now: datetime) -> dict[str, Any]:
    """Return when the list was last evaluated whole, over how many, in how many seconds, and which feeds are late."""
    on = seoul_day(now)
    last = Sweep.objects.filter(kind=Sweep.Kind.FULL, finished_at__isnull=False).order_by("-finished_at").first()
    feeds = [{"label": str(feed), "days": feed.days_late(on)} for feed in Feed.objects.order_by("source")]
    return {
        "at": last.finished_at if last else None,
        "population": last.households if last else "",
        "seconds": last.seconds if last else "",
        "missed": bool(last and last.on < on and timezone.localtime(now).hour >= NIGHTLY_BY),
        "feeds": [feed for feed in feeds if feed["days"]],
    }
