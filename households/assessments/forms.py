"""The form of an assessment: ten domains, none of them answered beforehand, and the client's own words."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from households.extensions.forms import Plain
from households.forms.moments import Day
from households.models import NeedsAssessment
from households.models.assessment import Domain, Need

HINTS = {
    Domain.SAFETY: _("violence, threats, fear, a place to go to; alone with the person only"),
    Domain.HEALTH: _("body and mind, treatment, medicine, sleep, drinking"),
    Domain.DAILY: _("meals, getting up, keeping house, getting about"),
    Domain.FAMILY: _("living together, care, family in the North or in another country"),
    Domain.SOCIAL: _("somebody to call, neighbours, faith, groups"),
    Domain.MONEY: _("income, benefits, debt, money sent home"),
    Domain.SCHOOL: _("school, learning, the children's school"),
    Domain.WORK: _("work, looking for work, training, conditions at work"),
    Domain.HOME: _("the dwelling, heating, rent, repairs"),
    Domain.RIGHTS: _("papers, disputes, fraud, discrimination"),
}


def _text(label, length, rows=2, help_text=""):
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=length, required=False, widget=widget, help_text=help_text)


class AssessmentForm(Plain):
    """One assessment. `subject` is "" for the household, else the case number of a member."""

    subject = forms.ChoiceField(label=_("Whom is it about"), required=False, widget=forms.RadioSelect)
    assessed_on = Day(label=_("Assessed on"))
    took_part = forms.CharField(
        label=_("Who took part"), help_text=_("names or roles, also of an interpreter"), max_length=200, required=False
    )
    client_words = _text(_("In the client's own words"), 2000, 4, _("as it was said, not as we would put it"))
    wishes = _text(_("What the client wishes"), 2000, 3)
    draft = forms.UUIDField(widget=forms.HiddenInput)
    resume = forms.CharField(widget=forms.HiddenInput, required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, members, editing=False, **kwargs):
        """`members`: who can be chosen; `editing`: the subject stands."""
        super().__init__(*args, **kwargs)
        self.people = {member.person.case_number: member.person for member in members}
        for domain in Domain:
            self._add(domain)
        subject: forms.ChoiceField = self.fields["subject"]  # type: ignore[assignment]
        subject.choices = [("", _("The household as a whole")), *((m.person.case_number, m.name) for m in members)]
        for name in ("subject", "draft", "resume", "seen") if editing else ("version",):
            del self.fields[name]

    def _add(self, domain):
        self.fields[domain.value] = forms.ChoiceField(
            label=domain.label,
            help_text=HINTS[domain],
            choices=Need.choices,
            widget=forms.RadioSelect,
            error_messages={"required": _("Please say how it stands, or that it could not be asked.")},
        )
        self.fields[f"{domain.value}_words"] = _text(_("What was found"), 1000)
        self.fields[f"{domain.value}_strengths"] = _text(_("Strengths"), 300, 1)

    @property
    def domains(self):
        """The bound fields of each domain: {"level", "words", "strengths"}."""
        return [
            {"level": self[code], "words": self[f"{code}_words"], "strengths": self[f"{code}_strengths"]}
            for code in Domain.values
        ]

    def clean_subject(self):
        """Return the person, or None for the household."""
        return self.people.get(self.cleaned_data["subject"])

    def clean(self):
        """A serious need is said in words too: a level alone helps nobody who takes over."""
        super().clean()
        for code in Domain.values:
            if self.cleaned_data.get(code) == Need.SERIOUS and not self.cleaned_data.get(f"{code}_words", "").strip():
                self.add_error(f"{code}_words", gettext("Please write what was found, in a sentence."))
        return self.cleaned_data

    def said(self):
        """Return the columns of the NeedsAssessment."""
        data = self.cleaned_data
        plain = ("assessed_on", "took_part", "client_words", "wishes", *Domain.values)
        texts = {
            kind: {code: data[f"{code}_{kind}"] for code in Domain.values if data[f"{code}_{kind}"]}
            for kind in ("words", "strengths")
        }
        return {name: data[name] for name in plain} | texts


def initial_of(assessment: NeedsAssessment):
    """Return the form's initial data that an assessment stands for: the opposite of `said()`."""
    plain = ("assessed_on", "took_part", "client_words", "wishes", *Domain.values)
    texts = {
        f"{code}_{kind}": getattr(assessment, kind).get(code, "")
        for kind in ("words", "strengths")
        for code in Domain.values
    }
    return {name: getattr(assessment, name) for name in plain} | texts | {"version": assessment.pk}
