"""The forms that such reports share: the reasons of steps and files, the number of the document."""

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST_REASON = 300


class ReportForm(forms.Form):
    """Base: errors are said by the server."""

    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class ReasonForm(ReportForm):
    """Why: for a step that asks for it, and for a new version."""

    reason = forms.CharField(label=_("Reason"), max_length=LONGEST_REASON)


class SendForm(ReportForm):
    """Under which number the report went out."""

    reference = forms.CharField(
        label=_("Number of the document"),
        max_length=60,
        required=False,
        help_text=_("of the official letter it went with"),
    )


class PaperForm(ReportForm):
    """Why the PDF is taken away; kept in the access log."""

    reason = forms.CharField(label=_("Reason for the download"), max_length=200)
