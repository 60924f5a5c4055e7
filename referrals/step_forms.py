"""The words that passing on, waiting, talking and the law's clock ask for; the other steps' stand in `forms`."""

import uuid
from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.clock import seoul_day
from referrals import forms as others
from referrals import handing, packet, rerouting
from referrals.asking import lines
from referrals.forms import HandlerForm, ReasonForm
from referrals.holding import HELD_FOR
from referrals.models import BenefitApplication, Message

A_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class NextAgency(forms.Form):
    """Whom to ask instead; the one that the table of routes names stands first."""

    def __init__(self, *args, field, receivers, first=None, **kwargs):
        """`receivers` are the agencies on offer, `first` the one that is chosen until another is."""
        super().__init__(*args, **kwargs)
        self.agencies = {agency.pk: agency for agency in receivers}
        chosen = cast(forms.TypedChoiceField, self.fields[field])
        chosen.choices = [("", _("Choose an agency")), *((one.pk, str(one)) for one in receivers)]
        chosen.coerce = lambda pk: self.agencies[int(pk)]
        chosen.initial = first.pk if first else ""


class RerouteForm(NextAgency):
    """To whom it is passed on, and why."""

    to_agency = forms.TypedChoiceField(label=_("Agency that gets it"), empty_value=None)
    reason = ReasonForm.base_fields["reason"]


class DeclineForm(NextAgency):
    """Why it is declined, and whom the sender might ask instead."""

    reason = ReasonForm.base_fields["reason"]
    proposes = forms.TypedChoiceField(
        label=_("Whom the sender might ask instead"), required=False, empty_value=None, help_text=_("a proposal only")
    )


class HoldForm(forms.Form):
    """For whom it waits, and why."""

    waits_for = forms.ChoiceField(
        label=_("It waits for"), choices=[(w.value, w.label) for w in HELD_FOR], widget=forms.RadioSelect
    )
    reason = ReasonForm.base_fields["reason"]


class HandForm(HandlerForm):
    """Who takes it from now on, nobody named: who posts it; and who had it on the page."""

    was = forms.IntegerField(required=False, widget=forms.HiddenInput)


class MessageForm(forms.Form):
    """One line of the thread; the key lets a double tap land once."""

    client_key = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(choices=Message.Kind, widget=forms.HiddenInput)
    answers = forms.IntegerField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Words"), max_length=2000, widget=lines(), help_text=_("both agencies read it, and it stays")
    )


class ApplicationForm(forms.ModelForm):
    """A benefit was applied for on a day."""

    client_key = forms.UUIDField(widget=forms.HiddenInput)

    class Meta:
        model = BenefitApplication
        fields = ["benefit", "applied_on"]
        widgets = {"applied_on": A_DAY}


class DecisionForm(forms.Form):
    """What was decided on an application, and on which day."""

    decided_on = forms.DateField(label=_("Decided on"), widget=A_DAY)
    granted = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("yes", _("Granted")), ("no", _("Refused"))],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )


class ExtensionForm(forms.Form):
    """Why the decision takes up to 60 days."""

    reason = forms.CharField(label=_("Why 60 days"), max_length=300, widget=lines(2))


def message(kind, answers=None, data=None):
    """Return the form of a line of the thread, with a key of its own; `answers` is the question's id."""
    first = {"client_key": uuid.uuid4(), "kind": kind, "answers": answers}
    return MessageForm(data, initial=first, auto_id=f"id_{kind}{answers or ''}_%s")


def application(data=None):
    """Return the form of an application, with a key of its own."""
    return ApplicationForm(data, initial={"client_key": uuid.uuid4()}, auto_id="id_application_%s")


def handler(referral, data=None):
    """Return the form of who takes it, with who had it when the page was made."""
    return HandForm(data, workers=handing.people_of(referral.to_agency_id), initial={"was": referral.handler_id})


def of_benefit(verb, data=None):
    """Return the form of an application's decision or extension."""
    return DecisionForm(data) if verb == "decide" else ExtensionForm(data)


def for_step(referral, verb, user, now, data=None):
    """Return the form that a step of the table asks for, or None; `data` is the POST."""
    if verb == "hold":
        return HoldForm(data)
    if verb in ("reroute", "decline"):
        receivers = rerouting.next_receivers(referral, on=seoul_day(now))
        first = rerouting.proposed(referral, receivers)
        if verb == "reroute":
            return RerouteForm(data, field="to_agency", receivers=receivers, first=first)
        return DeclineForm(data, field="proposes", receivers=receivers)
    hopes = packet.as_seen_by(referral, user).desired if verb == "provide" else ()
    return others.for_step(verb, handing.people_of(referral.to_agency_id), data, hopes=hopes)
