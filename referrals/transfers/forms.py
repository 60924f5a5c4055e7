"""The few words that a transfer asks for."""

from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.agencies.models import Agency, User
from referrals.models import Transfer
from referrals.transfers.actions import workers_of


class ProposeForm(forms.Form):
    """To which centre, why, and what it should know; the key lets a double tap land once."""

    use_required_attribute = False

    client_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)
    to = forms.ModelChoiceField(label=_("Centre that takes the file over"), queryset=Agency.objects.none())
    why = forms.ChoiceField(
        label=_("Why"), choices=Transfer.Why, widget=forms.RadioSelect, initial=Transfer.Why.MOVED, required=False
    )
    note = forms.CharField(
        label=_("What the other centre should know"),
        help_text=_("read before it answers; no names, no telephone numbers"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args, own, **kwargs):
        """`own`: the id of the user's own centre, which is not on offer."""
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        offered: forms.ModelChoiceField = self.fields["to"]  # type: ignore[assignment]
        offered.queryset = Agency.objects.centres().exclude(pk=own).order_by("name_ko")

    def clean_why(self):
        """One click says that the household has moved."""
        return self.cleaned_data["why"] or Transfer.Why.MOVED


class WorkerForm(forms.Form):
    """Who of the receiving centre meets the household."""

    use_required_attribute = False

    worker = forms.ModelChoiceField(
        label=_("Worker who meets the household"), queryset=User.objects.none(), empty_label=_("Choose a worker")
    )

    def __init__(self, *args, transfer, **kwargs):
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        offered: forms.ModelChoiceField = self.fields["worker"]  # type: ignore[assignment]
        offered.queryset = workers_of(transfer.to_agency_id)


class ReasonForm(forms.Form):
    """Why, for the other centre to read."""

    use_required_attribute = False

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("the other centre reads it"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, transfer, **kwargs):
        super().__init__(*args, **{"label_suffix": "", **kwargs})


def form_of(verb):
    """Return the form class that a step asks for."""
    return WorkerForm if verb in ("accept", "name") else ReasonForm
