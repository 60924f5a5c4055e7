"""The forms of a visit and of a warning about an address."""

from typing import cast
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from casework.agencies.models import User
from casework.agencies.roles import May, can
from households.forms.contact import one_of
from households.forms.moments import Day, LocalMoment
from households.models import AddressWarning, PlannedVisit
from households.visits.actions import may_go


class VisitBase(forms.Form):
    """Errors are said by the server."""

    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class VisitForm(VisitBase):
    """When, until when, who, and where in words: no address is written down."""

    client_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)
    begins = LocalMoment(label=pgettext_lazy("visit", "Begins"))
    expected_back = LocalMoment(label=_("Expected back"), help_text=_("half an hour later somebody is told"))
    worker = forms.ModelChoiceField(label=_("Who goes"), queryset=User.objects.none())
    companion = forms.ModelChoiceField(label=_("Who goes along"), queryset=User.objects.none(), required=False)
    place = one_of(PlannedVisit.Place.choices, pgettext_lazy("visit", "Where"), required=True)
    place_words = forms.CharField(
        label=_("Name of the place"), max_length=120, required=False, help_text=_("for a place agreed on; no address")
    )
    purpose = forms.CharField(label=_("What for"), max_length=200, required=False)
    alone_because = forms.CharField(
        label=_("Why one person goes alone"),
        max_length=200,
        required=False,
        help_text=_("only where two would go; decided by a supervisor"),
    )

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        people = may_go(by.agency_id)
        for name in ("worker", "companion"):
            cast(forms.ModelChoiceField, self.fields[name]).queryset = people
        cast(forms.ModelChoiceField, self.fields["companion"]).empty_label = str(_("Nobody"))
        if not can(by, May.REVIEW):
            del self.fields["alone_because"]
        self.initial.setdefault("worker", by.pk)
        self.initial.setdefault("place", PlannedVisit.Place.HOME)

    def clean(self):
        """It ends after it begins; a place that was agreed on has a name."""
        data = super().clean() or self.cleaned_data
        begins, back = data.get("begins"), data.get("expected_back")
        if begins and back and back <= begins:
            self.add_error("expected_back", _("The return lies after the beginning, within 12 hours."))
        if data.get("place") == PlannedVisit.Place.AGREED and not data.get("place_words"):
            self.add_error("place_words", _("Please say which place was agreed on."))
        return data


class CancelForm(VisitBase):
    """Why it is called off."""

    reason = forms.CharField(label=_("Why it is called off"), max_length=200)


class ProlongForm(VisitBase):
    """Until when it takes."""

    expected_back = LocalMoment(label=_("Expected back"))


class WarningForm(VisitBase):
    """What there is to be careful about, from when, until when."""

    client_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)
    kind = one_of(AddressWarning.Kind.choices, _("Careful about"), required=True)
    words = forms.CharField(
        label=_("In a few words"),
        max_length=200,
        required=False,
        help_text=_("what whoever goes has to know; nothing about the past of anybody"),
    )
    since = Day(label=pgettext_lazy("warning", "Since"))
    until = Day(label=_("Until and including"), required=False, help_text=_("empty: until somebody ends it"))

    def clean(self):
        """What is in no list needs words."""
        data = super().clean() or self.cleaned_data
        if data.get("kind") == AddressWarning.Kind.OTHER and not data.get("words"):
            self.add_error("words", _("Please say what it is."))
        return data
