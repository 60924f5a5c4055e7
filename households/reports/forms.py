"""The forms of a settlement report: beginning one, answering for a person, the register."""

from uuid import uuid4

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from households.forms.contact import one_of
from households.forms.moments import Day
from households.reports.columns import LABELS, VALUES
from households.reports.people import OFFICE, stamp_of
from households.signed.forms import PaperForm, ReportForm


class BeginForm(ReportForm):
    """Which half-year, by its first day; one of those that the list offers."""

    client_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)
    half_begins = forms.DateField(widget=forms.HiddenInput)

    def clean_half_begins(self):
        """The first day of a half-year."""
        day = self.cleaned_data["half_begins"]
        if (day.month, day.day) not in ((1, 1), (7, 1)):
            raise forms.ValidationError(_("This is no half-year."))
        return day


class AnswerForm(ReportForm):
    """What was found out about one person: the columns that the report asks of them, and on which day. `seen`: the
    checksum of what the page showed."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    observed_on = Day(label=_("Found out on"))

    def __init__(self, *args, row, **kwargs):
        super().__init__(*args, **kwargs)
        for column in row.asked:
            cell = row.cells[column]
            field = one_of(list(VALUES[column].items()), LABELS[column])
            field.initial = cell["value"] if cell else ""
            self.fields[column] = field
        self.order_fields([*row.asked, "observed_on"])
        self.row = row
        self.initial["seen"] = stamp_of(row)

    def shows(self, row):
        """Let the form, sent once and refused, stand beside what is said by now: sent again, that was seen."""
        self.row, self.data = row, {**self.data.dict(), "seen": stamp_of(row)}  # type: ignore[attr-defined]  # a QueryDict

    def clean(self):
        """Something is answered."""
        super().clean()
        if not self.errors and not any(self.cleaned_data.get(column) for column in self.row.asked):
            raise forms.ValidationError(_("Please answer at least one of these."))
        return self.cleaned_data

    def values(self):
        """Return {column: value} of what was answered otherwise than the report has it; the rest stays as it was
        found out, with its day. Where only another day was given, it is the day of what this office found out."""
        answered = {column: self.cleaned_data.get(column) or "" for column in self.row.asked}
        given = {column: value for column, value in answered.items() if value}
        other = {column: value for column, value in given.items() if value != self.fields[column].initial}
        if other or "observed_on" not in self.changed_data:
            return other
        return {column: value for column, value in given.items() if self.row.cells[column]["from"] == OFFICE}


class RegisterPaperForm(PaperForm):
    """The register of which day, and why."""

    on = Day(label=pgettext_lazy("register", "As of"))

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["on"].initial = today
        self.order_fields(["on", "reason"])

    def clean_on(self):
        """Today or a day before it."""
        if self.cleaned_data["on"] > self.today:
            raise forms.ValidationError(gettext("This day lies in the future."))
        return self.cleaned_data["on"]
