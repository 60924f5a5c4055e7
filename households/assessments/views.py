"""Assessments of a household: all of them, a new one, one, a correction, two side by side."""

from uuid import uuid4

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from casework.agencies.roles import May, can
from casework.clock import seoul_day
from households.actions.refusal import Refused
from households.actions.rights import check_can_record_contact
from households.assessments import actions, shown
from households.assessments.forms import AssessmentForm, initial_of
from households.assessments.found import call_of, case_of, file_or_404, log
from households.drafts import typed_in
from households.models import Draft, NeedsAssessment
from households.views.found import key_or_404, members_of, sent
from households.views.refusing import was_done


@require_safe
def assessments(request, number):
    """All assessments of a household, the newest first; two of them can be chosen to stand side by side."""
    household = file_or_404(request, number)
    members = members_of(household)
    called, names = call_of(household, members)
    rows = shown.assessments_of(household, request.user)
    log(request, household, members)
    drafts = Draft.objects.visible_to(request.user).filter(household=household, kind=Draft.Kind.ASSESSMENT)
    context = {
        "household": household,
        "called": called,
        "back": case_of(household),
        "rows": [
            {
                "one": one,
                "about": shown.named(one, names),
                "serious": shown.serious_of(one),
                "unasked": shown.unasked_of(one),
            }
            for one in rows
        ],
        "drafts": list(drafts),
        "may_write": can(request.user, May.RECORD_CONTACT),
    }
    return render(request, "households/assessments/list.html", context)


@require_http_methods(["GET", "POST"])
def assessment_new(request, number):
    """Write an assessment; what is typed is kept as a draft, which `?draft=` takes up again."""
    household = file_or_404(request, number)
    check_can_record_contact(request.user, household)
    key = key_or_404(request.POST.get("draft") or request.GET.get("draft") or uuid4())
    members, now = members_of(household), timezone.now()
    draft = None
    if request.method == "POST":
        form = AssessmentForm(request.POST, members=members)
        if form.is_valid() and (made := _finished(request, household, form, now)):
            messages.success(request, _("The assessment is finished."))
            return redirect("households:assessment", number, made.fact_id)
    else:
        draft = Draft.objects.visible_to(request.user).filter(client_key=key, household=household).first()
        form = AssessmentForm(members=members, initial=_begun(household, key, draft, seoul_day(now)))
    log(request, household, members)
    context = {"key": key, "saved_at": draft.saved_at if draft else None, "editing": None}
    return _write(request, household, members, form, now, **context)


@require_safe
def assessment(request, number, fact_id):
    """One assessment as it stands, with the screenings known on its day; made to be printed too."""
    household = file_or_404(request, number)
    found, members = _found(request, household, fact_id), members_of(household)
    called, names = call_of(household, members)
    people = [found.person_id] if found.person_id else [member.pk for member in members]
    log(request, household, members, assessment=found.fact_id)
    screenings = shown.screenings_of(request.user, people, found.assessed_on)
    context = {
        "household": household,
        "called": called,
        "found": found,
        "about": shown.named(found, names),
        "domains": shown.domains_of(found),
        "screenings": [one | {"name": names.get(one["person"], "")} for one in screenings],
        "before": _before(request, found),
        "can_correct": actions.can_correct(found, request.user, now=timezone.now()),
    }
    return render(request, "households/assessments/page.html", context)


@require_http_methods(["GET", "POST"])
def assessment_edit(request, number, fact_id):
    """Correct an assessment within its 24 hours: a new version, the old one is kept."""
    household = file_or_404(request, number)
    found, now = _found(request, household, fact_id), timezone.now()
    check_can_record_contact(request.user, household)
    if not actions.can_correct(found, request.user, now=now):
        messages.warning(request, _("An assessment can be corrected by its author for 24 hours. Please assess anew."))
        return redirect("households:assessment", number, fact_id)
    members = members_of(household)
    form = AssessmentForm(sent(request), members=members, editing=True, initial=initial_of(found))
    if request.method == "POST" and form.is_valid():
        opened = form.cleaned_data.get("version")
        found.pk = opened or found.pk
        if was_done(form, lambda: actions.correct(found, by=request.user, now=now, **form.said())):
            messages.success(request, _("The correction is saved. The earlier version is kept."))
            return redirect("households:assessment", number, fact_id)
    log(request, household, members, assessment=fact_id)
    return _write(request, household, members, form, now, key=None, saved_at=None, editing=found)


@require_safe
def assessment_compare(request, number):
    """Two assessments of a household side by side, the earlier one first; what changed is said in words."""
    household = file_or_404(request, number)
    asked = [request.GET.get(name, "") for name in ("a", "b")]
    if not all(one.isdecimal() for one in asked) or asked[0] == asked[1]:
        messages.warning(request, _("Please choose two assessments."))
        return redirect("households:assessments", number)
    pair = [_found(request, household, int(one)) for one in asked]
    earlier, later = sorted(pair, key=lambda one: (one.assessed_on, one.fact_id))
    members = members_of(household)
    called, names = call_of(household, members)
    log(request, household, members, assessments=[earlier.fact_id, later.fact_id])
    rows = shown.side_by_side(earlier, later)
    context = {
        "household": household,
        "called": called,
        "earlier": earlier,
        "later": later,
        "about": [shown.named(one, names) for one in (earlier, later)],
        "rows": rows,
        "changed": sum(row["changed"] for row in rows),
    }
    return render(request, "households/assessments/compare.html", context)


def _found(request, household, fact_id):
    rows = NeedsAssessment.objects.current().visible_to(request.user).select_related("recorded_by", "person")
    return get_object_or_404(rows, household=household, fact_id=fact_id)


def _before(request, found):
    """Return the assessment of the same subject before this one, or None."""
    rows = NeedsAssessment.objects.current().visible_to(request.user).filter(household=found.household_id)
    earlier = rows.about(found.person_id).filter(assessed_on__lte=found.assessed_on, fact_id__lt=found.fact_id)
    return earlier.order_by("-assessed_on", "-fact_id").first()


def _begun(household, key, draft, day):
    resume = reverse("households:assessment_new", args=[household.number]) + f"?draft={key}"
    first = {"assessed_on": day, "seen": actions.newest(household), "resume": resume}
    typed = typed_in(draft) if draft else {}
    return first | {name: values[-1] for name, values in typed.items() if values} | {"draft": key}


def _finished(request, household, form, now):
    data = form.cleaned_data
    about = {"person": data["subject"], "seen": data["seen"] or 0, "client_key": data["draft"]}
    try:
        return actions.assess(household, by=request.user, now=now, **about, **form.said())
    except actions.Meanwhile as meanwhile:
        # Whoever comes second has been told, and finishes beside it with the next press.
        form.data = form.data.copy()
        form.data["seen"] = actions.newest(household)
        form.meanwhile = meanwhile.other
        form.add_error(None, str(meanwhile))
    except Refused as refused:
        refused.stand_on(form)
    return None


def _write(request, household, members, form, now, *, key, saved_at, editing):
    called, names = call_of(household, members)
    people = [member.pk for member in members]
    screenings = shown.screenings_of(request.user, people, seoul_day(now))
    context = {
        "household": household,
        "called": called,
        "form": form,
        "key": key,
        "saved_at": saved_at,
        "editing": editing,
        "meanwhile": getattr(form, "meanwhile", None),
        "screenings": [one | {"name": names.get(one["person"], "")} for one in screenings],
        "back": reverse("households:assessments", args=[household.number]),
    }
    return render(request, "households/assessments/form.html", context, status=422 if form.is_bound else 200)
