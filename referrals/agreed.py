"""The days of a consent as a form asks for them: given by today, not ended yet."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class AgreedDays:
    """For a form with `consent_on` and `consent_until`, which knows its day as `on`."""

    cleaned_data: dict[str, Any]
    on: date

    def clean_consent_on(self):
        """A consent was given today or earlier."""
        given = self.cleaned_data["consent_on"]
        if given and given > self.on:
            raise ValidationError(_("This day is still to come."))
        return given

    def clean_consent_until(self):
        """A consent that has ended carries nothing."""
        until = self.cleaned_data["consent_until"]
        if until and until < self.on:
            raise ValidationError(_("This day has passed."))
        return until
