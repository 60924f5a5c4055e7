"""The forms of closing a case, of asking after it, and of what follows from a death. Errors stand beside the field."""

from typing import Any, cast

from django import forms
from django.db.models import Field, Q
from django.utils.translation import gettext_lazy as _

from casework.agencies.models import User
from casework.agencies.roles import May
from casework.clock import seoul_day
from casework.numbers import HOUSEHOLD_GROUPS, read_number
from casework.templatetags.format import fullday
from households.closings.evidence import talks_of
from households.closings.openings import openings_of
from households.extensions.forms import Keyed, Plain
from households.forms.moments import Day
from households.models import AfterCare, Closing, DeathReview, Household

AREA = {"rows": 4}
AFTER = {"rows": 3}


class ProposalForm(Keyed):
    """Why the case is closed, and what that rests on: each reason asks for one thing of its own."""

    reason = forms.ChoiceField(
        label=_("Why the case is closed"), choices=Closing.Reason.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("What was reached, and what the closing rests on"),
        max_length=2000,
        widget=forms.Textarea(attrs=AREA),
    )
    contact = forms.TypedChoiceField(
        label=_("Declined in person: in which talk"),
        help_text=_("only for this reason; talks in person of the last 30 days"),
        required=False,
        coerce=int,
        empty_value=None,
    )
    evidence = forms.CharField(
        label=_("Moved abroad: how it was verified"),
        help_text=_("only for this reason; which document, which office"),
        max_length=300,
        required=False,
    )
    same_as = forms.CharField(
        label=_("On file twice: the number of the file that goes on"),
        help_text=_("only for this reason"),
        max_length=20,
        required=False,
    )

    left_open = forms.CharField(
        label=_("Goals met: why first steps stay open"),
        help_text=_("only where something of them is open; the decision names it"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs=AFTER),
    )

    def __init__(self, *args: Any, household: Household, now: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.openings = openings_of(household, on=seoul_day(now))
        if not self.openings:
            del self.fields["left_open"]
        talks = talks_of(household, now=now)
        chosen = cast(forms.TypedChoiceField, self.fields["contact"])
        said = [(talk.fact_id, f"{fullday(talk.occurred_at)} · {talk.get_channel_display()}") for talk in talks]
        chosen.choices = [("", _("Choose a talk")), *said]

    def clean_same_as(self) -> Household | None:
        """The other file, whoever keeps it; whether it may be named is asked by the verb."""
        text = self.cleaned_data["same_as"].strip()
        if not text:
            return None
        found = Household.objects.filter(number=read_number(text, HOUSEHOLD_GROUPS)).first()
        if found is None:
            raise forms.ValidationError(_("Your centre keeps no file of this number."))
        return found


class ReasonForm(Plain):
    """A step that needs a reason."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs=AFTER))


class ApproveForm(Plain):
    """Who asks after the household later; whoever approves, unless somebody else is named."""

    asks_later = forms.ModelChoiceField(
        label=_("Who asks after the household later"), queryset=User.objects.none(), required=False, empty_label=None
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = cast(forms.ModelChoiceField, self.fields["asks_later"])
        leads = User.objects.who_may(May.SEE_CENTRE).people().filter(Q(agency=user.agency_id))
        field.queryset = leads.order_by("name", "id")
        field.initial = user.pk


class AfterCareForm(Plain):
    """How the household is, some months after the closing."""

    done_on = Day(label=_("Asked on"))
    result = forms.ChoiceField(label=_("How it was"), choices=AfterCare.Result.choices, widget=forms.RadioSelect)
    words = forms.CharField(label=_("In words"), max_length=500, required=False, widget=forms.Textarea(attrs=AFTER))


class ReviewForm(Plain):
    """The questions of the review of a death. Nothing has to be written at once."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in ("known", "last_contact", "waits", "learnt"):
            label = cast(Field, DeathReview._meta.get_field(name)).verbose_name
            self.fields[name] = forms.CharField(
                label=label, max_length=4000, required=False, widget=forms.Textarea(attrs=AREA)
            )


class BereavedForm(Plain):
    """Something was done for those who stay."""

    done_on = Day(label=_("Done on"))
    words = forms.CharField(label=_("In words"), max_length=500, required=False)
