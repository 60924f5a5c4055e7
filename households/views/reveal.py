"""Showing a hidden field for thirty seconds, to whoever says why; the look is logged with whose data it was."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import seoul_day
from households.deaths.reported import why_not_called
from households.masks import REACHING, REVEALABLE, hidden_value
from households.views.found import person_or_404

SECONDS = 30
REASONS = {
    "call": _("To call or write"),
    "visit": _("To visit"),
    "referral": _("For a referral"),
    "check": _("To check the record"),
    "emergency": _("Danger to life"),
}
LABELS = {"phone": _("Telephone"), "safe_number": _("Safe number"), "town": _("Address")}


@never_cache
@require_http_methods(["GET", "POST"])
def reveal(request, case_number, what):
    """GET: the masked field, with `?ask` the question why. POST with a reason: the value, and a line in the log. Of
    somebody who has died, or of whose death a file tells, no number is shown: a sentence stands in its place."""
    person = person_or_404(request, case_number)
    now = timezone.now()
    found = hidden_value(person, what, seoul_day(now)) if what in REVEALABLE else None
    if not found:
        raise Http404
    masked, value = found
    if what in REACHING and (why_not := why_not_called(person, seoul_day(now))):
        return _answer(request, person, what, state="refused", value=why_not)
    reason = request.POST.get("reason", "") if request.method == "POST" else ""
    today = seoul_day(now).isoformat()
    if reason in REASONS:
        looked(request, Act.REVEAL, subjects=[person.pk], reason=reason, detail={"field": what})
        request.session["reveal_reason"] = [today, reason]
        return _answer(request, person, what, state="open", value=value, reason=reason)
    day, usual = request.session.get("reveal_reason", ["", ""])
    asking = request.method == "POST" or "ask" in request.GET
    state = "reason" if asking else "masked"
    return _answer(request, person, what, state=state, masked=masked, reason=usual if day == today else "")


def _answer(request, person, what, *, state, value="", masked="", reason=""):
    context = {
        "state": state,
        "value": value,
        "dots": masked,
        "reason": reason,
        "reasons": list(REASONS.items()),
        "what": LABELS[what],
        "url": reverse("households:reveal", args=[person.case_number, what]),
        "mask_id": f"mask-{person.pk}-{what}",
        "back": reverse("desks:person", args=[person.case_number]),
        "person": person,
    }
    template = "households/reveal.html#region" if request.htmx else "households/reveal.html"
    response = render(request, template, context)
    if state == "open" and not request.htmx:
        # Without JavaScript the page itself goes back behind the mask.
        response.headers["Refresh"] = f"{SECONDS}; url={context['url']}"
    return response
