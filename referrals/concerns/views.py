"""The pages of the concerns: what waits, taking one down, one concern and its steps."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework.agencies.models import WorkCalendar
from casework.agencies.roles import can
from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import seoul_day
from casework.workflow import NotNow, NotYours
from households.actions import Refused
from households.views.found import sent
from referrals.concerns import actions, shown
from referrals.concerns.forms import FORMS, TakenForm
from referrals.concerns.workflow import CONCERN, ConcernStatus
from referrals.models import Concern

SAID = {
    "contact": gettext_lazy("The worker finds it on their desk until a contact was made."),
    "refer": gettext_lazy("It stays here until a referral of the household was sent."),
    "join": gettext_lazy("Joined with the earlier one."),
    "nothing": gettext_lazy("Kept with the reason."),
    "pass_on": gettext_lazy("The other centre has it before it now; the clock runs on."),
    "again": gettext_lazy("It waits for a decision again."),
}


@require_safe
def concerns(request):
    """What nobody has looked at yet, what was decided and not followed yet, and the others."""
    _check_takes(request.user)
    now = timezone.now()
    rows = shown.before(request.user, now, request.GET.get("page"))
    listed = [row["concern"] for row in (*rows["waiting"], *rows["owed"])] + list(rows["past"])
    about = [one.household_id for one in listed if one.household_id and one.centre_id == request.user.agency_id]
    looked(request, Act.LIST, households=about, detail={"desk": "concerns"})
    return render(request, "referrals/concerns/list.html", rows)


@require_http_methods(["GET", "POST"])
def take_down(request):
    """Take a concern down; the centre that covers the place has it before it at once."""
    _check_takes(request.user)
    now = timezone.now()
    form = TakenForm(sent(request), initial={"seen_on": seoul_day(now)})
    if request.method == "POST" and form.is_valid() and (made := _taken(request, form, now)):
        words = {"number": made.number, "centre": made.centre}
        messages.success(request, _("Taken down as %(number)s. %(centre)s has it before it now.") % words)
        return redirect("referrals:concern", made.number)
    return render(request, "referrals/concerns/new.html", {"form": form}, status=422 if form.is_bound else 200)


def _taken(request, form, now):
    try:
        return actions.take_down(by=request.user, now=now, **form.cleaned_data)
    except Refused as refused:
        refused.stand_on(form)
        return None


@require_safe
def concern(request, number):
    """One concern: what was told, until when somebody looks at it, what was decided, what followed."""
    return page(request, visible(request, number), request.GET.get("do", ""))


@require_POST
def step(request, number, verb):
    """Take one step of the table; somebody who comes second is told so, and nothing is done twice."""
    found = visible(request, number)
    if verb not in actions.VERBS:
        raise Http404
    now = timezone.now()
    try:
        CONCERN.check(found, verb, request.user)
        form = form_for(verb, found, request.user, now, request.POST)
        if not form.is_valid():
            return page(request, found, verb, form=form, status=422)
        actions.VERBS[verb](found, by=request.user, now=now, **form.cleaned_data)
        messages.success(request, SAID[verb])
    except NotYours:
        raise PermissionDenied(_("This is decided by the supervisor or the head of the centre.")) from None
    except NotNow as late:
        said = _("This step is no longer open: the concern stands at “%(status)s”.")
        messages.warning(request, said % {"status": ConcernStatus(str(late)).label})
    except ValidationError as refused:
        form.add_error(None, refused)
        return page(request, found, verb, form=form, status=422)
    gone = not Concern.objects.visible_to(request.user).filter(pk=found.pk).exists()  # passed on to another centre
    return redirect("referrals:concerns") if gone else redirect("referrals:concern", number)


def form_for(verb, found, user, now, data=None):
    """Return the form that a step asks for."""
    return FORMS[verb](data, concern=found, user=user, now=now, calendar=WorkCalendar.load())


def visible(request, number):
    """Return the concern as this user may see it; 404 for a stranger."""
    rows = Concern.objects.visible_to(request.user).with_followed().select_related(*shown.BESIDE)
    return get_object_or_404(rows, number=number)


def page(request, found, asked="", *, form=None, status=200):
    """Render the page of one concern and log the look. `asked` names the step whose form is open."""
    now = timezone.now()
    context = shown.page_of(found, request.user, now)
    if form is None and asked in {taken.verb for taken in context["steps"]}:
        form = form_for(asked, found, request.user, now)
    about = [found.household_id] if context["household"] else []
    like = [row.pk for row in getattr(form, "like", ())]
    looked(request, Act.OPEN, households=[*about, *like], detail={"concern": found.number})
    context |= {"asked": asked if form else "", "form": form}
    return render(request, "referrals/concerns/page.html", context, status=status)


def _check_takes(user):
    if not any(can(user, word) for word in actions.TAKES):
        raise PermissionDenied(_("Concerns are taken down by those who meet people or receive referrals."))
