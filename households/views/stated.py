"""How a member stands, and what a screening gave: stating it, putting it right, taking it back."""

from uuid import uuid4

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import seoul_day
from households import actions
from households.actions.refusal import Refused
from households.actions.rights import allowed, check_can_screen, check_can_state
from households.actions.stated import can_withdraw
from households.beside import beside
from households.forms.stated import NO, YES, CircumstanceForm, ScreeningForm
from households.models import Circumstance, Screening
from households.models.circumstance import Aspect
from households.models.screening import Instrument
from households.readings import reading_of, steps_of
from households.views.found import household_or_404, members_of, page_of, sent
from households.views.refusing import saved


@require_http_methods(["GET", "POST"])
def circumstance(request, number):
    """State how a member stands; `?kind=` says which side of it, `?who=` of whom."""
    household = household_or_404(request, number)
    check_can_state(request.user, household)
    kind, members = _chosen(request, "kind", Aspect), members_of(household)
    form = CircumstanceForm(sent(request), kind=kind, **_about(request, members))
    if request.method == "POST" and form.is_valid() and saved(request, form):
        return redirect(_section(household, "circumstances"))
    return _page(
        request, household, members, form, title=_("Record circumstances"), choices=_links(request, "kind", Aspect)
    )


@require_http_methods(["GET", "POST"])
def circumstance_edit(request, number, fact_id):
    """Put a circumstance right: a new version, the old one is kept."""
    household, members, found = _found(request, number, fact_id, Circumstance)
    check_can_state(request.user, household)
    initial = {"value": found.value, "on": found.during.lower, "source": found.source, "version": found.pk}
    form = CircumstanceForm(sent(request), kind=found.kind, was=found, **_about(request, members, initial))
    if request.method == "POST" and form.is_valid() and saved(request, form):
        return redirect(_section(household, "circumstances"))
    return _page(request, household, members, form, title=_("Correct circumstances"), editing=found)


@require_POST
def circumstance_withdraw(request, number, fact_id):
    """Take a mistaken circumstance back within its 24 hours."""
    household, _members, found = _found(request, number, fact_id, Circumstance)
    check_can_state(request.user, household)
    return _withdrawn(request, household, lambda: actions.withdraw_circumstance(found, **_now(request)))


@require_http_methods(["GET", "POST"])
def screening(request, number):
    """Keep the result of a screening; `?instrument=` says of which, `?who=` of whom."""
    household = household_or_404(request, number)
    check_can_screen(request.user, household)
    instrument, members = _chosen(request, "instrument", Instrument), members_of(household)
    form = ScreeningForm(sent(request), instrument=instrument, **_about(request, members))
    if request.method == "POST" and form.is_valid() and (made := saved(request, form)):
        return redirect(_after(household, made))
    links = _links(request, "instrument", Instrument)
    return _page(
        request, household, members, form, title=_("Record a screening"), choices=links, steps=steps_of(instrument)
    )


@require_safe
def screening_page(request, number, fact_id):
    """One result: how to read it, and, when item 9 was 1 or more, what is to be done at once."""
    household, members, found = _found(request, number, fact_id, Screening)
    _looked(request, household, [member for member in members if member.pk == found.person_id])
    context = {
        "household": household,
        "back": page_of(household),
        "screening": found,
        "name": next(member.name for member in members if member.pk == found.person_id),
        "reading": reading_of(found.instrument, found.score),
        "steps": steps_of(found.instrument),
        "refer_url": beside(household, request.user, now=timezone.now())["refer_url"] if found.item9 else "",
        "can_correct": allowed(check_can_screen, request.user, household),
    }
    return render(request, "households/screening.html", context)


@require_http_methods(["GET", "POST"])
def screening_edit(request, number, fact_id):
    """Put a result right: a new version, the old one is kept."""
    household, members, found = _found(request, number, fact_id, Screening)
    check_can_screen(request.user, household)
    item9 = {True: YES, False: NO}.get(found.item9, "")
    initial = {"score": found.score, "on": found.observed_on, "item9": item9, "source": found.source}
    about = _about(request, members, {**initial, "version": found.pk})
    form = ScreeningForm(sent(request), instrument=found.instrument, was=found, **about)
    if request.method == "POST" and form.is_valid() and (made := saved(request, form)):
        return redirect(_after(household, made))
    title, steps = _("Correct a screening"), steps_of(found.instrument)
    return _page(request, household, members, form, title=title, editing=found, steps=steps)


@require_POST
def screening_withdraw(request, number, fact_id):
    """Take a mistaken result back within its 24 hours."""
    household, _members, found = _found(request, number, fact_id, Screening)
    check_can_screen(request.user, household)
    return _withdrawn(request, household, lambda: actions.withdraw_screening(found, **_now(request)))


def _found(request, number, fact_id, model):
    """Return the household, its members, and the standing version of a fact about one of them that the user may see."""
    household = household_or_404(request, number)
    members = members_of(household)
    seen = model.objects.current().visible_to(request.user).select_related("person")
    return household, members, get_object_or_404(seen, person__in=[m.pk for m in members], fact_id=fact_id)


def _chosen(request, name, words):
    said = request.GET.get(name, words.values[0])
    if said not in words.values:
        raise Http404
    return said


def _links(request, name, words):
    """The other forms of this page, each an address of its own, so that no script has to swap fields."""
    who = f"&who={request.GET['who']}" if request.GET.get("who", "").replace("-", "").isalnum() else ""
    now = request.GET.get(name, words.values[0])
    return [{"query": f"{name}={word}{who}", "label": label, "current": word == now} for word, label in words.choices]


def _about(request, members, initial=None):
    day = seoul_day(timezone.now())
    start = {"on": day, "key": uuid4(), "who": request.GET.get("who", ""), **(initial or {})}
    return {"members": members, "day": day, "initial": start}


def _now(request):
    return {"by": request.user, "now": timezone.now()}


def _withdrawn(request, household, do):
    try:
        do()
        messages.success(request, _("The entry is taken back."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(page_of(household))


def _section(household, name):
    return f"{page_of(household)}#{name}"


def _after(household, made):
    if made.item9:
        return reverse("households:screening_page", args=[household.number, made.fact_id])
    return _section(household, "screenings")


def _looked(request, household, members):
    looked(request, Act.OPEN, subjects=[member.pk for member in members], households=[household.pk])


def _page(request, household, members, form, *, title, choices=(), editing=None, steps=()):
    _looked(request, household, members)
    context = {
        "household": household,
        "form": form,
        "title": title,
        "back": page_of(household),
        "choices": choices,
        "steps": steps,
        "editing": editing,
        "about": _words_of(editing, members),
        "withdraw": _withdraw_url(request, household, editing),
    }
    return render(request, "households/stated.html", context, status=422 if form.is_bound else 200)


def _words_of(fact, members):
    """Say whose fact is put right and what it is about."""
    if fact is None:
        return ""
    about = [fact.get_instrument_display()] if isinstance(fact, Screening) else [fact.get_kind_display()]
    if getattr(fact, "detail", ""):
        about.append(fact.get_detail_display())
    return " · ".join([*(member.name for member in members if member.pk == fact.person_id), *map(str, about)])


def _withdraw_url(request, household, fact):
    if fact is None or not can_withdraw(fact, request.user, now=timezone.now()):
        return ""
    return reverse(f"households:{fact._meta.model_name}_withdraw", args=[household.number, fact.fact_id])
