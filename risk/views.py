"""The review of a household, the second person's yes, and the criteria in force."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
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
from households.members import members_on, title_of
from households.models import Household
from risk import actions
from risk.forms import ReviewForm
from risk.judge import in_force
from risk.models import Flag, Review, Standing
from risk.rights import check_can_review
from risk.rules import RULES
from risk.sentences import sentence


@require_http_methods(["GET", "POST"])
def review(request: Request, number: str) -> HttpResponse:
    """Decide about a household's band or one of its reasons; the machine's band and the evidence stand beside."""
    household = get_object_or_404(Household.objects.visible_to(request.user), number=number)
    check_can_review(request.user, household)
    on = seoul_day(timezone.now())
    standing = Standing.objects.filter(household=household).first() or Standing(household=household)
    flags = Flag.objects.open().filter(household=household, rule__in=RULES).order_by("-trump", "-points", "rule", "id")
    members = members_on([household], on).get(household.pk, [])
    names = {member.pk: member.name for member in members}
    said = {flag.pk: ": ".join(filter(None, [names.get(flag.person_id), said_of(flag, on)])) for flag in flags}
    form = ReviewForm(request.POST or None, flags=flags, sentences=said, band=standing.band, on=on)
    if request.method == "POST" and form.is_valid() and decided(request, form, household, on):
        return redirect("desks:household", number)
    looked(request, Act.OPEN, subjects=[member.pk for member in members], households=[household.pk])
    context = {
        "household": household,
        "name": household.number if standing.address_protected else title_of(members, household),
        "standing": standing,
        "flags": [{"flag": flag, "said": said[flag.pk], "rule": RULES[flag.rule]()} for flag in flags],
        "form": form,
        "past": past_of(household, request.user),
        "back": url_or_nothing("desks:household", number),
    }
    return render(request, "risk/review.html", context, status=422 if form.is_bound else 200)


@require_POST
def endorse(request: Request, number: str, review_id: int) -> HttpResponse:
    """The second person's yes to a review that steps an Emergency down."""
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
        messages.warning(request, _("An Emergency is stepped down only when a second person agrees."))
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
            "rule": RULES[row.flag.rule].name if row.flag and row.flag.rule in RULES else "",
            "second": getattr(row, "endorsement", None),
            "waits": actions.needs_second_person(row) and getattr(row, "endorsement", None) is None,
            "mine": row.recorded_by_id == user.pk,
        }
        for row in rows.order_by("-recorded_at", "-id")[:10]
    ]


@require_safe
def criteria(request: Request) -> HttpResponse:
    """The rules in force today, with their numbers and what each rests on. No household is shown."""
    if not any(can(request.user, word) for word in (May.SEE_CASELOAD, May.SEE_FIGURES)):
        raise PermissionDenied(_("The criteria are for those who work with bands or figures."))
    __, rules = in_force(seoul_day(timezone.now()))
    rows = [
        {
            "rule": known.rule,
            "version": known.version,
            "condition": str(known.rule.condition).format(**known.rule.params),
            "floor": known.rule.floor,
            "basis": known.rule.basis_text(),
        }
        for known in rules
    ]
    return render(request, "risk/criteria.html", {"rows": rows})
