"""The day: the list of what is due, putting off, the order of a day of visits."""

from datetime import timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework.agencies.models import User
from casework.agencies.roles import May, can
from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import seoul_day
from desks.day.asking import Row, rows_of
from desks.day.forms import SnoozeForm
from desks.day.route import day_asked, route_of
from desks.day.shown import day_of, href_of, source_of, stood_in_for
from desks.titles import shown_people, titles_of
from households.actions.refusal import Refused
from households.models import Household, Snooze
from households.tasklist import actions


@require_safe
def day(request) -> HttpResponse:
    """What is due, by day and household: one's own, or, for who oversees it, the whole centre's."""
    check_works(request.user)
    now = timezone.now()
    who, kind, whole = request.GET.get("who", ""), request.GET.get("kind", ""), "print" in request.GET
    found = day_of(request.user, now=now, who=who, kind=kind, number=request.GET.get("page"), whole=whole)
    looked(request, Act.LIST, subjects=shown_people(found.titles), households=found.titles, detail={"desk": "day"})
    asked = {name: value for name, value in (("who", who), ("kind", kind)) if value}
    context = {
        "found": found,
        "on": seoul_day(now),
        "now": now,
        "who": who,
        "kind": kind,
        "whole": whole,
        "leads": can(request.user, May.SEE_CENTRE),
        "query": urlencode(asked),
        "query_who": urlencode({"who": who}) if who else "",
        "query_kind": urlencode({"kind": kind}) if kind else "",
    }
    return render(request, "desks/day/day.html", context)


@require_http_methods(["GET", "POST"])
def snooze(request) -> HttpResponse:
    """Put off one thing (`?kind=`, `&key=`) until a day, with a reason; what is urgent is not put off."""
    check_works(request.user)
    on = seoul_day(timezone.now())
    row = _row(request.user, request.GET.get("kind", ""), request.GET.get("key", ""), on)
    if row is None or not source_of(row.due.kind).waits or row.put_off:
        messages.warning(request, _refused(row))
        return redirect("desks:day")
    source = source_of(row.due.kind)
    form = SnoozeForm(request.POST or None, initial={"until": on + timedelta(days=1)})
    if request.method == "POST" and form.is_valid() and _put_off(request, form, row, on):
        messages.success(request, _("Put off. It comes back by itself."))
        return redirect("desks:day")
    titles = titles_of(request.user, [row.due.household] if row.due.household else [], on=on)
    looked(request, Act.LIST, subjects=shown_people(titles), households=titles, detail={"desk": "day"})
    title = titles.get(row.due.household) if row.due.household else None
    context = {"form": form, "row": row, "source": source, "title": title, "href": href_of(row)}
    return render(request, "desks/day/snooze.html", context, status=422 if request.method == "POST" else 200)


@require_POST
def snooze_lift(request, pk: int) -> HttpResponse:
    """Let something that was put off come back at once; twice changes nothing."""
    check_works(request.user)
    found = get_object_or_404(Snooze.objects.visible_to(request.user), pk=pk)
    if actions.lift(found, by=request.user, now=timezone.now()):
        messages.success(request, _("It is back on the list."))
    return redirect("desks:day")


@require_safe
def route(request) -> HttpResponse:
    """The visits of a day (`?on=2026-11-24`) in the order of their districts and towns, to print and take along."""
    check_works(request.user)
    now = timezone.now()
    on = day_asked(request.GET.get("on", ""), seoul_day(now))
    who = request.GET.get("who", "")
    found = route_of(request.user, on=on, who=who, mine={request.user.pk, *stood_in_for(request.user)})
    looked(request, Act.LIST, subjects=shown_people(found.titles), households=found.titles, detail={"desk": "route"})
    context = {
        "found": found,
        "on": on,
        "who": who,
        "leads": can(request.user, May.SEE_CENTRE),
        "before": f"{on - timedelta(days=1):%Y-%m-%d}",
        "after": f"{on + timedelta(days=1):%Y-%m-%d}",
    }
    return render(request, "desks/day/route.html", context)


def check_works(user: User) -> None:
    """Raise PermissionDenied unless the user looks after households."""
    if not can(user, May.SEE_CASELOAD):
        raise PermissionDenied(_("This page is for those who look after households."))


def _row(user: User, kind: str, key: str, on) -> Row | None:
    """Return what is due under this kind and key on the user's list, or None: it may have been done meanwhile."""
    return next((one for one in rows_of(user, on=on, only=(kind,)) if one.due.key == key), None)


def _refused(row: Row | None) -> str:
    if row is None:
        return _("This is not on your list any more.")
    if row.put_off:
        return _("This was put off already.")
    return _("This is not put off: somebody is waiting for it, or may be in danger.")


def _put_off(request, form: SnoozeForm, row: Row, on) -> bool:
    due = row.due
    home = Household.objects.visible_to(request.user).filter(pk=due.household).first() if due.household else None
    about = {"kind": due.kind, "key": due.key, "household": home, "due_on": due.day}
    try:
        actions.snooze(**about, **form.cleaned_data, by=request.user, on=on)
    except Refused as refused:
        refused.stand_on(form)
        return False
    return True
