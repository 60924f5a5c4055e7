"""Refusing work to whom a conflict of interest bars from a household; asked by every verb that gives work."""

from django.utils.translation import gettext as _

from casework.agencies.models import User
from households.actions.refusal import NotAllowed, Refused
from households.models import Person
from households.models.conflict import barred_pairs, barred_people


def check_not_barred(users, households, *, field=None):
    """Raise `Refused` when one of `users` (Users or ids) has a conflict of interest with one of `households`.

    The same question for a worker, a substitute, a guest of a share and a participant of a conference; one query.
    """
    refuse_barred(barred_pairs(users, households), field=field)


def check_pairs_not_barred(pairs):
    """Raise `Refused` when one of the pairs (user id, household id) is barred by a conflict of interest; one query."""
    pairs = set(pairs)
    refuse_barred(pairs & barred_pairs({user for user, _home in pairs}, {home for _user, home in pairs}))


def open_people(people, user):
    """Return the set of those of `people` (ids) from whom no conflict of interest bars the user; one query."""
    rows = Person.objects.filter(pk__in=people).exclude(pk__in=barred_people(user))
    return set(rows.order_by().values_list("pk", flat=True))


def check_open(user, person):
    """Raise `NotAllowed` when a conflict of interest bars the user from a person: for offices that see nobody's
    household."""
    if not open_people([person.pk], user):
        raise NotAllowed(_("A conflict of interest with this person is on record. Please leave this to a colleague."))


def refuse_barred(pairs, *, field=None):
    """Raise `Refused` with the names where there is any pair (user id, household id)."""
    if not pairs:
        return
    found = User.objects.filter(pk__in={user for user, _home in pairs}).order_by("name", "id")
    said = _("%(names)s: a conflict of interest with this household is on record. Please choose somebody else.")
    raise Refused(said % {"names": ", ".join(str(user) for user in found)}, field=field)
