"""The person's own record and the reasons of a judgement, for a request whose identity was seen."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from casework.agencies.fresh import password_first
from casework.agencies.request import Request
from casework.audit.models import Act
from casework.audit.record import looked, record
from casework.paper import fonts_installed
from desks.requests import paper
from desks.requests.reasons import reasons_of
from desks.requests.record import as_text, left_out, record_of
from households.members import names_on
from households.models import DataRequest
from households.requests.forms import WhyForm
from households.requests.found import check_handles, request_or_404
from households.requests.paper import pdf
from households.requests.shown import GIVEN_FOR, may_give


@require_http_methods(["GET", "POST"])
@password_first("POST")
def request_record(request: Request, number: str) -> HttpResponse:
    """Make the person's record as a file (PDF, or plain text), with the reason, behind POST; nothing is kept of it."""
    found = _given_or_404(request, number, DataRequest.Kind.SEE)
    if not may_give(found, timezone.localdate()):
        messages.warning(request, _not_now())
        return redirect("households:data_request", number)
    form = WhyForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        return _file(request, found, form.cleaned_data["reason"])
    looked(request, Act.OPEN, subjects=[found.person_id], detail={"request": found.number})
    context = {"form": form, "data": found, "name": _name(found), "left_out": left_out()}
    return render(request, "desks/requests/record.html", context, status=422 if form.is_bound else 200)


@require_safe
def request_reasons(request: Request, number: str) -> HttpResponse:
    """The reasons in words, to be read together or printed."""
    found = _given_or_404(request, number, DataRequest.Kind.EXPLAIN)
    if not may_give(found, timezone.localdate()):
        messages.warning(request, _not_now())
        return redirect("households:data_request", number)
    now = timezone.now()
    looked(request, Act.OPEN, subjects=[found.person_id], detail={"request": found.number, "reasons": True})
    context = {"data": found, "name": _name(found), "now": now, "reasons": reasons_of(found, now=now)}
    return render(request, "desks/requests/reasons.html", context)


def _given_or_404(request: Request, number: str, kind: str) -> DataRequest:
    found = request_or_404(request, number)
    if found.kind != kind:
        raise Http404
    check_handles(found, request.user)
    return found


def _not_now() -> str:
    said = _(
        "It is given once the request is granted as a whole and danger is weighed where a household is protected, and "
        "until %(n)s days after the answer was told."
    )
    return said % {"n": GIVEN_FOR.days}


def _name(found: DataRequest) -> str:
    return names_on([found.person_id], timezone.localdate()).get(found.person_id, found.person.case_number)


def _file(request: Request, found: DataRequest, reason: str) -> HttpResponse:
    plain = request.POST.get("as") == "text"
    if not plain and not fonts_installed():
        messages.error(request, _("The fonts are not installed, so nothing can be printed. Please run `make setup`."))
        return redirect("households:data_request", found.number)
    now = timezone.now()
    parts = record_of(found, now=now)
    shown = {"request": found.number, "as": "text" if plain else "pdf"}
    looked(request, Act.EXPORT, subjects=[found.person_id], reason=reason, detail=shown)
    record("record printed", found, by=request.user, reason=reason)
    if not plain:
        return pdf(paper.printed(found, parts, by=request.user, now=now), f"{found.number}-record")
    answer = HttpResponse(as_text(found, parts), content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{found.number}-record.txt"'
    return answer
