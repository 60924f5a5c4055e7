"""Calling a verb from a form: what it gave, or the sentence of its refusal on that form."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from households.actions.refusal import Refused


def refusing(form: Any, verb: Callable[..., Any], *args: Any, **words: Any) -> Any:
    """Call a verb and return what it returns; put the sentence of a refusal onto the form and return None."""
    try:
        return verb(*args, **words)
    except Refused as refused:
        refused.stand_on(form)
        return None


def was_done(form: Any, do: Callable[[], Any]) -> bool:
    """Do it and tell whether it was done; a refusal becomes a sentence on the form."""
    try:
        do()
    except Refused as refused:
        refused.stand_on(form)
        return False
    return True


def saved(request: HttpRequest, form: Any) -> Any:
    """Let the form perform its verb and say that it is saved; a refusal stands on the form and gives None."""
    try:
        made = form.perform(by=request.user)
    except Refused as refused:
        refused.stand_on(form)
        return None
    messages.success(request, _("The record is saved."))
    return made


def sentence(refused: Exception) -> str:
    """Return what a refusal says, also one of the checks of a model."""
    return " ".join(getattr(refused, "messages", [str(refused)]))
