"""The form that issues a token."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from casework.agencies.models import Agency
from casework.api.models import PER_MINUTE
from casework.api.scopes import Scope

MOST_PER_MINUTE = 6000


class TokenForm(forms.Form):
    """A token for one system of an agency."""

    agency = forms.ModelChoiceField(label=_("Agency"), queryset=Agency.objects.order_by("kind", "name_ko"))
    name = forms.CharField(label=_("Name of the system"), max_length=80)
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    source = forms.CharField(
        label=_("Name as a source of signals"),
        max_length=80,
        required=False,
        help_text=_("only for signals: references count within it"),
    )
    until = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    per_minute = forms.IntegerField(
        label=_("Calls a minute"), min_value=1, max_value=MOST_PER_MINUTE, initial=PER_MINUTE
    )

    def __init__(self, *args, on, **kwargs):
        """`on` is the day of today."""
        super().__init__(*args, **kwargs)
        self.on = on

    def clean_until(self):
        """Refuse a last day that is over."""
        if self.cleaned_data["until"] < self.on:
            raise ValidationError(_("The last day is over already."))
        return self.cleaned_data["until"]
