"""The questionnaire of one household: made for a telephone in one hand."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from casework.agencies.request import Request
from casework.audit.models import Act
from casework.audit.record import looked
from desks.campaigns.forms import AnswerForm
from households.actions.refusal import Refused
from households.actions.rights import check_can_record_contact
from households.forms.choices import times
from households.forms.moments import value_of
from households.models import Household
from households.views.found import members_of, page_of
from risk.campaigns import deeds
from risk.models import Campaign, CampaignAnswer, CampaignHousehold


@require_http_methods(["GET", "POST"])
def answer(request: Request, pk: int, number: str) -> HttpResponse:
    """Record what a household answers, or that nobody was met."""
    campaign, household = asked_of(request, pk, number)
    given = CampaignAnswer.objects.current().filter(campaign=campaign, household=household)
    if request.method == "GET" and given.exists():
        return redirect("desks:campaign_correct", pk, number)
    members, now = members_of(household), timezone.now()
    form = _form(request, members, now)
    if request.method == "POST" and form.is_valid() and _recorded(request, campaign, household, form):
        in_crisis = form.met and form.answers()["in_crisis"]
        return redirect(page_of(household) if in_crisis else reverse("desks:campaign", args=[pk]))
    people = [member.pk for member in members]
    looked(request, Act.OPEN, subjects=people, households=[household.pk], detail={"survey": pk})
    context = {
        "campaign": campaign,
        "household": household,
        "members": members,
        "form": form,
        "key": _key(request),
        "back": reverse("desks:campaign", args=[pk]),
        "icons": {"visit": "door", "phone": "phone"},
        "met_icons": {"yes": "ok", "no": "x"},
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "desks/campaigns/answer.html", context, status=status)


def asked_of(request: Request, pk: int, number: str) -> tuple[Campaign, Household]:
    """Return the survey and the household it asks, for whoever records contacts there; anybody else is refused."""
    household = get_object_or_404(Household.objects.visible_to(request.user), number=number)
    check_can_record_contact(request.user, household)
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user), pk=pk)
    get_object_or_404(CampaignHousehold, campaign=campaign, household=household)
    return campaign, household


def _form(request, members, now):
    initial = {"at": value_of(now)}
    if len(members) == 1:
        initial["people"] = [members[0].person.case_number]
    sent = request.POST if request.method == "POST" else None
    kept = sent.get("at") if sent else initial["at"]
    return AnswerForm(sent, initial=initial, members=members, now=now, times=times(now, kept), next_times=[])


def _recorded(request, campaign, household, form):
    """Do it and say so; tell whether it was done."""
    told = {"entry": form.entry(), "by": request.user, "client_key": _key(request)}
    try:
        if form.met:
            made = deeds.answer(campaign, household, people=form.people_met(), **told, **form.answers())
            messages.success(request, _("The answer is saved."))
            if made.in_crisis:
                messages.warning(request, _("You found this household in crisis. Please decide on the next step here."))
        else:
            deeds.tried(campaign, household, **told)
            messages.success(request, _("The attempt is saved. An attempt is work too."))
    except Refused as refused:
        refused.stand_on(form)
        return False
    return True


def _key(request) -> UUID:
    """Return the key of the form, one for each time that it is opened; what is none leads nowhere."""
    try:
        return UUID(request.POST["key"]) if "key" in request.POST else uuid4()
    except ValueError as error:
        raise Http404 from error
