"""What the law counts by the calendar: from the application for a benefit to its decision, beside our own clocks."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Case, DateField, ExpressionWrapper, F, OuterRef, Subquery, Value, When
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from casework.audit.record import record
from casework.clock import Holiday, add_working_days, day_ends, is_working_day, seoul_day
from casework.landing import landed
from casework.templatetags.format import rowday
from casework.workflow import NotNow, NotYours
from referrals.clocks import distance
from referrals.models import BenefitApplication
from referrals.states import Status
from referrals.taking import locked, look_again
from referrals.workflow import is_receiver, is_sender

# 사회보장급여법 시행령 제6조: 30일, 사유를 알리면 60일.
USUAL, EXTENDED = timedelta(days=30), timedelta(days=60)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Term:
    """The statutory term of one application: its last day, how many calendar days, and whether that day was moved."""

    last: date
    days: int
    moved: bool


def term(applied_on, extended, holidays):
    """Return the Term of an application of a day; `extended`: a reason for 60 days was stated.

    The day of the application is not counted (Civil Act 157, by Article 6(1) of the General Act on Public
    Administration). Where the last day is a Saturday or a public holiday, Civil Act 161 lets a term end with the next
    working day; Article 6(2) of that Act excepts only terms that restrict rights or impose duties. That this holds for
    the office's own term is our own reading (계산 기준: 자체 해석). Nothing pauses it: no question, no closed office.
    """
    length = EXTENDED if extended else USUAL
    last = applied_on + length
    moved = not is_working_day(last, holidays)
    while not is_working_day(last, holidays):
        last += DAY
    return Term(last, length.days, moved)


def term_of(application, holidays):
    """Return the Term of a BenefitApplication."""
    return term(application.applied_on, application.extended_because, holidays)


@transaction.atomic
def record_application(referral, *, by, now, benefit, applied_on, client_key=None):
    """Record that a benefit was applied for on a day; either side may. Raises `ValidationError` for a day to come."""
    held = locked(referral)
    if first := landed(BenefitApplication.objects, by=by, client_key=client_key):
        return first
    check_may_record(held, by)
    if applied_on > seoul_day(now):
        raise ValidationError({"applied_on": _("This day is still to come.")})
    made = BenefitApplication.objects.create(
        referral=held, benefit=benefit, applied_on=applied_on, recorded_by=by, client_key=client_key
    )
    _told("benefit applied for", made, by, day=applied_on)
    return made


@transaction.atomic
def extend(application, *, by, now, reason):
    """State why the decision takes up to 60 days; the receiving office, before it has decided and while the 30 run.

    Raises `NotNow` when it was decided or extended before, `ValidationError` after the 30 days.
    """
    held = _held(application)
    check_may_extend(held, by)
    if not reason.strip():
        raise ValidationError({"reason": _("Please give the reason.")})
    if seoul_day(now) > term_of(held, Holiday.objects.days()).last:
        raise ValidationError(_("The 30 days have passed: what is late now cannot be extended."))
    held.extended_because = reason.strip()
    held.save(update_fields=["extended_because"])
    _told("decision extended", held, by, reason=held.extended_because)
    return held


@transaction.atomic
def decide(application, *, by, now, decided_on, granted):
    """Record the decision and its day; either side may. Raises `NotNow` when one stands already."""
    held = _held(application)
    check_may_decide(held, by)
    if not held.applied_on <= decided_on <= seoul_day(now):
        raise ValidationError({"decided_on": _("A decision lies between the application and today.")})
    held.decided_on, held.granted = decided_on, granted
    held.save(update_fields=["decided_on", "granted"])
    _told("benefit decided", held, by, day=decided_on, granted=granted)
    return held


def check_may_record(referral, user):
    """Raise `NotYours` for a third party, `NotNow` for what was never sent."""
    if not (is_sender(referral, user) or is_receiver(referral, user)):
        raise NotYours("receiver")
    if referral.sent_at is None or referral.status == Status.CANCELLED:
        raise NotNow(referral.status)


def check_may_decide(application, user):
    """Raise as `check_may_record` does, and `NotNow` when a decision stands already."""
    check_may_record(application.referral, user)
    if application.decided_on:
        raise NotNow("decided")


def check_may_extend(application, user):
    """Raise `NotYours` for anybody but the receiving office, `NotNow` when it was decided or extended."""
    if not is_receiver(application.referral, user):
        raise NotYours("receiver")
    if application.decided_on or application.extended_because:
        raise NotNow("decided" if application.decided_on else "extended")


def nearest(referral):
    """Return the expression of the open application whose term ends first, as {applied_on, benefit, extended}.

    `referral`: how the row is called in the outer query ("pk").
    """
    rows = BenefitApplication.objects.filter(referral=OuterRef(referral), decided_on=None)
    rows = rows.order_by(Case(When(extended_because="", then=_after(USUAL)), default=_after(EXTENDED)), "id")
    return Subquery(rows.values(said=JSONObject(applied_on="applied_on", extended="extended_because"))[:1])


def _after(length):
    return ExpressionWrapper(F("applied_on") + Value(length), output_field=DateField())


def line(said, now, holidays):
    """Return the clock of an open application as a row and a page show it: {at, last, text, state, words, moved}.

    `said` is {"applied_on", "extended", "benefit"}, its day a date or as `nearest` writes it; `at` is the first moment
    after the last day.
    """
    applied_on = said["applied_on"]
    applied_on = applied_on if isinstance(applied_on, date) else date.fromisoformat(applied_on)
    ends = term(applied_on, said["extended"], holidays)
    at = day_ends(ends.last)
    state = "late" if at <= now else "soon" if ends.last <= add_working_days(seoul_day(now), 1, holidays) else ""
    words = _("Benefit applied for %(day)s → statutory decision by %(last)s (%(days)s calendar days)") % {
        "day": rowday(applied_on),
        "last": rowday(ends.last),
        "days": ends.days,
    }
    return {"at": at, "last": ends.last, "text": distance(at, now), "state": state, "words": words, "moved": ends.moved}


def line_of(application, now, holidays):
    """Return the clock of a BenefitApplication, see `line`."""
    said = {"applied_on": application.applied_on, "extended": application.extended_because}
    return line(said, now, holidays)


def _held(application):
    rows = BenefitApplication.objects.select_for_update(of=("self",)).select_related("referral")
    return rows.get(pk=application.pk)


def _told(verb, application, by, *, reason="", **data):
    said = {name: value.isoformat() if isinstance(value, date) else value for name, value in data.items()}
    record(verb, application.referral, by=by, reason=reason, data={"benefit": application.benefit, **said})
    look_again(application.referral)
