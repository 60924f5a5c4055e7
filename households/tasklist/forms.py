"""The forms of a task: setting one, dropping it, handing it on."""

from typing import cast
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from casework.agencies.models import User
from households.forms.moments import Day
from households.tasklist.actions import may_have


class TaskBase(forms.Form):
    """Errors are said by the server."""

    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class TaskForm(TaskBase):
    """What, by when, and who: of a household nobody by name means whoever is responsible for it."""

    client_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)
    what = forms.CharField(label=_("What is to be done"), max_length=300)
    due_on = Day(label=pgettext_lazy("task", "By"))
    owner = forms.ModelChoiceField(label=_("Who does it"), queryset=User.objects.none(), required=False)

    def __init__(self, *args, by, on, household=None, **kwargs):
        super().__init__(*args, **kwargs)
        field = cast(forms.ModelChoiceField, self.fields["owner"])
        field.queryset = may_have(by.agency_id)
        field.empty_label = str(_("Whoever is responsible for the household")) if household else str(by)
        self.on = on
        self.initial.setdefault("due_on", on)

    def clean_due_on(self):
        """Today or later."""
        day = self.cleaned_data["due_on"]
        if day < self.on:
            raise forms.ValidationError(_("This day has passed. Please choose today or a later day."))
        return day


class DropForm(TaskBase):
    """Why it is not needed any more."""

    reason = forms.CharField(label=_("Why it is not needed any more"), max_length=300)


class HandForm(TaskBase):
    """To whom; nobody by name means whoever is responsible for the household."""

    to = forms.ModelChoiceField(label=_("Give it to"), queryset=User.objects.none(), required=False)
    reason = forms.CharField(label=_("Why"), max_length=200, required=False)

    def __init__(self, *args, by, household=None, **kwargs):
        super().__init__(*args, **kwargs)
        field = cast(forms.ModelChoiceField, self.fields["to"])
        field.queryset = may_have(by.agency_id)
        if household:
            field.empty_label = str(_("Whoever is responsible for the household"))
        else:
            field.required = True
