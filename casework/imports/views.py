"""Bringing a file in, seeing what became of it, and mending what was refused."""

import csv
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework.agencies.fresh import password_first
from casework.agencies.request import Request
from casework.agencies.roles import May, can
from casework.audit.models import Act
from casework.audit.record import looked
from casework.imports import uploads
from casework.imports.forms import RowForm, UploadForm, kinds_of
from casework.imports.header import OURS, listed
from casework.imports.loader import loader_for
from casework.imports.models import WORDS, Batch, Kind, QuarantinedRow, State, word_of
from casework.imports.reasons import FileRefused, sentence
from casework.imports.refused import reasons_in_counts, say, say_file, warned
from casework.imports.sheets import guarded

PAGE = 50
View = Callable[..., HttpResponseBase]


def importers(view: View) -> View:
    """Let those in who may bring in a file of some kind; the others read that they may not (403)."""
    return _holders(view, *WORDS)


def counters(view: View) -> View:
    """Let those in who may bring in a file, and administrators, who see counts alone."""
    return _holders(view, *WORDS, May.ADMINISTER)


def _holders(view: View, *words: May) -> View:
    @wraps(view)
    def checked(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not any(can(request.user, word) for word in words):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return checked


def _batch(request: Request, pk: int) -> Batch:
    return get_object_or_404(Batch.objects.visible_to(request.user).defer("upload"), pk=pk)


def _rows(request: Request, found: Batch) -> QuerySet[QuarantinedRow]:
    return QuarantinedRow.objects.visible_to(request.user).filter(batch=found)


@counters
@require_GET
def batches(request: Request) -> HttpResponse:
    """The files that the user may see at least in counts, newest first."""
    rows = Batch.objects.visible_to(request.user).defer("upload").select_related("brought_by", "agency").order_by("-pk")
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "may_import": any(can(request.user, word) for word in WORDS),
    }
    return render(request, "imports/list.html", context)


@importers
@require_http_methods(["GET", "POST"])
def upload(request: Request) -> HttpResponse:
    """Bring a file in."""
    asked = request.GET.get("kind")
    form = UploadForm(request.POST or None, request.FILES or None, user=request.user, initial={"kind": asked})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        brought = uploads.bring_in(data.pop("file"), by=request.user, **data)
        return redirect("imports:batch", brought.pk)
    kinds = [
        {"code": kind.value, "label": kind.label, "columns": listed(loader_for(kind))}
        for kind in kinds_of(request.user)
    ]
    return render(request, "imports/upload.html", {"form": form, "kinds": kinds}, status=422 if form.is_bound else 200)


@importers
@require_GET
def template(request: Request) -> HttpResponse:
    """An empty file of one kind: the names of all its columns."""
    kind = request.GET.get("kind", "")
    if kind not in Kind:
        raise Http404
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{kind}.csv"'
    response.write("\ufeff")
    csv.writer(response).writerow(loader_for(kind).columns)
    return response


@counters
@require_GET
def batch(request: Request, pk: int) -> HttpResponse:
    """One file: how far it is, what came of it, the refused rows that the user may see, and the others in counts."""
    found = _batch(request, pk)
    shown = _rows(request, found)
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    rows = [(row, say(row, found.kind)) for row in page]
    if rows:
        _looked(request, Act.LIST, found, [row for row, _said in rows], rows=[row.row for row, _said in rows])
    refused = found.refused.count()
    hidden = found.refused.exclude(pk__in=shown.order_by().values("pk")) if refused > page.paginator.count else None
    context = {
        "refused": refused,
        "reasons": reasons_in_counts(hidden, found.kind) if hidden is not None else [],
        "batch": found,
        "running": found.state in (State.WAITING, State.RUNNING),
        "refusal": say_file(found),
        # Centres and districts of the rows stand in them.
        "warnings": warned(found) if can(request.user, word_of(found.kind)) and hidden is None else [],
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
    found = get_object_or_404(Batch.objects.brought_in_by_agency_of(request.user).defer("upload"), pk=pk)
    if not found.dry_run or found.state != State.DONE:
        return redirect("imports:batch", pk)
    try:
        return redirect("imports:batch", uploads.load_for_good(found, by=request.user).pk)
    except FileRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("imports:batch", pk)


@importers
@require_GET
@password_first("GET")
def refused_file(request: Request, pk: int) -> HttpResponseBase:
    """The refused rows as CSV with the reasons at the end, to be mended and brought in again."""
    found = _batch(request, pk)
    rows = _rows(request, found).filter(settled_at=None)
    _looked(request, Act.EXPORT, found, rows, rows=rows.count())
    response = StreamingHttpResponse(_lines(found, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="refused-{found.pk}.csv"'
    return response


class _Echo:
    def write(self, line: str) -> str:
        return line


def _lines(found: Batch, rows: QuerySet[QuarantinedRow]) -> Iterator[str]:
    columns = loader_for(found.kind).columns
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow([*columns, *OURS])
    for row in rows.iterator():
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
    return _row_page(request, found, form)


def _looked(request: Request, act: Act, found: Batch, which: Any, **detail: Any) -> None:
    """Log whose data stood on the page or in the file: everybody on file whom the rows name by number or reference."""
    named = QuarantinedRow.objects.filter(pk__in=[row.pk for row in which]) if isinstance(which, list) else which
    looked(request, act, subjects=loader_for(found.kind).subjects(named), detail={"batch": found.pk, **detail})


def _row_page(request: Request, found: QuarantinedRow, form: RowForm, status: int = 200) -> HttpResponse:
    _looked(request, Act.OPEN, found.batch, [found], row=found.row)
    reasons = loader_for(found.batch.kind).reasons()
    faults: dict[str, list[str]] = {}
    for fault in found.faults:
        faults.setdefault(fault["field"], []).append(sentence(reasons, fault))
    fields = [(form[name], faults.get(name, [])) for name in form.fields]
    context = {"row": found, "batch": found.batch, "fields": fields, "said": say(found, found.batch.kind), "form": form}
    return render(request, "imports/row.html", context, status=status)
