"""What becomes of referrals when the person they are about has died: ended by their own table, and both sides told.

A referral that others of the household wait for as well goes on.
"""

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from referrals import telling
from referrals.models import Referral
from referrals.states import Status
from referrals.taking import take
from referrals.workflow import is_bereaved


@transaction.atomic
def end(referral, *, by, now):
    """End a referral because everybody whom it is about has died. Its clocks end with it."""
    ended = take(referral, "end", by=by, now=now, closed_at=now)
    telling.of_end(ended, by=by, now=now)
    return ended


def end_referrals(death):
    """End what is about the dead alone, in the transaction of the record (`households.deaths.following`); return what
    was told. What whoever recorded the death may not end stays, with a button for who may."""
    about = Q(person=death.person) | Q(household__in=death.emptied)
    said = []
    for referral in Referral.objects.open().filter(about).order_by("id"):
        if not is_bereaved(referral, death.by):
            said.append(_("Referral %(number)s stays open: who keeps it ends it.") % {"number": referral.number})
            continue
        told = referral.sent_at is not None and referral.status != Status.DRAFT
        end(referral, by=death.by, now=death.now)
        if told:
            said.append(_("Referral %(number)s was ended and both agencies were told.") % {"number": referral.number})
    return said
