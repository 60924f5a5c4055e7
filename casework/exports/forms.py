"""The form by which a file is asked for."""

from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.exports.models import LEAST_REASON, MOST_REASON


class AskForm(forms.Form):
    """Why the file is needed; kept with the file, in it, and in the access log."""

    client_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)
    reason = forms.CharField(
        label=_("Why you need this file"),
        help_text=_("for what and for whom, in at least 20 characters; it stands in the file and in the access log"),
        min_length=LEAST_REASON,
        max_length=MOST_REASON,
        error_messages={"min_length": _("Please say in at least 20 characters why you need this file.")},
        widget=forms.Textarea({"rows": 3}),
    )
