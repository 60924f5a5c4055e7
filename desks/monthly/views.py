"""Monthly reports of a centre: the months, one report, putting a line right, its steps, the PDF."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework.agencies.models import User
from casework.audit.models import Act
from casework.audit.record import looked
from casework.paper import fonts_installed
from casework.workflow import NotNow, NotYours
from desks.monthly import actions, shown
from desks.monthly.forms import BeginForm, CorrectForm
from desks.monthly.paper import printed
from households.actions import Refused
from households.models import MonthlyReport
from households.monthly.workflow import MONTHLY, leads
from households.signed.forms import PaperForm, ReasonForm, SendForm
from households.signed.workflow import ReportStatus
from households.views.found import sent

SAID = {
    "ready": gettext_lazy("Frozen. Somebody else who leads the centre now looks at it and signs it off."),
    "back": gettext_lazy("The report is being prepared again."),
    "sign": gettext_lazy("Signed off. It can be sent."),
    "send": gettext_lazy("Recorded as sent. To correct it later, open a new version."),
}
FORMS: dict[str, Any] = {"back": ReasonForm, "send": SendForm}


@require_safe
def reports(request) -> HttpResponse:
    """The months of the centre: what can be begun, what is being prepared, what was sent."""
    check_leads(request.user)
    months = shown.months_of(request.user, timezone.now())
    looked(request, Act.LIST, detail={"monthly": len(months)})
    rows = [{"month": one, "form": BeginForm(initial={"month": one.first})} for one in months]
    return render(request, "desks/monthly/list.html", {"rows": rows})


@require_POST
def report_new(request) -> HttpResponse:
    """Begin the report of a month; where one is open, that one is shown."""
    check_leads(request.user)
    form = BeginForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused(_("This is no month."))
        made = actions.begin(by=request.user, now=timezone.now(), **form.cleaned_data)
    except Refused as refused:
        messages.warning(request, str(refused))
        return redirect("desks:monthly")
    return redirect("desks:monthly_report", made.number)


@require_safe
def report(request, number: str) -> HttpResponse:
    """One report: its lines, its steps, what happened."""
    return page(request, report_or_404(request, number))


@require_http_methods(["GET", "POST"])
def line(request, number: str, code: str) -> HttpResponse:
    """Put one line of a draft right by hand."""
    found = report_or_404(request, number)
    row = next((row for row in actions.rows_of(found) if row.code == code), None)
    if row is None:
        raise Http404
    if found.status != ReportStatus.DRAFT:
        messages.warning(request, too_late(found))
        return redirect("desks:monthly_report", number)
    last = actions.latest_of(found).get(code)
    known = {"value": row.value if row.reason else None, "reason": row.reason, "seen": last.pk if last else 0}
    form = CorrectForm(sent(request), initial=known)
    if request.method == "POST" and form.is_valid() and _corrected(request, found, code, form):
        return redirect("desks:monthly_report", number)
    looked(request, Act.OPEN, detail={"monthly": number, "line": code})
    context = {"report": found, "name": shown.name_of(found.month), "row": row, "form": form}
    return render(request, "desks/monthly/line.html", context, status=422 if form.is_bound else 200)


def _corrected(request, found: MonthlyReport, code: str, form: CorrectForm) -> bool:
    try:
        new = actions.correct(found, code, by=request.user, **form.cleaned_data)
    except NotNow:
        messages.warning(request, too_late(report_or_404(request, found.number)))
        return True
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    messages.success(request, _("Saved.") if new else _("The report says so already."))
    return True


@require_POST
def report_step(request, number: str, verb: str) -> HttpResponse:
    """Take one step of the table; somebody who comes second is told so, and nothing is done twice."""
    found = report_or_404(request, number)
    if verb not in actions.VERBS:
        raise Http404
    try:
        MONTHLY.check(found, verb, request.user)
        words = {"digest": request.POST.get("digest", "")} if verb == "sign" else {}
        if verb in FORMS:
            form = FORMS[verb](request.POST)
            if not form.is_valid():
                return page(request, found, forms={verb: form}, status=422)
            words = form.cleaned_data
        actions.VERBS[verb](found, by=request.user, now=timezone.now(), **words)
        messages.success(request, SAID[verb])
    except NotYours:
        raise PermissionDenied(_("Somebody else who leads the centre signs it off.")) from None
    except NotNow:
        messages.warning(request, too_late(report_or_404(request, number)))
    except Refused as refused:
        messages.warning(request, str(refused))
    return redirect("desks:monthly_report", number)


@require_POST
def report_reopen(request, number: str) -> HttpResponse:
    """Open the next version of a report that was sent, with the reason."""
    found = report_or_404(request, number)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return page(request, found, forms={"reopen": form}, status=422)
    try:
        made = actions.reopen(found, by=request.user, now=timezone.now(), why=form.cleaned_data["reason"])
    except NotNow:
        messages.warning(request, too_late(found))
        return redirect("desks:monthly_report", number)
    return redirect("desks:monthly_report", made.number)


@require_POST
def report_paper(request, number: str) -> HttpResponse:
    """The report as a PDF file, for a reason; what is not frozen yet is marked as a draft."""
    found = report_or_404(request, number)
    form = PaperForm(request.POST)
    if not form.is_valid():
        return page(request, found, forms={"paper": form}, status=422)
    if not fonts_installed():
        messages.error(request, _("The font for PDF files is not installed; please ask the administrator."))
        return redirect("desks:monthly_report", number)
    reason = form.cleaned_data["reason"]
    content = printed(found, by=request.user, reason=reason, now=timezone.now())
    looked(request, Act.EXPORT, reason=reason, detail={"monthly": number, "digest": found.digest})
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{number}.pdf"'
    return response


def page(request, found: MonthlyReport, *, forms: Any = None, status: int = 200) -> HttpResponse:
    """Render the page of one report. `forms`: {verb: bound form with errors}."""
    looked(request, Act.OPEN, detail={"monthly": found.number})
    context = shown.page_of(found, request.user) | {"rows": actions.rows_of(found)}
    blank = {"back": ReasonForm(), "send": SendForm(), "reopen": ReasonForm(), "paper": PaperForm()}
    context["forms"] = {**blank, **(forms or {})}
    return render(request, "desks/monthly/report.html", context, status=status)


def report_or_404(request, number: str) -> MonthlyReport:
    """Return the report as this user may see it; 404 for a stranger, 403 for who leads no centre."""
    check_leads(request.user)
    beside = ("center", "begun_by", "ready_by", "signed_by", "sent_by")
    return get_object_or_404(MonthlyReport.objects.visible_to(request.user).select_related(*beside), number=number)


def too_late(found: MonthlyReport) -> str:
    """Return the sentence for somebody whose step came after another's."""
    said = _("This step is no longer open: the report stands at “%(status)s”.")
    return said % {"status": found.get_status_display()}


def check_leads(user: User) -> None:
    """Raise PermissionDenied unless the user leads a Hana Center."""
    if not leads(user):
        raise PermissionDenied(_("The monthly report is prepared by the supervisors and the head of a Hana Center."))
