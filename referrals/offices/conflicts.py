"""A conflict of interest declared at an office that keeps no file: by oneself, of somebody the office is told of.

It closes the same as one that is declared at a centre (see `households.conflicts.actions`): the household, the register
and every referral, on either side. What the user had in hand there goes back to the office, and the office is told.
"""

from django.utils.translation import gettext as _

from casework.audit.record import record
from casework.clock import seoul_day
from households.actions.refusal import NotAllowed
from households.actions.verb import verb
from households.conflicts import actions, telling
from households.members import members_on
from households.models import ConflictOfInterest, Person
from referrals.models import Referral


def person_of(referral, *, on):
    """Return the Person of a referral: the one it is about, else who stands for the household on a day, or None."""
    if referral.person_id:
        return referral.person
    members = members_on([referral.household_id], on).get(referral.household_id, [])
    return members[0].person if members else None


@verb
def declare(person, *, kind, words="", by, now, referral=None):
    """Record from today on that `by` has a conflict of interest with `person`; return the ConflictOfInterest.

    `referral`: the one that came to the office and tells of the person; else the person stands in the register of the
    office, or is shared with it. Said again while it stands, it is kept once. Raises `NotAllowed` for a stranger.
    """
    if same := ConflictOfInterest.objects.standing().filter(person=person, user=by).first():
        return same
    if not _is_told_of(by, person, referral, seoul_day(now)):
        raise NotAllowed(_("Only of people of whom your office is told."))
    homes = actions.homes_of(person)
    made = actions.stand_back(person, user=by, kind=kind, words=words, by=by, now=now, homes=homes)
    _hand_back(by, homes)
    told = {"url": ("referrals:detail", referral.number), "label": referral.number} if referral else {}
    telling.the_office(made, by=by, now=now, **told)
    return made


def _is_told_of(user, person, referral, on):
    if referral is None:
        return Person.objects.asked_for_by(user).filter(pk=person.pk).exists()
    seen = Referral.objects.received_by_agency_of(user).filter(pk=referral.pk).exists()
    return seen and person_of(referral, on=on) == person


def _hand_back(user, homes):
    """Give the open referrals that the user has in hand back to the office, for a colleague to take."""
    rows = Referral.objects.open().filter(handler=user, household__in=homes).order_by("pk")
    for held in rows.select_for_update(of=("self",)):
        held.handler = None
        held.save(update_fields=["handler"])
        record("handed back", held, by=user)
