"""The forms of a monthly report: beginning one, putting a line right."""

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from households.signed.forms import LONGEST_REASON, ReportForm

MOST = 1_000_000


class BeginForm(ReportForm):
    """Which month, by its first day."""

    client_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)
    month = forms.DateField(widget=forms.HiddenInput)

    def clean_month(self) -> date:
        """The first day of a month."""
        day: date = self.cleaned_data["month"]
        if day.day != 1:
            raise forms.ValidationError(_("This is no month."))
        return day


class CorrectForm(ReportForm):
    """What stands in the report in place of what was counted, and why; empty takes it back. `seen`: the correction that
    the page showed."""

    value = forms.IntegerField(
        label=_("Number in the report"),
        min_value=0,
        max_value=MOST,
        required=False,
        help_text=_("empty: as counted"),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    reason = forms.CharField(label=_("Reason"), max_length=LONGEST_REASON, required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean(self) -> Any:
        """A number by hand needs its reason."""
        super().clean()
        data = self.cleaned_data
        if data.get("value") is not None and not data.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Please say why the number differs from what was counted."))
        return data
