"""Giving many households to others: suggestions that even out the work, a preview, one act, and the way back."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from casework.agencies.models import User
from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import seoul_day
from desks.centre.absences import check_assigns
from desks.centre.weights import Holding, Plan, Worker, balanced, holdings_of, loads_after, weigher, workers_of
from desks.titles import shown_people, titles_of
from households.actions import Move, Refused, reassign, undo_reassignment
from households.actions.many import MOST, can_undo
from households.models import Household, Reassignment
from risk.bands import Band

NOBODY = "nobody"
RECENT = 5


class PlanForm(forms.Form):
    """From whom, to whom, which bands. Everything may be left out: then the work is evened out."""

    use_required_attribute = False

    giver = forms.ChoiceField(label=pgettext_lazy("reassignment", "From"), required=False)
    taker = forms.ChoiceField(label=pgettext_lazy("reassignment", "To"), required=False)
    band = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Only these bands"),
        choices=[(band.value, band.label) for band in sorted(Band, reverse=True)],
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, workers: list[Worker], **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        people = [(str(worker.user.pk), str(worker.user)) for worker in workers]
        able = [(str(worker.user.pk), str(worker.user)) for worker in workers if not worker.gone]
        choices: Any = self.fields
        choices["giver"].choices = [("", _("whoever carries too much")), (NOBODY, _("Nobody responsible")), *people]
        choices["taker"].choices = [("", _("whoever has room")), *able]


@require_safe
def plan(request) -> HttpResponse:
    """Show who carries how much, a plan, and what would change by it. Looking changes nothing."""
    check_assigns(request.user)
    now = timezone.now()
    on = seoul_day(now)
    holdings = holdings_of(request.user, on=on)
    workers = workers_of(request.user, holdings, on=on)
    form = PlanForm(request.GET, workers=workers)
    moves = planned(holdings, workers, form.cleaned_data) if form.is_valid() else []
    titles = titles_of(request.user, {holding.household for holding, __ in moves}, on=on)
    looked(request, Act.LIST, subjects=shown_people(titles), households=titles, detail={"desk": "reassign"})
    weight = weigher(on)
    context = {
        "form": form,
        "loads": loads_after(holdings, workers, moves),
        "moves": moves_shown(moves, workers, titles),
        "weights": [(int(band), weight(band)) for band in sorted(Band, reverse=True)],
        "key": uuid4(),
        "most": MOST,
        "recent": recent_of(request.user, now),
    }
    return render(request, "desks/reassign.html", context)


@require_POST
def give(request) -> HttpResponse:
    """Do what the preview showed, for the households that are still ticked."""
    check_assigns(request.user)
    chosen = dict(text.partition("|")[::2] for text in request.POST.getlist("move"))
    seen = Household.objects.kept_by(request.user).filter(number__in=chosen).values_list("number", "pk")
    moves = [move for number, pk in seen.order_by("pk") if (move := _move(pk, chosen[number]))]
    try:
        made = reassign(
            moves,
            on=seoul_day(timezone.now()),
            by=request.user,
            reason=request.POST.get("reason", "").strip()[:200],
            client_key=_key(request.POST.get("key", "")),
        )
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("desks:reassign")
    n = made.rows.count()
    said = ngettext("%(n)s household was given to another worker.", "%(n)s households were given to other workers.", n)
    messages.success(request, said % {"n": n})
    return redirect("desks:reassign")


@require_POST
def undo(request, pk: int) -> HttpResponse:
    """Give back what was given within the last 24 hours, where nothing changed since."""
    check_assigns(request.user)
    made = get_object_or_404(Reassignment.objects.visible_to(request.user), pk=pk)
    now = timezone.now()
    try:
        undo_reassignment(made, now=now, on=seoul_day(now), by=request.user)
        messages.success(request, _("The households are back with whoever had them."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("desks:reassign")


def planned(holdings: list[Holding], workers: list[Worker], asked: dict[str, Any]) -> Plan:
    """Return the plan that is asked for: from one to one, from one to whoever has room, or an evening out of all.

    What `stays` with whom it knows is given away only where somebody says from whom and to whom.
    """
    giver, taker, bands = asked["giver"], asked["taker"], asked["band"]
    if not giver:
        plan = [move for move in balanced(holdings, workers) if not taker or move[1] == int(taker)]
        return [move for move in plan if not bands or move[0].band in bands]
    source = None if giver == NOBODY else int(giver)
    theirs = [one for one in holdings if one.worker == source and (not bands or one.band in bands)]
    if taker:
        return [(one, int(taker)) for one in theirs if one.worker != int(taker)][:MOST]
    free = [one for one in theirs if not one.stays or source is None]
    return _shared_out(free, holdings, workers, source)


def _shared_out(free: list[Holding], holdings: list[Holding], workers: list[Worker], source: int | None) -> Plan:
    """Give all of `free` to the others, each to whoever carries least of what is even."""
    takers = {worker.user.pk: worker.room for worker in workers if worker.takes and worker.room}
    takers.pop(source or 0, None)
    if not takers:
        return []
    carried = {pk: sum(one.weight for one in holdings if one.worker == pk) for pk in takers}
    moves = []
    for one in sorted(free, key=lambda one: (-one.weight, one.household))[:MOST]:
        to = min(takers, key=lambda pk: ((carried[pk] + one.weight) / takers[pk], pk))
        carried[to] += one.weight
        moves.append((one, to))
    return moves


def moves_shown(moves: Plan, workers: list[Worker], titles: dict[int, Any]) -> list[dict[str, Any]]:
    """Return the moves as the page shows them: `value` is what the form sends."""
    names: dict[int | None, User] = {worker.user.pk: worker.user for worker in workers}
    return [
        {
            "title": titles[holding.household],
            "band": holding.band,
            "from": names.get(holding.worker),
            "to": names[to],
            "value": f"{holding.number}|{to}|{holding.assignment or ''}",
        }
        for holding, to in moves
        if holding.household in titles
    ]


def recent_of(user: User, now: datetime) -> list[dict[str, Any]]:
    """Return the latest reassignments of the centre, and which of them can still be taken back."""
    rows = Reassignment.objects.visible_to(user).select_related("recorded_by", "undone").order_by("-recorded_at", "-id")
    return [
        {"made": row, "count": row.households, "can_undo": can_undo(row, now=now), "undone": hasattr(row, "undone")}
        for row in rows.annotate(households=Count("rows"))[:RECENT]
    ]


def _move(household: int, told: str) -> Move | None:
    to, __, was = told.partition("|")
    if not to.isdecimal() or not (was.isdecimal() or not was):
        return None
    return Move(household, int(to), int(was) if was else None)


def _key(text: str) -> Any:
    field = forms.UUIDField(required=False)
    try:
        return field.clean(text)
    except forms.ValidationError:
        return None
