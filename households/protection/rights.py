"""Who may do what about protection. Each check raises the reason (`NotAllowed`)."""

from django.utils.translation import gettext as _

from casework.agencies.roles import May, can
from households.actions.refusal import NotAllowed
from households.actions.rights import answers_for, check_can_record_contact
from households.protection.dates import SUPERVISOR


def check_can_decide(user):
    """Raise `NotAllowed` unless the user enters the Ministry's decisions and notices."""
    if not can(user, May.DECIDE_PROTECTION):
        raise NotAllowed(_("Decisions on protection and written notices are entered by officers of the Ministry."))


def check_can_step(user, household, step):
    """Raise `NotAllowed` unless the user records this step at the centre that answers for the household today.

    The step thirty days before is taken with the supervisor, who records it.
    """
    check_can_record_contact(user, household)
    if step == SUPERVISOR and not can(user, May.REVIEW):
        raise NotAllowed(_("This step is recorded by the supervisor or the head of the centre."))


def check_can_ask(user, household):
    """Raise `NotAllowed` unless the user works at the centre that answers for the household today."""
    if not (can(user, May.SEE_CASELOAD) and answers_for(user, household)):
        raise NotAllowed(_("The centre that answers for the household asks the Ministry."))
