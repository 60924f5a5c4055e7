"""Who may do what at a case conference, and what stands in the way of a decision about a household."""

from django.utils.translation import gettext as _

from casework.agencies.models import User
from casework.agencies.roles import May, can
from casework.workflow import NotYours
from households.actions.refusal import Refused
from households.conferences.workflow import is_keeper
from households.models import ConferenceDecision, Household, Membership, Residence, Responsibility
from households.models.circle import TODAY

Kind = ConferenceDecision.Kind


def staff_of(centre):
    """Return those of a centre (its id) who look after households, by name: who sits there, who can be given work."""
    return User.objects.who_may(May.SEE_CASELOAD).people().filter(agency=centre).order_by("name", "id")


def check_keeps(conference, user):
    """Raise `NotYours` unless the user decides over the work of the conference's centre."""
    if not is_keeper(conference, user):
        raise NotYours("keeper")


def check_brings(user, households):
    """Raise `NotYours` unless the user records contacts and sees each household at the centre that keeps its file."""
    wanted = {household.pk for household in households}
    seen = Household.objects.kept_by(user).filter(pk__in=wanted)
    if not can(user, May.RECORD_CONTACT) or seen.count() != len(wanted):
        raise NotYours("bringer")


def sees(user, household):
    """Tell whether the user sees the household at the centre that keeps its file: not through a share, and not where
    they must not see it."""
    return Household.objects.kept_by(user).filter(pk=household.pk).exists()


def check_decides(item, user):
    """Raise `NotYours` for whoever does not decide over the work there or must not see the household, `Refused` where
    another centre answers for it by now."""
    check_keeps(item.conference, user)
    check_here(item)
    if not sees(user, item.household):
        raise NotYours("keeper")


def check_here(item):
    """Raise `Refused` where another centre answers for the household by now: what was decided here would reach nobody
    there."""
    if not is_here(item):
        raise Refused(
            _(
                "Another centre answers for this household by now, so nothing is passed on here. "
                "What the new centre has to know goes with the transfer; it holds a conference of its own."
            )
        )


def is_here(item):
    """Tell whether the centre of the item's conference answers for its household today."""
    held = Responsibility.objects.current().filter(during__contains=TODAY, center=item.conference.centre_id)
    return held.filter(household=item.household_id).exists()


def check_owner(owner, household):
    """Raise `Refused` (field `owner`) for somebody who cannot do it: gone, or without the household before them."""
    if not staff_of(owner.agency_id).filter(pk=owner.pk).exists():
        said = _("%(name)s does not look after households here any more. Please choose somebody else.")
        raise Refused(said % {"name": owner}, field="owner")
    if not sees(owner, household):
        said = _("%(name)s cannot open this household. Assign it first, or choose somebody else.")
        raise Refused(said % {"name": owner}, field="owner")


def check_alive(household, kind, *, on):
    """Raise `Refused` (field `kind`) where nobody lives there any more: no plan goes on and nothing is asked for."""
    if kind in (Kind.STEP, Kind.REFERRAL) and nobody_lives_there(household, on=on):
        raise Refused(
            _(
                "Nobody lives in this household any more, so no plan goes on and no help is asked for. "
                "Write a task, such as support for the bereaved, or “Nothing further”."
            ),
            field="kind",
        )


def nobody_lives_there(household, *, on):
    """Tell whether nobody who is alive belongs to the household on a day."""
    dead = Residence.objects.current().during(on).filter(status=Residence.Status.DECEASED)
    living = Membership.objects.current().during(on).filter(household=household)
    return not living.exclude(person__in=dead.order_by().values("person")).exists()
