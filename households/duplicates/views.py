"""Records that may be of one person: the list, one pair, one link and its steps."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework.audit.models import Act
from casework.audit.record import looked
from casework.clock import seoul_day
from casework.workflow import NotNow, NotYours
from households.actions.refusal import Refused
from households.actions.rights import check_can_take_in
from households.duplicates import actions
from households.duplicates.alike import pair_of, pairs_of
from households.duplicates.forms import ApartForm, LinkForm, ReasonForm
from households.duplicates.shown import HANDS, compared, hands_of, pair_shown, paired, records_of
from households.duplicates.workflow import LINK, LinkStatus
from households.models import Person, PersonLink, PersonsApart
from households.views.found import sent

ROWS = 10
HANDS_BESIDE = tuple(f"{step}__agency" for step in HANDS)
SHOWS = {
    "": gettext_lazy("May be one person"),
    "proposed": gettext_lazy("Waiting for a second person"),
    "linked": pgettext_lazy("link", "Linked"),
}
SAID = {
    "confirm": gettext_lazy("Linked. The list is worked out again in a moment."),
    "decline": gettext_lazy("Not linked. Both records stand as before."),
    "undo": gettext_lazy("The link is undone. Both records stand as before."),
}
VERBS = {"confirm": actions.confirm, "decline": actions.decline, "undo": actions.undo}


@require_safe
def duplicates(request):
    """Pairs that may be one person, with the reasons; what waits for a second person; what is linked."""
    check_can_take_in(request.user)
    show = request.GET.get("show", "")
    if show not in SHOWS:
        raise Http404
    page, rows, subjects = (_alike if show == "" else _links)(request, show)
    looked(request, Act.LIST, subjects=subjects, detail={"duplicates": show or "alike", "page": page.number})
    context = {
        "rows": rows,
        "page": page,
        "show": show,
        "query": f"show={show}" if show else "",
        "chips": [{"code": code, "label": label} for code, label in SHOWS.items()],
    }
    return render(request, "households/duplicates/list.html", context)


def _alike(request, _show):
    page = Paginator(pairs_of(Person.objects.kept_by(request.user)), ROWS).get_page(request.GET.get("page"))
    here = list(page.object_list)
    records = _records(request, [pk for pair in here for pk in (pair.one, pair.two)])
    rows = [pair_shown(pair, records) for pair in here]
    return page, rows, [pk for pk, record in records.items() if record.seen]


def _links(request, show):
    found = PersonLink.objects.visible_to(request.user).filter(status=show).order_by("-proposed_at", "-id")
    page = Paginator(found.select_related(*HANDS_BESIDE), ROWS).get_page(request.GET.get("page"))
    here = list(page.object_list)
    records = _records(request, [pk for link in here for pk in link.records])
    rows = [_of_link(link, records, request.user) for link in here]
    return page, rows, [pk for pk, record in records.items() if record.seen]


@require_http_methods(["GET", "POST"])
def duplicate_pair(request, one, two):
    """Two records side by side; linking them is proposed here."""
    people = _pair_or_404(request, one, two)
    check_can_take_in(request.user)
    records = _records(request, [person.pk for person in people])
    form = LinkForm(sent(request), records=paired(*(records[person.pk] for person in people)))
    if request.method == "POST" and form.is_valid() and (made := _proposed(request, people, form)):
        return redirect("households:duplicate_link", made.pk)
    return _pair_page(request, people, records, link=form)


@require_POST
def duplicate_apart(request, one, two):
    """Remember that two records are of two people, with the reason."""
    people = _pair_or_404(request, one, two)
    check_can_take_in(request.user)
    form = ApartForm(request.POST)
    if form.is_valid():
        try:
            actions.keep_apart(*people, by=request.user, now=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            refused.stand_on(form)
        else:
            messages.success(request, _("Kept. The pair is shown again only when one of the records changes."))
            return redirect("households:duplicates")
    return _pair_page(request, people, _records(request, [person.pk for person in people]), apart=form)


@require_safe
def duplicate_link(request, pk):
    """One link: both records, who proposed and confirmed it and why, and the steps that are open."""
    found = _link_or_404(request, pk)
    check_can_take_in(request.user)
    return _link_page(request, found)


@require_POST
def duplicate_step(request, pk, verb):
    """Take one step of the table; somebody who comes second is told so, and nothing is done twice."""
    found = _link_or_404(request, pk)
    check_can_take_in(request.user)
    if verb not in VERBS:
        raise Http404
    form = ReasonForm(request.POST)
    try:
        LINK.check(found, verb, request.user)
        words = {}
        if LINK.steps[verb].needs_reason:
            if not form.is_valid():
                return _link_page(request, found, {verb: form}, status=422)
            words = form.cleaned_data
        VERBS[verb](found, by=request.user, now=timezone.now(), **words)
        messages.success(request, SAID[verb])
    except NotYours:
        raise PermissionDenied(
            _("A link is confirmed by another person than who proposed it, who keeps both files.")
        ) from None
    except NotNow:
        said = _("This step is no longer open: the link stands at “%(status)s”.")
        messages.warning(request, said % {"status": _link_or_404(request, pk).get_status_display()})
    except Refused as refused:
        messages.warning(request, str(refused))
    return redirect("households:duplicate_link", pk)


def _proposed(request, people, form):
    kept, other = sorted(people, key=lambda person: person.case_number != form.cleaned_data["kept"])
    words = {name: form.cleaned_data[name] for name in ("reason", "client_key")}
    try:
        made = actions.propose(kept, other, by=request.user, now=timezone.now(), **words)
    except Refused as refused:
        refused.stand_on(form)
        return None
    waits = made.status == LinkStatus.PROPOSED
    messages.success(
        request, _("Proposed. Somebody else of the centre confirms it.") if waits else str(SAID["confirm"])
    )
    return made


def _pair_page(request, people, records, *, link=None, apart=None):
    one, two = paired(*(records[person.pk] for person in people))
    ids = sorted(person.pk for person in people)
    looked(request, Act.OPEN, subjects=ids, households=_homes(records), detail={"page": "duplicates"})
    said = PersonsApart.objects.visible_to(request.user).filter(one=ids[0], two=ids[1]).select_related("judged_by")
    pair = pair_of(*ids)
    context = {
        "one": one,
        "two": two,
        "reasons": pair.words if pair else [],
        "rows": compared(one, two),
        "said": said.first(),
        "form": link or LinkForm(records=(one, two)),
        "apart": apart or ApartForm(),
    }
    bound = (link and link.is_bound) or (apart and apart.is_bound)
    return render(request, "households/duplicates/pair.html", context, status=422 if bound else 200)


def _link_page(request, found, forms=None, status=200):
    records = _records(request, found.records)
    shown = _of_link(found, records, request.user)
    one, two = shown["one"], shown["two"]
    subjects = [record.pk for record in (one, two) if record.seen]
    looked(request, Act.OPEN, subjects=subjects, households=_homes(records), detail={"link": found.pk})
    steps = [
        {"step": step, "form": (forms or {}).get(step.verb, ReasonForm(auto_id=f"id_{step.verb}_%s"))}
        for step in LINK.open_to(found, request.user)
    ]
    context = {**shown, "rows": compared(one, two), "steps": steps}
    return render(request, "households/duplicates/link.html", context, status=status)


def _pair_or_404(request, one, two):
    kept = Person.objects.kept_by(request.user)
    people = tuple(get_object_or_404(kept, case_number=number) for number in (one, two))
    if people[0].pk == people[1].pk:
        raise Http404
    return people


def _link_or_404(request, pk):
    rows = PersonLink.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("person", "duplicate", *HANDS_BESIDE), pk=pk)


def _records(request, people):
    return records_of(people, request.user, seoul_day(timezone.now()))


def _of_link(link, records, user):
    """Return a link, its records and who took its steps for a template; `both`: whether the reader sees both, else no
    reason is read."""
    one, two = paired(*(records[pk] for pk in link.records))
    hands = hands_of(link, one, two, user)
    return {"link": link, "one": one, "two": two, "both": one.seen and two.seen, "hands": hands}


def _homes(records):
    return {record.household_id for record in records.values() if record.seen and record.household_id}
