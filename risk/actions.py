"""The verbs of risk: a person confirms, adjusts or dismisses; a second person endorses what lowers High or above."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from casework.audit.record import record
from casework.landing import landed
from casework.touched import ring
from risk.bands import Band
from risk.models import Endorsement, Flag, Review, Standing
from risk.models.review import REVIEW_DAYS


class Refused(Exception):
    """The decision cannot be taken; `str()` is the sentence the user reads."""


@transaction.atomic
def review(household, *, decision, reason, review_on, by, on, flag=None, band=None, client_key=None):
    """Record what `by` decided on day `on` about a household, or (dismiss) one of its open flags; return the Review.

    `decision`: "confirm", "adjust" (with `band`) or "dismiss" (with `flag`). `review_on`: the day to look again, at
    most 90 days ahead. The same `client_key` from the same author returns the first review. A decision that lowers
    High or Emergency counts once a second person has endorsed it. Raises Refused with the sentence to show.
    """
    if first := landed(Review.objects, by=by, client_key=client_key):
        return first
    standing = Standing.objects.select_for_update().filter(household=household).first()
    machine = Band(standing.band) if standing else Band.GENERAL
    flag = _checked(household, decision, reason, review_on, on, flag, band)
    decided = {"confirm": machine, "adjust": band, "dismiss": None}[decision]
    made = Review(
        household=household,
        decision=decision,
        flag=flag,
        band=decided,
        machine_band=machine,
        reason=reason.strip(),
        review_on=review_on,
        decided_on=on,
        points=flag.weight if flag else 0,
        facts=flag.facts if flag else 0,
        recorded_by=by,
        client_key=client_key,
    )
    made, first = _landed_once(made)
    if first:
        data = {"decision": decision, "machine_band": machine.code, "band": Band(decided).code if decided else None}
        record(
            f"review {decision}",
            made,
            by=by,
            reason=made.reason,
            data={**data, "rule": flag.rule if flag else None, "review_on": review_on.isoformat()},
            household_id=household.pk,
        )
        ring()
    return made


@transaction.atomic
def endorse(review, *, by):
    """Say yes, as a second person, to a review that lowers High or Emergency; return the Endorsement. Twice is once.

    Raises Refused when `by` made the review, or when nothing is waiting for a second person.
    """
    if review.recorded_by_id == by.pk:
        raise Refused(_("Whoever decided cannot also be the second person."))
    if not needs_second_person(review):
        raise Refused(_("This decision does not need a second person."))
    given = Endorsement.objects.filter(review=review).first()
    if given:
        return given
    try:
        with transaction.atomic():
            given = Endorsement.objects.create(review=review, recorded_by=by)
    except IntegrityError:
        return Endorsement.objects.get(review=review)
    record("review endorsed", review, by=by, data={"decision": review.decision}, household_id=review.household_id)
    ring()
    return given


def needs_second_person(review):
    """Tell whether a review lowers High or Emergency: its band, or one of the reasons while it stands there."""
    if review.decision == Review.Decision.ADJUST:
        return review.machine_band >= Band.HIGH and review.band < review.machine_band
    return review.decision == Review.Decision.DISMISS and (
        review.machine_band >= Band.HIGH or review.flag.trump or (review.flag.floor or 0) >= Band.HIGH
    )


def _checked(household, decision, reason, review_on, on, flag, band):
    """Return the flag to dismiss, fresh; raise Refused when something is missing or does not fit."""
    if not reason.strip():
        raise Refused(_("Write the reason of the decision."))
    if not on < review_on <= on + timedelta(days=REVIEW_DAYS):
        raise Refused(_("The day to look again is at most 90 days ahead."))
    if decision not in Review.Decision.values:
        raise Refused(_("Choose whether to confirm, adjust or dismiss."))
    if decision == Review.Decision.ADJUST and band not in Band.values:
        raise Refused(_("Choose the band that you decide on."))
    if decision != Review.Decision.DISMISS:
        return None
    fresh = Flag.objects.open().filter(pk=flag.pk, household=household).first() if flag else None
    if fresh is None:
        raise Refused(_("This reason is no longer open. Nothing was changed."))
    return fresh


def _landed_once(made):
    """Save the review; return it and True, or what the same tap saved a moment before and False."""
    try:
        with transaction.atomic():
            made.validate_constraints()
            made.save()
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    except IntegrityError:
        first = landed(Review.objects, by=made.recorded_by, client_key=made.client_key)
        if first is None:
            raise
        return first, False
    return made, True
