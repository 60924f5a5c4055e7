"""When the receiver's view is closed: the consent was withdrawn or has ended, or urgent danger was not upheld.

The row stays, with its number, state and dates, so that both sides can finish it; its contents do not. Read from the
facts at the moment of looking, so that it closes at once and nothing has to run.
"""

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, When
from django.utils.translation import gettext as _

from casework.templatetags.format import fullday
from households.models import Consent
from households.models.circle import TODAY
from referrals.states import Ground


def fallen():
    """Return the condition, for a queryset of referrals, that the receiver may not read the contents any more.

    A referral of before consents were linked has none to be withdrawn.
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
    return (linked & ~Exists(standing)) | (Q(ground=Ground.DANGER) & Exists(refused))


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
    said = Consent.objects.current().filter(fact_id=referral.consent.fact_id).first()
    if said and said.withdrawn_on:
        return _("The person withdrew the consent on %(day)s.") % {"day": fullday(said.withdrawn_on)}
    return _("The period of the consent has ended.")
