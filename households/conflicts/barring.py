"""Refusing work to whom a conflict of interest bars from a household; asked by every verb that gives work."""

from django.utils.translation import gettext as _

from casework.agencies.models import User
from households.actions.refusal import Refused
from households.models.conflict import barred_pairs


def check_not_barred(users, households, *, field=None):
    """Raise `Refused` when one of `users` (Users or ids) has a conflict of interest with one of `households`.

    The same question for a worker, a substitute, a guest of a share and a participant of a conference; one query.
    """
    refuse_barred(barred_pairs(users, households), field=field)


def check_pairs_not_barred(pairs):
    """Raise `Refused` when one of the pairs (user id, household id) is barred by a conflict of interest; one query."""
    pairs = set(pairs)
    refuse_barred(pairs & barred_pairs({user for user, _home in pairs}, {home for _user, home in pairs}))


def refuse_barred(pairs, *, field=None):
    """Raise `Refused` with the names where there is any pair (user id, household id)."""
    if not pairs:
        return
    found = User.objects.filter(pk__in={user for user, _home in pairs}).order_by("name", "id")
    said = _("%(names)s: a conflict of interest with this household is on record. Please choose somebody else.")
    raise Refused(said % {"names": ", ".join(str(user) for user in found)}, field=field)
