"""The material of a conference on screen and on paper, and its record once it is closed."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from casework.agencies.fresh import password_first
from casework.agencies.models import User
from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import seoul_day
from casework.paper import fonts_installed
from desks.conferences import paper
from desks.conferences.hour import begun, changed, kept_material, with_today
from desks.conferences.material import Block, Material, materials_of
from desks.conferences.views import conference_or_404
from households.conferences.forms import PaperForm
from households.conferences.workflow import ConferenceStatus
from households.models import ConferenceItem
from households.views.found import sent


@require_safe
def material(request, number: str, household: str) -> HttpResponse:
    """The masked page of one household; with `?safe=1` the reasons are those that are safe before a projector."""
    items = items_of(request, number)
    at = next((n for n, item in enumerate(items) if item.household.number == household), None)
    if at is None:
        raise Http404
    item, safe = items[at], request.GET.get("safe") == "1"
    held = item.conference.status == ConferenceStatus.HELD
    today = held and request.GET.get("now") == "1"
    one = pages_of(request.user, [item], full=not safe, today=today)[item.household_id]
    looked(request, Act.OPEN, subjects=one.subjects, households=[item.household_id], detail={"conference": number})
    context = {
        "conference": item.conference,
        "item": item,
        "material": one,
        "safe": safe,
        "held": held,
        "today": today,
        "changes": _changes(item, full=not safe) if today else [],
        "place": at + 1,
        "of": len(items),
        "before": items[at - 1] if at else None,
        "after": items[at + 1] if at + 1 < len(items) else None,
    }
    return render(request, "desks/conferences/material.html", context)


def _changes(item: ConferenceItem, *, full: bool) -> list[Block]:
    then, since = (begun([item], full=full, at=at)[item.household_id] for at in (None, timezone.now()))
    return changed(then, since)


@require_http_methods(["GET", "POST"])
@password_first("POST")
def material_file(request, number: str) -> HttpResponse:
    """All pages of the material that the user may see as one PDF file, for a stated reason; taking it is logged."""
    found = conference_or_404(request, number)
    items, now = items_of(request, number), timezone.now()
    form = PaperForm(sent(request))
    if request.method == "POST" and form.is_valid() and _can_print(request):
        pages = pages_of(request.user, items)
        subjects = [person for page in pages.values() for person in page.subjects]
        reason = form.cleaned_data["reason"]
        detail = {"conference": found.number, "file": "material"}
        looked(request, Act.EXPORT, subjects=subjects, households=list(pages), reason=reason, detail=detail)
        content = paper.material_printed(found, items, pages, by=request.user, reason=reason, now=now)
        return _file(content, f"conference-{found.number}-{seoul_day(now).isoformat()}.pdf")
    context = {"form": form, "conference": found, "pages": len(items)}
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(request, "desks/conferences/print.html", context, status=status)


@require_http_methods(["GET", "POST"])
@password_first("POST")
def record_file(request, number: str) -> HttpResponse:
    """The record (회의록) as a PDF file, as it was frozen when it was closed; of households, those the user sees."""
    found = conference_or_404(request, number)
    if found.status != ConferenceStatus.CLOSED:
        messages.warning(request, _("There is a record once it was closed."))
        return redirect("desks:conference", number)
    form, now = PaperForm(sent(request)), timezone.now()
    items = items_of(request, number)
    if request.method == "POST" and form.is_valid() and _can_print(request):
        ids = [item.household_id for item in items]
        reason = form.cleaned_data["reason"]
        detail = {"conference": found.number, "file": "record"}
        subjects = [person for page in pages_of(request.user, items).values() for person in page.subjects]
        looked(request, Act.EXPORT, subjects=subjects, households=ids, reason=reason, detail=detail)
        content = paper.record_printed(found, ids, by=request.user, reason=reason, now=now)
        return _file(content, f"conference-record-{found.number}-{seoul_day(now).isoformat()}.pdf")
    context: dict[str, Any] = {"form": form, "conference": found, "pages": len(items), "record": True}
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(request, "desks/conferences/print.html", context, status=status)


def items_of(request, number: str) -> list[ConferenceItem]:
    """Return the households on the agenda that the user sees, in its order, the conference with each; one query."""
    rows = ConferenceItem.objects.visible_to(request.user).filter(conference__number=number).standing()
    return list(rows.select_related("conference__chair", "household", "brought_by").order_by("place", "id"))


def pages_of(
    user: User, items: Sequence[ConferenceItem], *, full: bool = False, today: bool = False
) -> dict[int, Material]:
    """Return {household id: its page} of items of one conference: as of now; once it has begun as of its hour, unless
    `today` is asked for; once the record is closed as kept."""
    status = items[0].conference.status if items else ""
    if status == ConferenceStatus.CLOSED:
        return {item.household_id: kept_material(item.conference, item) for item in items}
    live = materials_of(user, [item.household_id for item in items], now=timezone.now(), full=full)
    if status != ConferenceStatus.HELD or today:
        return live
    return {key: with_today(then, live[key]) for key, then in begun(items, full=full).items()}


def _can_print(request) -> bool:
    if not fonts_installed():
        messages.error(request, _("The font for PDF files is not installed."))
        return False
    return True


def _file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
