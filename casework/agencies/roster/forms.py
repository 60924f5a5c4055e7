"""A shift, and days on which the agency is closed."""

from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.agencies.models import User
from casework.agencies.roster.actions import may_be_on_duty


class Moment(forms.DateTimeField):
    """A day and a time of day in Seoul."""

    def __init__(self, **kwargs):
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, **kwargs)


class Day(forms.DateField):
    """One day."""

    def __init__(self, **kwargs):
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


class ShiftForm(forms.Form):
    """Who is on duty, from when until when."""

    use_required_attribute = False

    user = forms.ModelChoiceField(label=_("Who is on duty"), queryset=User.objects.none())
    begins = Moment(label=_("From"))
    ends = Moment(label=_("Until"))

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        cast(forms.ModelChoiceField, self.fields["user"]).queryset = may_be_on_duty(by.agency_id)


class ClosureForm(forms.Form):
    """Days on which the agency is closed, and why."""

    use_required_attribute = False

    first = Day(label=_("First day"))
    last = Day(label=_("Last day"))
    why = forms.CharField(
        label=_("Why"), max_length=120, required=False, help_text=_("needed for days that have passed")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"label_suffix": "", **kwargs})
