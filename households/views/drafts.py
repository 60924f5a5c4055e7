"""Drafts: kept as they are typed, listed, taken up again, thrown away."""

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from casework.agencies.leading import led_to
from casework.templatetags.format import hourmin
from households.actions.refusal import Refused
from households.drafts import discard as throw_away
from households.drafts import keep
from households.models import Draft, Household
from households.views.found import draft_or_404


@require_safe
def drafts(request):
    """The user's own drafts, the newest first."""
    rows = list(Draft.objects.visible_to(request.user).select_related("household")[:100])
    return render(request, "households/drafts.html", {"drafts": rows})


def draft(request, key):
    """POST: keep what was typed so far, and say when. GET: go on writing."""
    if request.method in ("GET", "HEAD"):
        return redirect(_where(request, draft_or_404(request, key)))
    return _keep(request, key)


@require_POST
def _keep(request, key):
    kind = request.POST.get("kind", "")
    if kind not in Draft.Kind.values:
        return HttpResponse(status=400)
    number = request.POST.get("household")
    household = get_object_or_404(Household.objects.visible_to(request.user), number=number) if number else None
    typed = {name: values for name, values in request.POST.lists() if name != "step"}
    try:
        kept = keep(
            by=request.user, key=key, kind=kind, household=household, typed=typed, step=request.POST.get("step", "")
        )
    except Refused as refused:
        return HttpResponse(str(refused), status=413)
    if not request.accepts("text/html") or "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"draft": str(key), "at": hourmin(kept.saved_at)}) if kept else HttpResponse(status=204)
    messages.success(request, _("The draft is saved. You find it under your drafts."))
    return redirect("households:drafts")


@require_POST
def discard(request, key):
    """Throw a draft away; a second time there is nothing left to throw away, and nothing happens."""
    found = Draft.objects.visible_to(request.user).filter(client_key=key).first()
    if found:
        throw_away(found, by=request.user)
        messages.success(request, _("The draft was thrown away."))
    return redirect("households:drafts")


def _where(request, found):
    if found.kind == Draft.Kind.CONTACT and found.household:
        return reverse("households:contact", args=[found.household.number]) + f"?draft={found.client_key}"
    if found.kind == Draft.Kind.INTAKE:
        return reverse("households:intake_step", args=[found.client_key, found.step or "person"])
    # Forms of the floors above say themselves where they go on.
    asked = (found.payload.get("resume") or ["/"])[-1]
    return led_to(request, asked, reverse("households:drafts"))
