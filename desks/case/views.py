"""The case of one household on one page, for the centre that keeps its file."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from casework.agencies.roles import May, can
from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import seoul_day
from desks.case.sections import sections_of
from desks.day.due import Scope, due_of
from desks.day.sources import SOURCES
from desks.titles import shown_people, titles_of
from households.models import Household


@require_safe
def case(request, number: str) -> HttpResponse:
    """What is due, and where each part of the work stands. A share does not open it."""
    found = get_object_or_404(Household.objects.kept_by(request.user), number=number)
    if not can(request.user, May.SEE_CASELOAD):
        raise PermissionDenied(_("This page is for those who look after households."))
    now = timezone.now()
    on = seoul_day(now)
    titles = titles_of(request.user, {found.pk}, on=on)
    looked(request, Act.OPEN, subjects=shown_people(titles), households=[found.pk], detail={"page": "case"})
    scope = Scope(request.user, Household.objects.filter(pk=found.pk).values("pk"), on)
    by_kind = {source.kind: source for source in SOURCES}
    due = [
        {"due": one, "source": by_kind[one.kind], "href": by_kind[one.kind].href(one, found.number)}
        for one in due_of(SOURCES, scope)
    ]
    context = {
        "household": found,
        "title": titles[found.pk],
        "on": on,
        "due": due,
        "sections": sections_of(found, request.user, now),
    }
    return render(request, "desks/case/case.html", context)
