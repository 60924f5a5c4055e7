"""The forms of a note of supervision and of what is added beneath it."""

from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from households.forms.moments import Day
from households.models.supervision import LONGEST

STEPS = 3


class NoteForm(forms.Form):
    """The day, what was talked about, and up to three steps that were agreed, each with its day."""

    use_required_attribute = False

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    held_on = Day(label=_("Day of the talk"))
    text = forms.CharField(
        label=_("What was talked about"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 8})
    )

    def __init__(self, *args, day, **kwargs):
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.day = day
        self.fields["held_on"].initial = day
        for n in range(1, STEPS + 1):
            label = _("Agreed step %(n)s") % {"n": n}
            self.fields[f"step_{n}"] = forms.CharField(label=label, max_length=200, required=False)
            self.fields[f"due_{n}"] = Day(label=_("By when (step %(n)s)") % {"n": n}, required=False)

    def clean_held_on(self):
        """Not after today."""
        if self.cleaned_data["held_on"] > self.day:
            raise forms.ValidationError(_("This day lies in the future."))
        return self.cleaned_data["held_on"]

    def clean(self):
        """A day belongs to a step."""
        super().clean()
        data = self.cleaned_data
        for n in range(1, STEPS + 1):
            if data.get(f"due_{n}") and not data.get(f"step_{n}"):
                self.add_error(f"step_{n}", _("Please say what was agreed by this day."))
        return data

    def words(self):
        """Return the keywords of the verb."""
        data = self.cleaned_data
        steps = [(data[f"step_{n}"], data[f"due_{n}"]) for n in range(1, STEPS + 1) if data[f"step_{n}"]]
        return {"held_on": data["held_on"], "text": data["text"], "client_key": data["key"], "steps": steps}


class BeneathForm(forms.Form):
    """What is added beneath a note."""

    use_required_attribute = False

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    text = forms.CharField(label=_("Add to this note"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"label_suffix": "", **kwargs})
