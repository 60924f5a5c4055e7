"""The page of tokens for the system administrator, and the description of the interface for whoever builds on it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework.agencies.request import Request
from casework.api import described, problems, tokens
from casework.api.forms import TokenForm
from casework.api.models import ApiToken
from casework.api.scopes import Scope
from casework.clock import day_ends, seoul_day
from casework.context import url_or_nothing

PAGE = 30


@require_safe
def listed(request: Request) -> HttpResponse:
    """Every token: whose it is, what it opens, until when, when it was last used. No secret stands here."""
    tokens.check_can_keep(request.user)
    page = Paginator(tokens.listed(), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [_row(token) for token in page.object_list],
        "webhooks_url": url_or_nothing("referrals:webhooks"),
    }
    return render(request, "casework/api/tokens.html", context)


@never_cache
@sensitive_variables("secret")
@require_http_methods(["GET", "POST"])
def issue(request: Request) -> HttpResponse:
    """Issue a token; its secret stands on the answer and nowhere else."""
    tokens.check_can_keep(request.user)
    now = timezone.now()
    form = TokenForm(request.POST or None, on=seoul_day(now))
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        data["until"] = day_ends(data["until"])
        try:
            token, secret = tokens.issue(data.pop("agency"), by=request.user, now=now, **data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            return render(request, "casework/api/issued.html", {"token": token, "secret": secret})
    return render(request, "casework/api/issue.html", {"form": form}, status=422 if form.is_bound else 200)


@require_POST
def revoke(request: Request, pk: int) -> HttpResponse:
    """Revoke a token, with the reason; that is final."""
    tokens.check_can_keep(request.user)
    token = get_object_or_404(ApiToken, pk=pk)
    reason = request.POST.get("reason", "").strip()[:200]
    if not reason:
        messages.warning(request, _("Please write why the token is revoked."))
    elif tokens.revoke(token, by=request.user, now=timezone.now(), reason=reason):
        messages.success(request, _("Revoked: %(token)s. It opens nothing from now on.") % {"token": token})
    else:
        messages.warning(request, _("This token was revoked before. Nothing was changed."))
    return redirect("interfaces:tokens")


@require_safe
def docs(request: Request) -> HttpResponse:
    """The interface for people: addresses, what they take and answer, errors. No record stands here."""
    context = {"groups": described.operations(), "problems": problems.explained()}
    return render(request, "casework/api/docs.html", context)


def _row(token: Any) -> dict[str, Any]:
    now = timezone.now()
    over = token.during.upper is not None and token.during.upper <= now
    state = _("revoked") if token.revoked_at else _("over") if over else ""
    labels = dict(Scope.choices)
    return {"token": token, "state": state, "scopes": [labels.get(scope, scope) for scope in token.scopes]}
