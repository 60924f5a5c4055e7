"""The catalogue of entitlements: what is in force, how it came to be, and the steps by which two officers change it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework.agencies.roles import May, can
from casework.clock import seoul_day
from casework.workflow import NotNow, NotYours
from households.actions.refusal import Refused
from households.entitlements import drafting
from households.entitlements.amounts import shown
from households.entitlements.draft_form import ApproveForm, DiscardForm, EntryForm, VersionForm, code_lists
from households.entitlements.told import sentence
from households.entitlements.workflow import ENTITLEMENT, VersionStatus
from households.models import Entitlement, EntitlementVersion
from households.models.entitlement import Rests, Section
from households.views.found import sent

SAID = {
    "request": gettext_lazy("Asked for approval. Another officer can approve it now."),
    "approve": gettext_lazy("Approved. The version before stays as it was."),
    "discard": gettext_lazy("Discarded. Nothing was changed."),
}
OLDER = 30


@require_safe
def catalogue(request):
    """Every entitlement in force today, by section, with who decides and what it rests on."""
    day = seoul_day(timezone.now())
    keeper = can(request.user, May.KEEP_ENTITLEMENTS)
    drafts = EntitlementVersion.objects.visible_to(request.user).open().filter(entitlement=OuterRef("entitlement"))
    rows = EntitlementVersion.objects.standing(on=day).annotate(draft=Exists(drafts.order_by()))
    found = [version_row(version) | {"draft": keeper and version.draft} for version in rows]
    sections = [
        {"title": label, "rows": [row for row in found if row["version"].entitlement.section == value]}
        for value, label in Section.choices
    ]
    begun = EntitlementVersion.objects.visible_to(request.user).open().select_related("entitlement") if keeper else []
    listed = {row["version"].entitlement_id for row in found}
    begun = [version for version in begun if version.entitlement_id not in listed]
    context = {
        "day": day,
        "begun": begun,
        "sections": [section for section in sections if section["rows"]],
        "keeper": keeper,
    }
    return render(request, "households/entitlements/catalogue.html", context)


@require_safe
def entitlement(request, code):
    """One entitlement: its versions through time, and, for those who keep it, what is being drawn up."""
    found = get_object_or_404(Entitlement, code=code)
    return _page(request, found)


@require_http_methods(["GET", "POST"])
def new(request):
    """Add an entry to the catalogue, with the draft of its first version."""
    drafting.check_can_keep(request.user)
    entry = EntryForm(sent(request), label_suffix="")
    line = entry.data.get("section") == Section.LINE
    form = VersionForm(sent(request), version=EntitlementVersion(), line=line)
    if request.method == "POST" and all([entry.is_valid(), form.is_valid()]) and (made := _begun(request, entry, form)):
        return redirect("households:entitlement", made.entitlement.code)
    context = {"entry": entry, "form": form, "lists": code_lists()}
    return render(request, "households/entitlements/new.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def draft(request, code):
    """Draw up a new version, or go on with one's own draft."""
    found = get_object_or_404(Entitlement, code=code)
    drafting.check_can_keep(request.user)
    day = seoul_day(timezone.now())
    mine = found.versions.open().filter(proposed_by=request.user).select_related("entitlement").first()
    base = mine or _latest(found, day) or EntitlementVersion(entitlement=found)
    form = VersionForm(sent(request), version=base, line=found.section == Section.LINE)
    if request.method == "POST" and form.is_valid() and _kept(request, form, found, mine):
        return redirect("households:entitlement", code)
    context = {"entitlement": found, "version": base, "form": form, "mine": mine, "lists": code_lists()}
    return render(request, "households/entitlements/draft.html", context, status=422 if form.is_bound else 200)


@require_POST
def take_step(request, code, pk, verb):
    """Ask for approval, approve, or discard; whoever comes second is told so."""
    drafting.check_can_keep(request.user)
    seen = EntitlementVersion.objects.visible_to(request.user).select_related("entitlement")
    version = get_object_or_404(seen, entitlement__code=code, pk=pk)
    if verb not in SAID:
        raise Http404
    form = {"approve": ApproveForm, "discard": DiscardForm}.get(verb)
    bound = form(request.POST, label_suffix="") if form else None
    if bound is not None and not bound.is_valid():
        return _page(request, version.entitlement, **{verb: bound})
    try:
        _take(request, version, verb, bound)
        messages.success(request, SAID[verb])
    except NotYours:
        raise PermissionDenied(_("This step is another officer's to take.")) from None
    except NotNow:
        messages.warning(request, _("It has moved on: %(state)s.") % {"state": version.get_status_display()})
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("households:entitlement", code)


def _take(request, version, verb, bound):
    by, now = request.user, timezone.now()
    if verb == "request":
        drafting.request(version, by=by)
    elif verb == "discard":
        drafting.discard(version, by=by, reason=bound.cleaned_data["reason"], now=now)
    else:
        drafting.approve(version, by=by, now=now, today=seoul_day(now), **bound.cleaned_data)


def _kept(request, form, found, mine):
    """Keep the draft; what is wrong with it becomes sentences on the form."""
    try:
        if mine:
            drafting.edit(mine, by=request.user, **form.content())
        else:
            key = form.cleaned_data["client_key"]
            drafting.draw_up(found, by=request.user, client_key=key, **form.content())
    except ValidationError as error:
        form.show(error.message_dict)
        return False
    except (Refused, NotNow, NotYours) as refused:
        sentence_ = str(refused) if isinstance(refused, Refused) else _("It has moved on. Please look at it again.")
        form.add_error(None, sentence_)
        return False
    messages.success(request, _("The draft is saved. Nothing has changed yet."))
    return True


def _begun(request, entry, form):
    """Return the draft of a new entry; what is wrong with it becomes sentences on the form, and None."""
    key = form.cleaned_data["client_key"]
    try:
        made = drafting.begin(by=request.user, client_key=key, **entry.cleaned_data, **form.content())
    except ValidationError as error:
        wrong = error.message_dict
        for sentence_ in wrong.pop("code", ()):
            entry.add_error("code", sentence_)
        form.show(wrong)
        return None
    messages.success(request, _("The draft is saved. Nothing has changed yet."))
    return made


def _latest(found, day):
    standing = EntitlementVersion.objects.standing(on=day).filter(entitlement=found).first()
    approved = found.versions.filter(status=VersionStatus.APPROVED).select_related("entitlement")
    return standing or approved.order_by("-starts_on", "-id").first()


def _page(request, found, **bound):
    day = seoul_day(timezone.now())
    seen = EntitlementVersion.objects.visible_to(request.user).filter(entitlement=found)
    rows = list(seen.select_related("entitlement", "proposed_by", "decided_by").order_by("-starts_on", "-id")[:OLDER])
    standing = EntitlementVersion.objects.standing(on=day).filter(entitlement=found).first()
    drafts = [version for version in rows if version.status in (VersionStatus.DRAFT, VersionStatus.REQUESTED)]
    current = drafts[0] if drafts else None
    first = {"starts_on": day, "seen": drafting.digest_of(current) if current else ""}
    forms = {
        "approve": bound.get("approve") or ApproveForm(initial=first, label_suffix=""),
        "discard": bound.get("discard") or DiscardForm(label_suffix=""),
    }
    context = {
        "entitlement": found,
        "name": (standing or rows[0]).name if rows else found.code,
        "standing": standing and version_row(standing),
        "older": [version_row(row) for row in rows if row.status == VersionStatus.APPROVED and row != standing],
        "current": current and version_row(current),
        "steps": {step.verb for step in ENTITLEMENT.open_to(current, request.user)} if current else set(),
        "forms": forms,
        "keeper": can(request.user, May.KEEP_ENTITLEMENTS),
        "day": day,
    }
    return render(request, "households/entitlements/entitlement.html", context, status=422 if bound else 200)


def version_row(version):
    """Return a version as pages show it: its criteria and amounts in words."""
    return {
        "version": version,
        "name": version.name,
        "own": version.rests != Rests.OFFICIAL,
        "rests": version.get_rests_display(),
        "criteria": [
            {"words": sentence(one), "check": one.get("check"), "group": one.get("group", "")}
            for one in version.criteria
        ],
        "amounts": [shown(amount) for amount in version.amounts],
    }
