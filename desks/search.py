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
from households.members import names_on
from households.models import Household, Membership, Particulars, Person, Residence
from households.search.lookup import search
from households.search.query import Match
from risk.models import Standing

LIMIT = 30
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
    people = search(asked, Person.objects.visible_to(request.user), LIMIT) if asked else []
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
        request, "desks/search.html", {"asked": asked, "rows": rows, "limit": LIMIT, "more": len(rows) == LIMIT}
    )


def rows_for(people: list[Person], request: Request) -> list[dict[str, Any]]:
    """Return one row a person with the household of today and its band; five queries whatever the number.

    Only households that the user may see are named; a household under address protection is called by its number.
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
    names = names_on(ids, on)
    born = dict(Particulars.objects.current().filter(person__in=ids).order_by("id").values_list("person", "birth_on"))
    died = deaths_of(ids)
    return [
        _row(person, homes.get(person.pk), bands, names, born, risk) | told_dead(died.get(person.pk))
        for person in people
    ]


def deaths_of(ids: list[int]) -> dict[int, Any]:
    """Return {person id: the first day without the person} of those of `ids` whose death is on record; one query."""
    dead = Residence.objects.current().filter(person__in=ids, status=Residence.Status.DECEASED, during__isempty=False)
    return dict(dead.order_by("id").values_list("person", "during__startswith"))


def told_dead(day: Any) -> dict[str, Any]:
    """Return what a row says of somebody who has died: the day, and no band of a household the person has left."""
    return {"died": day, "band": "", "role": ""} if day else {"died": None}


def _row(person: Any, home: Any, bands: dict, names: dict, born: dict, risk: bool) -> dict[str, Any]:
    standing = bands.get(home.household_id) if home else None
    hidden = bool(standing and standing.address_protected)
    birth = born.get(person.pk)
    return {
        "case_number": person.case_number,
        "name": person.case_number if hidden else names.get(person.pk, person.case_number),
        "hidden": hidden,
        "born": "" if hidden or not birth else birth.year,
        "how": HOW[person.match],
        "household_id": home.household_id if home else None,
        "number": home.number if home else "",
        "role": home.get_role_display() if home else "",
        "band": standing.shown_band if standing and risk else "",
    }
