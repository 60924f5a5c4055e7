"""Writing a referral: one form, kept on the server while it is typed, checked as it will be seen, then sent."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseBadRequest, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from casework.agencies.roles import May, can
from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import seoul_day
from casework.templatetags.format import hourmin
from casework.workflow import NotNow, NotYours
from households.actions.rights import answers_for
from households.models import Draft, Household
from households.views.found import members_of
from referrals import actions, packet
from referrals.directory import finding
from referrals.forms import ReferralForm, starting
from referrals.models import Referral
from referrals.offices import knowing
from referrals.offices import views as offices
from referrals.tried import tried_words
from referrals.workflow import REFERRAL

NAMES = tuple(ReferralForm.base_fields)
# What a declined request does not take along to another agency: whom it went to, and the ground towards that agency.
ANEW = ("to_agency", "ground", "consent_on", "consent_until", "consent_by", "note")
GUIDANCE = ["referrals/directory/guidance.html", "referrals/unguided.html"]


@require_http_methods(["GET", "POST"])
def new(request, number):
    """Write a referral for a household; what was typed before and not sent comes back."""
    household = _household(request, number)
    if request.method == "POST":
        return _written(request, household)
    now = timezone.now()
    draft, declined = _draft(request, household), _declined(request, household)
    first = starting(declined, draft, tried=tried_words(household, now))
    if declined and not draft:
        first |= {"client_key": uuid.uuid4(), "again": declined.number, **dict.fromkeys(ANEW, "")}
    if not draft and packet.address_protected(household):
        first["sections"] = packet.without_address(first["sections"])
    form = ReferralForm(initial=first, household=household, user=request.user, on=seoul_day(now))
    return _page(request, household, form, draft=draft)


@require_http_methods(["GET", "POST"])
def edit(request, number):
    """Change a draft that was checked and not sent."""
    referral = get_object_or_404(Referral.objects.visible_to(request.user).select_related("household"), number=number)
    try:
        REFERRAL.check(referral, "send", request.user)
    except NotYours:
        raise PermissionDenied from None
    except NotNow:
        messages.warning(request, _("This was already sent. Nothing was changed."))
        return redirect("referrals:detail", number)
    if knowing.KNOWN in referral.packet:
        return offices.edit(request, referral)
    if request.method == "POST":
        return _written(request, referral.household, referral)
    draft = _kept(request.user, referral.client_key)
    form = _form(request, referral.household, initial=starting(referral, draft), draft=referral)
    return _page(request, referral.household, form, referral=referral, draft=draft)


@require_POST
def keep(request, number):
    """Keep what is typed so far; answer with the server's time, so that "saved" is never said too early."""
    draft = _keep(request, _household(request, number))
    if draft is None:
        return HttpResponseBadRequest()
    return JsonResponse({"at": hourmin(draft.saved_at)})


def _written(request, household, referral=None):
    act = request.POST.get("act", "check")
    if act == "discard":
        return _discard(request, household, referral)
    if act == "keep" and _keep(request, household):
        messages.success(request, _("Kept. You find it in the inbox under “Referrals sent”, and here."))
        return redirect(request.path)
    if act == "suggest":
        form = _form(request, household, initial=_typed(request), draft=referral)
        return _page(request, household, form, referral=referral)
    form = _form(request, household, request.POST, draft=referral)
    if not form.is_valid():
        return _page(request, household, form, referral=referral, status=422)
    try:
        saved = _saved(request, household, referral, form.words())
    except ValidationError as refused:  # the register changed since the form was checked
        form.add_error(None, refused)
        return _page(request, household, form, referral=referral, status=422)
    return redirect("referrals:detail", saved.number)


def _saved(request, household, referral, words):
    key, now = words.pop("client_key"), timezone.now()
    if referral is None:
        saved = actions.save_draft(household, by=request.user, now=now, client_key=key, **words)
    else:
        saved = actions.edit_draft(referral, by=request.user, now=now, **words)
    _forget(request.user, key)
    return saved


def _page(request, household, form, *, referral=None, draft=None, status=200):
    """Render the form; a request by htmx (another need was chosen) gets what depends on it: the agencies and
    the grounds towards the one chosen."""
    if request.method == "GET":
        looked(request, Act.OPEN, subjects=[member.pk for member in members_of(household)], households=[household.pk])
    swap = bool(request.htmx) and status == 200
    template = "referrals/form.html#chosen" if swap else "referrals/form.html"
    context = {
        "household": household,
        "form": form,
        "referral": referral,
        "saved_at": draft.saved_at if draft else "",
        "address_protected": packet.address_protected(household),
        "swap": swap,
        "guidance": GUIDANCE,
        "services": finding.beside(household, form.said("need"), now=timezone.now()),
    }
    return render(request, template, context, status=status)


def _form(request, household, data=None, *, initial=None, draft=None):
    on = seoul_day(timezone.now())
    return ReferralForm(data, initial=initial, household=household, user=request.user, on=on, draft=draft)


def _household(request, number):
    household = get_object_or_404(Household.objects.visible_to(request.user), number=number)
    if not can(request.user, May.REFER):
        raise PermissionDenied
    if not answers_for(request.user, household):
        raise PermissionDenied(_("Help is asked for by the centre that answers for the household."))
    return household


def _draft(request, household):
    """Return the user's unfinished text about this household: the one asked for, else the latest."""
    sent = Referral.objects.filter(sender=request.user, client_key__isnull=False).order_by().values("client_key")
    own = Draft.objects.visible_to(request.user).filter(kind=Draft.Kind.REFERRAL, household=household)
    return own.exclude(client_key__in=sent).first()


def _declined(request, household):
    """Return the referral whose words are taken over for another agency, if one is named."""
    asked = request.GET.get("again")
    if not asked:
        return None
    return Referral.objects.sent_by_agency_of(request.user).filter(household=household, number=asked).first()


def _kept(user, key):
    return Draft.objects.visible_to(user).filter(kind=Draft.Kind.REFERRAL, client_key=key).first()


def _typed(request):
    typed = {name: request.POST.get(name, "") for name in NAMES}
    return typed | {"sections": request.POST.getlist("sections")}


def _keep(request, household):
    typed = _typed(request)
    try:
        key = uuid.UUID(typed.pop("client_key"))
    except ValueError:
        return None
    values = {"kind": Draft.Kind.REFERRAL, "household": household, "payload": typed}
    return Draft.objects.update_or_create(author=request.user, client_key=key, defaults=values)[0]


def _forget(user, key):
    Draft.objects.visible_to(user).filter(kind=Draft.Kind.REFERRAL, client_key=key).delete()


def _discard(request, household, referral):
    typed = request.POST.get("client_key", "")
    try:
        _forget(request.user, uuid.UUID(typed))
    except ValueError:
        return HttpResponseBadRequest()
    messages.success(request, _("What was typed and not sent is gone."))
    return redirect("referrals:detail", referral.number) if referral else redirect("referrals:inbox")
