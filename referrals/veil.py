"""When the receiver's view is closed: the consent was withdrawn or has ended, or urgent danger was not upheld.

The row stays, with its number, state and dates, so that both sides can finish it; its contents do not. Read from the
facts at the moment of looking, so that it closes at once and nothing has to run.
"""

from django.db.models import BooleanField, Case, DateField, Exists, F, OuterRef, Q, When
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext as _

from casework.clock import seoul_day
from casework.templatetags.format import fullday
from households.models import Consent, Membership
from households.models.circle import TODAY
from referrals.states import Ground


def fallen():
    """Return the condition, for a queryset of referrals, that the receiver may not read the contents any more.

    Of a referral to which no consent is linked, one on paper: see `_withdrawn_since`.
    """
    from referrals.models import GroundReview

    standing = Consent.objects.current().filter(
        fact_id=OuterRef("consent__fact_id"),
        recipient=OuterRef("to_agency"),
        withdrawn_on=None,
        during__contains=TODAY,
    )
    refused = GroundReview.objects.filter(referral=OuterRef("pk"), upheld=False)
    linked = Q(ground=Ground.CONSENT, consent__isnull=False)
    unlinked = Q(ground=Ground.CONSENT, consent__isnull=True, sent_at__isnull=False)
    stands = _on_paper().filter(withdrawn_on=None, during__contains=TODAY)
    taken_back = unlinked & Exists(_withdrawn_since()) & ~Exists(stands)
    return (linked & ~Exists(standing)) | taken_back | (Q(ground=Ground.DANGER) & Exists(refused))


def _on_paper():
    """Return the consents that name the receiver of a referral (outer), given by the person it is about, or, where it
    is about the household, by somebody who belonged to it on the day of sending.

    Whoever agreed for a child is not found so: what they agreed to may have been about themselves.
    """
    sent = Cast(OuterRef(OuterRef("sent_at")), DateField())
    there = Membership.objects.current().filter(household=OuterRef(OuterRef("household")), during__contains=sent)
    return Consent.objects.current().filter(
        recipient=OuterRef("to_agency"),
        person=Coalesce(OuterRef("person"), F("person")),
        person__in=there.order_by().values("person"),
    )


def _withdrawn_since():
    """Return those of `_on_paper` that ran on the day of sending and were withdrawn on it or later."""
    sent = Cast(OuterRef("sent_at"), DateField())
    return _on_paper().filter(during__contains=sent, withdrawn_on__gte=sent)


def as_column():
    """Return the condition as a column of true and false."""
    return Case(When(fallen(), then=True), default=False, output_field=BooleanField())


def closed_to(referral, user):
    """Tell whether the contents are closed to this user: who sent them always reads them."""
    return referral.from_agency_id != user.agency_id and referral.veiled


def why(referral):
    """Return in a sentence, for both sides, why the receiver's view is closed, or nothing."""
    if not referral.veiled:
        return ""
    if referral.ground == Ground.DANGER:
        return _("The urgent danger was not upheld when somebody else of the sending agency looked at it.")
    said = _said(referral)
    if said and said.withdrawn_on:
        return _("The person withdrew the consent on %(day)s.") % {"day": fullday(said.withdrawn_on)}
    return _("The period of the consent has ended.")


def _said(referral):
    """Return the consent that closed the view, as it stands: the one linked, else the one on paper withdrawn last."""
    if referral.consent:
        return Consent.objects.current().filter(fact_id=referral.consent.fact_id).first()
    sent = seoul_day(referral.sent_at)
    rows = Consent.objects.current().filter(recipient=referral.to_agency_id, during__contains=sent)
    there = Membership.objects.current().filter(household=referral.household_id, during__contains=sent)
    people = there.order_by().values("person") if referral.person_id is None else [referral.person_id]
    return rows.filter(person__in=people, withdrawn_on__gte=sent).order_by("-withdrawn_on", "-id").first()
