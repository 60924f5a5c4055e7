"""Forms of protection: a step before the end, a decision, days of a period, how a notice went out and what became of
it. Each `day` is today: what is recorded lies in the past or is of today, unless it says until when something holds.
"""

from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from households.forms.contact import one_of
from households.forms.moments import Day
from households.models import EndNotice, EndStep, ProtectionDecision
from households.protection.dates import AFTERCARE

RECEIVED, RETURNED, WAITING = "received", "returned", "waiting"


class DatedForm(forms.Form):
    """Base: `day` is today; `past`: the fields of which the day cannot lie ahead; `key` lands once."""

    use_required_attribute = False
    past: tuple[str, ...] = ()

    def __init__(self, *args, day, **kwargs):
        initial = {"key": uuid4(), **kwargs.pop("initial", {})}
        super().__init__(*args, **{"label_suffix": "", "initial": initial, **kwargs})
        self.day = day

    def clean(self):
        """Refuse a day that has not come, beside its field."""
        data = super().clean() or self.cleaned_data
        for name in self.past:
            if data.get(name) and data[name] > self.day:
                self.add_error(name, _("This day lies in the future."))
        return data


class StepForm(DatedForm):
    """One step of the centre; `last_day` is the one that the page was opened with."""

    past = ("done_on",)

    done_on = Day(label=_("Done on"))
    result = one_of(
        [(value, label) for value, label in EndStep.Result.choices if value],
        _("What does the person wish?"),
        help_text=_("as the person said it; nothing is asked for by this"),
        required=True,
    )
    words = forms.CharField(
        label=_("In a few words"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    last_day = forms.DateField(widget=forms.HiddenInput)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, step, **kwargs):
        super().__init__(*args, **kwargs)
        if step == AFTERCARE:
            del self.fields["result"]
            self.fields["words"].required = True
            self.fields["words"].label = _("Plan for the time after protection")
            self.fields["words"].help_text = _("who stays in touch, until when, what goes on elsewhere")

    def said(self):
        """Return the words of the verb."""
        data = self.cleaned_data
        names = ("done_on", "words", "last_day")
        return {name: data[name] for name in names} | {"result": data.get("result", ""), "client_key": data["key"]}


class DecisionForm(DatedForm):
    """One decision of the Minister, with its basis, who decided, and when."""

    past = ("decision_on",)

    decision = one_of(
        [(value, label) for value, label in ProtectionDecision.Decision.choices if value != "none"],
        pgettext_lazy("protection", "Decision"),
        required=True,
    )
    since = Day(label=_("From which day"))
    decision_on = Day(label=_("Decided on"))
    decider = forms.CharField(label=_("Who decided"), max_length=80, help_text=_("for an application: who received it"))
    basis = forms.CharField(
        label=_("Basis"), max_length=200, help_text=_("the article, or in your own words why; no details of the person")
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def said(self):
        """Return the words of the verb."""
        names = ("decision", "since", "decision_on", "decider", "basis")
        return {name: self.cleaned_data[name] for name in names} | {"client_key": self.cleaned_data["key"]}


class DaysForm(DatedForm):
    """First and last day, both included."""

    first = Day(label=_("First day"))
    last = Day(label=_("Last day"))

    def clean(self):
        """The last day does not lie before the first."""
        data = super().clean()
        if data.get("first") and data.get("last") and data["last"] < data["first"]:
            self.add_error("last", _("The last day lies before the first."))
        return data


class PersonalPeriodForm(DaysForm):
    """The days of personal protection by the police; how much somebody is in danger is not asked."""

    past = ("decision_on",)

    decision_on = Day(label=_("Decided on"))
    basis = forms.CharField(
        label=_("Basis"), max_length=200, required=False, help_text=_("no grade and nothing about the danger")
    )
    key = forms.UUIDField(widget=forms.HiddenInput)


class PeriodForm(DaysForm):
    """A period put right; `version` is the one that the form was opened with."""

    reason = forms.CharField(label=_("Reason for the correction"), max_length=200)
    version = forms.IntegerField(widget=forms.HiddenInput, max_value=2**62)


class SentForm(DatedForm):
    """How and when the chosen letters went out; their numbers stand in the list itself."""

    past = ("sent_on",)

    way = one_of(EndNotice.Way.choices, _("How it was sent"), required=True)
    sent_on = Day(label=_("Sent on"))


class OutcomeForm(DatedForm):
    """What became of a letter; `version` is the one that the form was opened with."""

    past = ("on",)

    outcome = one_of(
        [
            (RECEIVED, _("Received by the person")),
            (RETURNED, _("Came back")),
            (WAITING, _("Not known yet")),
        ],
        _("What became of the letter?"),
        required=True,
    )
    on = Day(label=_("On which day"), required=False)
    why = forms.CharField(
        label=_("Why it came back"), max_length=200, required=False, help_text=_("as the post office wrote it")
    )
    version = forms.IntegerField(widget=forms.HiddenInput, max_value=2**62)

    def clean(self):
        """A letter was received, or came back, on a day; one that came back did so for a reason."""
        data = super().clean()
        known = data.get("outcome") in (RECEIVED, RETURNED)
        if known and not data.get("on") and "on" not in self.errors:
            self.add_error("on", _("Please enter the day."))
        if data.get("outcome") == RETURNED and not data.get("why"):
            self.add_error("why", _("Say why the letter came back."))
        return data

    def said(self):
        """Return the words of the verb."""
        data = self.cleaned_data
        returned = data["outcome"] == RETURNED
        return {
            "delivered_on": data["on"] if data["outcome"] == RECEIVED else None,
            "returned_on": data["on"] if returned else None,
            "returned_why": data["why"] if returned else "",
        }


class FindForm(forms.Form):
    """The whole case number of a person."""

    use_required_attribute = False

    case_number = forms.CharField(label=_("Case number"), max_length=12, help_text=_("such as 7QX4-1DTM-5"))

    def clean_case_number(self):
        """Numbers are kept in capitals."""
        return self.cleaned_data["case_number"].strip().upper()
