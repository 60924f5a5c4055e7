"""The residence-protection register (거주지보호대장) of a district: name, town, period and centre, and nothing else.

Of a household with a violence marker it gives the case number, and keeps the name and the town back.
"""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST, require_safe

from casework.agencies.fresh import password_first
from casework.agencies.roles import May, can
from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import seoul_day
from casework.context import url_or_nothing
from casework.paper import fonts_installed
from households.actions.refusal import NotAllowed
from households.members import marked_among, names_on, register_names_on
from households.models import ConflictOfInterest, Dwelling, Household, Membership, ProtectionPeriod, Responsibility
from households.reports.forms import RegisterPaperForm
from households.reports.paper import register_cells, register_printed
from households.reports.people import registered
from households.reports.workflow import drafts

ROWS = 50


@require_safe
def register(request):
    """The running protection periods of the people who live in the officer's district, the next to end first."""
    return _page(request)


def _page(request, form=None):
    """Render the register; `form`: what was asked of the PDF file, with its errors."""
    if not can(request.user, May.SEE_REGISTER):
        raise NotAllowed(_("This register is kept by the residence-protection officer of the district."))
    day = seoul_day(timezone.now())
    page = Paginator(_periods(request.user, day), ROWS).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    people = [row.person_id for row in rows]
    names, guarded = register_names_on(people, day)
    asks = can(request.user, May.ASK_FOR)
    barred = {one.person_id: one for one in ConflictOfInterest.objects.of_colleagues(request.user, people)}
    for row in rows:
        row.name = names.get(row.person_id, "")
        row.guarded = row.person_id in guarded
        row.ask = url_or_nothing("referrals:ask_for", row.person_id) if asks else ""
        row.conflict = url_or_nothing("referrals:conflict_of", row.person_id) if asks else ""
        row.barred = barred.get(row.person_id)
    looked(request, Act.LIST, subjects=people, detail={"page": page.number})
    context = {"rows": rows, "page": page, "count": page.paginator.count, "query": urlencode({}), "day": day}
    context["paper"] = (form or RegisterPaperForm(today=day)) if drafts(request.user) else None
    return render(request, "households/register.html", context, status=422 if form else 200)


@require_POST
@password_first("POST")
def register_paper(request):
    """The register of a day as a PDF file, for a reason: who lived in the district then and lives there still."""
    if not drafts(request.user):
        raise NotAllowed(_("This register is kept by the residence-protection officer of the district."))
    now = timezone.now()
    form = RegisterPaperForm(request.POST, today=seoul_day(now))
    if not form.is_valid():
        return _page(request, form)
    if not fonts_installed():
        messages.error(request, _("The font for PDF files is not installed; please ask the administrator."))
        return redirect("households:register")
    on, reason = form.cleaned_data["on"], form.cleaned_data["reason"]
    found = registered(request.user, on, today=seoul_day(now))
    rows = list(found.select_related("person"))
    people = [row.person_id for row in rows]
    names, marked = names_on(people, on), marked_among(people)
    about = {"on": on, "by": request.user, "reason": reason, "now": now}
    with override("ko"):
        cells = [register_cells(row, names, marked) for row in rows]
    content = register_printed(request.user.agency, cells, **about)
    looked(request, Act.EXPORT, subjects=people, reason=reason, detail={"register": on.isoformat(), "rows": len(rows)})
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="register-{on.isoformat()}.pdf"'
    return response


def _periods(user, day):
    home = Membership.objects.current().filter(
        person=OuterRef(OuterRef("person")), during__contains=day, kind=Household.Kind.LIVING
    )
    houses = home.values("household")
    dwelling = Dwelling.objects.current().filter(household__in=houses, during__contains=day)
    duty = Responsibility.objects.current().filter(household__in=houses, during__contains=day)
    return (
        ProtectionPeriod.objects.in_register_of(user)
        .select_related("person")
        .annotate(
            town=Subquery(dwelling.values("town")[:1]),
            district=Subquery(dwelling.values("district__name")[:1]),
            centre=Subquery(duty.values("center__name_ko")[:1]),
        )
        .order_by("during__endswith", "id")
    )
