"""The steps of the intake: person, household, protection, contact, check."""

import re
from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from casework.agencies.models import Agency
from households.forms.contact import one_of, pills
from households.forms.moments import Day
from households.forms.person import ITEMS, language_field
from households.forms.register import district_field, town_field
from households.models import ContactPreference, Hometown, Household, Particulars, ProtectionDecision
from households.models.hometown import PROVINCE_CHOICES
from households.models.person import LANGUAGES
from households.words import MEMBER_ROLES

YES_NO = [("yes", pgettext_lazy("yes or no", "Yes")), ("no", pgettext_lazy("yes or no", "No"))]
Precision = Particulars.Precision


class PartialDay(forms.CharField):
    """A birth date as far as it is known: 1980, 1980-05 or 1980-05-17; gives (first day, precision)."""

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None, Precision.DAY
        match = re.fullmatch(r"(\d{4})(?:[-. ]+(\d{1,2}))?(?:[-. ]+(\d{1,2}))?\.?", text.strip())
        year, month, day = match.groups() if match else ("0", None, None)
        precision = Precision.DAY if day else Precision.MONTH if month else Precision.YEAR
        try:
            return date(int(year), int(month or 1), int(day or 1)), precision
        except ValueError as error:
            raise forms.ValidationError(_("Please write 1980, 1980-05 or 1980-05-17.")) from error


class StepForm(forms.Form):
    """Base of a step; `user` and today's `day` come in."""

    use_required_attribute = False

    def __init__(self, *args, user, day, **kwargs):
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.user, self.day = user, day

    def not_later(self, name):
        """Refuse a day that lies in the future."""
        value = self.cleaned_data.get(name)
        if value and value > self.day:
            self.add_error(name, _("This day lies in the future."))


class PersonStep(StepForm):
    family = forms.CharField(label=_("Family name"), max_length=40, help_text=_("in Hangul, as the person says it"))
    given = forms.CharField(label=_("Given name"), max_length=80)
    latin = forms.CharField(
        label=_("Name in Latin letters"), max_length=100, required=False, help_text=_("family name first")
    )
    former = forms.CharField(label=_("Former or other name"), max_length=100, required=False)
    sex = one_of(Particulars.Sex.choices, _("Sex"), required=True)
    birth = PartialDay(label=_("Born"), required=False, help_text=_("year, or month, or day, as far as known"))
    is_defector = one_of(YES_NO, _("Came from the North"), required=True)
    language = forms.ChoiceField(
        label=_("Language"),
        choices=LANGUAGES,
    )
    home_province = forms.ChoiceField(
        label=Hometown._meta.get_field("province").verbose_name, choices=PROVINCE_CHOICES, required=False
    )
    entered_on = Day(label=_("Entered the country on"), required=False)

    def clean(self):
        """Days that have happened."""
        super().clean()
        data = self.cleaned_data
        self.not_later("entered_on")
        birth = data.get("birth", (None, ""))[0]
        if birth and birth > self.day:
            self.add_error("birth", _("This day lies in the future."))
        return data


class HouseholdStep(StepForm):
    where = one_of(
        [("new", _("A new household")), ("join", _("Joins a household on file"))], _("Household"), required=True
    )
    number = forms.CharField(label=_("Number of the household"), max_length=10, required=False)
    role = one_of(MEMBER_ROLES.items(), _("As"), help_text=_("the first person of a new household is its head"))
    since = Day(label=_("Lives there since"), required=False)
    district = district_field(required=False)
    town = town_field()

    def clean(self):
        """A household on file is one the user may see; a new one needs its district."""
        super().clean()
        data = self.cleaned_data
        self.not_later("since")
        if data.get("where") == "join":
            self._clean_joined(data)
        elif data.get("where") == "new" and not data.get("district") and "district" not in self.errors:
            self.add_error("district", _("Please choose the district."))
        return data

    def _clean_joined(self, data):
        number = data.get("number", "").strip().upper()
        found = Household.objects.visible_to(self.user).filter(number=number).first()
        if found is None:
            self.add_error("number", _("No household with this number is among those you may see."))
        if not data.get("role"):
            self.add_error("role", _("Please say what the person is in this household."))
        data["household"] = found


class ProtectionStep(StepForm):
    decision = one_of(ProtectionDecision.Decision.choices, _("Protection decision"), required=True)
    moved_in_on = Day(
        label=_("First move-in"),
        required=False,
        help_text=_("with “protected”, five years of residence protection begin here"),
    )

    def clean(self):
        """A first move-in that has happened."""
        super().clean()
        data = self.cleaned_data
        self.not_later("moved_in_on")
        return data


class ContactStep(StepForm):
    phone = forms.RegexField(r"^[\d +()-]{4,30}$", label=_("Telephone"), required=False)
    channel = one_of(ContactPreference.Channel.choices, _("Wishes to be reached by"))
    hours = forms.CharField(label=_("Hours"), max_length=80, required=False)
    woman_worker = forms.BooleanField(label=_("Prefers a woman worker"), required=False)
    safe_number = forms.CharField(label=_("Safe number"), max_length=30, required=False)
    wants_no_contact = forms.BooleanField(label=_("Does not want contact"), required=False)
    language = language_field()
    interpreter = forms.BooleanField(label=_("Needs an interpreter"), required=False)
    items = pills(ITEMS.items(), _("Agreed that this may be shared"))
    purpose = forms.CharField(label=_("For what purpose"), max_length=200, required=False)
    recipient = forms.ModelChoiceField(
        label=_("Shared with"), queryset=Agency.objects.order_by("name_ko"), required=False
    )
    until = Day(label=_("Until and including"), required=False)

    def clean(self):
        """A consent has a purpose."""
        super().clean()
        data = self.cleaned_data
        if data.get("items") and not data.get("purpose"):
            self.add_error("purpose", _("Please say for what purpose the person agreed."))
        if data.get("until") and data["until"] < self.day:
            self.add_error("until", _("This day has passed."))
        return data


class CheckStep(StepForm):
    not_same = forms.BooleanField(label=_("I have compared them: this is another person."), required=False)

    def __init__(self, *args, similar=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.similar = similar

    def clean_not_same(self):
        """Asked only when somebody on file is similar."""
        if self.similar and not self.cleaned_data["not_same"]:
            raise forms.ValidationError(_("Please compare first, or go on with the record on file."))
        return self.cleaned_data["not_same"]


STEPS = {
    "person": (PersonStep, _("Person")),
    "household": (HouseholdStep, _("Household")),
    "protection": (ProtectionStep, _("Protection")),
    "contact": (ContactStep, _("How to reach the person")),
    "check": (CheckStep, _("Check")),
}
