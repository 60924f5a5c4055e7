"""The five bands, ordered (risk.md §1). All of them are our own criterion."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Band(models.IntegerChoices):
    """How urgently a household needs somebody; the number orders and is stored."""

    GENERAL = 1, _("General")
    WATCH = 2, _("Watch")
    MODERATE = 3, _("Moderate")
    HIGH = 4, _("High")
    EMERGENCY = 5, _("Emergency")

    @property
    def code(self):
        """The lower-case word used in JSON and class names: "high"."""
        return self.name.lower()
