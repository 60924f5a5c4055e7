"""Forms about somebody who cannot be reached. What is no proof, and no end, stands among the answers and is refused
with a sentence: whoever looks for it learns what to do instead."""

from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from households import actions
from households.forms.contact import one_of
from households.forms.moments import LocalMoment
from households.forms.register import DeedForm, who_field
from households.models import PersonalProtection, SearchStep, Whereabouts

HEARD = "heard"
NO_PROOF = {
    HEARD: _("What family or neighbours say is a lead, not a proof. Ask the hospital, the prison or the authority."),
}


class WhereaboutsForm(DeedForm):
    """Where the person was found, and what that rests on."""

    field_order = ("who", "where", "place", "evidence", "words", "on")

    who = who_field(_("Who was found"))
    where = one_of(Whereabouts.Where.choices, _("Where is the person"), required=True)
    place = forms.CharField(
        label=_("Which place"), max_length=80, required=False, help_text=_("hospital, country or district; no address")
    )
    evidence = one_of(
        [*Whereabouts.Evidence.choices, (HEARD, _("Told by family or neighbours"))],
        _("How is it confirmed"),
        required=True,
    )
    words = forms.CharField(
        label=_("Who confirmed it, and how"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["on"].label = _("Confirmed on which day")
        self.initial.setdefault("key", uuid4())

    def clean_evidence(self):
        """Hearsay confirms nothing."""
        if (evidence := self.cleaned_data["evidence"]) in NO_PROOF:
            raise forms.ValidationError(NO_PROOF[evidence])
        return evidence

    def perform(self, by, now):
        data = self.cleaned_data
        said = {name: data[name] for name in ("where", "place", "evidence", "words")}
        return actions.record_whereabouts(self.person(), observed_on=data["on"], client_key=data["key"], by=by, **said)


class SearchStepForm(DeedForm):
    """The town office, the police or 112 was asked."""

    field_order = ("step", "whom", "at", "answer")

    step = one_of(SearchStep.Step.choices, _("Who was asked"), required=True)
    whom = forms.CharField(label=_("Name of the person or desk"), max_length=80)
    at = LocalMoment(label=_("When"))
    answer = forms.CharField(
        label=_("What was answered"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["on"]
        self.initial.setdefault("key", uuid4())

    def perform(self, by, now):
        data = self.cleaned_data
        if data["at"] > now:
            raise actions.Refused(_("This time lies in the future."), field="at")
        said = {"step": data["step"], "whom": data["whom"], "answer": data["answer"], "occurred_at": data["at"]}
        return actions.record_search_step(self.household, client_key=data["key"], by=by, **said)


class PersonalProtectionForm(DeedForm):
    """Whether a personal-protection officer is still in charge."""

    field_order = ("who", "state", "on", "source")

    who = who_field(_("Who is it about"))
    state = one_of(PersonalProtection.State.choices, _("Personal protection by the police"), required=True)
    source = forms.CharField(label=_("How is it known"), max_length=80, required=False)

    def perform(self, by, now):
        data = self.cleaned_data
        return actions.record_personal_protection(
            self.person(), state=data["state"], stated_on=data["on"], source=data["source"], by=by
        )
