"""The page on which a crisis of a household is recorded; what was recorded before stands beside it."""

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from casework.agencies.request import Request
from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import seoul_day
from households.forms.contact import offer, one_of
from households.forms.moments import Day
from households.members import title_of
from households.models import Household
from households.views.found import members_of, sent
from risk.actions import Refused
from risk.incidents.actions import WITHIN, check_can_record_incident, record_incident, withdraw_incident
from risk.models import Incident

NOBODY = "-"


class IncidentForm(forms.Form):
    """What happened, to whom, on which day, and how it is known. Nothing is preselected."""

    use_required_attribute = False

    kind = one_of(Incident.Kind.choices, pgettext_lazy("crisis", "What happened"), required=True)
    who = one_of([], gettext_lazy("To whom"), required=True)
    occurred_on = Day(label=gettext_lazy("On which day"))
    source = forms.CharField(
        label=gettext_lazy("How is it known"),
        help_text=gettext_lazy("told by the hospital, the police, the landlord, a neighbour"),
        max_length=80,
        required=False,
    )
    note = forms.CharField(
        label=gettext_lazy("What should be remembered"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        required=False,
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, members: list[Any], day: date, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", "initial": {"key": uuid4(), "occurred_on": day}, **kwargs})
        self.people = {member.person.case_number: member.person for member in members}
        whole = [(NOBODY, _("The whole household"))]
        offer(self, "who", [*((member.person.case_number, member.name) for member in members), *whole])

    def said(self) -> dict[str, Any]:
        """Return what is recorded, by the names of the verb."""
        data = self.cleaned_data
        names = ("kind", "occurred_on", "source", "note")
        return {name: data[name] for name in names} | {
            "person": self.people.get(data["who"]),
            "client_key": data["key"],
        }


@require_http_methods(["GET", "POST"])
def incident(request: Request, number: str) -> HttpResponse:
    """Record a crisis, so that it can be asked later whether the rules warned of it."""
    household = get_object_or_404(Household.objects.visible_to(request.user), number=number)
    check_can_record_incident(request.user, household)
    now = timezone.now()
    day = seoul_day(now)
    members = members_of(household, day)
    form = IncidentForm(sent(request), members=members, day=day)
    if request.method == "POST" and form.is_valid() and _recorded(request, form, household, day):
        return redirect("desks:household", number)
    looked(request, Act.OPEN, subjects=[member.pk for member in members], households=[household.pk])
    context = {
        "household": household,
        "name": title_of(members, household),
        "form": form,
        "past": _past(household, request.user, {member.pk: member.name for member in members}, now),
        "back": reverse("desks:household", args=[number]),
    }
    return render(request, "risk/incident.html", context, status=422 if form.is_bound else 200)


@require_POST
def incident_withdraw(request: Request, number: str, fact_id: int) -> HttpResponse:
    """Take a mistaken entry back."""
    household = get_object_or_404(Household.objects.visible_to(request.user), number=number)
    check_can_record_incident(request.user, household)
    seen = Incident.objects.current().visible_to(request.user).filter(household=household)
    try:
        withdraw_incident(get_object_or_404(seen, fact_id=fact_id), by=request.user, now=timezone.now())
        messages.success(request, _("The entry is taken back."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("risk:incident", number)


def _recorded(request: Request, form: IncidentForm, household: Household, day: date) -> bool:
    try:
        record_incident(household, by=request.user, on=day, **form.said())
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    messages.success(request, _("The crisis is recorded."))
    return True


def _past(household: Household, user: Any, names: dict[int, str], now: Any) -> list[dict[str, Any]]:
    rows = Incident.objects.current().visible_to(user).filter(household=household).select_related("recorded_by")
    return [
        {
            "incident": row,
            "who": names.get(row.person_id, ""),
            "mine": row.recorded_by_id == user.pk and now - row.recorded_at <= WITHIN,
        }
        for row in rows.order_by("-occurred_on", "-fact_id")[:20]
    ]
