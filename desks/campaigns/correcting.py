"""Putting an answer right: the closed questions alone, as they were answered, on a page of their own."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from casework.agencies.request import Request
from casework.audit.models import Act
from casework.audit.record import looked
from desks.campaigns.answering import asked_of
from desks.campaigns.forms import CorrectionForm
from households.actions.refusal import Refused
from households.views.found import members_of, page_of
from risk.campaigns import deeds
from risk.models import CampaignAnswer


@require_http_methods(["GET", "POST"])
def correct(request: Request, pk: int, number: str) -> HttpResponse:
    """Correct what a household answered; the earlier answer stays on record. Where nobody has, it is asked first."""
    campaign, household = asked_of(request, pk, number)
    given = CampaignAnswer.objects.filter(campaign=campaign, household=household).select_related("recorded_by")
    stands = given.filter(superseded_at=None).first()
    if stands is None:
        return redirect("desks:campaign_answer", pk, number)
    form = CorrectionForm(request.POST or None, given=stands)
    if request.method == "POST" and form.is_valid():
        read = get_object_or_404(given, pk=form.cleaned_data["version"])
        if made := _corrected(request, form, read):
            return redirect(page_of(household) if made.in_crisis else reverse("desks:campaign", args=[pk]))
    members = members_of(household)
    people = [member.pk for member in members]
    looked(request, Act.OPEN, subjects=people, households=[household.pk], detail={"survey": pk})
    context = {
        "campaign": campaign,
        "household": household,
        "members": members,
        "form": form,
        "given": stands,
        "back": reverse("desks:campaign", args=[pk]),
    }
    return render(request, "desks/campaigns/correct.html", context, status=422 if form.is_bound else 200)


def _corrected(request: Request, form: CorrectionForm, read: CampaignAnswer) -> CampaignAnswer | None:
    try:
        made = deeds.correct_answer(read, by=request.user, **form.answers())
    except Refused as refused:
        form.add_error(None, str(refused))
        return None
    messages.success(request, _("The answer is corrected. The earlier one stays on record."))
    if made.in_crisis:
        messages.warning(request, _("You found this household in crisis. Please decide on the next step here."))
    return made
