"""Who of the centre is away, who stands in, and which households nobody stands in for (the supervisor's desk)."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from casework.agencies.models import User
from casework.agencies.roles import May, can
from casework.clock import seoul_day
from desks.atrisk.views import assignable_by
from households.actions import Refused, end_absence, record_absence
from households.models import Absence

COMING = timedelta(days=30)


@dataclass(frozen=True)
class Away:
    """An absence of today or soon: `bare` counts the worker's households for which nobody stands in on some of its days
    from today on; who is away too stands in for nobody. `both`: the substitute is away on some of these days."""

    absence: Absence
    first: date
    last: date
    today: bool
    bare: int
    both: bool


class AbsenceForm(forms.Form):
    """Who is away, from when until when, and who stands in."""

    use_required_attribute = False

    worker = forms.ModelChoiceField(label=gettext_lazy("Who is away"), queryset=User.objects.none())
    first = forms.DateField(
        label=gettext_lazy("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label=gettext_lazy("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    substitute = forms.ModelChoiceField(
        label=gettext_lazy("Who stands in"),
        queryset=User.objects.none(),
        required=False,
        help_text=gettext_lazy("has the households for these days; they come back by themselves"),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind of absence"), choices=Absence.Kind.choices)

    def __init__(self, *args: Any, by: User, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        people = User.objects.filter(pk__in=[user.pk for user in assignable_by(by)]).order_by("name", "id")
        for name in ("worker", "substitute"):
            field: Any = self.fields[name]
            field.queryset = people
        self.initial.setdefault("first", on)


@require_http_methods(["GET", "POST"])
def absences(request) -> HttpResponse:
    """Everybody who is away now or soon, and the form that records another absence."""
    check_assigns(request.user)
    on = seoul_day(timezone.now())
    wanted = {name: request.GET[name] for name in ("worker", "substitute", "first", "last") if name in request.GET}
    form = AbsenceForm(request.POST or None, by=request.user, on=on, initial=wanted)
    if request.method == "POST" and form.is_valid() and _recorded(request, form):
        return redirect("desks:absences")
    context = {"form": form, "away": away_of(request.user, on=on), "on": on}
    return render(request, "desks/absences.html", context, status=422 if form.is_bound else 200)


@require_POST
def back(request, fact_id: int) -> HttpResponse:
    """Somebody is back earlier: from today the substitute's days end."""
    check_assigns(request.user)
    found = get_object_or_404(Absence.objects.current().visible_to(request.user), fact_id=fact_id)
    end_absence(found, on=seoul_day(timezone.now()), by=request.user)
    messages.success(
        request, _("%(name)s is back; the households are no longer with the substitute.") % {"name": found.worker}
    )
    return redirect("desks:absences")


def check_assigns(user: User) -> None:
    """Raise PermissionDenied unless the user decides over the work of a centre."""
    if not can(user, May.ASSIGN):
        raise PermissionDenied(_("Work is assigned by the supervisor or the head of the centre."))


def away_of(user: User, *, on: date) -> list[Away]:
    """Return the absences at the user's agency that run today or begin within 30 days, the nearest first; 2 queries."""
    rows = Absence.objects.current().visible_to(user)
    rows = rows.filter(during__endswith__gt=on, during__startswith__lte=on + COMING, during__isempty=False)
    found = list(rows.select_related("worker", "substitute").order_by("during", "id"))
    bare = _bare(found, on)
    return [
        Away(
            row,
            row.during.lower,
            row.during.upper - timedelta(days=1),
            row.during.lower <= on,
            *bare[row.pk],
        )
        for row in found
    ]


def _bare(found: list[Absence], on: date) -> dict[int, tuple[int, bool]]:
    """Return {absence id: households without a substitute on some of its days still to come, whether the substitute is
    away on one of them}."""
    rows = [(row.pk, row.worker_id, row.substitute_id, max(on, row.during.lower), row.during.upper) for row in found]
    if not rows:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_BARE, [list(column) for column in zip(*rows, strict=True)])
        return {key: (bare, both) for key, bare, both in cursor.fetchall()}


_BARE = """
WITH away AS (
    SELECT id, worker_id, substitute_id, daterange(first, last) AS days
    FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::date[], %s::date[])
        AS away (id, worker_id, substitute_id, first, last)
)
SELECT away.id,
    (SELECT count(DISTINCT main.household_id)
        FROM households_assignment main
        WHERE main.worker_id = away.worker_id AND main.kind = 'main' AND main.superseded_at IS NULL
            AND main.during && away.days
            AND datemultirange(main.during * away.days) - COALESCE((
                SELECT range_agg(here.days)
                FROM households_assignment other
                CROSS JOIN LATERAL (SELECT datemultirange(other.during) - COALESCE((
                    SELECT range_agg(gone.during) FROM households_absence gone
                    WHERE gone.worker_id = other.worker_id AND gone.superseded_at IS NULL
                ), '{}') AS days) here
                WHERE other.household_id = main.household_id AND other.kind = 'substitute'
                    AND other.superseded_at IS NULL AND other.during && away.days
            ), '{}') <> '{}'),
    EXISTS (SELECT FROM households_absence gone WHERE gone.worker_id = away.substitute_id
        AND gone.superseded_at IS NULL AND gone.during && away.days)
FROM away
"""


def _recorded(request, form: AbsenceForm) -> bool:
    data = form.cleaned_data
    try:
        record_absence(
            data["worker"],
            first=data["first"],
            last=data["last"],
            substitute=data["substitute"],
            kind=data["kind"],
            by=request.user,
        )
    except Refused as refused:
        refused.stand_on(form)
        return False
    messages.success(request, _("The absence is recorded."))
    if data["substitute"] is None:
        messages.warning(request, _("Nobody stands in: please name somebody before the first day."))
    if left := _left_by(data["worker"], request.user):
        said = _("%(name)s was to stand in for %(others)s on some of these days. Please name somebody else for them.")
        messages.warning(request, said % {"name": data["worker"], "others": ", ".join(left)})
    return True


def _left_by(worker: User, by: User) -> list[str]:
    """Return who is away and has the worker, who is away now too, as substitute."""
    away = away_of(by, on=seoul_day(timezone.now()))
    return [str(item.absence.worker) for item in away if item.bare and item.absence.substitute_id == worker.pk]
