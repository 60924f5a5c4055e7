"""The review of a household, the second person's yes, and the criteria in force."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework.agencies.request import Request
from casework.agencies.roles import May, can
from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import seoul_day
from casework.context import url_or_nothing
from households.members import title_of
from households.models import Household
from households.views.found import members_of
from risk import actions
from risk.bands import level_of
from risk.forms import ReviewForm
from risk.models import Flag, Review, Standing
from risk.published import coming, criteria_on
from risk.rights import check_can_review
from risk.rules import rule_of
from risk.sentences import sentence


@require_http_methods(["GET", "POST"])
def review(request: Request, number: str) -> HttpResponse:
    """Decide about a household's band or one of its reasons; the machine's band and the evidence stand beside."""
    household = get_object_or_404(Household.objects.visible_to(request.user), number=number)
    check_can_review(request.user, household)
    on = seoul_day(timezone.now())
    standing = Standing.objects.filter(household=household).first() or Standing(household=household)
    flags = Flag.objects.open().filter(household=household).order_by("-trump", "-points", "rule", "id")
    members = members_of(household, on)
    names = {member.pk: member.name for member in members}
    said = {flag.pk: ": ".join(filter(None, [names.get(flag.person_id), said_of(flag, on)])) for flag in flags}
    form = ReviewForm(request.POST or None, flags=flags, sentences=said, band=standing.band, on=on)
    if request.method == "POST" and form.is_valid() and decided(request, form, household, on):
        return redirect("desks:household", number)
    looked(request, Act.OPEN, subjects=[member.pk for member in members], households=[household.pk])
    context = {
        "household": household,
        "name": title_of(members, household),
        "standing": standing,
        "flags": [
            {
                "flag": flag,
                "said": said[flag.pk],
                "rule": rule_of(flag.rule, flag.evidence),
                "level": int(level_of(trump=flag.trump, floor=flag.floor, points=flag.points)),
            }
            for flag in flags
        ],
        "form": form,
        "past": past_of(household, request.user),
        "back": url_or_nothing("desks:household", number),
    }
    return render(request, "risk/review.html", context, status=422 if form.is_bound else 200)


@require_POST
def endorse(request: Request, number: str, review_id: int) -> HttpResponse:
    """The second person's yes to a review that lowers High or Emergency."""
    household = get_object_or_404(Household.objects.visible_to(request.user), number=number)
    check_can_review(request.user, household)
    found = get_object_or_404(Review.objects.visible_to(request.user), household=household, pk=review_id)
    try:
        actions.endorse(found, by=request.user)
        messages.success(request, _("You agreed: the decision counts now."))
    except actions.Refused as refused:
        messages.error(request, str(refused))
    return redirect("desks:household", number)


def decided(request: Request, form: ReviewForm, household: Household, on: date) -> bool:
    """Take the decision; a refusal becomes a sentence on the form and gives False."""
    try:
        made = actions.review(household, by=request.user, on=on, **form.cleaned_data)
    except actions.Refused as refused:
        form.add_error(None, str(refused))
        return False
    messages.success(request, _("Your decision is recorded."))
    if actions.needs_second_person(made):
        messages.warning(request, _("High and Emergency are lowered only when a second person agrees."))
    return True


def said_of(flag: Flag, on: date) -> str:
    """Return the full sentence of a flag in the language of the page."""
    return sentence(flag.rule, flag.evidence, flag.since, on, kind="full", language=get_language() or "ko")


def past_of(household: Household, user: Any) -> list[dict[str, Any]]:
    """Return the latest decisions, each with whether a second person still has to agree, and not `user`."""
    rows = Review.objects.filter(household=household).select_related("recorded_by", "flag", "endorsement__recorded_by")
    return [
        {
            "review": row,
            "rule": rule_of(row.flag.rule, row.flag.evidence).name if row.flag else "",
            "second": getattr(row, "endorsement", None),
            "waits": actions.needs_second_person(row) and getattr(row, "endorsement", None) is None,
            "mine": row.recorded_by_id == user.pk,
        }
        for row in rows.order_by("-recorded_at", "-id")[:10]
    ]


@login_not_required
@require_safe
def criteria(request: Request) -> HttpResponse:
    """The criteria in force on a day, for everybody: the people they concern need no log-in to read them.

    Nothing about any household stands here, and nobody's look is logged.
    """
    today = seoul_day(timezone.now())
    on, wrong = day_asked(request.GET.get("on", ""), today)
    may_set = request.user.is_authenticated and can(request.user, May.SET_CRITERIA)
    leads = request.user.is_authenticated and can(request.user, May.SEE_CENTRE)
    context = {
        **criteria_on(on),
        "on": on,
        "today": today,
        "wrong": wrong,
        "coming": coming(today) if on == today else [],
        "may_set": may_set,
        "changes": url_or_nothing("desks:changes") if may_set or leads else "",
    }
    return render(request, "risk/criteria.html", context, status=400 if wrong else 200)


def day_asked(text: str, today: date) -> tuple[date, str]:
    """Return the day asked for and "", or today and the sentence that says what would be right."""
    try:
        return (date.fromisoformat(text) if text else today), ""
    except ValueError:
        return today, _("Write the day as year-month-day, such as %(day)s. Today's criteria are shown.") % {
            "day": today
        }
