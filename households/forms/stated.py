"""Forms of a circumstance and of a screening. What it is about stands in the address, so that no script is needed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from households import actions
from households.forms.contact import offer, one_of
from households.forms.moments import Day
from households.models.circumstance import VALUES, Aspect, Benefit
from households.models.screening import HIGHEST, Instrument

YES, NO = "yes", "no"


class StatedForm(forms.Form):
    """Base: of whom, since when or on which day, from whom it is known. `day` is today; `key` lands once."""

    use_required_attribute = False

    who = one_of([], _("Who is it about"), required=True)
    on = Day(label=_("From which day"))
    source = forms.CharField(
        label=_("How is it known"),
        help_text=_("said in person, shown on paper, told by an office"),
        max_length=80,
        required=False,
    )
    key = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, members, day, was=None, **kwargs):
        """`was`: the version that is corrected; its person is not asked again."""
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.day, self.was = day, was
        self.people = {member.person.case_number: member.person for member in members}
        if was is None:
            del self.fields["version"]
            offer(self, "who", [(member.person.case_number, member.name) for member in members])
            if len(members) == 1:
                self.initial["who"] = members[0].person.case_number
        else:
            del self.fields["who"], self.fields["key"]

    def clean_on(self):
        """A fact lies in the past or is of today."""
        on = self.cleaned_data["on"]
        if on and on > self.day:
            raise forms.ValidationError(_("This day lies in the future."))
        return on

    def opened(self):
        """Return the fact as the version that the form was opened with, so that a newer one is not overwritten."""
        self.was.pk = self.cleaned_data.get("version") or self.was.pk
        return self.was

    def person(self):
        """Return the chosen member as Person."""
        return self.people[self.cleaned_data["who"]]


class CircumstanceForm(StatedForm):
    """One aspect of how a member stands. `kind` is a word of Aspect."""

    field_order = ("who", "detail", "value", "on", "source")

    detail = forms.ChoiceField(label=_("Which benefit"), choices=[("", "—"), *Benefit.choices])
    value = one_of([], _("How does it stand"), required=True)

    def __init__(self, *args, kind, **kwargs):
        super().__init__(*args, **kwargs)
        self.kind = kind
        # What was so when the register began has no first day, and need not be given one.
        self.fields["on"].required = self.was is None or self.was.during.lower is not None
        offer(self, "value", VALUES[kind].items())
        if kind != Aspect.BENEFIT or self.was:
            del self.fields["detail"]

    def perform(self, by):
        """Do the verb and return the Circumstance."""
        data = self.cleaned_data
        said = {"value": data["value"], "since": data["on"], "source": data["source"], "by": by}
        if self.was:
            return actions.correct_circumstance(self.opened(), **said)
        about = {"kind": self.kind, "detail": data.get("detail", ""), "client_key": data["key"]}
        return actions.record_circumstance(self.person(), **about, **said)


class ScreeningForm(StatedForm):
    """The result of one instrument. Item 9 is asked for the PHQ-9 only."""

    field_order = ("who", "on", "score", "item9", "source")

    score = forms.IntegerField(label=_("Score"), min_value=0)
    item9 = one_of(
        [(NO, _("0 points")), (YES, _("1 point or more"))],
        _("Item 9, thoughts of death or self-harm"),
        help_text=_("No other answer is kept."),
        required=True,
    )

    def __init__(self, *args, instrument, **kwargs):
        super().__init__(*args, **kwargs)
        self.instrument = instrument
        self.fields["on"].label = _("Day of the screening")
        score, most = self.fields["score"], HIGHEST[instrument]
        score.help_text = _("from 0 to %(most)s") % {"most": most}
        score.widget.attrs |= {"max": most, "inputmode": "numeric"}
        if instrument != Instrument.PHQ9:
            del self.fields["item9"]

    def perform(self, by):
        """Do the verb and return the Screening."""
        data = self.cleaned_data
        item9 = data["item9"] == YES if "item9" in data else None
        said = {"score": data["score"], "observed_on": data["on"], "item9": item9, "source": data["source"], "by": by}
        if self.was:
            return actions.correct_screening(self.opened(), **said)
        about = {"instrument": self.instrument, "client_key": data["key"]}
        return actions.record_screening(self.person(), **about, **said)
