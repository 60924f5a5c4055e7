"""The form of a review: what is decided, about what, why, and when somebody looks again."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from risk.bands import Band
from risk.models import Review
from risk.models.review import REVIEW_DAYS

AGAIN_AFTER = {Band.EMERGENCY: 3, Band.HIGH: 14, Band.MODERATE: 35, Band.WATCH: 90, Band.GENERAL: 90}
"""Days after which somebody looks again unless the form says otherwise: our own criterion, by band."""


class ReviewForm(forms.Form):
    """Confirm, adjust the band, or set one reason aside. Nothing is preselected: deciding is an act."""

    decision = forms.ChoiceField(
        label=gettext_lazy("Decision"), choices=Review.Decision.choices, widget=forms.RadioSelect
    )
    band = forms.TypedChoiceField(
        label=gettext_lazy("Band decided on"),
        choices=[(band.value, band.label) for band in sorted(Band, reverse=True)],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    flag = forms.ModelChoiceField(
        label=gettext_lazy("Reason to set aside"),
        queryset=None,
        required=False,
        widget=forms.RadioSelect,
        empty_label=None,
    )
    reason = forms.CharField(label=gettext_lazy("Why"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000)
    review_on = forms.DateField(label=gettext_lazy("Look again on"), widget=forms.DateInput(attrs={"type": "date"}))
    client_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, flags: Any, sentences: dict[int, str], band: int, on: date, **kwargs: Any) -> None:
        """`flags`: the open flags, with their `sentences` by id; `band`: the machine's; `on`: today."""
        again = on + timedelta(days=AGAIN_AFTER[Band(band)])
        kwargs["initial"] = {"review_on": again, "client_key": uuid4(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.on, self.machine = on, band
        flag_field: Any = self.fields["flag"]
        flag_field.queryset = flags
        flag_field.label_from_instance = lambda flag: sentences[flag.pk]
        self.fields["review_on"].help_text = _("at most %(days)s days ahead") % {"days": REVIEW_DAYS}
        self.fields["review_on"].widget.attrs |= {
            "min": (on + timedelta(days=1)).isoformat(),
            "max": (on + timedelta(days=REVIEW_DAYS)).isoformat(),
        }
        self.fields["review_on"].widget.format = "%Y-%m-%d"

    def clean_review_on(self) -> date:
        day = self.cleaned_data["review_on"]
        if not self.on < day <= self.on + timedelta(days=REVIEW_DAYS):
            raise forms.ValidationError(_("The day to look again lies after today and at most 90 days ahead."))
        return day

    def clean(self) -> dict[str, Any]:
        """Keep only what belongs to the decision, and ask for it."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        decision = cleaned.get("decision")
        if decision == Review.Decision.ADJUST:
            cleaned["flag"] = None
            if cleaned.get("band") is None:
                self.add_error("band", _("Please choose the band."))
            elif cleaned["band"] == self.machine:
                self.add_error("band", _("This is the band by the rules: please confirm it instead."))
        elif decision == Review.Decision.DISMISS:
            cleaned["band"] = None
            if cleaned.get("flag") is None:
                self.add_error("flag", _("Please choose the reason that is set aside."))
        else:
            cleaned["flag"] = cleaned["band"] = None
        return cleaned
