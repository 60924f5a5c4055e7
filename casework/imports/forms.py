"""Forms of imports."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.agencies.roles import can
from casework.imports.loader import loader_for
from casework.imports.models import Kind, word_of

MOST_UPLOADED = 64 << 20


def kinds_of(user: Any) -> list[Kind]:
    """Return the kinds of files that the user may bring in."""
    return [kind for kind in Kind if can(user, word_of(kind))]


class UploadForm(forms.Form):
    """One file, what it is, and from when it holds."""

    kind = forms.ChoiceField(label=_("What is it"), choices=Kind)
    file = forms.FileField(
        label=_("File"), help_text=_("CSV (UTF-8 or CP949) or XLSX, at most 64 MB"), allow_empty_file=True
    )
    source = forms.CharField(
        label=_("Sender"),
        max_length=80,
        required=False,
        help_text=_("For everything but the register: whose references these are"),
    )
    received_on = forms.DateField(
        label=_("Received on"),
        required=False,
        help_text=_("For signals, circumstances and screenings"),
        widget=forms.DateInput({"type": "date"}),
    )
    effective_on = forms.DateField(
        label=_("Changes begin on"),
        required=False,
        help_text=_("For the register. Without a day, a row that differs is a correction"),
        widget=forms.DateInput({"type": "date"}),
    )
    dry_run = forms.BooleanField(
        label=_("Only try"), required=False, initial=True, help_text=_("Shows what would happen; changes nothing")
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds_of(user)]  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        """Refuse what is too large to be kept until a worker has read it."""
        file = self.cleaned_data["file"]
        if file.size > MOST_UPLOADED:
            raise forms.ValidationError(_("The file is larger than 64 MB. Ask the operator to load it by command."))
        return file

    def clean(self) -> dict[str, Any]:
        """Ask for the sender where references are scoped by it; drop the dates that the kind does not use."""
        data = super().clean() or {}
        if data.get("kind") in (Kind.SIGNALS, Kind.INCIDENTS) and not data.get("source"):
            self.add_error("source", _("Say who sent this: the references are that sender's."))
        used = loader_for(data["kind"]).options if data.get("kind") else ()
        for name in ("received_on", "effective_on"):
            if name not in used:
                data[name] = None
        if "source" not in used:
            data["source"] = data.get("source") or ""
        return data


class RowForm(forms.Form):
    """A refused row, one field per column, as it came or as it was last mended."""

    def __init__(self, *args: Any, row: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        loader = loader_for(row.batch.kind)
        values = row.corrected or row.cells
        for name in loader.columns:
            self.fields[name] = forms.CharField(label=name, required=False, initial=values.get(name, ""), strip=True)
