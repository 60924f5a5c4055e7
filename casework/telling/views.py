"""What somebody was told, how they wish to be told, and, for the system administrator, mails that did not arrive."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework.agencies.request import Request
from casework.agencies.roles import May, can
from casework.context import url_or_nothing
from casework.telling import letterbox, reading
from casework.telling.forms import PreferenceForm
from casework.telling.models import Mail, Notification, preference_of
from casework.telling.preferring import set_preference
from casework.telling.sending import has_server
from casework.telling.targets import may_open

PAGE = 30


@require_safe
def listed(request: Request) -> HttpResponse:
    """What the user was told, unread first: kind, number and moment; no case stands here."""
    mine = Notification.objects.visible_to(request.user)
    page = Paginator(mine.listed(), PAGE).get_page(request.GET.get("page"))
    undo = parsed(request.GET.get("read", ""))
    context = {
        "page": page,
        "unread": mine.unread().count(),
        "undo": undo.isoformat() if undo else "",
        "keeps": can(request.user, May.ADMINISTER),
    }
    return render(request, "telling/list.html", context)


@never_cache
@require_safe
def bell(request: Request) -> HttpResponse:
    """The bell of the top bar with the number of unread notifications; one query over an index of the unread."""
    unread = Notification.objects.visible_to(request.user).unread().count()
    return render(request, "telling/bell.html", {"unread": unread})


@require_POST
def opened(request: Request, pk: int) -> HttpResponse:
    """Mark one as read and go to what it is about, unless it is closed to the user by now."""
    found = get_object_or_404(Notification.objects.visible_to(request.user), pk=pk)
    reading.read(found, by=request.user, now=timezone.now())
    if not may_open(request.user, found.url_name, found.label):
        messages.warning(request, _("What this notice leads to is not, or no longer, open to you."))
        return redirect("telling:list")
    return redirect(url_or_nothing(found.url_name, *found.url_args) or "telling:list")


@require_POST
def read_all(request: Request) -> HttpResponse:
    """Mark all as read; the page that follows offers to take it back."""
    now = timezone.now()
    if count := reading.read_all(by=request.user, now=now):
        said = ngettext("%(n)s notice is marked as read.", "%(n)s notices are marked as read.", count)
        messages.success(request, said % {"n": count})
        return redirect(f"{reverse('telling:list')}?{urlencode({'read': now.isoformat()})}")
    messages.warning(request, _("Nothing was unread. Nothing was changed."))
    return redirect("telling:list")


@require_POST
def unread_again(request: Request) -> HttpResponse:
    """Take back that all were marked as read."""
    moment = parsed(request.POST.get("read", ""))
    if moment is None:
        return HttpResponseBadRequest()
    if reading.unread_again(by=request.user, moment=moment):
        messages.success(request, _("They are unread again."))
    else:
        messages.warning(request, _("This was already done. Nothing was changed."))
    return redirect("telling:list")


def parsed(text: str):
    """Return the moment that `text` states, or None."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None


@require_http_methods(["GET", "POST"])
def preferences(request: Request) -> HttpResponse:
    """Which kinds come by e-mail, and when not."""
    form = PreferenceForm(request.POST or None, preference=preference_of(request.user))
    if request.method == "POST" and form.is_valid():
        set_preference(by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved. It holds for mails that are written from now on."))
        return redirect("telling:settings")
    context = {"form": form, "served": has_server(), "address": request.user.email}
    return render(request, "telling/settings.html", context, status=422 if form.is_bound else 200)


@require_safe
def letters(request: Request) -> HttpResponse:
    """Mails that did not arrive: number, recipient and why; no case."""
    letterbox.check_can_keep(request.user)
    page = Paginator(letterbox.dead_letters(), PAGE).get_page(request.GET.get("page"))
    rows = [{"it": mail, "why": letterbox.words_of(mail)} for mail in page.object_list]
    context = {"page": page, "rows": rows, "waiting": letterbox.waiting(), "served": has_server()}
    context["kept_back"] = letterbox.kept_back()
    return render(request, "telling/letters.html", context)


@require_POST
def letter_again(request: Request, pk: int) -> HttpResponse:
    """Try a dead letter again, from the first try."""
    return _settled(request, pk, letterbox.again, _("It is sent again within a minute."))


@require_POST
def letter_give_up(request: Request, pk: int) -> HttpResponse:
    """Give a dead letter up for good."""
    return _settled(request, pk, letterbox.give_up, _("Given up. The notice itself stays in the product."))


def _settled(request: Request, pk: int, verb: Callable[..., bool], said: str) -> HttpResponse:
    letterbox.check_can_keep(request.user)
    if verb(get_object_or_404(Mail, pk=pk), by=request.user, now=timezone.now()):
        messages.success(request, said)
    else:
        messages.warning(request, _("This was already done. Nothing was changed."))
    return redirect("telling:letters")
