"""Facts told without consent for urgent danger: somebody else of the sending agency looks at it within 3 working days.

Not upheld, the receiver's view is closed at once (see `veil`); what it has to do goes on from the row.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework.agencies.roles import can
from casework.audit.record import record
from casework.workflow import NotNow, NotYours
from referrals import telling
from referrals.limits import Limit
from referrals.models import GroundReview
from referrals.models.statutory import LOOKS_AGAIN
from referrals.states import Ground

WITHIN = Limit(3, "wd")  # our own criterion beside 개인정보 보호법 제18조제2항제3호
NOBODY_LOOKS = gettext_lazy(
    "Nobody else of your office could look at this again. Please choose another ground, or telephone the centre."
)


def ask_for_review(referral, *, by):
    """Put what was just sent for urgent danger before somebody else; anything else needs no look. Twice is once."""
    if referral.ground != Ground.DANGER:
        return None
    review, made = GroundReview.objects.get_or_create(referral=referral, defaults={"asked_by": by})
    if made:
        telling.of_review(review, now=referral.sent_at)
    return review


def somebody_else_looks(user):
    """Say whether anybody of the user's agency but the user may look again (see LOOKS_AGAIN)."""
    found = telling.people_of([user.agency_id], *LOOKS_AGAIN).get(user.agency_id, [])
    return any(one.pk != user.pk for one in found)


def due_of(review, calendar):
    """Return the moment until which it is looked at; `calendar` is a WorkCalendar, `review.referral` is at hand."""
    return WITHIN.after(review.referral.sent_at, calendar.closed(review.referral.from_agency_id))


def check_can_review(review, user):
    """Raise `NotYours` unless the user looks again at the sending agency (see LOOKS_AGAIN) and is not who sent it."""
    ours = review.referral.from_agency_id == user.agency_id
    if not ours or not any(can(user, word) for word in LOOKS_AGAIN) or user.pk == review.asked_by_id:
        raise NotYours("reviewer")


@transaction.atomic
def judge(review, *, by, now, upheld, reason):
    """Uphold the ground, or not, with a reason; return the row. Raises `NotNow` when it was already looked at,
    `NotYours` for who may not, `ValidationError` without a reason."""
    fresh = GroundReview.objects.select_for_update(of=("self",)).select_related("referral").get(pk=review.pk)
    check_can_review(fresh, by)
    if fresh.reviewed_at:
        raise NotNow("reviewed")
    if not reason.strip():
        raise ValidationError(_("Please give the reason."))
    fresh.reviewed_at, fresh.reviewed_by, fresh.upheld, fresh.reason = now, by, upheld, reason.strip()
    fresh.save(update_fields=["reviewed_at", "reviewed_by", "upheld", "reason"])
    record("ground upheld" if upheld else "ground not upheld", fresh.referral, by=by, reason=fresh.reason)
    if not upheld:
        _carry_on(fresh, by=by, now=now)
    return fresh


def _carry_on(review, *, by, now):
    """What was passed on since stands on the same danger: to the next agency it is not upheld either."""
    following = GroundReview.objects.waiting().filter(referral__rerouted_from=review.referral).first()
    if following:
        judge(following, by=by, now=now, upheld=False, reason=review.reason)
