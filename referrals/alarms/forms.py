"""The one line that somebody may leave when they acknowledge an alarm."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SeenForm(forms.Form):
    """A note of at most 300 characters; it may stay empty."""

    use_required_attribute = False

    note = forms.CharField(label=_("What is done now"), max_length=300, required=False)
