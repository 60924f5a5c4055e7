"""The forms of a monthly report: beginning one, putting a line right, the reasons of steps and files."""

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST_REASON = 300
MOST = 1_000_000


class MonthlyForm(forms.Form):
    """Base: errors are said by the server."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class BeginForm(MonthlyForm):
    """Which month, by its first day."""

    client_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)
    month = forms.DateField(widget=forms.HiddenInput)

    def clean_month(self) -> date:
        """The first day of a month."""
        day: date = self.cleaned_data["month"]
        if day.day != 1:
            raise forms.ValidationError(_("This is no month."))
        return day


class CorrectForm(MonthlyForm):
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


class ReasonForm(MonthlyForm):
    """Why: for a step that asks for it, and for a new version."""

    reason = forms.CharField(label=_("Reason"), max_length=LONGEST_REASON)


class SendForm(MonthlyForm):
    """Under which number the report went out."""

    reference = forms.CharField(
        label=_("Number of the document"),
        max_length=60,
        required=False,
        help_text=_("of the official letter it went with"),
    )


class PaperForm(MonthlyForm):
    """Why the PDF is taken away; kept in the access log."""

    reason = forms.CharField(label=_("Reason for the download"), max_length=200)
