"""Forms about one person: name, telephone, wishes, consent."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from casework.agencies.models import Agency
from households import actions
from households.forms.contact import one_of, pills
from households.forms.moments import Day
from households.forms.register import DeedForm, new_head_field
from households.models import ContactPreference, Hometown
from households.models.hometown import PROVINCE_CHOICES, province_of
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


class ReportedDeathForm(PersonForm):
    """What is answered where a file tells of a death: the day and who follows as head, or that the file is wrong."""

    DIED, LIVES = "died", "lives"

    answer = one_of(
        [(DIED, _("Yes: the person has died")), (LIVES, _("No: the person lives, and the file is wrong"))],
        _("A file of the register says that this person has died"),
        required=True,
    )
    on = Day(label=_("Died on"), required=False)
    new_head = new_head_field()
    reason = forms.CharField(
        label=_("Where you know it from"), max_length=300, help_text=_("talked to, seen, a paper"), required=False
    )
    field_order = ("answer", "on", "new_head", "reason")

    def __init__(self, *args, **kwargs):
        # The file does not say when it was, so that no day is set beforehand.
        super().__init__(*args, **{**kwargs, "initial": {"on": None}})

    def clean_on(self):
        """A day that lies in the past or is today, where there is one."""
        return super().clean_on() if self.cleaned_data["on"] else None

    def clean(self):
        """The day of the death, or how it is known that the person lives."""
        data = super().clean() or {}
        if data.get("answer") == self.DIED and not data.get("on") and "on" not in self.errors:
            self.add_error("on", _("Write the day of the death."))
        if data.get("answer") == self.LIVES and not data.get("reason"):
            self.add_error("reason", _("Write where you know it from."))
        return data

    def perform(self, by, now):
        data = self.cleaned_data
        if data["answer"] == self.LIVES:
            return actions.deny_death(self.about, household=self.household, reason=data["reason"], by=by)
        return actions.record_death(self.about, on=data["on"], new_head=self.person("new_head"), by=by)


class HometownForm(PersonForm):
    on = None  # type: ignore[assignment]  # nobody comes from somewhere since a day
    province = forms.ChoiceField(
        label=Hometown._meta.get_field("province").verbose_name,
        choices=PROVINCE_CHOICES,
        help_text=_("as the person says it; nothing finer is kept"),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        held = province_of(self.about)
        self.initial["province"] = held.province if held else ""

    def perform(self, by, now):
        return actions.record_hometown(self.about, province=self.cleaned_data["province"], on=self.day, by=by)


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
