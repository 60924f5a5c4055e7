"""The two forms of a survey: whom it asks, and what a household answers."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from casework.agencies.models import Agency, District, User
from casework.agencies.roles import May, can
from households.forms.contact import MET, ContactForm, offer, one_of, pills
from households.models.contact import Answer, Channel
from risk.bands import Band
from risk.campaigns.population import Criteria
from risk.models import CampaignAnswer
from risk.models.campaign import Helper, Need

YES_NO = [(Answer.NO, Answer.NO.label), (Answer.YES, Answer.YES.label)]


def _number(label: Any, most: int, hint: Any = "") -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=most, help_text=hint)


def _ids(label: Any) -> Any:
    return pills([], label, help_text=_("none chosen: all"))


class PlanForm(forms.Form):
    """Name, purpose, last day, and the filter; `criteria()` gives the filter as it is saved."""

    use_required_attribute = False

    name = forms.CharField(label=_("Name of the survey"), max_length=80)
    purpose = forms.CharField(
        label=_("What it is for"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("the caseworkers read this before they ask"),
    )
    reply_by = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}))
    bands = pills([(band.value, band.label) for band in sorted(Band, reverse=True)], _("Band"))
    centres = _ids(_("Centre"))
    districts = _ids(_("District"))
    ends_within = _number(_("Protection ends within (days)"), 3650)
    silent_for = _number(
        _("No talk with the person for more than (days)"), 3650, _("households never spoken with are counted in")
    )
    age_from = _number(_("Age of a member, from"), 120)
    age_to = _number(_("Age of a member, to"), 120)
    alone = forms.BooleanField(label=_("One-person households only"), required=False)
    client_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """`user`: who opens; a head of a centre chooses among its districts, the Ministry among the centres."""
        initial = {"client_key": uuid4(), **(kwargs.pop("initial", None) or {})}
        super().__init__(*args, **{"label_suffix": "", "initial": initial, **kwargs})
        if can(user, May.SEE_CENTRE):
            del self.fields["centres"]
            covered = District.objects.filter(jurisdiction__agency=user.agency_id).distinct().order_by("code")
            offer(self, "districts", [(one.pk, str(one)) for one in covered])
        else:
            del self.fields["districts"]
            offer(self, "centres", [(one.pk, str(one)) for one in Agency.objects.centres().order_by("name_ko")])

    def clean(self) -> dict[str, Any]:
        """An age that ends before it begins names nobody."""
        data = super().clean() or self.cleaned_data
        first, last = data.get("age_from"), data.get("age_to")
        if first is not None and last is not None and last < first:
            self.add_error("age_to", _("This age lies below the first one."))
        return data

    def criteria(self) -> Criteria:
        """Return the filter; call it when the form is valid."""
        data = self.cleaned_data
        chosen: dict[str, Any] = {
            name: tuple(int(one) for one in data.get(name, ())) for name in ("bands", "centres", "districts")
        }
        plain: dict[str, Any] = {
            name: data[name] for name in ("ends_within", "silent_for", "age_from", "age_to", "alone")
        }
        return Criteria(**chosen, **plain)


class Questions(forms.Form):
    """The closed questions of a survey."""

    needs = pills(Need.choices, _("Where is help needed?"), help_text=_("more than one if needed"))
    in_crisis = one_of(YES_NO, _("Is the household in crisis?"))
    services = pills(Helper.choices, _("Whose help was arranged?"), help_text=_("nothing chosen: none"))

    def answers(self) -> dict[str, Any]:
        """Return the answers as the verbs take them."""
        data = self.cleaned_data
        return {
            "needs": data["needs"],
            "in_crisis": data["in_crisis"] == Answer.YES,
            "services": data["services"],
        }


class CorrectionForm(Questions):
    """The closed questions as they were answered; `version` is the answer that was read."""

    use_required_attribute = False

    version = forms.IntegerField(widget=forms.HiddenInput, max_value=2**62)

    def __init__(self, *args: Any, given: CampaignAnswer, **kwargs: Any) -> None:
        """`given`: the answer that stands."""
        initial = {
            "needs": given.needs,
            "in_crisis": Answer.YES if given.in_crisis else Answer.NO,
            "services": given.services,
            "version": given.pk,
        }
        super().__init__(*args, **{"label_suffix": "", "initial": initial, **kwargs})
        field = self.fields["in_crisis"]
        field.required, field.error_messages["required"] = True, _("Please answer: no or yes.")


class AnswerForm(Questions, ContactForm):
    """The questionnaire: how the household was reached as in every contact, then the closed questions."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """As ContactForm; a survey asks by telephone or on a visit."""
        super().__init__(*args, **kwargs)
        reached = {Channel.PHONE: pgettext_lazy("survey", "By telephone"), Channel.VISIT: Channel.VISIT.label}
        offer(self, "channel", reached.items())

    def clean(self) -> dict[str, Any]:
        """Whoever was met is asked whether they are in crisis; it is never answered beforehand."""
        data = super().clean()
        if data.get("met") == MET and not data.get("in_crisis"):
            self.add_error("in_crisis", _("Please answer: no or yes."))
        return data

    @property
    def met(self) -> bool:
        """Whether somebody was spoken with."""
        return self.cleaned_data["met"] == MET
