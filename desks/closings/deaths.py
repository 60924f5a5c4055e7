"""After a death: the review of what was known, what is done for those who stay, and the correction of a mistake."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import day_begins, seoul_day
from casework.workflow import NotNow, NotYours
from desks.closings import shown
from desks.closings.forms import BereavedForm, ReasonForm, ReviewForm
from desks.closings.words import REVIEWED
from desks.titles import titles_of
from households.actions import Refused, correct_death, record_bereaved, write_review
from households.actions.rights import check_can_record_contact
from households.deaths.workflow import DEATH_REVIEW
from households.members import called_on
from households.models import BereavedStep, Contact, DeathReview, Membership
from referrals.models import Referral


@require_safe
def review(request, case_number: str) -> HttpResponse:
    """The review of a death, for the centre that keeps the file; looking is logged."""
    return _page(request, _found(request, case_number))


@require_POST
def review_step(request, case_number: str, verb: str) -> HttpResponse:
    """Save the review, finish it, or record that the person is alive."""
    found = _found(request, case_number)
    if verb not in DEATH_REVIEW.steps:
        raise Http404
    form = (ReasonForm if verb == "mistaken" else ReviewForm)(request.POST)
    try:
        DEATH_REVIEW.check(found, verb, request.user)
        if form.is_valid():
            _take(found, verb, form.cleaned_data, request.user)
            messages.success(request, REVIEWED[verb])
            return redirect("desks:death_review", case_number)
    except NotYours:
        raise PermissionDenied(_("This step is for whoever leads the centre.")) from None
    except NotNow:
        messages.warning(request, _("This step is no longer open: somebody took it before you."))
        return redirect("desks:death_review", case_number)
    except Refused as refused:
        refused.stand_on(form)
    return _page(request, found, forms={"mistaken" if verb == "mistaken" else "write": form}, status=422)


@require_POST
def bereaved(request, case_number: str, kind: str) -> HttpResponse:
    """Record what was done for those who stay."""
    found = _found(request, case_number)
    check_can_record_contact(request.user, found.household)
    if kind not in BereavedStep.Kind.values:
        raise Http404
    form = BereavedForm(request.POST, auto_id=f"id_{kind}_%s")
    if form.is_valid():
        try:
            day = seoul_day(timezone.now())
            record_bereaved(found, kind=kind, by=request.user, on=day, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("desks:death_review", case_number)
        except Refused as refused:
            refused.stand_on(form)
    return _page(request, found, forms={kind: form}, status=422)


def _take(found: DeathReview, verb: str, words: dict[str, str], user: Any) -> None:
    now = timezone.now()
    if verb == "mistaken":
        correct_death(found, by=user, now=now, reason=words["reason"])
    else:
        write_review(found, by=user, now=now, finish=verb == "finish", **words)


def _found(request, case_number: str) -> DeathReview:
    """Return the latest review of the person's death, as this user may see it; 404 for a stranger."""
    rows = DeathReview.objects.visible_to(request.user).filter(person__case_number=case_number)
    found = rows.select_related("household", "person", "opened_by", "finished_by").order_by("-id").first()
    if found is None:
        raise Http404
    return found


def _page(request, found: DeathReview, *, forms: Any = None, status: int = 200) -> HttpResponse:
    on, given = seoul_day(timezone.now()), forms or {}
    looked(request, Act.OPEN, subjects=[found.person_id], households=[found.household_id], detail={"page": "death"})
    initial = {name: getattr(found, name) for name in ("known", "last_contact", "waits", "learnt")}
    title = titles_of(request.user, {found.household_id}, on=on).get(found.household_id)
    names, _hidden = called_on([found.person_id], found.died_on)
    context = {
        "review": found,
        "name": names[found.person_id],
        "title": title,
        "on": on,
        "form": given.get("write") or ReviewForm(initial=initial),
        "mistaken": given.get("mistaken") or ReasonForm(),
        "buttons": {step.verb for step in DEATH_REVIEW.open_to(found, request.user)},
        "record": _record(found, request.user),
        "stays": _support(found, on, given),
        "history": shown.happened(found),
    }
    return render(request, "desks/closings/death.html", context, status=status)


def _record(found: DeathReview, user: Any) -> dict[str, Any]:
    """What the file itself answers: the last talk before the death, and the referrals that were open on that day; of
    those of other agencies only that there are any (`others`)."""
    end = day_begins(found.died_on)
    talks = Contact.objects.current().filter(household=found.household, contact_made=True, occurred_at__lt=end)
    sent = Referral.objects.filter(household=found.household, sent_at__lt=end).exclude(closed_at__lt=end)
    seen = list(Referral.objects.visible_to(user).filter(pk__in=sent).select_related("to_agency").order_by("id"))
    return {"talk": talks.order_by("-occurred_at").first(), "waiting": seen, "others": sent.count() > len(seen)}


def _support(found: DeathReview, on: Any, given: dict[str, Any]) -> list[dict[str, Any]]:
    """What is done for those who stay, and what is still to be done; nothing where nobody stays."""
    done = {row.kind: row for row in found.bereaved.select_related("recorded_by").order_by("id")}
    stay = Membership.objects.current().filter(household=found.household, during__contains=on).exists()
    kinds = [kind for kind in BereavedStep.Kind if stay or kind in done]
    blank = {kind: BereavedForm(initial={"done_on": on}, auto_id=f"id_{kind.value}_%s") for kind in kinds}
    return [{"kind": kind, "done": done.get(kind), "form": given.get(kind) or blank[kind]} for kind in kinds]
