"""The directory on screen and on paper. No person stands in it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework.agencies.models import Agency
from casework.agencies.roles import May, can
from casework.clock import seoul_day
from casework.paper import fonts_installed
from referrals.directory import actions, paper
from referrals.directory.answers import with_answers
from referrals.directory.finding import booklet_of, page_of
from referrals.directory.forms import FindForm, ServiceForm
from referrals.models import Service


@require_safe
def directory(request):
    """The services in force, narrowed down by need, district, kind of agency, a word, and what is open today."""
    check_can_look(request.user)
    form = FindForm(request.GET)
    found = page_of(form.asked, number=request.GET.get("page"), now=timezone.now())
    template = "referrals/directory/list.html#rows" if request.htmx else "referrals/directory/list.html"
    return render(request, template, {"form": form, "keeps": actions.can_keep(request.user), **found})


@require_safe
def service(request, pk):
    """One service."""
    check_can_look(request.user)
    now = timezone.now()
    row = get_object_or_404(Service.objects.shown().with_open(seoul_day(now)), pk=pk)
    keeps = actions.can_keep(request.user, row.agency_id)
    context = {"it": with_answers([row], now=now)[0], "keeps": keeps, "on": seoul_day(now)}
    return render(request, "referrals/directory/service.html", context)


@require_http_methods(["GET", "POST"])
def service_new(request):
    """List a service of the own agency; an administrator says first of which."""
    actions.check_keeps(request.user)
    agency = _agency(request)
    if agency is None:
        agencies = Agency.objects.order_by("kind", "name_ko")
        return render(request, "referrals/directory/whose.html", {"agencies": agencies})
    return _edited(request, agency, Service(agency=agency))


@require_http_methods(["GET", "POST"])
def service_edit(request, pk):
    """Change a service of the own agency."""
    actions.check_keeps(request.user)
    row = get_object_or_404(Service.objects.kept_by(request.user).select_related("agency"), pk=pk)
    return _edited(request, row.agency, row)


@require_POST
def service_end(request, pk):
    """Offer a service until today and no longer."""
    actions.check_keeps(request.user)
    row = get_object_or_404(Service.objects.kept_by(request.user), pk=pk)
    if actions.end(row, by=request.user, now=timezone.now()):
        messages.success(request, _("Ended: from tomorrow on it is not shown any more."))
    else:
        messages.warning(request, _("This was already done. Nothing was changed."))
    return redirect("referrals:directory")


@require_safe
def booklet(request):
    """The services of a district or a need to print and hand out, in either language."""
    check_can_look(request.user)
    language = _language(request)
    with translation.override(language):
        form = FindForm(request.GET)
        context = {"form": form, "language": language, **booklet_of(form.asked, now=timezone.now())}
        return render(request, "referrals/directory/booklet.html", context)


@require_safe
def booklet_file(request):
    """The booklet as a PDF file."""
    check_can_look(request.user)
    with translation.override(_language(request)):
        found = booklet_of(FindForm(request.GET).asked, now=timezone.now())
        if not found["groups"] or not fonts_installed():
            messages.error(request, _("There is nothing to print, or the font for PDF files is not installed."))
            return redirect("referrals:booklet")
        response = HttpResponse(paper.printed(found), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="services-{found["on"].isoformat()}.pdf"'
    return response


def check_can_look(user):
    """Raise PermissionDenied unless the user sends or receives referrals, or keeps the reference data."""
    if not any(can(user, word) for word in (May.REFER, May.RECEIVE, May.ADMINISTER)):
        raise PermissionDenied(_("The directory is for those who send or receive referrals."))


def _agency(request):
    """The agency whose service is entered: the own one; an administrator names it."""
    if not can(request.user, May.ADMINISTER):
        return request.user.agency
    asked = request.POST.get("agency") or request.GET.get("agency") or ""
    return get_object_or_404(Agency, pk=asked) if asked.isdecimal() else None


def _edited(request, agency, row):
    form = ServiceForm(request.POST or None, instance=row, agency=agency, today=seoul_day(timezone.now()))
    if request.method == "POST" and form.is_valid():
        try:
            kept = _kept(form, agency, row, by=request.user)
        except ValidationError as refused:
            form.refused(refused)
        else:
            messages.success(request, _("The directory is changed."))
            return redirect("referrals:service", kept.pk)
    context = {"form": form, "agency": agency, "it": row if row.pk else None}
    status = 422 if request.method == "POST" else 200
    return render(request, "referrals/directory/edit.html", context, status=status)


def _kept(form, agency, row, *, by):
    districts = list(form.cleaned_data["districts"])
    if row.pk:
        return actions.change(row, form.words(), districts, by=by)
    return actions.enter(agency, form.words(), districts, by=by)


def _language(request):
    """The language asked for, in which the booklet is made; else the user's own."""
    asked = request.GET.get("language")
    return asked if asked in ("ko", "en") else translation.get_language()
