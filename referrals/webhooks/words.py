"""Events in words."""

from django.utils.translation import gettext_lazy as _

from referrals.workflow import REFERRAL

SAID = {
    "comment": _("A message was written"),
    "question": _("A question was asked"),
    "answer": _("A question was answered"),
}


def label_of(event):
    """Return what an event is called on pages."""
    verb = event.removeprefix("referral.")
    return SAID.get(verb) or REFERRAL.steps[verb].label
