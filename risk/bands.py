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


MODERATE_WEIGHT = 15
"""Points from which one reason is marked Moderate; with fewer it is marked Watch (our own criterion)."""


def level_of(*, trump, floor, points):
    """Return the mark beside one reason, the same on every page: a trump's, its floor's, or by its points."""
    if trump:
        return Band.EMERGENCY
    if floor:
        return Band(floor)
    return Band.MODERATE if (points or 0) >= MODERATE_WEIGHT else Band.WATCH
