"""The forms of councils, meetings, agenda items and decisions."""

from uuid import uuid4

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from casework.agencies.models import User
from casework.agencies.roles import May
from households.forms.moments import Day, LocalMoment
from referrals.council.minutes import Level
from referrals.models import AgendaItem, Council, CouncilDecision, CouncilMeeting
from referrals.states import NEEDS, Ground


class CouncilForm(forms.Form):
    """Base: a key lets a double tap land once, and errors are said by the server."""

    use_required_attribute = False

    client_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"label_suffix": "", **kwargs})


def people_of(agencies):
    """Return {agency id: [User, …]} of those who refer or receive at some agencies; one query."""
    there = User.objects.who_may(May.REFER, May.RECEIVE).people()
    return there.filter(agency__in=[agency.pk for agency in agencies]).by_agency()


class Whom(forms.ChoiceField):
    """An agency, or one person of it; cleaned into (Agency or None, User or None)."""

    def offer(self, agencies, people, alone=None):
        """Offer `agencies` and the `people` of them (see `people_of`); `alone`: {agency id: user id} where it is one
        person and nobody else."""
        self.known, groups, alone = {}, [], alone or {}
        for agency in agencies:
            rows = {} if agency.pk in alone else {f"a{agency.pk}": (agency, None)}
            for user in people.get(agency.pk, ()):
                if alone.get(agency.pk) in (None, user.pk):
                    rows[f"u{user.pk}"] = (agency, user)
            self.known |= rows
            nobody = gettext("%(agency)s (nobody named)") % {"agency": agency}
            groups.append((str(agency), [(value, str(user or nobody)) for value, (_agency, user) in rows.items()]))
        self.choices = [("", gettext("Choose who")), *groups]

    def clean(self, value):
        """Return (Agency, User or None); (None, None) where nobody was chosen."""
        return self.known.get(super().clean(value), (None, None))


class ConveneForm(CouncilForm):
    """Which council, and what it is called."""

    kind = forms.ChoiceField(label=_("Kind of council"), choices=Council.Kind, widget=forms.RadioSelect)
    name = forms.CharField(label=_("Name of the council"), max_length=120)


class SeatForm(forms.Form):
    """Which agency is a member, or which one person of it, and since when."""

    use_required_attribute = False

    whom = Whom(label=_("Member"), help_text=_("the whole agency, or one person of it and nobody else"))
    since = Day(label=_("Member since"), required=False, help_text=_("empty: from today"))

    def __init__(self, *args, agencies, **kwargs):
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.fields["whom"].offer(agencies, people_of(agencies))  # type: ignore[attr-defined]


class MeetingForm(CouncilForm):
    """When and where, who leads it, and until when what is shown for it stays shown."""

    starts_at = LocalMoment(label=CouncilMeeting._meta.get_field("starts_at").verbose_name)
    place = forms.CharField(label=_("Place"), max_length=200)
    chair = forms.CharField(label=_("Chair"), max_length=80)
    last_day = Day(
        label=_("Households are shown until"),
        required=False,
        help_text=_("empty: 7 days after the meeting; 30 days after it at most"),
    )


class ChangeMeetingForm(MeetingForm):
    """The same words of a meeting that was planned before, and a note to the members. `version` says what the writer
    had before them."""

    client_key = None  # type: ignore[assignment]
    version = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("Note to the members"), help_text=_("no names, no telephone numbers"), max_length=300, required=False
    )


class ProposeForm(CouncilForm):
    """Before which meeting, why, and on which ground the household is shown to the members."""

    meeting = forms.ModelChoiceField(label=_("Meeting"), queryset=CouncilMeeting.objects.none(), empty_label=None)
    need = forms.ChoiceField(label=_("Need"), choices=[("", _("Choose a need")), *NEEDS])
    reason = forms.CharField(
        label=_("Why the council should talk about it"),
        help_text=_("the members read it on a screen; no names, no telephone numbers"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    scope = forms.ChoiceField(
        label=_("What is shown"),
        choices=AgendaItem.Scope,
        widget=forms.RadioSelect,
        initial=AgendaItem.Scope.LINE,
        required=False,
    )
    ground = forms.ChoiceField(label=_("Ground for sharing"), choices=Ground, widget=forms.RadioSelect)
    urgent = forms.CharField(
        label=_("Why it cannot wait"),
        help_text=_("for urgent danger only, in one line"),
        max_length=300,
        required=False,
    )

    def __init__(self, *args, meetings, **kwargs):
        super().__init__(*args, **kwargs)
        offered: forms.ModelChoiceField = self.fields["meeting"]  # type: ignore[assignment]
        offered.queryset = meetings

    def clean_scope(self):
        """What nobody chose is the least."""
        return self.cleaned_data["scope"] or AgendaItem.Scope.LINE


class DecisionForm(CouncilForm):
    """What was decided about one household. `version` says what the writer had before them."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    decision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(label=_("What follows"), choices=CouncilDecision.Kind, widget=forms.RadioSelect)
    what = forms.CharField(label=_("Decision"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    whom = Whom(label=_("Who does it"), required=False)
    to_agency = forms.ChoiceField(
        label=_("Asked of"), required=False, help_text=_("for a referral, which the centre then writes and sends")
    )
    due_on = Day(label=pgettext_lazy("day of a decision", "Until"), required=False)
    why = forms.CharField(label=_("Reason"), required=False, max_length=300, help_text=_("if nothing is done"))

    def __init__(self, *args, item, offered, **kwargs):
        """`offered`: what `shown.offered_at` returns, made once for the whole page."""
        super().__init__(*args, **{"auto_id": f"i{item.pk}_%s", **kwargs})
        alone = {agency: user for agency, user in offered["alone"].items() if agency != item.from_agency_id}
        self.fields["whom"].offer(offered["agencies"], offered["people"], alone)  # type: ignore[attr-defined]
        self.asked = {str(agency.pk): agency for agency in offered["asked"]}
        choices = [("", gettext("Choose an agency")), *((pk, str(agency)) for pk, agency in self.asked.items())]
        self.fields["to_agency"].choices = choices  # type: ignore[attr-defined]

    def words(self):
        """Return what `deciding.decide` takes."""
        said = dict(self.cleaned_data)
        said["owner_agency"], said["owner"] = said.pop("whom")
        said["to_agency"] = self.asked.get(said["to_agency"])
        return said

    def clean(self):
        """A task names who does it and until when, a referral also who is asked; doing nothing has a reason."""
        said = super().clean() or {}
        kind = said.get("kind")
        if kind in CouncilDecision.ASKS and not (said.get("whom") or (None,))[0]:
            self.add_error("whom", _("Please say who does it."))
        if kind in CouncilDecision.ASKS and not said.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", _("Please say until when."))
        if kind == CouncilDecision.Kind.REFERRAL and not said.get("to_agency"):
            self.add_error("to_agency", _("A referral names the agency that is asked."))
        if kind == CouncilDecision.Kind.NOTHING and not said.get("why"):
            self.add_error("why", _("Please say why nothing is done."))
        return said


class ReasonForm(forms.Form):
    """Why, in a sentence that is kept."""

    use_required_attribute = False

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class MinutesForm(forms.Form):
    """How much of the minutes is taken away, and why; kept in the access log."""

    use_required_attribute = False

    level = forms.ChoiceField(label=_("How much stands in it"), choices=Level, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Reason for the download"), max_length=200)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"label_suffix": "", **kwargs})
