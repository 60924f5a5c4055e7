"""Changing a meeting that is still to be held: the form, and the sentence for who comes second."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from casework.clock import seoul_day
from casework.workflow import NotNow
from households.views.found import sent
from households.views.refusing import refusing
from referrals.council.changing import ChangedBefore, change
from referrals.council.forms import ChangeMeetingForm
from referrals.council.views import meeting_or_404, too_late
from referrals.council.workflow import OPEN, keeps
from referrals.models.council import SHOWN_AFTER


@require_http_methods(["GET", "POST"])
def meeting_change(request, number):
    """Change the day, the place, the chair or the note of a meeting; once its agenda is out the members are told."""
    found = meeting_or_404(request, number)
    if not keeps(found.council, request.user):
        raise PermissionDenied(_("A meeting is kept by the agency that convenes the council."))
    if found.status not in OPEN:
        messages.warning(request, too_late(found))
        return redirect("referrals:meeting", number)
    form = ChangeMeetingForm(sent(request), initial=_stands(found))
    try:
        if form.is_bound and form.is_valid() and _changed(form, found, request):
            return redirect("referrals:meeting", number)
    except NotNow:
        messages.warning(request, too_late(meeting_or_404(request, number)))
        return redirect("referrals:meeting", number)
    except ChangedBefore:
        found.refresh_from_db()
        typed = request.POST.copy()
        typed["version"] = str(found.version)  # saved over theirs with the next press, with theirs before one's eyes
        form.data = typed
        return _page(request, found, form, clash=True, status=409)
    return _page(request, found, form, status=422 if form.is_bound else 200)


def _changed(form, found, request):
    done = refusing(form, change, found, by=request.user, now=timezone.now(), **form.cleaned_data)
    if done:
        messages.success(request, _("The meeting is changed."))
    return done


def _stands(found):
    """Return the words as they stand; an end that follows the day by itself is left empty, so that it goes on so."""
    stated = found.open_until != found.starts_at + SHOWN_AFTER
    last = seoul_day(found.open_until - timedelta(microseconds=1)) if stated else None
    words = {name: getattr(found, name) for name in ("starts_at", "place", "chair", "note", "version")}
    return words | {"last_day": last}


def _page(request, found, form, *, clash=False, status=200):
    context = {"form": form, "meeting": found, "council": found.council, "clash": clash}
    return render(request, "referrals/council/change.html", context, status=status)
