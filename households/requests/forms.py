"""The forms of a data request. Errors stand beside the field, and nothing typed is lost."""

from uuid import uuid4

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from households.forms.contact import offer, one_of, pills
from households.forms.moments import Day
from households.models import DataRequest
from households.models.data_request import Scope

Kind, Asker, Outcome = DataRequest.Kind, DataRequest.Asker, DataRequest.Outcome
AREA = {"rows": 4}
LEAST_REASON = 20
"""As for every file that leaves: why it is made is said in so many characters."""


def _label(name):
    return getattr(DataRequest._meta.get_field(name), "verbose_name")  # noqa: B009  (a reverse field has none)


def _text(label, hint="", *, rows=4, most=3000, required=True):
    return forms.CharField(
        label=label, help_text=hint, max_length=most, required=required, widget=forms.Textarea(attrs={"rows": rows})
    )


class Plain(forms.Form):
    """Base: no colon behind labels, and errors are said by the server."""

    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class TakeForm(Plain):
    """A request as it is taken down; `entries`: what stands about the person, to say which is to be corrected."""

    client_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)
    kind = one_of(Kind.choices, _label("kind"), required=True)
    words = _text(_label("words"), _("as the person says it"))
    fact = forms.TypedChoiceField(
        label=_("Which entry"),
        help_text=_("only for a correction, where one entry is meant"),
        coerce=int,
        empty_value=None,
        required=False,
    )
    received_on = Day(label=_label("received_on"))
    way = one_of(DataRequest.Way.choices, _label("way"), required=True)
    asker = one_of(Asker.choices, _label("asker"), required=True)
    representative = forms.CharField(label=_label("representative"), max_length=80, required=False)
    relation = forms.CharField(label=_label("relation"), max_length=60, required=False)

    def __init__(self, *args, entries=(), **kwargs):
        super().__init__(*args, **kwargs)
        offer(self, "fact", [("", "—"), *((one.fact_id, str(one)) for one in entries)])

    def clean(self):
        """A representative is named; an entry belongs to a correction."""
        super().clean()
        data = self.cleaned_data
        if data.get("asker") == Asker.REPRESENTATIVE:
            for name in ("representative", "relation"):
                if not data.get(name):
                    self.add_error(name, gettext("Please say who asks for the person."))
        else:
            data["representative"] = data["relation"] = ""
        if data.get("kind") != Kind.CORRECT:
            data["fact"] = None
        return data


class CheckForm(Plain):
    """How it was seen who asks."""

    identity = one_of(DataRequest.Identity.choices, _("How the identity was seen"), required=True)
    proof_seen = forms.BooleanField(label=_("The proof of the representative was seen"), required=False)


class PutOffForm(Plain):
    """Until when, and why."""

    until = Day(label=_("Answered until"))
    reason = _text(_("Why the answer is put off"), _("the person is told this"), rows=3, most=500)


class AnswerForm(Plain):
    """The answer, in words that the person is told."""

    outcome = one_of(Outcome.choices, _("Answer"), required=True)
    scopes = pills(Scope.choices, _("What is stopped"), help_text=_("only for stopping the use of data"))
    reasons = _text(_("What the person is told, and why"), _("in plain words; it stands in the letter"))
    legal_ground = forms.CharField(
        label=_("Ground in the law, where something is refused"),
        help_text=_("article and what it says, taken from the law as published; its text was not found here"),
        max_length=500,
        required=False,
    )

    def __init__(self, *args, kind, **kwargs):
        super().__init__(*args, **kwargs)
        if kind != Kind.RESTRICT:
            del self.fields["scopes"]


class TellForm(Plain):
    """When and how the answer was told."""

    told_on = Day(label=_("Told on"))
    told_way = one_of(DataRequest.Told.choices, _("How it was told"), required=True)


class ReasonForm(Plain):
    """A reason."""

    reason = _text(_("Reason"), rows=3, most=500)


class HarmForm(Plain):
    """Why giving what is asked endangers nobody."""

    words = _text(
        _("Why this endangers nobody"),
        _("who asks, how it was made sure that it is not who caused the danger, and where it is handed over"),
        most=2000,
    )


class NotesForm(Plain):
    """A counsellor's decision."""

    give = one_of([("yes", _("May be given")), ("no", _("Are not given"))], _("Counselling notes"), required=True)
    words = _text(_("Why"), rows=3, most=500)

    def clean_give(self):
        """Return the decision as a bool."""
        return self.cleaned_data["give"] == "yes"


class DoneForm(Plain):
    """By which entries a correction was carried out, or how in words."""

    facts = forms.TypedMultipleChoiceField(
        label=_("Entries made for it"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    words = forms.CharField(label=_("How, where no entry says it"), max_length=500, required=False)

    def __init__(self, *args, entries=(), **kwargs):
        super().__init__(*args, **kwargs)
        offer(self, "facts", [(one.fact_id, str(one)) for one in entries])


class LiftForm(Plain):
    """Why a restriction is lifted."""

    reason = _text(_("Why it is lifted"), _("for instance because the person asks for it"), rows=3, most=300)


class WhyForm(Plain):
    """Why a record is printed; kept in the access log."""

    reason = forms.CharField(
        label=_("Why the record is printed"),
        help_text=_("in at least 20 characters; it stands in the access log"),
        min_length=LEAST_REASON,
        max_length=200,
        error_messages={"min_length": _("Please say in at least 20 characters why the record is printed.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
