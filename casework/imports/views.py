"""Bringing a file in, seeing what became of it, and mending what was refused."""

import csv
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework.agencies.request import Request
from casework.agencies.roles import May, can
from casework.audit.models import Act
from casework.audit.record import looked
from casework.imports import uploads
from casework.imports.forms import RowForm, UploadForm
from casework.imports.header import OURS
from casework.imports.loader import loader_for
from casework.imports.models import Batch, QuarantinedRow, State
from casework.imports.reasons import FileRefused, sentence
from casework.imports.refused import say, say_file, warned
from casework.imports.sheets import guarded

PAGE = 50
View = Callable[..., HttpResponseBase]


def importers(view: View) -> View:
    """Let those in who may import; the others read that they may not (403)."""

    @wraps(view)
    def checked(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not can(request.user, May.IMPORT):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return checked


def _batch(request: Request, pk: int) -> Batch:
    return get_object_or_404(Batch.objects.visible_to(request.user).defer("upload"), pk=pk)


@importers
@require_GET
def batches(request: Request) -> HttpResponse:
    """The files of the user's agency, newest first."""
    rows = Batch.objects.visible_to(request.user).defer("upload").select_related("brought_by").order_by("-pk")
    return render(request, "imports/list.html", {"page": Paginator(rows, PAGE).get_page(request.GET.get("page"))})


@importers
@require_http_methods(["GET", "POST"])
def upload(request: Request) -> HttpResponse:
    """Bring a file in."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        brought = uploads.bring_in(data.pop("file"), by=request.user, **data)
        return redirect("imports:batch", brought.pk)
    return render(request, "imports/upload.html", {"form": form}, status=422 if form.is_bound else 200)


@importers
@require_GET
def batch(request: Request, pk: int) -> HttpResponse:
    """One file: how far it is, what came of it, and its refused rows."""
    found = _batch(request, pk)
    page = Paginator(found.refused.all(), PAGE).get_page(request.GET.get("page"))
    rows = [(row, say(row, found.kind)) for row in page]
    if rows:
        looked(request, Act.LIST, detail={"batch": found.pk, "rows": [row.row for row, _said in rows]})
    context = {
        "batch": found,
        "running": found.state in (State.WAITING, State.RUNNING),
        "refusal": say_file(found),
        "warnings": warned(found),
        "page": page,
        "rows": rows,
        "keeps_file": found.dry_run and Batch.objects.filter(pk=pk, upload__isnull=False).exists(),
    }
    template = "imports/batch.html#state" if request.headers.get("HX-Request") else "imports/batch.html"
    return render(request, template, context)


@importers
@require_POST
def load(request: Request, pk: int) -> HttpResponse:
    """Load the file of a dry run for good."""
    found = _batch(request, pk)
    if not found.dry_run or found.state != State.DONE:
        return redirect("imports:batch", pk)
    try:
        return redirect("imports:batch", uploads.load_for_good(found, by=request.user).pk)
    except FileRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("imports:batch", pk)


@importers
@require_GET
def refused_file(request: Request, pk: int) -> HttpResponseBase:
    """The refused rows as CSV with the reasons at the end, to be mended and brought in again."""
    found = _batch(request, pk)
    looked(request, Act.EXPORT, detail={"batch": found.pk, "rows": found.refused.count()})
    response = StreamingHttpResponse(_lines(found), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="refused-{found.pk}.csv"'
    return response


class _Echo:
    def write(self, line: str) -> str:
        return line


def _lines(found: Batch) -> Iterator[str]:
    columns = loader_for(found.kind).columns
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow([*columns, *OURS])
    for row in found.refused.filter(settled_at=None).iterator():
        cells = [guarded(row.cells.get(name, "")) for name in columns]
        yield writer.writerow([*cells, row.row, row.field, guarded(say(row, found.kind))])


@importers
@require_http_methods(["GET", "POST"])
def row(request: Request, pk: int, row_pk: int) -> HttpResponse:
    """One refused row: what it holds, why it was refused, and mending it."""
    found = get_object_or_404(
        QuarantinedRow.objects.visible_to(request.user).select_related("batch").defer("batch__upload"),
        pk=row_pk,
        batch=pk,
    )
    form = RowForm(request.POST or None, row=found)
    if request.method == "POST" and not found.batch.dry_run and form.is_valid():
        try:
            uploads.retry(found, form.cleaned_data, by=request.user)
        except uploads.StillRefused:
            return _row_page(request, found, RowForm(row=found), status=422)
        messages.success(request, _("Row %(row)s is loaded.") % {"row": found.row})
        return redirect("imports:batch", pk)
    looked(request, Act.OPEN, detail={"batch": pk, "row": found.row})
    return _row_page(request, found, form)


def _row_page(request: Request, found: QuarantinedRow, form: RowForm, status: int = 200) -> HttpResponse:
    reasons = loader_for(found.batch.kind).reasons()
    faults: dict[str, list[str]] = {}
    for fault in found.faults:
        faults.setdefault(fault["field"], []).append(sentence(reasons, fault))
    fields = [(form[name], faults.get(name, [])) for name in form.fields]
    context = {"row": found, "batch": found.batch, "fields": fields, "said": say(found, found.batch.kind), "form": form}
    return render(request, "imports/row.html", context, status=status)
