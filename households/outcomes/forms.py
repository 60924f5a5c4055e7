"""The forms of a job, a schooling and a treatment. Which of them stands in the address, so that no script is needed."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from households.forms.contact import offer, one_of
from households.forms.moments import Day
from households.models import Job, NothingCame, Schooling, Treatment
from households.outcomes.actions import correct_outcome, record_outcome, source_of, too_late

YES, NO = "yes", "no"


class OutcomeForm(forms.Form):
    """Base: of whom, from which day, until which. `day` is today; `was`: the version that is put right; `left`: of
    somebody who died or left (a Former)."""

    use_required_attribute = False
    model: type = Job
    ending = ""  # the field that goes with the last day

    who = one_of([], _("Who is it about"), required=True)
    began_on = Day(label=_("First day"))
    ended_on = Day(label=_("Last day"), required=False, help_text=_("only if it has ended"))
    source = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)
    key = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, members, day, was=None, left=None, **kwargs):
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.day, self.was, self.left = day, was, left
        self.people = {member.person.case_number: member.person for member in members}
        if was is None:
            del self.fields["version"]
            offer(self, "who", [(member.person.case_number, member.name) for member in members])
            if len(members) == 1:
                self.initial["who"] = members[0].person.case_number
        else:
            del self.fields["who"], self.fields["key"]

    def clean_began_on(self):
        """Not after today."""
        return self._not_ahead("began_on")

    def clean_ended_on(self):
        """Not after today."""
        return self._not_ahead("ended_on")

    def clean_source(self):
        """The number of a referral, or nothing."""
        return source_of(self.cleaned_data["source"])

    def clean(self):
        """The last day does not lie before the first, and goes with the word that says how it ended."""
        super().clean()
        data = self.cleaned_data
        first, last = data.get("began_on"), data.get("ended_on")
        if first and last and last < first:
            self.add_error("ended_on", _("The last day lies before the first."))
        if self.ending and last and not data.get(self.ending) and self.ending not in self.errors:
            self.add_error(self.ending, _("Please say how it ended."))
        if self.ending and data.get(self.ending) and not last and "ended_on" not in self.errors:
            self.add_error("ended_on", _("Please give the last day too."))
        return data

    def _not_ahead(self, name):
        if self.cleaned_data[name] and self.cleaned_data[name] > self.day:
            raise forms.ValidationError(_("This day lies in the future."))
        if self.left and self.cleaned_data[name] and self.cleaned_data[name] > self.left.until:
            raise forms.ValidationError(too_late(self.left.until, died=self.left.died))
        return self.cleaned_data[name]

    def said(self):
        """Return the columns of the outcome."""
        given = {name: value for name, value in self.cleaned_data.items() if name not in ("who", "key", "version")}
        return given | {"source": self.was.source if self.was else self.cleaned_data["source"]}

    def perform(self, by, now):
        """Do the verb and return the outcome."""
        if self.was is not None:
            self.was.pk = self.cleaned_data.get("version") or self.was.pk
            return correct_outcome(self.was, by=by, now=now, **self.said())
        person = self.people[self.cleaned_data["who"]]
        return record_outcome(self.model, person, by=by, now=now, client_key=self.cleaned_data["key"], **self.said())


class JobForm(OutcomeForm):
    """A job. A job in the public sector is counted for the Ministry."""

    ending = "end_why"
    field_order = ("who", "kind", "employer", "public_sector", "began_on", "found", "incentive", "ended_on", "end_why")

    kind = one_of(Job.Kind.choices, _("Kind of work"), required=True)
    employer = forms.ChoiceField(label=_("Employer"), choices=[("", "—"), *Job.Employer.choices])
    public_sector = one_of(
        [(YES, pgettext_lazy("yes or no", "Yes")), (NO, pgettext_lazy("yes or no", "No"))],
        _("In the public sector"),
        required=True,
        help_text=_("government, local government, public institution"),
    )
    found = one_of(Job.Found.choices, _("How it was found"), required=True)
    incentive = forms.ChoiceField(
        label=_("Incentive used"),
        choices=Job.Incentive.choices,
        help_text=_("The subsidy to the employer is not for those who entered after 29 November 2014 (Decree, 34-2)."),
    )
    end_why = forms.ChoiceField(label=_("Why it ended"), required=False, choices=[("", "—"), *Job.End.choices])

    def __init__(self, *args, left=None, **kwargs):
        super().__init__(*args, left=left, **kwargs)
        if not (left and left.died):
            offer(self, "end_why", [("", "—"), *(one for one in Job.End.choices if one[0] != Job.End.DIED)])

    def clean_public_sector(self):
        """Yes or no."""
        return self.cleaned_data["public_sector"] == YES

    def clean(self):
        """An own business is not in the public sector."""
        super().clean()
        data = self.cleaned_data
        own = data.get("kind") == Job.Kind.SELF_EMPLOYED or data.get("employer") == Job.Employer.OWN
        if own and data.get("public_sector"):
            self.add_error("public_sector", _("An own business is not in the public sector."))
        return data


class SchoolingForm(OutcomeForm):
    """A school, or a training."""

    model = Schooling
    ending = "result"
    field_order = ("who", "kind", "level", "began_on", "ended_on", "result")

    kind = one_of(Schooling.Kind.choices, _("School or training"), required=True)
    level = forms.ChoiceField(label=_("Level"), choices=[("", "—"), *Schooling.Level.choices])
    result = forms.ChoiceField(label=_("Result"), required=False, choices=[("", "—"), *Schooling.Result.choices])


class TreatmentForm(OutcomeForm):
    """That a treatment began, in the broadest words."""

    model = Treatment
    field_order = ("who", "kind", "place", "began_on", "ended_on")

    kind = one_of(Treatment.Kind.choices, _("Kind of treatment"), required=True, help_text=_("No illness is named."))
    place = one_of(Treatment.Place.choices, _("Kind of place"), required=True)


class NothingCameForm(forms.Form):
    """Of which referral nothing is to be recorded, and why not."""

    use_required_attribute = False

    source = forms.CharField(widget=forms.HiddenInput, max_length=20)
    why = one_of(NothingCame.Why.choices, _("Why"), required=True)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"label_suffix": "", **kwargs})


FORMS = {"job": JobForm, "schooling": SchoolingForm, "treatment": TreatmentForm}
