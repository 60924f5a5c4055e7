"""The form that adds an address."""

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.agencies.models import Agency
from referrals.webhooks.outbox import EVENTS
from referrals.webhooks.reaching import check_url
from referrals.webhooks.words import label_of


class SubscriptionForm(forms.Form):
    """An address of an agency's system and what it wants to hear of."""

    agency = forms.ModelChoiceField(label=_("Agency"), queryset=Agency.objects.order_by("kind", "name_ko"))
    url = forms.URLField(label=_("Address"), max_length=300, assume_scheme="https", help_text=_("begins with https://"))
    events = forms.MultipleChoiceField(
        label=_("Events"),
        choices=lambda: [(event, label_of(event)) for event in EVENTS],
        widget=forms.CheckboxSelectMultiple,
    )

    def clean_url(self):
        """Refuse an address that messages do not go to."""
        check_url(self.cleaned_data["url"])
        return self.cleaned_data["url"]
