"""What happened with a closing or the review of a death, in words."""

from django.utils.translation import gettext_lazy as _

SAID = {
    "closing proposed": _("Closing proposed"),
    "closing approved": _("Closing approved"),
    "closing sent back": _("Closing sent back"),
    "closing withdrawn": _("Closing withdrawn"),
    "case reopened": _("Case reopened"),
    "asked after closing": _("Asked after the closed case"),
    "death review opened": _("Review opened"),
    "death review written": _("Review written"),
    "death review finished": _("Review finished"),
    "death recorded by mistake": _("Death recorded by mistake"),
    "bereaved_step_recorded": _("Support for those who stay recorded"),
}
DONE = {
    "approve": _("The case is closed. Everything stays in the file."),
    "send_back": _("Sent back with the reason."),
    "withdraw": _("The proposal is withdrawn."),
    "reopen": _("The case is open again, with everything there."),
}
REVIEWED = {
    "write": _("Saved."),
    "finish": _("The review is finished."),
    "mistaken": _("The record of the death is corrected: what ended has returned."),
}
