"""The residence-protection register (거주지보호대장) of a district: name, town, period and centre, and nothing else.

Of a household with a violence marker it gives the case number, and keeps the name and the town back.
"""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from casework.agencies.roles import May, can
from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import seoul_day
from households.actions.refusal import NotAllowed
from households.members import register_names_on
from households.models import Dwelling, Household, Membership, ProtectionPeriod, Responsibility

ROWS = 50


@require_safe
def register(request):
    """The running protection periods of the people who live in the officer's district, the next to end first."""
    if not can(request.user, May.SEE_REGISTER):
        raise NotAllowed(_("This register is kept by the residence-protection officer of the district."))
    day = seoul_day(timezone.now())
    page = Paginator(_periods(request.user, day), ROWS).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    people = [row.person_id for row in rows]
    names, guarded = register_names_on(people, day)
    for row in rows:
        row.name = names.get(row.person_id, "")
        row.guarded = row.person_id in guarded
    looked(request, Act.LIST, subjects=people, detail={"page": page.number})
    context = {"rows": rows, "page": page, "count": page.paginator.count, "query": urlencode({}), "day": day}
    return render(request, "households/register.html", context)


def _periods(user, day):
    home = Membership.objects.current().filter(
        person=OuterRef(OuterRef("person")), during__contains=day, kind=Household.Kind.LIVING
    )
    houses = home.values("household")
    dwelling = Dwelling.objects.current().filter(household__in=houses, during__contains=day)
    duty = Responsibility.objects.current().filter(household__in=houses, during__contains=day)
    return (
        ProtectionPeriod.objects.in_register_of(user)
        .annotate(
            town=Subquery(dwelling.values("town")[:1]),
            district=Subquery(dwelling.values("district__name")[:1]),
            centre=Subquery(duty.values("center__name_ko")[:1]),
        )
        .order_by("during__endswith", "id")
    )
