"""The forms of a change: the numbers of a rule, a signal pattern, a reading, an approval, a reason."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from risk.changes.proposals import label_of, may_be_switched_off, numbers_of
from risk.models import ChangeReading, RuleVersion
from risk.rules import Parameter
from risk.rules.pattern import AT_CHOICE, LABELS, NUMBERS, signals

HELD = {
    "none": gettext_lazy("Nothing; points only"),
    "watch": gettext_lazy("Watch"),
    "moderate": gettext_lazy("Moderate"),
    "high": gettext_lazy("High"),
}


def whole_number(label: Any, allowed: Parameter, *, required: bool = True) -> forms.IntegerField:
    """Return a field for a number in its range; what is wrong is said by the verb, in one place for all callers."""
    attrs = {"inputmode": "numeric", "min": allowed.minimum, "max": allowed.maximum, "autocomplete": "off"}
    hint = _("%(least)s to %(most)s") % {"least": f"{allowed.minimum:,}", "most": f"{allowed.maximum:,}"}
    return forms.IntegerField(label=label, required=required, help_text=hint, widget=forms.NumberInput(attrs=attrs))


class ChangeForm(forms.Form):
    """What every change has: why, and a key that makes a double tap one."""

    why = forms.CharField(
        label=gettext_lazy("Why should this change?"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000
    )
    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"client_key": uuid4(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)

    def show(self, wrong: dict[str, list[str]]) -> None:
        """Put the sentences of a refused proposal at their fields."""
        for name, sentences in wrong.items():
            self.add_error(name if name in self.fields else None, sentences)


class NumbersForm(ChangeForm):
    """Every number of a rule or of the bands, with its range; and whether the rule is switched off."""

    def __init__(self, *args: Any, version: RuleVersion, **kwargs: Any) -> None:
        """`version`: the version, or the proposal, whose numbers stand in the fields."""
        self.numbers = numbers_of(version.code)
        now = {name: version.parameters.get(name, number.value) for name, number in self.numbers.items()}
        kwargs["initial"] = {**now, "off": version.off, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        for name, number in self.numbers.items():
            self.fields[name] = whole_number(label_of(version.code, name), number)
        if may_be_switched_off(version.code):
            self.fields["off"] = forms.BooleanField(label=_("Switch the rule off"), required=False)

    def proposal(self) -> dict[str, Any]:
        """Return the arguments of `actions.propose` and `actions.edit`."""
        cleaned = self.cleaned_data
        numbers = {name: cleaned[name] for name in self.numbers}
        return {"why": cleaned["why"], "numbers": numbers, "off": cleaned.get("off", False)}


class PatternForm(ChangeForm):
    """A signal pattern, chosen from a closed list; nobody writes code."""

    name_ko = forms.CharField(label=gettext_lazy("Name in Korean"), max_length=60)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=80)
    codes = forms.MultipleChoiceField(label=LABELS["codes"], widget=forms.CheckboxSelectMultiple)
    floor = forms.ChoiceField(label=LABELS["floor"], choices=HELD.items(), widget=forms.RadioSelect)

    def __init__(self, *args: Any, version: RuleVersion | None = None, **kwargs: Any) -> None:
        """`version`: the pattern that is changed, or None for a new one."""
        now: dict[str, Any] = {"floor": "none", **{name: number.value for name, number in NUMBERS.items()}}
        if version is not None and version.pattern:
            names = {"name_ko": version.name_ko, "name_en": version.name_en, "off": version.off}
            now = {**version.pattern, **names}
        kwargs["initial"] = {**now, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["codes"]
        chosen.choices = signal_choices()
        for name, number in NUMBERS.items():
            self.fields[name] = whole_number(LABELS[name], number)
        for name, number in AT_CHOICE.items():
            self.fields[name] = whole_number(LABELS[name], number, required=False)
        if version is not None and version.pk:
            self.fields["off"] = forms.BooleanField(label=_("Switch the rule off"), required=False)

    def proposal(self) -> dict[str, Any]:
        """Return the arguments of `actions.propose` and `actions.edit`."""
        cleaned = self.cleaned_data
        pattern = {name: cleaned[name] for name in ("codes", "floor", *NUMBERS, *AT_CHOICE)}
        names = {name: cleaned[name] for name in ("name_ko", "name_en", "why")}
        return {**names, "pattern": pattern, "off": cleaned.get("off", False)}


class ReadingForm(forms.Form):
    """Is the change right for this household? A worry says what it is."""

    verdict = forms.ChoiceField(choices=ChangeReading.Verdict.choices)
    words = forms.CharField(max_length=300, required=False)
    client_key = forms.UUIDField(required=False)


class ApprovalForm(forms.Form):
    """From which day the change is in force."""

    starts_on = forms.DateField(label=gettext_lazy("In force from"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        tomorrow = today + timedelta(days=1)
        kwargs["initial"] = {"starts_on": tomorrow, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        widget: Any = self.fields["starts_on"].widget
        widget.format = "%Y-%m-%d"
        widget.attrs["min"] = tomorrow.isoformat()


class DiscardForm(forms.Form):
    """Why the change is given up."""

    reason = forms.CharField(
        label=gettext_lazy("Why is it discarded?"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000
    )


def signal_choices() -> list[Any]:
    """Return the crisis signals as choices, with their field: "체납 · 건보료 체납 S01"."""
    from django.utils.translation import get_language

    suffix = "en" if get_language() == "en" else "ko"
    return [(code, f"{row[f'group_{suffix}']} · {row[f'name_{suffix}']}") for code, row in signals().items()]
