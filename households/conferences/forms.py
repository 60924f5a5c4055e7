"""The forms of case conferences: planning, bringing households, decisions, what became of them."""

from uuid import uuid4

from django import forms
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from households.conferences.rights import staff_of
from households.forms.moments import Day, LocalMoment
from households.models import CaseConference, ConferenceDecision, ConferenceItem

Kind = ConferenceDecision.Kind
LONGEST_REASON = 300
GUESTS = 4


class Form(forms.Form):
    """Base: the server says what is wrong, beside the field."""

    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class Keyed(Form):
    """A form that creates something: its key lets a double tap land once."""

    client_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)


class Somebody(forms.ChoiceField):
    """One of some people; cleaned into the User, or None."""

    def offer(self, people):
        """Offer `people` (Users)."""
        self.known = {str(user.pk): user for user in people}
        self.choices = [
            ("", pgettext("case conference", "Choose who")),
            *((pk, str(user)) for pk, user in self.known.items()),
        ]

    def clean(self, value):
        """Return the User, or None where nobody was chosen."""
        return self.known.get(super().clean(value))


class PlanForm(Keyed):
    """When and where, and who leads it."""

    starts_at = LocalMoment(label=CaseConference._meta.get_field("starts_at").verbose_name)
    place = forms.CharField(label=_("Place"), max_length=120)
    chair = Somebody(label=pgettext_lazy("case conference", "Chair"))

    def __init__(self, *args, centre, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["chair"].offer(staff_of(centre))  # type: ignore[attr-defined]


class ChangeForm(PlanForm):
    """The same words of one that is planned; `version` says what the writer had before them."""

    client_key = None  # type: ignore[assignment]
    version = forms.IntegerField(widget=forms.HiddenInput)


class BringForm(Form):
    """Before which conference, and why."""

    conference = forms.ModelChoiceField(
        label=_("Case conference"), queryset=CaseConference.objects.none(), empty_label=None
    )
    why = forms.CharField(
        label=ConferenceItem._meta.get_field("why").verbose_name,
        help_text=_("it is printed on the material; no names, no telephone numbers, no address"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, conferences, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["conference"].queryset = conferences  # type: ignore[attr-defined]


class DecisionForm(Keyed):
    """What was decided about one household. `version` says what the writer had before them."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=pgettext_lazy("case conference", "What follows"), choices=Kind, widget=forms.RadioSelect
    )
    what = forms.CharField(
        label=_("Decision"),
        help_text=_("it stands in the record; no names, no telephone numbers"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    owner = Somebody(
        label=pgettext_lazy("case conference", "Who does it"),
        required=False,
        help_text=_("unless nothing further is done"),
    )
    due_on = Day(label=pgettext_lazy("case conference", "Until"), required=False)
    need = forms.ChoiceField(label=_("Need"), required=False, help_text=_("for a referral"))
    to_agency = forms.ChoiceField(label=_("Asked of"), required=False, help_text=_("for a referral, sent by a person"))

    def __init__(self, *args, item, people, needs, agencies, **kwargs):
        """`people`: who can be given work; `needs`: (code, words); `agencies`: whom a referral can go to."""
        super().__init__(*args, **{"auto_id": f"i{item.pk}_%s", **kwargs})
        self.fields["owner"].offer(people)  # type: ignore[attr-defined]
        for name in ("owner", "due_on"):
            self.fields[name].depends = True  # type: ignore[attr-defined]  # on what was decided
        self.fields["need"].choices = [("", gettext("Choose a need")), *needs]  # type: ignore[attr-defined]
        self.asked = {str(agency.pk): agency for agency in agencies}
        named = [(pk, str(agency)) for pk, agency in self.asked.items()]
        self.fields["to_agency"].choices = [("", gettext("Choose an agency")), *named]  # type: ignore[attr-defined]

    def clean(self):
        """What is to be done names who and until when; a referral also the need and who is asked."""
        said = super().clean() or {}
        kind = said.get("kind")
        if kind in ConferenceDecision.ASKS and not said.get("owner") and "owner" not in self.errors:
            self.add_error("owner", _("Please say who does it."))
        if kind in ConferenceDecision.ASKS and not said.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", _("Please say until when."))
        if kind == Kind.REFERRAL and not said.get("need"):
            self.add_error("need", _("A referral names the need."))
        if kind == Kind.REFERRAL and not said.get("to_agency"):
            self.add_error("to_agency", _("A referral names the agency that is asked."))
        return said

    def words(self):
        """Return what `deciding.decide` takes."""
        return self.cleaned_data | {"to_agency": self.asked.get(self.cleaned_data["to_agency"])}


class ReasonForm(Form):
    """Why, in a sentence that is kept."""

    reason = forms.CharField(label=_("Reason"), max_length=LONGEST_REASON)


class DoneForm(Form):
    """What came of it, in a few words; may be left empty."""

    words = forms.CharField(label=_("What came of it"), max_length=LONGEST_REASON, required=False)


class GiveForm(Form):
    """Who does it from now on."""

    owner = Somebody(label=_("Who does it from now on"))

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].offer(people)  # type: ignore[attr-defined]


class PaperForm(Form):
    """Why the file is taken away; kept in the access log."""

    reason = forms.CharField(label=_("Reason for the download"), max_length=200)


def attendance_of(posted):
    """Return (ids ticked, ids shown, [(guest, agency)], who led it) of a posted attendance; nonsense is left out."""
    ticked, shown = ({int(pk) for pk in posted.getlist(name) if pk.isdecimal()} for name in ("present", "shown"))
    names, agencies = posted.getlist("guest"), posted.getlist("agency")
    pairs = [(name.strip()[:60], agency.strip()[:80]) for name, agency in zip(names, agencies, strict=False)]
    led = posted.get("led_by", "")
    return ticked, shown, list(dict.fromkeys(pair for pair in pairs if pair[0])), int(led) if led.isdecimal() else None
