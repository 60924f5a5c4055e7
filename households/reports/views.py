"""Settlement reports of a local government: the half-years, one report, answers, its steps, the PDF."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework.agencies.fresh import password_first
from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import seoul_day
from casework.paper import fonts_installed
from casework.workflow import NotNow, NotYours
from households.actions import Refused
from households.conflicts.barring import open_people
from households.models import Person, SettlementReport
from households.models.conflict import barred_people
from households.reports import actions, shown
from households.reports.forms import AnswerForm, BeginForm
from households.reports.paper import printed
from households.reports.people import rows_of
from households.reports.workflow import REPORT, drafts, reads
from households.signed.forms import PaperForm, ReasonForm, SendForm
from households.signed.workflow import ReportStatus
from households.views.found import sent

ROWS = 50
SAID = {
    "ready": gettext_lazy("Frozen. Somebody else of your office now looks at it and signs it off."),
    "back": gettext_lazy("The report is being prepared again."),
    "sign": gettext_lazy("Signed off. It can be sent."),
    "send": gettext_lazy("Recorded as sent. To correct it later, open a new version."),
}
FORMS = {"back": ReasonForm, "send": SendForm}


@require_safe
def reports(request):
    """The half-years of the office: what is due, what is being prepared, what was sent."""
    check_reads(request.user)
    halves = shown.halves_of(request.user, timezone.now())
    looked(request, Act.LIST, detail={"reports": len(halves)})
    rows = [{"half": half, "form": BeginForm(initial={"half_begins": half.begins})} for half in halves]
    context = {"rows": rows, "drafts": drafts(request.user)}
    return render(request, "households/reports/list.html", context)


@require_POST
def report_new(request):
    """Begin the report of a half-year; where one is open, that one is shown."""
    form = BeginForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused(_("This is no half-year."))
        made = actions.begin(by=request.user, now=timezone.now(), **form.cleaned_data)
    except NotYours:
        raise PermissionDenied(ONLY_OFFICERS) from None
    except Refused as refused:
        check_drafts(request.user)
        messages.warning(request, str(refused))
        return redirect("households:reports")
    return redirect("households:report", made.number)


@require_safe
def report(request, number):
    """One report: how complete it is, who is missing what, its steps."""
    return page(request, report_or_404(request, number))


@require_http_methods(["GET", "POST"])
def report_answer(request, number, case_number):
    """What is asked about one person of a draft."""
    found = report_or_404(request, number)
    check_drafts(request.user)
    if found.status != ReportStatus.DRAFT:
        messages.warning(request, too_late(found))
        return redirect("households:report", number)
    person = get_object_or_404(Person.objects.exclude(pk__in=barred_people(request.user)), case_number=case_number)
    row = _row(found, person)
    if row is None:
        raise Http404
    day = seoul_day(timezone.now())
    form = AnswerForm(sent(request), row=row, initial={"observed_on": day})
    if request.method == "POST" and form.is_valid() and _answered(request, found, person, form):
        return redirect("households:report", number)
    if form.is_bound:
        row = _row(found, person) or row
        form.shows(row)
    looked(request, Act.OPEN, subjects=[person.pk], households=[row.household], detail={"report": number})
    context = {"form": form, "report": found, "line": shown.lines_of([row], found)[0]}
    context["columns"] = [{"field": form[column], "cell": shown.cell_of(row, column)} for column in row.asked]
    context["phones"] = shown.telephones([row])
    return render(request, "households/reports/answer.html", context, status=422 if form.is_bound else 200)


def _row(found, person):
    return next(iter(rows_of(found.agency_id, found.half_begins, found.form, [person.pk])), None)


def _answered(request, found, person, form):
    about = {"values": form.values(), **{name: form.cleaned_data[name] for name in ("observed_on", "seen")}}
    try:
        new = actions.answer(found, person, by=request.user, now=timezone.now(), **about)
    except NotNow:
        messages.warning(request, too_late(report_or_404(request, found.number)))
        return True
    except Refused as refused:
        refused.stand_on(form)
        return False
    messages.success(request, _("Saved.") if new else _("The report says so already."))
    return True


@require_POST
def report_step(request, number, verb):
    """Take one step of the table; somebody who comes second is told so, and nothing is done twice."""
    found = report_or_404(request, number)
    if verb not in actions.VERBS:
        raise Http404
    try:
        REPORT.check(found, verb, request.user)
        words = {"digest": request.POST.get("digest", "")} if verb == "sign" else {}
        if verb in FORMS:
            form = FORMS[verb](request.POST)
            if not form.is_valid():
                return page(request, found, forms={verb: form}, status=422)
            words = form.cleaned_data
        actions.VERBS[verb](found, by=request.user, now=timezone.now(), **words)
        messages.success(request, SAID[verb])
    except NotYours:
        raise PermissionDenied(_("This step is for another person of the local government.")) from None
    except NotNow:
        messages.warning(request, too_late(report_or_404(request, number)))
    except Refused as refused:
        messages.warning(request, str(refused))
    return redirect("households:report", number)


@require_POST
def report_reopen(request, number):
    """Open the next version of a report that was sent, with the reason."""
    found = report_or_404(request, number)
    form = ReasonForm(request.POST)
    try:
        if not form.is_valid():
            check_drafts(request.user)
            return page(request, found, forms={"reopen": form}, status=422)
        made = actions.reopen(found, by=request.user, now=timezone.now(), why=form.cleaned_data["reason"])
    except NotYours:
        raise PermissionDenied(ONLY_OFFICERS) from None
    except NotNow:
        messages.warning(request, too_late(found))
        return redirect("households:report", number)
    return redirect("households:report", made.number)


@require_POST
@password_first("POST")
def report_paper(request, number):
    """The report as a PDF file, for a reason; what is not frozen yet is marked as a draft on every page."""
    found = report_or_404(request, number)
    form = PaperForm(request.POST)
    if not form.is_valid():
        return page(request, found, forms={"paper": form}, status=422)
    if not fonts_installed():
        messages.error(request, _("The font for PDF files is not installed; please ask the administrator."))
        return redirect("households:report", number)
    rows, reason = actions.current_rows(found), form.cleaned_data["reason"]
    if len(_open(rows, request.user)) < len(rows):
        messages.error(request, BARRED)
        return redirect("households:report", number)
    content = printed(found, shown.lines_of(rows, found), by=request.user, reason=reason, now=timezone.now())
    told = {"report": number, "rows": len(rows), "digest": found.digest}
    looked(request, Act.EXPORT, **whose(rows), reason=reason, detail=told)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{number}.pdf"'
    return response


def page(request, found, *, forms=None, status=200):
    """Render the page of one report and log whose data it shows. `forms`: {verb: bound form with errors}."""
    rows = actions.current_rows(found)
    only = request.GET.get("show", "") == "missing"
    mine = _open(rows, request.user)
    listed = Paginator([row for row in mine if row.missing or not only], ROWS).get_page(request.GET.get("page"))
    here = list(listed.object_list)
    looked(request, Act.LIST, **whose(here), detail={"report": found.number, "page": listed.number})
    context = shown.page_of(found, rows, request.user)
    context |= {"page": listed, "lines": shown.lines_of(here, found), "only": only, "everybody": not only}
    context |= {"barred": BARRED if len(mine) < len(rows) else ""}
    context |= {"query": "show=missing" if only else "", "missing": shown.missing_by_column(rows)}
    context |= {"phones": shown.telephones(here), "columns": shown.LABELS, "reopens": _reopens(found, request.user)}
    blank = {"back": ReasonForm(), "send": SendForm(), "reopen": ReasonForm(), "paper": PaperForm()}
    context["forms"] = {**blank, **(forms or {})}
    return render(request, "households/reports/report.html", context, status=status)


def _open(rows, user):
    """Return the Rows without those about people from whom a conflict of interest bars the user."""
    shown_people = open_people([row.person for row in rows], user)
    return [row for row in rows if row.person in shown_people]


def _reopens(found, user):
    """Say whether the user may open a new version: of the latest, when it was sent."""
    rows = SettlementReport.objects.visible_to(user).filter(agency=found.agency_id, half_begins=found.half_begins)
    return found.status == ReportStatus.SENT and drafts(user) and not rows.filter(version__gt=found.version).exists()


def whose(rows):
    """Return the keywords of the access log: whose data Rows hold."""
    return {"subjects": [row.person for row in rows], "households": [row.household for row in rows if row.household]}


def report_or_404(request, number):
    """Return the report as this user may see it; 404 for a stranger."""
    rows = SettlementReport.objects.visible_to(request.user)
    beside = ("agency", "form", "begun_by", "ready_by", "signed_by", "sent_by")
    return get_object_or_404(rows.select_related(*beside), number=number)


def too_late(found):
    """Return the sentence for somebody whose step came after another's."""
    said = _("This step is no longer open: the report stands at “%(status)s”.")
    return said % {"status": found.get_status_display()}


BARRED = gettext_lazy(
    "A conflict of interest with somebody in this report is on record: their line is not shown to you, and a colleague "
    "takes the file away."
)
ONLY_OFFICERS = gettext_lazy("The report is prepared by the residence-protection officers of the local government.")


def check_reads(user):
    """Raise PermissionDenied unless the user is an officer or a supervisor of a city, county or district."""
    if not reads(user):
        raise PermissionDenied(ONLY_OFFICERS)


def check_drafts(user):
    """Raise PermissionDenied unless the user prepares reports."""
    if not drafts(user):
        raise PermissionDenied(ONLY_OFFICERS)
