"""Objections: taking one down, answering it by two officers, entering what follows once it counts as accepted."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from casework.agencies.roles import May, can
from casework.clock import seoul_day
from casework.workflow import NotNow, NotYours
from households.actions.refusal import Refused
from households.extensions import objecting
from households.extensions.forms import ObjectionForm, of_objection
from households.extensions.found import too_late, whole_or_404, whose
from households.extensions.views import page
from households.extensions.workflow import OBJECTION
from households.models import ExtensionTerm, Objection

VERBS: dict[str, Callable[..., Objection]] = {
    "prepare": objecting.prepare,
    "send_back": objecting.send_back,
    "confirm": objecting.confirm,
    "withdraw": objecting.withdraw,
}
SAID = {
    "prepare": gettext_lazy("Prepared. Another officer confirms it."),
    "send_back": gettext_lazy("Sent back. It is prepared anew."),
    "confirm": gettext_lazy("Confirmed. The objection is settled."),
    "withdraw": gettext_lazy("The withdrawal is recorded."),
}


@require_POST
def objection_new(request, number):
    """Take an objection down that arrived in writing."""
    found = whole_or_404(request, number)
    if not can(request.user, May.DECIDE_PROTECTION):
        raise PermissionDenied(whose("ministry"))
    form = ObjectionForm(request.POST)
    try:
        if not form.is_valid():
            return page(request, found, "object", form=form, status=422)
        made = objecting.receive(found, by=request.user, now=timezone.now(), **form.cleaned_data)
        said = _("Taken down, and marked late: it came after the last day.") if made.late else _("Taken down.")
        messages.success(request, said)
    except NotNow:
        messages.warning(request, too_late(found))
    except Refused as refused:
        refused.stand_on(form)
        return page(request, found, "object", form=form, status=422)
    return redirect("households:extension", number)


@require_POST
def objection_step(request, number, pk, verb):
    """Take one step of an objection; somebody who comes second is told so."""
    found = whole_or_404(request, number)
    objection = get_object_or_404(Objection.objects.visible_to(request.user).select_related("request"), pk=pk)
    if verb not in VERBS or objection.request_id != found.pk:
        raise Http404
    form = None
    try:
        OBJECTION.check(objection, verb, request.user)
        form = _form(verb, objection, request.POST)
        if form is not None and not form.is_valid():
            return page(request, found, status=422, answering=(objection.pk, verb, form))
        VERBS[verb](objection, by=request.user, now=timezone.now(), **(form.cleaned_data if form else {}))
        messages.success(request, SAID[verb])
    except NotYours as refused:
        raise PermissionDenied(whose(str(refused))) from None
    except NotNow:
        messages.warning(request, too_late(Objection.objects.get(pk=pk)))
    except Refused as refused:
        if form is not None:
            refused.stand_on(form)
            return page(request, found, status=422, answering=(objection.pk, verb, form))
        messages.error(request, str(refused))
    return redirect("households:extension", number)


def _form(verb, objection, data):
    numbers = ExtensionTerm.objects.numbers(objection.received_on)
    stands = objecting.answer_of(objection, seoul_day(timezone.now()), numbers)
    return of_objection(verb, deemed=stands.deemed, data=data)
