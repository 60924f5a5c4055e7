"""The forms of requests, steps, sittings and objections. Errors stand beside the field."""

from uuid import uuid4

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.agencies.models import Agency
from casework.numbers import PERSON_GROUPS, read_number
from households.forms.moments import Day, LocalMoment
from households.models import CouncilSeat, ExtensionGround, ExtensionRequest, Objection, RequestEvidence, Sitting

Outcome = ExtensionRequest.Outcome
AREA = {"rows": 5}


def _label(model, name):
    return model._meta.get_field(name).verbose_name


class Plain(forms.Form):
    """Base: no colon behind labels, and errors are said by the server."""

    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class Keyed(Plain):
    """Base of what a client creates: the key lets a double tap land once."""

    client_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)


class RequestForm(Keyed):
    """The fields of a request, by our own reading of 별지 제1호서식: no identity number, no address where protected."""

    kind = forms.ChoiceField(
        label=_label(ExtensionRequest, "kind"), choices=ExtensionRequest.Kind, widget=forms.RadioSelect
    )
    asked_until = Day(label=_label(ExtensionRequest, "asked_until"))
    grounds = forms.ModelMultipleChoiceField(
        label=_("Grounds"),
        help_text=_("our own list, not that of a law"),
        queryset=ExtensionGround.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    reason = forms.CharField(
        label=_label(ExtensionRequest, "reason"),
        help_text=_("in the person's own words where possible"),
        max_length=3000,
        widget=forms.Textarea(attrs=AREA),
    )
    evidence = forms.CharField(
        label=_("Papers attached"),
        help_text=_("one paper a line; more can be added later"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    applicant = forms.CharField(label=_label(ExtensionRequest, "applicant"), max_length=80)
    born_on = Day(label=_label(ExtensionRequest, "born_on"), help_text=_("never the identity number"))
    place = forms.CharField(label=_label(ExtensionRequest, "place"), max_length=120, required=False)
    proxy = forms.CharField(label=_label(ExtensionRequest, "proxy"), max_length=80, required=False)
    proxy_relation = forms.CharField(label=_label(ExtensionRequest, "proxy_relation"), max_length=60, required=False)
    written_on = Day(label=_label(ExtensionRequest, "written_on"))

    def __init__(self, *args, grounds, kept_back=False, editing=False, **kwargs):
        """`grounds`: those on offer; `kept_back`: no address is asked for; `editing`: papers are added elsewhere."""
        super().__init__(*args, **kwargs)
        offered: forms.ModelMultipleChoiceField = self.fields["grounds"]  # type: ignore[assignment]
        offered.queryset = grounds
        if kept_back:
            del self.fields["place"]
        if editing:
            del self.fields["evidence"]
            del self.fields["client_key"]

    def clean_evidence(self):
        """Return the papers as a list of texts."""
        lines = (line.strip()[:200] for line in self.cleaned_data["evidence"].splitlines())
        return [line for line in lines if line]

    def clean(self):
        """A proxy is named together with how they stand to the person."""
        super().clean()
        found = self.cleaned_data
        if found.get("proxy") and not found.get("proxy_relation"):
            self.add_error("proxy_relation", gettext("Please say how the proxy stands to the person."))
        return found


class PaperForm(RequestForm):
    """A request that arrived at the Ministry on paper: the case number comes first."""

    case_number = forms.CharField(label=_("Case number"), max_length=20)
    field_order = ("case_number", "applicant", "born_on", "kind", "asked_until", "grounds", "reason", "evidence")

    def clean_case_number(self):
        """Return the number as it is kept; a slip of the pen is caught by its check digit."""
        if found := read_number(self.cleaned_data["case_number"], PERSON_GROUPS):
            return found
        raise forms.ValidationError(gettext("This is no case number. Please check each character."))


class SignForm(Plain):
    """Who signed is the applicant or the proxy of the form; here: in which way, and when."""

    signature = forms.ChoiceField(
        label=_("Signature"), choices=ExtensionRequest.Signature, widget=forms.RadioSelect, initial="paper"
    )
    signed_on = Day(label=_("Signed on"))


class ReceiveForm(Plain):
    """Since when the Ministry has it."""

    received_on = Day(label=_("Received on"))


class PutForm(Plain):
    """Which sitting."""

    sitting = forms.ModelChoiceField(
        label=_("Sitting"), queryset=Sitting.objects.none(), empty_label=_("Choose a sitting")
    )

    def __init__(self, *args, sittings, **kwargs):
        super().__init__(*args, **kwargs)
        offered: forms.ModelChoiceField = self.fields["sitting"]  # type: ignore[assignment]
        offered.queryset = sittings


class PrepareForm(Plain):
    """What is proposed, until when, and the reasons that the person will read."""

    outcome = forms.ChoiceField(label=_("Proposed decision"), widget=forms.RadioSelect)
    granted_until = Day(label=_("Until"), required=False, help_text=_("does not count where it is not granted"))
    reasons = forms.CharField(
        label=_("Reasons"),
        help_text=_("the person reads them in the letter: say what was looked at and why"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def __init__(self, *args, kind, **kwargs):
        super().__init__(*args, **kwargs)
        granted = Outcome.EXTENDED if kind == ExtensionRequest.Kind.EXTEND else Outcome.SHORTENED
        offered: forms.ChoiceField = self.fields["outcome"]  # type: ignore[assignment]
        offered.choices = [(one.value, one.label) for one in (granted, Outcome.REFUSED)]

    def clean(self):
        """A refusal has no last day: what stood there before it was chosen is let go."""
        super().clean()
        if self.cleaned_data.get("outcome") == Outcome.REFUSED:
            self.cleaned_data["granted_until"] = None
        return self.cleaned_data


class TellForm(Plain):
    """How the result went out."""

    told_on = Day(label=_("Told on"))
    told_way = forms.ChoiceField(
        label=_("In which way"), choices=ExtensionRequest.Way, widget=forms.RadioSelect, initial="registered"
    )
    told_proof = forms.CharField(
        label=_("Number of the registered mail, or who received it"), max_length=60, required=False
    )


class ReachForm(Plain):
    """When the letter arrived."""

    reached_on = Day(label=_("Reached the person on"))


class ReasonForm(Plain):
    """Why; it stays with the request."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class EvidenceForm(Keyed):
    """One more paper."""

    what = forms.CharField(label=_label(RequestEvidence, "what"), max_length=200)
    dated_on = Day(label=_label(RequestEvidence, "dated_on"), required=False)


class OfficeForm(Plain):
    """Which local government is asked for its opinion: of where the person lives, or lived during the period."""

    agency = forms.ModelChoiceField(
        label=_("Local government"),
        help_text=_("of where the person lives, or lived during this period"),
        queryset=Agency.objects.none(),
        empty_label=_("Choose an office"),
    )

    def __init__(self, *args, offices, **kwargs):
        super().__init__(*args, **kwargs)
        offered: forms.ModelChoiceField = self.fields["agency"]  # type: ignore[assignment]
        offered.queryset = offices


class OpinionForm(Plain):
    """What the local government says."""

    words = forms.CharField(label=_("Opinion"), max_length=2000, widget=forms.Textarea(attrs=AREA))


class ObjectionForm(Keyed):
    """An objection as it arrived in writing."""

    received_on = Day(label=_label(Objection, "received_on"))
    words = forms.CharField(label=_label(Objection, "words"), max_length=3000, widget=forms.Textarea(attrs=AREA))


class AnswerForm(Plain):
    """The answer to an objection, or what follows once it counts as accepted."""

    answer = forms.ChoiceField(label=_("Answer"), widget=forms.RadioSelect)
    follow = forms.ChoiceField(label=_("What follows"), choices=Objection.Follow, widget=forms.RadioSelect)
    until = Day(label=_("Extended until"), required=False)
    answered_on = Day(label=_("Answered in writing on"), initial=localdate)
    reasons = forms.CharField(label=_("Reasons"), max_length=3000, widget=forms.Textarea(attrs=AREA))

    def __init__(self, *args, deemed, **kwargs):
        """`deemed`: the days have passed, so that it counts as accepted unless it was answered in time."""
        super().__init__(*args, **kwargs)
        left = [Objection.Answer.ACCEPTED, Objection.Answer.REJECTED]
        if deemed:
            left.insert(0, Objection.Answer.DEEMED)
        offered: forms.ChoiceField = self.fields["answer"]  # type: ignore[assignment]
        offered.choices = [(one.value, one.label) for one in left]
        if deemed:
            offered.initial = Objection.Answer.DEEMED


class SittingForm(Keyed):
    """When and where."""

    starts_at = LocalMoment(label=_label(Sitting, "starts_at"))
    place = forms.CharField(label=_label(Sitting, "place"), max_length=200, required=False)


class SeatForm(Keyed):
    """Which office, who holds it, since when."""

    office = forms.CharField(label=_label(CouncilSeat, "office"), max_length=120)
    name = forms.CharField(label=_label(CouncilSeat, "name"), max_length=60, required=False)
    is_chair = forms.BooleanField(label=_label(CouncilSeat, "is_chair"), required=False)
    since = Day(label=_("Member since"), required=False, help_text=_("empty: from today"))


class VoteForm(Plain):
    """How the members voted on one request."""

    votes_for = forms.IntegerField(label=_("For"), min_value=0, max_value=999)
    votes_against = forms.IntegerField(label=_("Against"), min_value=0, max_value=999)
    abstained = forms.IntegerField(label=_("Abstained"), min_value=0, max_value=999)
    words = forms.CharField(
        label=_("What was said"), max_length=3000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class MinutesForm(Plain):
    """The text of the minutes."""

    minutes = forms.CharField(
        label=_("Minutes of the sitting"), max_length=20000, widget=forms.Textarea(attrs={"rows": 8})
    )


def of_objection(verb, *, deemed, data=None):
    """Return the form that a step of an objection asks for, or None; `deemed`: whether it counts as accepted."""
    if verb == "prepare":
        return AnswerForm(data, deemed=deemed, auto_id="prepare_%s")
    # Several of these stand on one page.
    return ReasonForm(data, auto_id=f"{verb}_%s") if verb in ("send_back", "withdraw") else None
