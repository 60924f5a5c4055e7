"""The forms of a referral: writing it, and the words that some steps ask for."""

import uuid
from typing import cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from referrals import packet, suggest
from referrals.states import NEEDS, Ground, Outcome


def lines(rows=3):
    """Return a text box of `rows` lines."""
    return forms.Textarea(attrs={"rows": rows})


class ReferralForm(forms.Form):
    """A new referral or a draft: what is asked of whom, and exactly what they will see."""

    client_key = forms.UUIDField(widget=forms.HiddenInput)
    need = forms.ChoiceField(label=_("What is needed"), choices=NEEDS, widget=forms.RadioSelect)
    to_agency = forms.TypedChoiceField(label=_("Agency to ask"), coerce=int)
    title = forms.CharField(label=_("Title"), max_length=120, help_text=_("stands in lists: without names"))
    request = forms.CharField(label=_("Request"), widget=lines(4), help_text=_("what they are asked to do"))
    sections = forms.MultipleChoiceField(
        label=_("Show from the register"), choices=packet.PICKED, required=False, widget=forms.CheckboxSelectMultiple
    )
    facts = forms.CharField(label=_("Facts"), widget=lines(), required=False)
    tried = forms.CharField(label=_("What was tried"), widget=lines(6), required=False)
    hoped = forms.CharField(label=_("Hoped-for result"), widget=lines(2), required=False)
    health = forms.CharField(
        label=_("Health"), widget=lines(2), required=False, help_text=_("shown only if you write it here")
    )
    ground = forms.ChoiceField(label=_("Ground for sharing"), choices=Ground, widget=forms.RadioSelect)
    consent_on = forms.DateField(
        label=_("Day on which the person agreed"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("where none is on record"),
    )
    note = forms.CharField(
        label=_("Why it cannot wait"), max_length=200, required=False, help_text=_("for urgent danger")
    )

    def __init__(self, *args, household, user, on, **kwargs):
        """`household` is the one it is about, `user` the sender, `on` the day."""
        super().__init__(*args, **kwargs)
        self.household, self.on = household, on
        self.agencies = {agency.pk: agency for agency in suggest.agencies_for(household, on=on, sender=user)}
        need = self["need"].value()
        known = need if need in dict(NEEDS) else ""
        asked = cast(forms.ChoiceField, self.fields["to_agency"])
        asked.choices = suggest.choices(self.agencies.values(), known, on=on)

    def clean_to_agency(self):
        """Refuse an agency where nobody would read it: found but not reached is what this system must not repeat."""
        agency = self.agencies[self.cleaned_data["to_agency"]]
        if not agency.staffed:
            raise ValidationError(
                _("Nobody at this agency receives through this system. Please ask by telephone and log the call.")
            )
        return agency

    def clean_consent_on(self):
        """A consent was given today or earlier."""
        day = self.cleaned_data["consent_on"]
        if day and day > self.on:
            raise ValidationError(_("This day is still to come."))
        return day

    def clean(self):
        """The ground has to be complete: the days of the consent, or the reason that cannot wait."""
        super().clean()
        data = self.cleaned_data
        data["consent"] = self._consent(data) if data.get("ground") == Ground.CONSENT else None
        if data.get("ground") == Ground.DANGER and not data.get("note"):
            self.add_error("note", _("Say in one line why it cannot wait."))
        if data.get("ground") != Ground.DANGER:
            data["note"] = ""
        return data

    def _consent(self, data):
        if not data.get("to_agency"):
            return None
        kept = packet.consent_on_record(self.household, data["to_agency"], on=self.on)
        if kept:
            last = kept.during.upper and kept.during.upper.toordinal() - 1
            return {
                "from": kept.during.lower.isoformat() if kept.during.lower else "",
                "to": type(self.on).fromordinal(last).isoformat() if last else "",
            }
        if data.get("consent_on"):
            return {"on": data["consent_on"].isoformat()}
        if "consent_on" not in self.errors:
            self.add_error("consent_on", _("No consent for this agency is on record: give the day, or another ground."))
        return None

    def words(self):
        """Return the cleaned fields as `actions.save_draft` takes them."""
        return {name: value for name, value in self.cleaned_data.items() if name != "consent_on"}


class ReasonForm(forms.Form):
    """A step that needs a reason; the other side reads it."""

    reason = forms.CharField(
        label=_("Reason"), max_length=1000, widget=lines(), help_text=_("the other agency reads it")
    )


class OutcomeForm(forms.Form):
    """What came of the request."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=Outcome, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("What was done, or why not"), max_length=2000, widget=lines(), help_text=_("the sender reads it")
    )


class HandlerForm(forms.Form):
    """Who takes it; whoever accepts, unless somebody else is named."""

    handler = forms.ModelChoiceField(label=_("Who takes it"), queryset=None, required=False)

    def __init__(self, *args, workers, **kwargs):
        """`workers` are the users of the receiving agency who may take it."""
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["handler"]).queryset = workers


def for_step(verb, workers, data=None):
    """Return the form that the step asks for, or None; `data` is the POST."""
    if verb == "accept":
        return HandlerForm(data, workers=workers)
    if verb in ("decline", "return", "cancel"):
        return ReasonForm(data)
    return OutcomeForm(data) if verb == "provide" else None


def starting(referral=None, draft=None, tried=""):
    """Return the first values of the form: from a saved text, from a draft or a declined referral, or empty."""
    if draft:
        return {**draft.payload, "client_key": draft.client_key}
    if referral:
        return _from_referral(referral)
    return {"client_key": uuid.uuid4(), "sections": ["members", "dwelling"], "tried": tried}


def _from_referral(referral):
    kept = referral.packet
    values = {name: kept.get(name, "") for name, _label in packet.WRITTEN}
    return values | {
        "client_key": referral.client_key,
        "need": referral.need,
        "to_agency": referral.to_agency_id,
        "title": referral.title,
        "request": referral.request,
        "sections": [name for name, _label in packet.PICKED if name in kept],
        "ground": referral.ground,
        "consent_on": (kept.get("consent") or {}).get("on", ""),
        "note": kept.get("note", ""),
    }
