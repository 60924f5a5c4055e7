"""The password once more before a file with names leaves: who walks up to an unlocked desk takes nothing away.

Whoever has just logged in, or has just given it, is not asked. A password that is wrong counts as a failed log-in.
"""

import time
from functools import wraps

from django import forms
from django.contrib.auth import authenticate
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

KNOWN = "known_at"
FRESH = 5 * 60
"""So many seconds after the password was given it is not asked again: our own criterion."""
FIELD = "password_again"
NOT_CARRIED = {FIELD, "csrfmiddlewaretoken"}


class AgainForm(forms.Form):
    """The password of who is logged in."""

    password_again = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password", "autofocus": True}),
    )

    def __init__(self, data=None, *, request):
        super().__init__(data)
        self.request = request

    def clean_password_again(self):
        """Ask as the log-in does, so that failures are counted and logged alike."""
        given, name = self.cleaned_data[FIELD], self.request.user.get_username()
        found = authenticate(self.request, username=name, login=name, password=given)
        if found is None or found.pk != self.request.user.pk:
            raise forms.ValidationError(_("This is not your password."))
        return given


def known(request):
    """Note in the session that whoever sits there has just given the password."""
    request.session[KNOWN] = int(time.time())


def is_known(request):
    """Say whether the password was given a short while ago."""
    return 0 <= time.time() - request.session.get(KNOWN, 0) <= FRESH


def password_first(method):
    """Decorator: where a view makes or sends a file with names by `method`, show the page that asks for the password.

    What was typed for the view goes along as hidden fields and lands in it with the password: nothing is lost.
    """

    def decorated(view):
        @wraps(view)
        @sensitive_post_parameters(FIELD)
        def checked(request, *args, **kwargs):
            if request.method != method or is_known(request):
                return view(request, *args, **kwargs)
            form = AgainForm(request.POST if FIELD in request.POST else None, request=request)
            if not form.is_valid():
                return asked(request, form, action=request.get_full_path())
            known(request)
            return view(request, *args, **kwargs)

        return checked

    return decorated


def asked(request, form, *, action):
    """Return the page that asks. A page that was only to be opened is opened afterwards by `agencies:again`."""
    carried = [(name, value) for name, values in request.POST.lists() for value in values if name not in NOT_CARRIED]
    if request.method == "GET":
        carried, action = [("next", action)], reverse("agencies:again")
    shown = {"form": form, "carried": carried, "action": action}
    answer = render(request, "account/again.html", shown, status=422 if form.is_bound else 200)
    answer["Cache-Control"] = "no-store"
    return answer
