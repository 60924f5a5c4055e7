"""What a token may be used for. A scope opens an endpoint; whose records it meets there, `visible_to` decides."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    """One thing a system may do."""

    REFERRALS_READ = "referrals:read", _("Read referrals of the agency")
    REFERRALS_WRITE = "referrals:write", _("Write referrals as drafts, for a person to send")
    REFERRALS_SEND = "referrals:send", _("Send referrals")
    REFERRALS_ACT = "referrals:act", _("Take steps on referrals: acknowledge, accept, report …")
    DIRECTORY_READ = "directory:read", _("Read agencies and their services")
    SIGNALS_WRITE = "signals:write", _("Bring crisis signals of the agency's own people")
    SIGNALS_ALL = "signals:all", _("Bring crisis signals of anybody on the register (a national feed)")
