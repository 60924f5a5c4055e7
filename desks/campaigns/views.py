"""Surveys: which there are, opening one, how it goes, and its numbers as a file."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Window
from django.db.models.aggregates import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework.agencies.models import User
from casework.agencies.request import Request
from casework.agencies.roles import May, can
from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import seoul_day
from desks.atrisk.views import page_number
from desks.campaigns.figures import labels_of, result_for, sees_numbers
from desks.campaigns.forms import PlanForm
from desks.campaigns.words import criteria_words
from desks.downloads import ReasonForm, csv_file, xlsx_file
from desks.figures.suppression import LEAST, ROUND
from desks.titles import shown_people, titles_of
from households.actions.refusal import Refused
from risk.campaigns import deeds
from risk.campaigns.counts import answered, to_ask
from risk.campaigns.population import Criteria, population
from risk.campaigns.states import CAMPAIGN
from risk.models import Campaign

PAGE = 50


@require_safe
def campaigns(request: Request) -> HttpResponse:
    """The surveys that the user may see, the newest first."""
    check_sees(request.user)
    rows = Campaign.objects.visible_to(request.user).select_related("agency").order_by("-id")
    context = {"campaigns": rows, "may_open": can(request.user, May.SURVEY), "on": seoul_day(timezone.now())}
    return render(request, "desks/campaigns/list.html", context)


@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Choose whom a survey asks; `?from=` takes the filter of an earlier one."""
    deeds.check_can_open(request.user)
    form = PlanForm(request.POST or None, user=request.user, initial=_earlier(request))
    if request.method == "POST" and form.is_valid() and (made := _planned(request, form)):
        return redirect("desks:campaign", made.pk)
    return render(request, "desks/campaigns/new.html", {"form": form}, status=422 if request.method == "POST" else 200)


@require_safe
def campaign(request: Request, pk: int) -> HttpResponse:
    """One survey: the draft with whom it would ask, or how it stands and who is still to be asked."""
    check_sees(request.user)
    found = get_object_or_404(Campaign.objects.visible_to(request.user).select_related("agency"), pk=pk)
    on = seoul_day(timezone.now())
    draft = found.frozen_on is None
    context = {
        "campaign": found,
        "on": on,
        "late": found.reply_by < on,
        "criteria": criteria_words(Criteria.of(found.criteria)),
        "steps": CAMPAIGN.open_to(found, request.user),
        "preview": preview_of(found, on) if draft else None,
        "national": found.agency_id is None and not can(request.user, May.SEE_CENTRE),
        "result": result_for(request.user, found) if not draft and sees_numbers(request.user) else None,
        "labels": list(labels_of().values()),
        "reason": ReasonForm(),
        "may_open": can(request.user, May.SURVEY),
        **(asked_shown(request, found) if not draft and can(request.user, May.SEE_CASELOAD) else {"asked": None}),
    }
    if context["asked"] is None:
        looked(request, Act.LIST, detail={"survey": found.pk})
    return render(request, "desks/campaigns/one.html", context)


@require_POST
def campaign_step(request: Request, pk: int, verb: str) -> HttpResponse:
    """Freeze, close or discard a survey."""
    deeds.check_can_open(request.user)
    found = get_object_or_404(Campaign.objects.visible_to(request.user), pk=pk)
    if verb not in CAMPAIGN.steps:
        raise Http404
    now = timezone.now()
    try:
        if verb == "freeze":
            deeds.freeze(found, by=request.user, now=now, on=seoul_day(now))
            messages.success(request, _("The survey has begun. Whom it asks does not change any more."))
        elif verb == "close":
            deeds.close(found, by=request.user, now=now)
            messages.success(request, _("The survey is closed. Who did not answer stays in the steps of contact."))
        else:
            deeds.discard(found, by=request.user)
            messages.success(request, _("The draft is discarded."))
            return redirect("desks:campaigns")
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("desks:campaign", pk)


@require_POST
def campaign_file(request: Request, pk: int) -> HttpResponse:
    """The numbers of a survey as a file, never a household; the reason is kept."""
    if not sees_numbers(request.user):
        raise PermissionDenied(_("The numbers of a survey are for those who see figures or a whole centre."))
    found = get_object_or_404(Campaign.objects.visible_to(request.user).exclude(frozen_on=None), pk=pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return render(request, "desks/reason.html", {"form": form, "back": "desks:campaigns"}, status=422)
    result = result_for(request.user, found)
    kind = "xlsx" if request.POST.get("as") == "xlsx" else "csv"
    detail = {"survey": found.pk, "rows": len(result.rows()), "as": kind}
    looked(request, Act.EXPORT, reason=form.cleaned_data["reason"], detail=detail)
    as_file = xlsx_file if kind == "xlsx" else csv_file
    return as_file(f"survey-{found.pk}.{kind}", result.header(), result.rows())


def check_sees(user: User) -> None:
    """Raise PermissionDenied unless the user asks households or sees figures."""
    if not (can(user, May.SEE_CASELOAD) or can(user, May.SEE_FIGURES)):
        raise PermissionDenied(_("Surveys are for those who look after households or see figures."))


def preview_of(found: Campaign, on: Any) -> dict[str, Any]:
    """Return how many households the draft would ask now: exact in a centre, else rounded to tens, for a filter that
    can be changed at will must not count a few people out."""
    count = population(Criteria.of(found.criteria), agency=found.agency_id, on=on).count()
    if found.agency_id:
        return {"count": count, "few": False, "about": False, "none": not count}
    return {"count": (count + ROUND // 2) // ROUND * ROUND, "few": count < LEAST, "about": True, "none": False}


def asked_shown(request: Request, found: Campaign) -> dict[str, Any]:
    """Return one page of the households that the user may see and that have not answered, or with `?show=answered` of
    those that have; looking is logged."""
    number, on = page_number(request), seoul_day(timezone.now())
    first, done = (number - 1) * PAGE, request.GET.get("show") == "answered"
    asked = (answered if done else to_ask)(found, request.user)
    rows = list(asked.annotate(of=Window(Count("pk")))[first : first + PAGE])
    titles = titles_of(request.user, [row.household_id for row in rows], on=on)
    looked(request, Act.LIST, subjects=shown_people(titles), households=list(titles), detail={"survey": found.pk})
    whole = rows[0].of if rows else 0
    return {
        "asked": [{"row": row, "title": titles[row.household_id]} for row in rows if row.household_id in titles],
        "done": done,
        "left": whole,
        "pages": range(1, -(-whole // PAGE) + 1) if whole > PAGE else (),
        "number": number,
        "may_ask": can(request.user, May.RECORD_CONTACT),
    }


def _planned(request: Request, form: PlanForm) -> Campaign | None:
    data = form.cleaned_data
    plain = {name: data[name] for name in ("name", "purpose", "reply_by", "client_key")}
    try:
        on = seoul_day(timezone.now())
        return deeds.plan(**plain, criteria=form.criteria(), by=request.user, on=on)
    except Refused as refused:
        form.add_error(refused.field, str(refused))
        return None


def _earlier(request: Request) -> dict[str, Any]:
    """Return the name-less beginning of a new form: the filter of the survey in `?from=`."""
    pk = request.GET.get("from", "")
    found = Campaign.objects.visible_to(request.user).filter(pk=pk).first() if pk.isdecimal() and len(pk) < 18 else None
    return {**found.criteria, "purpose": found.purpose} if found else {}
