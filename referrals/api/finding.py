"""One referral for a caller: what is not theirs is not there."""

from django.shortcuts import get_object_or_404

from referrals.models import Referral

RELATED = ("household", "person", "from_agency", "to_agency", "sender", "handler", "route", "consent", "rerouted_from")


def found(user, number):
    """Return the referral `number` that the user may see, with what an answer shows of it; raises Http404."""
    rows = Referral.objects.visible_to(user).with_veil().select_related(*RELATED, "rerouted_to")
    return get_object_or_404(rows, number=number)
