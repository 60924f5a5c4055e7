"""The page on which an office asks for help for a person whose file it does not keep; a draft is checked, then sent."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import seoul_day
from casework.workflow import NotYours
from households.actions.circle import belonging
from households.models import Person
from households.views.found import sent
from referrals import packet
from referrals.models import Referral
from referrals.offices import actions, knowing
from referrals.offices.forms import AskForm, starting


@require_http_methods(["GET", "POST"])
def ask_for(request, pk):
    """Write a request about a person of the register, or of a shared household."""
    person = get_object_or_404(Person.objects.asked_for_by(request.user), pk=pk)
    before = _before(request, person)
    form = _form(request, person, starting(before, anew=True))
    if form is not None and form.is_bound and form.is_valid():
        key, follows = form.cleaned_data["client_key"], form.cleaned_data["again"]
        saved = _saving(form, actions.save_request, person, request, client_key=key, follows=follows)
        if saved:
            return redirect("referrals:detail", saved.number)
    return _page(request, person, form)


def edit(request, referral):
    """Change a draft of an office: called by `writing.edit`, which has fetched and checked it."""
    person = referral.person
    if not Person.objects.asked_for_by(request.user).filter(pk=person.pk).exists():
        raise PermissionDenied(_("This person does not live in your district any more, or is not shared any more."))
    form = _form(request, person, starting(referral), passed_on_to=referral.to_agency)
    if form is not None and form.is_bound and form.is_valid():
        saved = _saving(form, actions.edit_request, referral, request)
        if saved:
            return redirect("referrals:detail", saved.number)
    return _page(request, person, form, referral=referral)


def _before(request, person):
    """Return the request that came back and whose words are taken over for another agency, if one is named."""
    asked = request.GET.get("again")
    found = Referral.objects.sent_by_agency_of(request.user).filter(person=person, number=asked or "")
    return found.first() if asked else None


def _form(request, person, first, passed_on_to=None):
    """Return the form, or None for somebody who belongs to no household."""
    on = seoul_day(timezone.now())
    home = belonging(person, on=on)
    if home is None:
        return None
    about = {"person": person, "household": home.household, "user": request.user, "on": on}
    return AskForm(sent(request), initial=first, passed_on_to=passed_on_to, **about)


def _saving(form, verb, about, request, **named):
    try:
        return verb(about, by=request.user, now=timezone.now(), **named, **form.words())
    except NotYours:
        raise PermissionDenied from None
    except ValidationError as refused:  # the register changed since the form was made
        form.add_error(None, refused)
        return None


def _page(request, person, form, *, referral=None):
    seen = knowing.build(person, on=seoul_day(timezone.now()), ground="")
    if request.method == "GET":
        looked(request, Act.OPEN, subjects=[person.pk], detail={"form": "ask for help"})
    context = {
        "form": form,
        "referral": referral,
        "name": knowing.called(seen),
        "rows": packet.shown(seen),
        "guarded": "case" in seen,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "referrals/offices/ask.html", context, status=status)
