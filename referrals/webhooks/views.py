"""The page of webhooks for the system administrator: addresses, what waits, what could not be told."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework.api.tokens import check_can_keep
from referrals.models import WebhookDelivery, WebhookSubscription
from referrals.webhooks import outbox, signing, subscribing
from referrals.webhooks.forms import SubscriptionForm
from referrals.webhooks.words import label_of

PAGE = 30


@require_safe
def listed(request):
    """Every address, and the dead letters; a number and an event, no case."""
    check_can_keep(request.user)
    rows = WebhookSubscription.objects.select_related("agency").order_by("ended_at", "-id")
    dead = Paginator(subscribing.dead_letters(), PAGE).get_page(request.GET.get("page"))
    context = {
        "rows": [{"it": row, "events": [label_of(event) for event in row.events]} for row in rows],
        "dead": dead,
        "letters": [{"it": letter, "event": label_of(letter.event)} for letter in dead.object_list],
        "waiting": subscribing.waiting(),
    }
    return render(request, "referrals/webhooks/list.html", context)


@never_cache
@sensitive_variables("secret")
@require_http_methods(["GET", "POST"])
def add(request):
    """Add an address; its secret stands on the answer and nowhere else."""
    check_can_keep(request.user)
    form = SubscriptionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = subscribing.subscribe(data["agency"], url=data["url"], events=data["events"], by=request.user)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            secret = signing.secret_of(made)
            return render(request, "referrals/webhooks/added.html", {"it": made, "secret": secret})
    return render(request, "referrals/webhooks/add.html", {"form": form}, status=422 if form.is_bound else 200)


@require_POST
def end(request, pk):
    """End an address."""
    check_can_keep(request.user)
    found = get_object_or_404(WebhookSubscription, pk=pk)
    if subscribing.end(found, by=request.user, now=timezone.now()):
        messages.success(request, _("Ended: nothing is sent to this address any more."))
    else:
        messages.warning(request, _("This was already done. Nothing was changed."))
    return redirect("referrals:webhooks")


@require_POST
def again(request, pk):
    """Send a dead letter again."""
    check_can_keep(request.user)
    found = get_object_or_404(WebhookDelivery, pk=pk)
    if outbox.again(found, now=timezone.now()):
        messages.success(request, _("It is sent again within a minute."))
    else:
        messages.warning(request, _("This was already done. Nothing was changed."))
    return redirect("referrals:webhooks")
