"""Putting something off: until when, and why."""

from django import forms
from django.utils.translation import gettext_lazy as _

from households.forms.moments import Day


class SnoozeForm(forms.Form):
    """Until when, and why; the verb says which days there are."""

    use_required_attribute = False

    until = Day(label=_("Comes back on"), help_text=_("at most 14 days ahead: our own criterion"))
    reason = forms.CharField(label=_("Why it waits"), max_length=200)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"label_suffix": "", **kwargs})
