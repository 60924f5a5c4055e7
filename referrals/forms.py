"""The words that some steps of a referral ask for; the form in which it is written stands in `asking`."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from referrals.asking import ReferralForm, lines, starting
from referrals.states import Outcome

__all__ = ["HandlerForm", "OutcomeForm", "ReasonForm", "ReferralForm", "for_step", "starting"]


class ReasonForm(forms.Form):
    """A step that needs a reason; the other side reads it."""

    reason = forms.CharField(
        label=_("Reason"), max_length=1000, widget=lines(), help_text=_("the other agency reads it")
    )


class OutcomeForm(forms.Form):
    """What came of the request: of each hoped-for result its own, or where there is none of the whole."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=Outcome, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("What was done, or why not"), max_length=2000, widget=lines(), help_text=_("the sender reads it")
    )

    def __init__(self, *args, hopes=(), **kwargs):
        """`hopes` are the lines as `packet.hopes` returns them."""
        super().__init__(*args, **kwargs)
        self.orders = [hope["order"] for hope in hopes]
        if hopes:
            del self.fields["outcome"]
        for hope in hopes:
            n = hope["order"]
            self.fields[f"result_{n}"] = forms.ChoiceField(
                label=hope["words"], choices=Outcome, widget=forms.RadioSelect
            )
            self.fields[f"words_{n}"] = forms.CharField(
                label=_("In a few words: %(n)s") % {"n": n}, max_length=300, required=False
            )

    @property
    def results(self):
        """Return the rows of results, what came of it and in which words, as bound fields."""
        return [(self[f"result_{n}"], self[f"words_{n}"]) for n in self.orders]

    def clean(self):
        """Gather what was said of each line as `outcomes.provide` takes it."""
        data = super().clean() or {}
        gathered: dict[str, Any] = {name: data[name] for name in ("outcome", "text") if name in data}
        gathered["results"] = {n: (data.get(f"result_{n}", ""), data.get(f"words_{n}", "")) for n in self.orders}
        return gathered


class HandlerForm(forms.Form):
    """Who takes it; whoever accepts, unless somebody else is named."""

    handler = forms.ModelChoiceField(label=_("Who takes it"), queryset=None, required=False)

    def __init__(self, *args, workers, **kwargs):
        """`workers` are the users of the receiving agency who may take it."""
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["handler"]).queryset = workers


def for_step(verb, workers, data=None, hopes=()):
    """Return the form that the step asks for, or None; `data` is the POST, `hopes` the lines of the packet that the
    user may read."""
    if verb == "accept":
        return HandlerForm(data, workers=workers)
    if verb in ("decline", "return", "cancel", "fail"):
        return ReasonForm(data)
    return OutcomeForm(data, hopes=hopes) if verb == "provide" else None
