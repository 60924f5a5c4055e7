"""Finding a person by name, initials, number or telephone, with the band of the household beside (issue: search)."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from casework.agencies.request import Request
from casework.agencies.roles import May, can
from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import seoul_day
from casework.numbers import HOUSEHOLD_GROUPS, PERSON_GROUPS, format_number, is_number, plain
from desks.named import by_number
from households.deaths.reported import reported, unconfirmed
from households.members import marked_among, names_on, stopped_among
from households.models import Household, Membership, Particulars, Person, Residence
from households.search.lookup import MOST, search
from households.search.query import Match
from risk.models import Standing

HOW = {
    Match.AS_WRITTEN: "",
    Match.SAME_NAME: _("another spelling"),
    Match.GIVEN: _("given name"),
    Match.BEGINNING: _("beginning"),
    Match.INITIALS: _("initials"),
    Match.UNFINISHED: _("beginning"),
    Match.ONE_LETTER: _("one letter differs"),
    Match.GIVEN_ONE_LETTER: _("given name, one letter differs"),
    Match.TELEPHONE: _("end of a telephone number"),
}


@require_safe
def find(request: Request) -> HttpResponse:
    """Search among the people the user may see; a whole household number opens its page."""
    asked = request.GET.get("q", "").strip()[:80]
    if is_number(asked, HOUSEHOLD_GROUPS):
        number = format_number(plain(asked), HOUSEHOLD_GROUPS)
        if Household.objects.visible_to(request.user).filter(number=number).exists():
            return redirect("desks:household", number)
    people = search(asked, Person.objects.visible_to(request.user), MOST) if asked else []
    counts_only = can(request.user, May.SEE_FIGURES) and not can(request.user, May.SEE_CASELOAD)
    if not people and counts_only and is_number(asked, PERSON_GROUPS):
        return redirect(f"{reverse('desks:map')}?{urlencode({'case': asked})}")
    rows = rows_for(people, request)
    if asked:
        looked(
            request,
            Act.SEARCH,
            subjects=[person.pk for person in people],
            households=[row["household_id"] for row in rows if row["household_id"]],
            detail={"found": len(people)},
        )
    return render(
        request, "desks/search.html", {"asked": asked, "rows": rows, "limit": MOST, "more": len(rows) == MOST}
    )


def rows_for(people: list[Person], request: Request) -> list[dict[str, Any]]:
    """Return one row a person with the household of today and its band; ten queries whatever the number.

    Only households that the user may see are named. Who is behind a violence marker, and who had the use of their data
    stopped, is found as anybody is, for whoever is accountable must find them and not take them in anew; but called by
    the case number, without the year of birth (docs/adr/0026).
    """
    ids, on = [person.pk for person in people], seoul_day(timezone.now())
    if not ids:
        return []
    risk = can(request.user, May.SEE_CASELOAD)
    seen = Household.objects.visible_to(request.user).order_by().values("pk")
    homes = {
        row.person_id: row
        for row in Membership.objects.current()
        .filter(person__in=ids, household__in=seen)
        .annotate(number=F("household__number"))
        .order_by("during", "id")
    }
    bands = {row.pk: row for row in Standing.objects.filter(pk__in=[home.household_id for home in homes.values()])}
    marked, stopped = marked_among(ids), stopped_among(ids)
    names = names_on(set(ids) - marked - stopped, on)
    called = {person.pk: _called(person, names, marked, stopped) for person in people}
    born = dict(Particulars.objects.current().filter(person__in=ids).order_by("id").values_list("person", "birth_on"))
    died = deaths_of(ids)
    told = set(reported().filter(person__in=ids).order_by().values_list("person", flat=True))
    return [
        _row(person, homes.get(person.pk), bands, called[person.pk], born, risk)
        | told_dead(died.get(person.pk), by_file=person.pk in told)
        for person in people
    ]


def deaths_of(ids: list[int]) -> dict[int, Any]:
    """Return {person id: the first day without the person} of those of `ids` whose death is on record and
    answered, where a file told of it; one query."""
    dead = Residence.objects.current().filter(person__in=ids, status=Residence.Status.DECEASED, during__isempty=False)
    sure = dead.exclude(pk__in=unconfirmed().order_by().values("pk"))
    return dict(sure.order_by("id").values_list("person", "during__startswith"))


def told_dead(day: Any, *, by_file: bool = False) -> dict[str, Any]:
    """Return what a row says of somebody who has died: the day, and no band of a household the person has left; or
    that a file tells of a death, which nobody has confirmed."""
    if by_file:
        return {"died": None, "band": "", "role": _("a file tells of a death")}
    return {"died": day, "band": "", "role": ""} if day else {"died": None}


def _called(person: Any, names: dict, marked: set, stopped: set) -> dict[str, Any]:
    """How a row calls a person, and whether by number: then nothing says in which way the words found them."""
    number = str(person.case_number)
    named = person.pk not in marked | stopped
    name = by_number(number) if person.pk in stopped - marked else names.get(person.pk, number)
    return {"name": name, "named": named, "hidden": person.pk in marked, "how": HOW[person.match] if named else ""}


def _row(person: Any, home: Any, bands: dict, called: dict, born: dict, risk: bool) -> dict[str, Any]:
    standing = bands.get(home.household_id) if home else None
    birth = born.get(person.pk)
    return called | {
        "case_number": person.case_number,
        "born": birth.year if birth and called["named"] else "",
        "household_id": home.household_id if home else None,
        "number": home.number if home else "",
        "role": home.get_role_display() if home else "",
        "band": standing.shown_band if standing and risk else "",
    }
