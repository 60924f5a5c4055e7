"""My alarms, and the button that says "seen"."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from casework.agencies.leading import led_to
from casework.agencies.roles import May, can
from casework.audit.models import Act
from casework.audit.record import looked
from casework.workflow import NotYours
from referrals.alarms import actions, shown
from referrals.alarms.forms import SeenForm
from referrals.models import Alarm

BOXES = ("open", "all")


@require_safe
def alarms(request):
    """The user's alarms: those to acknowledge, or all there ever were."""
    check_may_look(request.user)
    box = request.GET.get("box") if request.GET.get("box") in BOXES else "open"
    found = shown.page_of(request.user, box=box, number=request.GET.get("page"), now=timezone.now())
    households = {row["household"] for row in found["rows"]} - {None}
    looked(request, Act.LIST, households=households, detail={"alarms": box})
    found |= {"is_open": box == "open", "is_all": box == "all", "query": f"box={box}"}
    return render(request, "referrals/alarms/list.html", found | {"keeps": can(request.user, May.RECEIVE)})


@require_POST
def alarm_seen(request, pk):
    """Say that one alarm was seen, and go back to where it stood."""
    check_may_look(request.user)
    alarm = get_object_or_404(Alarm.objects.visible_to(request.user), pk=pk)
    form = SeenForm(request.POST)
    if form.is_valid():
        try:
            actions.acknowledge(alarm, by=request.user, now=timezone.now(), note=form.cleaned_data["note"])
        except NotYours:
            raise PermissionDenied(_("An alarm is acknowledged by the person it names.")) from None
        messages.success(request, _("Recorded as seen. The clock runs on until the step itself is taken."))
    else:
        messages.error(request, _("The note may have at most 300 characters."))
    return redirect(led_to(request, request.POST.get("next", ""), "referrals:alarms"))


def check_may_look(user):
    """Raise PermissionDenied unless the user sends or receives referrals."""
    if not (can(user, May.RECEIVE) or can(user, May.REFER)):
        raise PermissionDenied(_("Alarms are for those who send or receive referrals."))
