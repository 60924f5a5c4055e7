"""What is added under a contact after its 24 hours."""

from django import forms
from django.utils.translation import gettext_lazy as _


class AddendumForm(forms.Form):
    """The text, and the key under which it lands once."""

    text = forms.CharField(label=_("Add to this record"), max_length=8_000, widget=forms.Textarea(attrs={"rows": 4}))
    draft = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"label_suffix": "", **kwargs})
