"""What is asked where two records are linked, found to be two people, or a link ends."""

from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from households.duplicates.shown import Record

LONGEST = 300


class ReasonForm(forms.Form):
    """Why: for a link that is declined or undone, and for two people."""

    reason = forms.CharField(label=_("Reason"), max_length=LONGEST)


class ApartForm(ReasonForm):
    """Why they are two people."""

    prefix = "apart"
    reason = forms.CharField(label=_("Why they are two people"), max_length=LONGEST)


class LinkForm(forms.Form):
    """Which record is kept, and why they are one person."""

    kept = forms.ChoiceField(
        label=_("The record that is kept"),
        widget=forms.RadioSelect,
        help_text=_("The other one stays as it is and points to it."),
    )
    reason = forms.CharField(
        label=_("Why they are one person"),
        max_length=LONGEST,
        help_text=_("How do you know: asked, a document, the office that registered them?"),
    )
    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)

    def __init__(self, *args, records: tuple[Record, Record], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kept"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (record.case_number, f"{record.title} · {record.case_number} · {record.household}") for record in records
        ]
