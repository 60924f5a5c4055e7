"""The page on which a supervisor ends the search for somebody, and the second person's button."""

from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from casework.agencies.request import Request
from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import seoul_day
from households.members import title_of
from households.models import Household
from households.views.found import members_of
from risk.actions import Refused
from risk.models import SearchEnd, Standing
from risk.reach import actions as reach
from risk.rights import check_can_review

# What is said again and again at such moments, and is no reason: offered, so that the refusal can say what to do.
NO_REASON = {
    "wrong_number": (
        gettext_lazy("The number is wrong or not in use"),
        gettext_lazy("A wrong number is no reason to end the search: ask the town office for the number and visit."),
    ),
    "no_answer": (
        gettext_lazy("Nobody answers"),
        gettext_lazy("That nobody answers is no reason to end the search: it is the reason to go on to the next step."),
    ),
    "moved_unknown": (
        gettext_lazy("Moved, nobody knows where"),
        gettext_lazy("That somebody moved is no reason to end the search: record where the person is, confirmed."),
    ),
    "other_agency": (
        gettext_lazy("Another agency looks after them"),
        gettext_lazy(
            "That another agency looks after them is no reason to end the search: record who met the person, and when."
        ),
    ),
}


class SearchEndForm(forms.Form):
    """Why the search ends, and on what evidence. Nothing is preselected."""

    use_required_attribute = False

    reason = forms.ChoiceField(
        label=gettext_lazy("Why does the search end"),
        choices=[*SearchEnd.Reason.choices, *((word, said[0]) for word, said in NO_REASON.items())],
        widget=forms.RadioSelect,
    )
    evidence = forms.CharField(
        label=gettext_lazy("Evidence"),
        help_text=gettext_lazy("who met or confirmed, when, which document"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
    )
    client_key = forms.UUIDField(widget=forms.HiddenInput)

    def clean_reason(self) -> str:
        """Refuse what is no reason, with what to do instead."""
        reason: str = self.cleaned_data["reason"]
        if reason in NO_REASON:
            raise forms.ValidationError(str(NO_REASON[reason][1]))
        return reason


@require_http_methods(["GET", "POST"])
def end_search(request: Request, number: str) -> HttpResponse:
    """Decide that a search is over; the attempts stay where they are."""
    household = get_object_or_404(Household.objects.visible_to(request.user), number=number)
    check_can_review(request.user, household)
    now = timezone.now()
    form = SearchEndForm(request.POST or None, initial={"client_key": uuid4()}, label_suffix="")
    if request.method == "POST" and form.is_valid() and _ended(request, form, household, now):
        return redirect("desks:household", number)
    members = members_of(household, seoul_day(now))
    looked(request, Act.OPEN, subjects=[member.pk for member in members], households=[household.pk])
    standing = Standing.objects.filter(household=household).first() or Standing(household=household)
    context = {
        "household": household,
        "name": title_of(members, household),
        "standing": standing,
        "form": form,
        "past": _past(household, request.user),
        "back": reverse("desks:household", args=[number]),
    }
    return render(request, "risk/search_end.html", context, status=422 if form.is_bound else 200)


@require_POST
def agree(request: Request, number: str, end_id: int) -> HttpResponse:
    """The second person's yes to the end of a search."""
    household = get_object_or_404(Household.objects.visible_to(request.user), number=number)
    check_can_review(request.user, household)
    found = get_object_or_404(SearchEnd.objects.visible_to(request.user), household=household, pk=end_id)
    try:
        reach.agree_to_end(found, by=request.user)
        messages.success(request, _("You agreed: the decision counts now."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("desks:household", number)


def _ended(request: Request, form: SearchEndForm, household: Household, now: Any) -> bool:
    try:
        made = reach.end_search(household, by=request.user, on=seoul_day(now), **form.cleaned_data)
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    messages.success(request, _("Your decision is recorded."))
    if made.needs_second:
        second = _(
            "At High and Emergency, and for a reason in your own words, it ends only when a second person agrees."
        )
        messages.warning(request, second)
    return True


def _past(household: Household, user: Any) -> list[dict[str, Any]]:
    rows = SearchEnd.objects.filter(household=household).select_related("recorded_by", "agreement__recorded_by")
    return [
        {
            "end": row,
            "second": getattr(row, "agreement", None),
            "waits": row.needs_second and getattr(row, "agreement", None) is None,
            "mine": row.recorded_by_id == user.pk,
        }
        for row in rows.order_by("-recorded_at", "-id")[:5]
    ]
