"""What was told without consent for urgent danger: the list of it, and the second look at each."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from casework.agencies.models import WorkCalendar
from casework.agencies.roles import can
from casework.audit.models import Act
from casework.audit.record import looked
from casework.workflow import NotNow, NotYours
from referrals import clocks, reviews
from referrals.council.bringing import waiting_for_a_look
from referrals.models import GroundReview, Referral
from referrals.models.statutory import LOOKS_AGAIN

LATELY = 20


class JudgeForm(forms.Form):
    """The reason of the second look, read by who sent it."""

    upheld = forms.TypedChoiceField(choices=[("yes", ""), ("no", "")], coerce=lambda said: said == "yes")
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


@require_GET
def ground_reviews(request):
    """What waits for a second look at the user's agency, the oldest first; who sent it sees it and cannot decide."""
    return _page(request)


@require_POST
def ground_review(request, number):
    """Uphold the urgent danger of one referral, or not, with a reason."""
    referral = get_object_or_404(Referral.objects.visible_to(request.user), number=number)
    review = GroundReview.objects.select_related("referral").filter(referral=referral).first()
    if review is None:
        raise Http404
    try:
        reviews.check_can_review(review, request.user)
        form = JudgeForm(request.POST)
        if not form.is_valid():
            return _page(request, {number: form}, status=422)
        reviews.judge(review, by=request.user, now=timezone.now(), **form.cleaned_data)
        messages.success(request, gettext("Recorded. Both sides see it on the page of the referral."))
    except NotYours:
        raise PermissionDenied(gettext("Somebody of the sending agency who reviews, and did not send it.")) from None
    except NotNow:
        messages.warning(request, gettext("This was already looked at. Nothing was changed."))
    return redirect("referrals:ground_reviews")


def _page(request, refused=None, status=200):
    user = request.user
    if not any(can(user, word) for word in LOOKS_AGAIN):
        raise PermissionDenied
    waiting = second_looks(user, timezone.now())
    done = _rows(user).exclude(reviewed_at=None).select_related("reviewed_by").order_by("-reviewed_at")[:LATELY]
    for item in waiting:
        item["form"] = (refused or {}).get(item["referral"].number) or JudgeForm()
    shown = [item["referral"] for item in waiting] + [review.referral for review in done]
    subjects = {person for referral in shown for person in referral.packet.get("subjects", [])}
    brought = council_looks(user, timezone.now())
    named = {referral.household_id for referral in shown} | {row["item"].household_id for row in brought}
    looked(request, Act.LIST, subjects=subjects, households=named)
    context = {"waiting": waiting, "brought": brought, "done": list(done)}
    return render(request, "referrals/ground_reviews.html", context, status=status)


def _rows(user):
    return GroundReview.objects.of_agency_of(user).select_related(
        "referral__to_agency", "referral__from_agency", "asked_by"
    )


def second_looks(user, now):
    """Return what waits for a second look at the user's agency, {"referral", "review", "due", "late", "mine"}: one
    query, and the calendar."""
    found = list(_rows(user).waiting().order_by("referral__sent_at", "id"))
    calendar = WorkCalendar.load() if found else None
    return [_waiting(review, user, now, calendar) for review in found]


def council_looks(user, now):
    """Return what the user's agency brought before a meeting for urgent danger and nobody looked at again, {"item",
    "due", "late", "mine"}: one query, and the calendar."""
    found = list(waiting_for_a_look(user))
    if not found:
        return []
    calendar = WorkCalendar.load()
    due = {item.pk: reviews.WITHIN.after(item.proposed_at, calendar.closed(item.from_agency_id)) for item in found}
    return [
        {
            "item": item,
            "due": clocks.distance(due[item.pk], now),
            "late": due[item.pk] < now,
            "mine": item.proposed_by_id == user.pk,
        }
        for item in found
    ]


def _waiting(review, user, now, calendar):
    due = reviews.due_of(review, calendar)
    return {
        "referral": review.referral,
        "review": review,
        "due": clocks.distance(due, now),
        "late": due < now,
        "mine": review.asked_by_id == user.pk,
    }
