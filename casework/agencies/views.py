"""What a user sets for themselves: language, keys, staying logged in."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import check_for_language
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from casework.agencies.fresh import FIELD, AgainForm, asked, known
from casework.agencies.leading import led_to


@require_POST
def language(request):
    """Set the user's language and go back to the page."""
    chosen = request.POST.get("language", "")
    if check_for_language(chosen) and chosen in ("ko", "en"):
        request.user.language = chosen
        request.user.save(update_fields=["language"])
    return redirect(led_to(request, request.POST.get("next", "")))


@require_POST
def keys(request):
    """Switch single-key shortcuts on or off for this user (WCAG 2.1.4)."""
    request.user.keys_on = request.POST.get("keys") == "on"
    request.user.save(update_fields=["keys_on"])
    return redirect(led_to(request, request.POST.get("next", "")))


@require_POST
def awake(request):
    """Say that somebody is still here; the idle clock starts again (the middleware has done it)."""
    return HttpResponse(status=204)


@sensitive_post_parameters(FIELD)
@require_POST
def again(request):
    """Take the password once more, and open the page that asked for it."""
    form = AgainForm(request.POST, request=request)
    if not form.is_valid():
        return asked(request, form, action=request.path)
    known(request)
    return redirect(led_to(request, request.POST.get("next", "")))
