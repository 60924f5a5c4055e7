"""The form of a version: its words, up to so many criteria and amounts as numbered lines, no script."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from households.entitlements.amounts import MARKS, PER
from households.entitlements.drafting import TEXTS
from households.entitlements.told import label_of
from households.entitlements.vocabulary import SIDO, WORDS
from households.forms.moments import Day
from households.models import EntitlementVersion
from households.models.entitlement import Rests, Section, Whom

SPARE = 2
"""Empty lines at the end of each table."""
NUMBERS = ("years", "months", "percent", "under", "least", "most")
DAYS = ("since", "until")


class CriterionForm(forms.Form):
    """One criterion: which word, its numbers or codes, its group. An empty word drops the line."""

    use_required_attribute = False

    word = forms.ChoiceField(
        label=_("Criterion"), required=False, choices=[("", "—"), *((code, word.label) for code, word in WORDS.items())]
    )
    years = forms.CharField(label=_("Years"), required=False, max_length=3)
    months = forms.CharField(label=_("Months"), required=False, max_length=3)
    percent = forms.CharField(label=_("Percent"), required=False, max_length=3)
    under = forms.CharField(label=_("Under the age of"), required=False, max_length=3)
    least = forms.CharField(label=_("From"), required=False, max_length=3)
    most = forms.CharField(label=_("Up to"), required=False, max_length=3)
    since = forms.CharField(label=_("From the day"), required=False, max_length=10)
    until = forms.CharField(label=_("Until the day"), required=False, max_length=10)
    codes = forms.CharField(
        label=_("One of"),
        required=False,
        max_length=400,
        help_text=_("codes as listed below, with commas between them"),
    )
    group = forms.CharField(
        label=_("Group"), required=False, max_length=1, help_text=_("a letter; one of a group is enough")
    )
    check = forms.BooleanField(label=_("Only a reminder"), required=False)

    def told(self):
        """Return the criterion as `vocabulary.validated` takes it, or None for an empty line."""
        data = {name: value for name, value in self.cleaned_data.items() if value not in ("", False, None)}
        return data if data.get("word") else None


class AmountForm(forms.Form):
    """One amount. Empty words drop the line."""

    use_required_attribute = False

    words_ko = forms.CharField(label=_("For what, in Korean"), required=False, max_length=200)
    words_en = forms.CharField(label=_("For what, in English"), required=False, max_length=200)
    krw = forms.CharField(label=_("Won"), required=False, max_length=14)
    per = forms.ChoiceField(label=_("How often"), choices=list(PER.items()), required=False)
    least = forms.CharField(label=_("Members from"), required=False, max_length=2)
    most = forms.CharField(label=_("Members up to"), required=False, max_length=2)
    mark = forms.ChoiceField(label=_("How sure"), choices=list(MARKS.items()), required=False)
    source = forms.CharField(label=_("Source"), required=False, max_length=200)

    def told(self):
        """Return the amount as `amounts.checked_amounts` takes it, or None for an empty line."""
        data = self.cleaned_data
        return data if data.get("words_ko") or data.get("words_en") or data.get("krw") else None


class VersionForm(forms.Form):
    """A version of an entitlement. `line`: a reference amount, which has no criteria."""

    use_required_attribute = False

    why = forms.CharField(label=_("Why should this change?"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000)
    rests = forms.ChoiceField(label=_("The criteria rest on"), choices=Rests.choices, widget=forms.RadioSelect)
    counts_missed = forms.BooleanField(label=_("Not applied for although likely: a hint of R-BEN-MISS"), required=False)
    off = forms.BooleanField(label=_("Ends: from that day nobody is entitled"), required=False)
    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    field_order = (*TEXTS, "rests", "counts_missed", "off", "why", "client_key")

    def __init__(self, data=None, *, version, line=False):
        """`version`: the version, or the draft, whose content stands in the fields."""
        content = {name: getattr(version, name) for name in (*TEXTS, "rests", "counts_missed", "off")}
        content["why"] = version.why if version.status == "draft" else ""
        super().__init__(data, initial={"client_key": uuid4(), **content}, label_suffix="")
        for name in TEXTS:
            field: Any = EntitlementVersion._meta.get_field(name)
            needed = not field.blank
            self.fields[name] = forms.CharField(label=field.verbose_name, max_length=field.max_length, required=needed)
        self.order_fields(self.field_order)
        self.criteria = [] if line else self._lines(data, CriterionForm, "criterion", _flat(version.criteria))
        self.amounts = self._lines(data, AmountForm, "amount", version.amounts)

    def _lines(self, data, kind, prefix, rows):
        number = len(rows) + SPARE
        if data is not None:
            number = max([number, *(_place(name, prefix) + 1 for name in data)])
        initial = [*rows, *({} for _spare in range(number - len(rows)))][: min(number, 20)]
        return [
            kind(data, prefix=f"{prefix}-{place}", initial=row, label_suffix="") for place, row in enumerate(initial)
        ]

    def is_valid(self):
        """Every line is looked at, so that all that is wrong is said at once."""
        lines = [form.is_valid() for form in (*self.criteria, *self.amounts)]
        return super().is_valid() and all(lines)

    def content(self):
        """Return the arguments of `drafting.draw_up` and `drafting.edit`."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "client_key"}
        told = {
            name: [row for form in forms_ if (row := form.told())]
            for name, forms_ in (("criteria", self.criteria), ("amounts", self.amounts))
        }
        return data | told

    def show(self, wrong):
        """Put the sentences of a refused version at their fields."""
        for name, sentences in wrong.items():
            self.add_error(name if name in self.fields else None, sentences)


class EntryForm(forms.Form):
    """A new entry of the catalogue: what stays the same while its versions change."""

    use_required_attribute = False

    code = forms.RegexField(
        r"^[A-Z][A-Z0-9_]{2,23}$",
        label=_("Short code"),
        help_text=_("capital letters, digits and _, three at least: HOUSING_MOVE"),
        error_messages={"invalid": _("Please use capital letters, digits and _, three at least.")},
    )
    section = forms.ChoiceField(label=_("Part of the catalogue"), choices=Section.choices)
    whom = forms.ChoiceField(label=_("Who is entitled"), choices=Whom.choices, widget=forms.RadioSelect)


class ApproveForm(forms.Form):
    """From which day the version holds. `seen`: the checksum of what the page showed."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    starts_on = Day(label=pgettext_lazy("version", "In force from"))


class DiscardForm(forms.Form):
    """Why the draft is given up."""

    reason = forms.CharField(label=_("Why is it discarded?"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000)


def _flat(criteria):
    return [{**criterion, "codes": ", ".join(criterion.get("codes", ()))} for criterion in criteria]


def _place(name, prefix):
    head, _dash, rest = name.partition("-")
    place = rest.partition("-")[0]
    return int(place) if head == prefix and place.isdigit() and len(place) < 3 else -1


def code_lists():
    """Return [(word, [(code, what it is called), …])] of the closed lists, for the page that explains the form."""
    found = []
    for code, word in WORDS.items():
        choices = [param.choices for param in word.params if param.choices]
        if choices and choices[0] is not SIDO:
            found.append((word.label, [(choice, label_of(code, choice)) for choice in choices[0]]))
    return found
