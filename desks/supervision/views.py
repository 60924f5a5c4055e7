"""The supervision sheet: the workers of a centre by name, one worker on a page, and the notes that two share."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework.agencies.models import User
from casework.agencies.roles import May, can, holders
from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import seoul_day
from casework.paper import fonts_installed
from desks.supervision.paper import printed
from desks.supervision.shown import sheet_of
from households.actions import Refused
from households.models import SupervisionNote, SupervisionStep
from households.signed.forms import PaperForm
from households.supervision.actions import add_beneath, check_can_supervise, finish_step, write_note
from households.supervision.forms import BeneathForm, NoteForm
from households.views.found import sent


@require_safe
def workers(request) -> HttpResponse:
    """The workers of the centre, by name alone; who leads no centre is shown the own sheet."""
    if not can(request.user, May.SEE_CENTRE):
        _check_works(request.user)
        return redirect("desks:supervision_sheet", request.user.pk)
    looked(request, Act.LIST, detail={"page": "supervision"})
    return render(request, "desks/supervision/workers.html", {"workers": _workers(request.user)})


@require_safe
def sheet(request, pk: int) -> HttpResponse:
    """One worker: the caseload, what is owed and late, absences, and the notes that the user may read."""
    return _sheet_page(request, worker_or_403(request.user, pk), PaperForm())


@require_POST
def sheet_file(request, pk: int) -> HttpResponse:
    """The sheet as a PDF file, for a stated reason; it holds what the page shows this user, notes too."""
    worker, now = worker_or_403(request.user, pk), timezone.now()
    form = PaperForm(request.POST)
    if not form.is_valid():
        return _sheet_page(request, worker, form, status=422)
    if not fonts_installed():
        messages.error(request, _("The font for PDF files is not installed; please ask the administrator."))
        return redirect("desks:supervision_sheet", pk)
    reason = form.cleaned_data["reason"]
    content = printed(sheet_of(request.user, worker, seoul_day(now)), by=request.user, reason=reason, now=now)
    looked(request, Act.EXPORT, reason=reason, detail={"page": "supervision", "worker": worker.pk})
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="supervision-{pk}-{seoul_day(now).isoformat()}.pdf"'
    return response


@require_http_methods(["GET", "POST"])
def note_new(request, pk: int) -> HttpResponse:
    """Write down a talk with a worker."""
    check_can_supervise(request.user)
    worker, now = worker_or_403(request.user, pk), timezone.now()
    form = NoteForm(sent(request), day=seoul_day(now))
    if request.method == "POST" and form.is_valid():
        try:
            made = write_note(worker, by=request.user, now=now, **form.words())
            messages.success(request, _("The note is kept. You and the worker can read it, and nobody else."))
            return redirect("desks:supervision_note", made.pk)
        except Refused as refused:
            refused.stand_on(form)
    context = {"worker": worker, "form": form}
    return render(request, "desks/supervision/note_new.html", context, status=422 if form.is_bound else 200)


@require_safe
def note(request, pk: int) -> HttpResponse:
    """One note, for the two."""
    return _note_page(request, _note_or_404(request, pk), BeneathForm())


@require_POST
def note_add(request, pk: int) -> HttpResponse:
    """Add beneath a note."""
    found = _note_or_404(request, pk)
    form = BeneathForm(request.POST)
    if not form.is_valid():
        return _note_page(request, found, form, status=422)
    add_beneath(found, by=request.user, text=form.cleaned_data["text"], client_key=form.cleaned_data["key"])
    messages.success(request, _("The record is saved."))
    return redirect("desks:supervision_note", pk)


@require_POST
def step_done(request, pk: int) -> HttpResponse:
    """Say that an agreed step is done."""
    _check_works(request.user)
    steps = SupervisionStep.objects.visible_to(request.user).select_related("note")
    found = get_object_or_404(steps, pk=pk)
    finish_step(found, by=request.user, now=timezone.now())
    messages.success(request, _("The step is done."))
    return redirect("desks:supervision_note", found.note_id)


def worker_or_403(user: User, pk: int) -> User:
    """Return the worker of the own centre whose sheet is asked for; without leading it, one's own alone. What is
    refused says nothing about whether there is such a worker."""
    _check_works(user)
    if pk != user.pk and not can(user, May.SEE_CENTRE):
        raise PermissionDenied(_("The sheet of a worker is for that worker and those who lead the centre."))
    return get_object_or_404(User.objects.filter(agency=user.agency_id), pk=pk)


def _workers(user: User) -> list[User]:
    people = User.objects.annotate(able=holders(May.SEE_CASELOAD))
    return list(people.filter(able=True, agency=user.agency_id, is_active=True).order_by("name", "id"))


def _check_works(user: User) -> None:
    if not (can(user, May.SEE_CASELOAD) or can(user, May.SEE_CENTRE)):
        raise PermissionDenied(_("Supervision is for those who work at a centre."))


def _sheet_page(request, worker: User, form: PaperForm, status: int = 200) -> HttpResponse:
    looked(request, Act.OPEN, detail={"page": "supervision", "worker": worker.pk})
    now = timezone.now()
    context = {
        "sheet": sheet_of(request.user, worker, seoul_day(now)),
        "worker": worker,
        "own": worker.pk == request.user.pk,
        "form": form,
        "writes": can(request.user, May.ASSIGN) and worker.pk != request.user.pk,
    }
    return render(request, "desks/supervision/sheet.html", context, status=status)


def _note_or_404(request, pk: int) -> SupervisionNote:
    _check_works(request.user)
    rows = SupervisionNote.objects.visible_to(request.user).select_related("worker", "supervisor", "center")
    return get_object_or_404(rows, pk=pk)


def _note_page(request, found: SupervisionNote, form: BeneathForm, status: int = 200) -> HttpResponse:
    looked(request, Act.OPEN, detail={"page": "supervision note", "note": found.pk})
    context: dict[str, Any] = {
        "note": found,
        "steps": list(found.steps.select_related("done_by").order_by("place")),
        "addenda": list(found.addenda.select_related("recorded_by").order_by("id")),
        "form": form,
        "on": seoul_day(timezone.now()),
    }
    return render(request, "desks/supervision/note.html", context, status=status)
