"""Who may do what with a household they can see. Each check has two voices: it raises the reason, or says yes or no."""

from django.utils.translation import gettext as _

from casework.agencies.roles import May, can
from households.actions.refusal import NotAllowed
from households.models.circle import ours
from households.models.person import Person
from households.models.screening import keepers_of


def check_can_record_contact(user, household):
    """Raise `NotAllowed` unless the user logs contacts at the centre that answers for the household today.

    A share shows a household; a contact logged through it would count as the centre's own.
    """
    if not can(user, May.RECORD_CONTACT):
        raise NotAllowed(_("Contacts are recorded by case managers, counsellors and supervisors."))
    if not answers_for(user, household):
        raise NotAllowed(_("Contacts with this household are recorded by the centre that answers for it."))


def check_can_state(user, household):
    """Raise `NotAllowed` unless the user records circumstances at the centre that answers for the household today."""
    if not can(user, May.RECORD_CONTACT):
        raise NotAllowed(_("Circumstances are recorded by case managers, counsellors and supervisors."))
    if not answers_for(user, household):
        raise NotAllowed(_("Circumstances of this household are recorded by the centre that answers for it."))


def check_can_screen(user, household):
    """Raise `NotAllowed` unless the user may keep screenings: the household's workers and supervisors, who see them."""
    check_can_state(user, household)
    if not keepers_of(user, household=household).exists():
        raise NotAllowed(_("Screenings are kept by the household's workers and the supervisors of its centre."))


def check_can_change(user, household):
    """Raise `NotAllowed` unless the user keeps the register of the centre that answers for the household today.

    A share shows a household; it does not hand over its register.
    """
    if not can(user, May.INTAKE):
        raise NotAllowed(_("The register is kept by case managers and supervisors."))
    if not answers_for(user, household):
        raise NotAllowed(_("The register of this household is kept by the centre that answers for it."))


def check_can_assign(user, household):
    """Raise `NotAllowed` unless the user decides over the work of the centre that answers for the household."""
    if not can(user, May.ASSIGN):
        raise NotAllowed(_("Work is assigned, and households are shared, by the supervisor or the head of the centre."))
    if not answers_for(user, household):
        raise NotAllowed(_("Work on this household is assigned by the centre that answers for it."))


def check_can_take_in(user):
    """Raise `NotAllowed` unless the user may begin an intake: a right of the role, at a Hana Center."""
    if not can(user, May.INTAKE):
        raise NotAllowed(_("Intake is done by case managers and supervisors."))
    if user.agency is None or user.agency.kind != "hana_center":
        raise NotAllowed(_("Intake is done at a Hana Center."))


def asks_for(user, person):
    """Tell whether the user's office may ask for help for a person whose file it does not keep, today."""
    return Person.objects.asked_for_by(user).filter(pk=person.pk).exists()


def allowed(check, *args):
    """Return the answer of a check as a bool: `allowed(check_can_change, user, household)`."""
    try:
        check(*args)
    except NotAllowed:
        return False
    return True


def answers_for(user, household):
    """Tell whether the user's own agency answers for the household today."""
    return ours(user).filter(household=household).exists()
