"""What is written down of a concern, and the few words that each decision asks for."""

from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from casework.agencies.models import Agency, User
from casework.clock import seoul_day
from casework.numbers import format_number, plain
from households.forms.register import district_field
from referrals.concerns import clocks, matching
from referrals.models import Concern
from referrals.models.concern import CONCERN_GROUPS
from referrals.transfers.actions import workers_of

OTHER = ""


def _day(label, **options):
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


class TakenForm(forms.Form):
    """What somebody told us, in their words; nothing about them is needed. The key lets a double tap land once."""

    use_required_attribute = False

    client_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)
    words = forms.CharField(
        label=_("What was seen or heard"),
        help_text=_("as it was told, without judging"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    seen_on = _day(_("Day on which it was seen"))
    urgent = forms.BooleanField(
        label=_("Somebody should go today"),
        required=False,
        help_text=_("Is a life in danger? First call 119 or 112, then write here."),
    )
    district = district_field()
    heard_place = forms.CharField(
        label=_("Where exactly, as told"), max_length=200, required=False, help_text=_("building, floor, what is near")
    )
    heard_name = forms.CharField(label=_("Name as heard"), max_length=60, required=False)
    heard_phone = forms.CharField(label=_("Telephone of the person"), max_length=20, required=False)
    way = forms.ChoiceField(label=_("Who told us"), choices=Concern.Way, widget=forms.RadioSelect)
    told_by = forms.CharField(
        label=_("How to reach who told us"),
        max_length=120,
        required=False,
        help_text=_("only where they want to be called back; read by the centre's supervisors and by you alone"),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    def clean(self):
        """Something must tell whom it is about: a name, a telephone, or a place."""
        data = super().clean() or {}
        if not any(data.get(name) for name in ("heard_name", "heard_phone", "heard_place")):
            raise ValidationError(_("Please write a name, a telephone number or a place, so that they can be found."))
        return data


class StepForm(forms.Form):
    """The base of what a decision asks for: it knows the concern, who decides, and the moment."""

    use_required_attribute = False

    def __init__(self, *args, concern, user, now, calendar, **kwargs):
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.concern, self.user, self.now, self.calendar = concern, user, now, calendar
        self.offer()

    def offer(self):
        """Fill the choices that depend on the concern."""


class HouseholdForm(StepForm):
    """Which household it means: one of those that fit what was heard, or another one by its number."""

    household = forms.ChoiceField(
        label=_("Household"), required=False, widget=forms.RadioSelect, help_text=_("those that fit what was heard")
    )
    other = forms.CharField(
        label=_("Another household"), max_length=16, required=False, help_text=_("household number or case number")
    )

    def offer(self):
        """Offer those that fit, and the way to name another one."""
        self.like = matching.households_like(self.concern, self.user, now=self.now)
        field: forms.ChoiceField = self.fields["household"]  # type: ignore[assignment]
        field.choices = [*((row.number, row.number) for row in self.like), (OTHER, _("Another one, by its number"))]

    def clean(self):
        """Resolve the household; what is written counts before what is ticked."""
        data = super().clean() or {}
        asked = data.pop("other", "") or data.pop("household", "")
        found = matching.household_called(asked, self.user, on=seoul_day(self.now)) if asked else None
        if found is None:
            self.add_error(
                "other",
                _("Please choose the household, or write its number. A person who is not on file is registered first."),
            )
        return data | {"household": found}


class ContactForm(HouseholdForm):
    """Which household, who contacts them, by which day."""

    worker = forms.ModelChoiceField(
        label=_("Who contacts them"), queryset=User.objects.none(), empty_label=_("Choose a worker")
    )
    due_on = _day(_("By which day"))

    def offer(self):
        """Offer the workers of the centre, and the usual day."""
        super().offer()
        field: forms.ModelChoiceField = self.fields["worker"]  # type: ignore[assignment]
        field.queryset = workers_of(self.concern.centre_id)
        self.fields["due_on"].initial = clocks.usual_day(self.concern, self.now, self.calendar)


class JoinForm(StepForm):
    """With which earlier concern it is one."""

    same_as = forms.TypedChoiceField(
        label=_("Told before as"), required=False, coerce=int, empty_value=None, widget=forms.RadioSelect
    )
    other = forms.CharField(label=_("Another one, by its number"), max_length=16, required=False)

    def offer(self):
        """Offer those that seem to be the same."""
        self.before = matching.told_before(self.concern, self.user)
        field: forms.TypedChoiceField = self.fields["same_as"]  # type: ignore[assignment]
        field.choices = [(row.pk, f"{row.number} · {row.words[:60]}") for row in self.before]

    def clean(self):
        """Resolve the earlier concern among those of the centre."""
        data = super().clean() or {}
        rows = Concern.objects.decided_by(self.user)
        raw = plain(data.pop("other", "")).removeprefix("C")
        asked = {"number": f"C-{format_number(raw, CONCERN_GROUPS)}"} if raw else {"pk": data.get("same_as")}
        data["same_as"] = rows.filter(**asked).first()
        if data["same_as"] is None:
            self.add_error("other", _("Please choose a concern of your centre that was told before."))
        return data


class ReasonForm(StepForm):
    """Why; those who decide read it later."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class PassOnForm(ReasonForm):
    """To which other centre, and why."""

    centre = forms.ModelChoiceField(
        label=_("Hana Center that covers the place"), queryset=Agency.objects.none(), empty_label=_("Choose a centre")
    )
    field_order = ("centre", "reason")

    def offer(self):
        """Offer the other centres."""
        field: forms.ModelChoiceField = self.fields["centre"]  # type: ignore[assignment]
        field.queryset = Agency.objects.centres().exclude(pk=self.concern.centre_id).order_by("name_ko")


FORMS = {
    "contact": ContactForm,
    "refer": HouseholdForm,
    "join": JoinForm,
    "nothing": ReasonForm,
    "pass_on": PassOnForm,
    "again": ReasonForm,
}
