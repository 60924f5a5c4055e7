"""My exports: asking for a file, how far it is, stopping it, taking it away."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework.agencies.fresh import password_first
from casework.agencies.request import Request
from casework.audit.models import Act
from casework.audit.record import looked
from casework.exports import actions, answering
from casework.exports.forms import AskForm
from casework.exports.kinds import Kind, kinds
from casework.exports.models import ANSWERED_WITHIN, Export, State

PAGE = 30
ANSWERS = {"agree": True, "decline": False}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def exports(request: Request) -> HttpResponse:
    """The files that the user asked for, the latest first."""
    rows = Export.objects.visible_to(request.user).without_content()
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    now = timezone.now()
    offered = [kind for kind in kinds().values() if kind.allows(request.user)]
    waiting = [_row(export, now) for export in answering.waiting_for(request.user, now=now)]
    context = {"page": page, "rows": [_row(export, now) for export in page], "offered": offered, "waiting": waiting}
    return render(request, "exports/list.html", context)


@require_http_methods(["GET", "POST"])
@password_first("POST")
def ask(request: Request, kind: str) -> HttpResponse:
    """Ask for a list as a file, with the reason; the address says how the list is narrowed."""
    found = _kind(kind)
    if not found.allows(request.user):
        raise PermissionDenied(_("You may not take this list away."))
    asked = found.narrowed(request.GET, request.user)
    form = AskForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and (made := _asked(request, found, asked, form)):
        return redirect("exports:one", made.number)
    context = {"kind": found, "said": found.said(asked), "back": found.back(asked), "form": form}
    context["within"] = ANSWERED_WITHIN.days
    return render(request, "exports/ask.html", context, status=422 if form.is_bound else 200)


@require_safe
def export(request: Request, number: str) -> HttpResponse:
    """One file: how far it is, until when it is kept."""
    row = _row(_export(request, number), timezone.now())
    template = "exports/one.html#state" if request.headers.get("HX-Request") else "exports/one.html"
    return render(request, template, {"row": row})


@require_POST
def cancel(request: Request, number: str) -> HttpResponse:
    """Stop it, as long as it waits or runs."""
    if actions.cancel(_export(request, number), by=request.user, now=timezone.now()):
        messages.success(request, _("Cancelled. No file is made."))
    else:
        messages.warning(request, _("It had ended already; nothing was changed."))
    return redirect("exports:one", number)


@require_POST
def answer(request: Request, number: str) -> HttpResponse:
    """Agree to the file of a colleague, or not: the second person."""
    found = get_object_or_404(Export.objects.of_agency_of(request.user).without_content(), number=number)
    agreed = ANSWERS.get(request.POST.get("answer", ""))
    if agreed is None:
        if not answering.may_answer(found, request.user):
            raise PermissionDenied
        return HttpResponseBadRequest()
    try:
        answering.answer(found, by=request.user, now=timezone.now(), agreed=agreed)
        messages.success(request, _("Agreed. The file is being made.") if agreed else _("Declined. No file is made."))
    except answering.TooLate as late:
        messages.warning(request, str(late))
    return redirect("exports:list")


@never_cache
@require_POST
@password_first("POST")
def file(request: Request, number: str) -> HttpResponse:
    """Take the file away: the rights are asked again, and it is logged with everybody whose data it holds."""
    found = _export(request, number)
    try:
        taken = actions.taken(found, kinds().get(found.kind), by=request.user, now=timezone.now())
    except actions.Gone as gone:
        messages.warning(request, str(gone))
        return redirect("exports:one", number)
    told = {"export": taken.number, "kind": taken.kind, "rows": taken.rows, "asked": taken.asked}
    whose: dict[str, Any] = {"subjects": taken.subjects, "households": taken.households}
    looked(request, Act.EXPORT, **whose, reason=taken.reason, detail=told)
    response = HttpResponse(bytes(taken.content or b""), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{taken.number}.xlsx"'
    return response


def _kind(code: str) -> Kind:
    if code not in kinds():
        raise Http404
    return kinds()[code]


def _export(request: Request, number: str) -> Export:
    found: Export = get_object_or_404(Export.objects.visible_to(request.user).without_content(), number=number)
    return found


def _asked(request: Request, kind: Kind, asked: dict[str, Any], form: AskForm) -> Export | None:
    try:
        return actions.ask(kind, asked, by=request.user, now=timezone.now(), **form.cleaned_data)
    except ValidationError as refused:
        form.add_error(None, refused)
        return None


def _row(export: Export, now: Any) -> dict[str, Any]:
    """Return what a page shows of an export; one of a kind that is no more is called by its code."""
    kind, state = kinds().get(export.kind), export.state(now=now)
    return {
        "export": export,
        "label": kind.label if kind else export.kind,
        "said": kind.said(export.asked) if kind else "",
        "state": state.value,
        "state_label": state.label,
        "ready": state == State.DONE,
    }
