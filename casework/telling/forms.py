"""How somebody wishes to be told."""

from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.telling.kinds import kinds


class Clock(forms.TimeField):
    """A time of day."""

    def __init__(self, **kwargs):
        super().__init__(widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), **kwargs)


class PreferenceForm(forms.Form):
    """Which kinds come by e-mail, the quiet hours, the weekly mail."""

    use_required_attribute = False

    mail = forms.MultipleChoiceField(
        label=_("Also by e-mail"),
        help_text=_("in the product you are told of all of them"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    quiet_from = Clock(label=_("No mails from"), help_text=_("the same time twice: no quiet hours"))
    quiet_until = Clock(label=_("No mails until"))
    days_off = forms.BooleanField(label=_("No mails on weekends and public holidays"), required=False)
    digest = forms.BooleanField(
        label=_("A weekly mail on Mondays at 09:00"), help_text=_("numbers and a link"), required=False
    )

    def __init__(self, *args, preference, **kwargs):
        initial = {name: getattr(preference, name) for name in ("quiet_from", "quiet_until", "days_off", "digest")}
        initial["mail"] = [code for code in kinds() if preference.mails(code)]
        super().__init__(*args, **{"label_suffix": "", "initial": initial, **kwargs})
        cast(forms.MultipleChoiceField, self.fields["mail"]).choices = [
            (kind.code, _named(kind)) for kind in kinds().values()
        ]


def _named(kind):
    return _("%(kind)s (at any hour)") % {"kind": kind.label} if kind.at_any_hour else kind.label
