"""Forms about one person: name, telephone, wishes, consent."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from casework.agencies.models import Agency
from households import actions
from households.forms.contact import one_of, pills
from households.forms.moments import Day
from households.forms.register import DeedForm
from households.models import ContactPreference
from households.models.person import LANGUAGES

ITEMS = {
    "name": _("Name and telephone"),
    "address": _("Address"),
    "family": _("Family"),
    "income": _("Income and benefits"),
    "health": _("Health"),
    "counselling": pgettext_lazy("consent", "What was talked about"),
}


def language_field():
    """Which language somebody would rather speak; empty: not asked, or Korean without a wish."""
    return forms.ChoiceField(label=_("Would rather speak"), choices=[("", "–"), *LANGUAGES], required=False)


class PersonForm(DeedForm):
    """Base: about one `person` of the household."""

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, **kwargs)
        self.about = person


class NameForm(PersonForm):
    family = forms.CharField(label=_("Family name"), max_length=40)
    given = forms.CharField(label=_("Given name"), max_length=80)

    def perform(self, by, now):
        data = self.cleaned_data
        return actions.change_name(self.about, family=data["family"], given=data["given"], on=data["on"], by=by)


class PhoneForm(PersonForm):
    number = forms.RegexField(
        r"^[\d +()-]{4,30}$", label=_("Telephone"), required=False, help_text=_("empty: there is none any more")
    )

    def perform(self, by, now):
        return actions.change_phone(self.about, number=self.cleaned_data["number"], on=self.cleaned_data["on"], by=by)


class PreferenceForm(PersonForm):
    on = Day(label=_("Said on"))
    channel = one_of(ContactPreference.Channel.choices, _("By"), initial=ContactPreference.Channel.ANY)
    hours = forms.CharField(label=_("Hours"), max_length=80, required=False)
    woman_worker = forms.BooleanField(label=_("Prefers a woman worker"), required=False)
    safe_number = forms.CharField(label=_("Safe number"), max_length=30, required=False)
    wants_no_contact = forms.BooleanField(label=_("Does not want contact"), required=False)
    language = language_field()
    interpreter = forms.BooleanField(label=_("Needs an interpreter"), required=False)

    def perform(self, by, now):
        data = dict(self.cleaned_data)
        data["language"] = data["language"] or None
        stated_on = data.pop("on")
        data["channel"] = data["channel"] or ContactPreference.Channel.ANY
        return actions.record_preference(self.about, stated_on=stated_on, by=by, **data)


class ConsentForm(PersonForm):
    on = Day(label=_("From"))
    until = Day(label=_("Until and including"), required=False)
    purpose = forms.CharField(label=_("Purpose"), max_length=200)
    items = pills(ITEMS.items(), _("What may be shared"), required=True)
    recipient = forms.ModelChoiceField(
        label=_("Shared with"), queryset=Agency.objects.order_by("name_ko"), required=False
    )

    def perform(self, by, now):
        data = self.cleaned_data
        return actions.give_consent(self.about, by=by, **data)
