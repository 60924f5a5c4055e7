"""Requests as pages show them: the list with its clocks, and one request with its steps, grounds and what comes after.

Lists call a person by the name on the form, or, behind a violence marker or a restriction, by the case number.
"""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Case, F, OuterRef, Q, Subquery, When
from django.utils.translation import gettext

from casework.agencies.roles import May, can
from casework.clock import seoul_day
from casework.templatetags.format import daysleft, fullday
from casework.workflow import NotYours
from households.beside import guarded
from households.extensions import clocks, conditions, objecting
from households.extensions.deciding import objection_until
from households.extensions.drafting import check_may_attach, grounds_for, place_kept_back
from households.extensions.said import events_of
from households.extensions.sitting import members_at, quorum_of
from households.extensions.workflow import (
    OBJECTION,
    OPEN,
    OUR_TURN,
    REQUEST,
    UNDECIDED,
    ObjectionStatus,
    RequestStatus,
)
from households.models import (
    ExtensionRequest,
    ExtensionTerm,
    LocalNotice,
    LocalOpinion,
    Membership,
    Objection,
    Person,
    RequestEvidence,
    RequestGround,
    Restriction,
)
from households.models.circle import TODAY
from households.models.objection import OPEN as OBJECTED

S = RequestStatus
Term = ExtensionTerm.Code
PAST = 30
SOON = 30
"""Days before the last day of a period from which a row says so (자체 기준)."""
BESIDE = ("person", "agency", "sitting", "taken_by", "prepared_by", "decided_by")


def lists_of(user, on):
    """Return {"rows", "past"}: requests on which somebody has to act, the nearest day first, and the latest settled;
    five queries whatever their number."""
    objected = Objection.objects.filter(request=OuterRef("pk"), status__in=OBJECTED).order_by("-id")
    asked = LocalOpinion.objects.filter(request=OuterRef("pk"), answered_on=None).order_by("due_on", "id")
    if can(user, May.SEE_REGISTER):
        asked = asked.filter(agency=user.agency_id)
    seen = ExtensionRequest.objects.visible_to(user).select_related("person", "agency", "sitting")
    seen = seen.annotate(
        objected_on=Subquery(objected.values("received_on")[:1]),
        objection_status=Subquery(objected.values("status")[:1]),
        objection_late=Subquery(objected.values("late")[:1]),
        objection_answered=Subquery(objected.values("answered_on")[:1]),
        opinion_due=Subquery(asked.values("due_on")[:1]),
    )
    going = Q(status__in=OPEN) | Q(objected_on__isnull=False)
    found = list(seen.filter(going).order_by("period_until", "id"))
    past = list(seen.exclude(going).order_by(F("decided_on").desc(nulls_last=True), "-id")[:PAST])
    names = names_of([*found, *past], on)
    terms = ExtensionTerm.objects.numbers(on)
    rows = [_row(one, names, terms, user, on) for one in found]
    rows.sort(key=lambda row: (row["clock"]["until"], row["request"].pk))
    return {"rows": rows, "past": [_row(one, names, terms, user, on) for one in past]}


def names_of(requests, on):
    """Return {request id: how its person is called in lists}: by the case number behind a violence marker, and where
    the person had the use of their data stopped; two queries."""
    homes = Membership.objects.current().during(on).filter(person=OuterRef("pk")).order_by("id").values("household")
    stopped = Restriction.objects.current().during(TODAY).people()
    by_number = Case(When(pk__in=stopped, then=True), default=False, output_field=BooleanField())
    people = Person.objects.filter(pk__in={one.person_id for one in requests}).order_by("pk")
    rows = list(people.annotate(homes=ArraySubquery(homes), stopped=by_number).values_list("pk", "homes", "stopped"))
    marked = guarded({home for _person, lives, _stopped in rows for home in lives}) if rows else set()
    hidden = {person for person, lives, stopped in rows if stopped or marked.intersection(lives)}
    return {one.pk: one.person.case_number if one.person_id in hidden else one.applicant for one in requests}


def _row(one, names, terms, user, on):
    objected = one.objected_on is not None
    return {
        "request": one,
        "name": names[one.pk],
        "status": _status(one, objected),
        "clock": _clock(one, terms, on),
        "opinion_due": one.opinion_due,
        "ours": _ours(one, user, objected),
        "left": (one.period_until - on).days,
    }


def _ours(one, user, objected):
    """Tell whether the user's side acts next: the Ministry, who writes the form, or the office that was asked."""
    if can(user, May.DECIDE_PROTECTION):
        return one.status in OUR_TURN or objected
    if one.agency_id != user.agency_id and can(user, May.SEE_REGISTER):
        return one.opinion_due is not None and one.decided_on is None
    return one.status in (S.DRAFT, S.SIGNED)


def _status(one, objected):
    if objected:
        return ObjectionStatus(one.objection_status).label
    return f"{one.get_status_display()} · {one.get_outcome_display()}" if one.decided_on else one.get_status_display()


def _clock(one, terms, on):
    """Return {"until", "words", "state"}: the day that counts next for a request."""
    if one.objected_on and not one.objection_late:
        numbers = {"days": terms[Term.ANSWER].value, "warned_after": terms[Term.WARNED].value}
        stands = clocks.answer_of(one.objected_on, on, answered_on=one.objection_answered, **numbers)
        if stands.deemed:
            words = gettext("The objection counts as accepted since %(day)s") % {"day": fullday(stands.deemed_on)}
            return {"until": stands.until, "words": words, "state": "late"}
        words = gettext("Answer the objection until %(day)s") % {"day": fullday(stands.until)}
        return {
            "until": stands.until,
            "words": f"{words} · {daysleft(stands.left)}",
            "state": "soon" if stands.warned else "",
        }
    if one.status == S.AGENDA and one.sitting:
        day = seoul_day(one.sitting.starts_at)
        return {
            "until": day,
            "words": gettext("Sitting on %(day)s") % {"day": fullday(day)},
            "state": "late" if day < on else "",
        }
    left = (one.period_until - on).days
    words = gettext("The period ends on %(day)s") if left >= 0 else gettext("The period ended on %(day)s")
    state = "" if one.status not in OPEN else "late" if left < 0 else "soon" if left <= SOON else ""
    return {"until": one.period_until, "words": words % {"day": fullday(one.period_until)}, "state": state}


def page_of(request, user, now):
    """Return what the page of a request shows to a user who sees it."""
    on = seoul_day(now)
    full = ExtensionRequest.objects.read_by(user).filter(pk=request.pk).exists()
    centre = Person.objects.kept_by(user).filter(pk=request.person_id).exists()
    # A local government is told no name of a protected household, though it once wrote the name down itself.
    named = full and not can(user, May.SEE_REGISTER)
    name = request.applicant if named else names_of([request], on)[request.pk]
    context = {
        "request_": request,
        "full": full,
        "name": name,
        "on": on,
        "waits": waits_of(request),
        "steps": steps_of(request),
        "buttons": REQUEST.open_to(request, user),
        "opinions": opinions_of(request, user, on),
        "told_offices": list(LocalNotice.objects.visible_to(user).filter(request=request).select_related("agency")),
        "pending": pending_of(request, on),
        "terms": ExtensionTerm.objects.numbers(on),
        "ministry": can(user, May.DECIDE_PROTECTION),
        "may_add": False,
    }
    if not full:
        return context
    return context | {
        "grounds": grounds_of(request, user, on, centre=centre),
        "kept_back": place_kept_back(request.person, on),
        "evidence": list(RequestEvidence.objects.filter(request=request).order_by("id")),
        "objections": objections_of(request, user, on),
        "after": after_of(request, on),
        "events": events_of(request),
        "may_add": request.status in OPEN and request.decided_on is None and _may_add(request, user),
    }


def _may_add(request, user):
    try:
        check_may_attach(request, user)
    except NotYours:
        return False
    return True


ORDER = (S.DRAFT, S.SIGNED, S.SUBMITTED, S.RECEIVED, S.AGENDA, S.PREPARED, S.DECIDED, S.TOLD)


def steps_of(request):
    """Return the steps as drawn: [{"label", "said", "state"}], done, now or to come."""
    place = ORDER.index(request.status) if request.status in ORDER else -1
    sitting = fullday(seoul_day(request.sitting.starts_at)) if request.sitting else ""
    decided = f"{fullday(request.decided_on)} {request.get_outcome_display()}" if request.decided_on else ""
    rows = (
        (0, gettext("Written"), fullday(request.written_on)),
        (1, gettext("Signed"), fullday(request.signed_on)),
        (2, gettext("Submitted to the Ministry"), fullday(request.submitted_at)),
        (3, gettext("Received by the Ministry"), fullday(request.received_on)),
        (5, gettext("Deliberation of the council"), sitting),
        (6, gettext("Decision"), decided or gettext("Minister of Unification")),
        (7, gettext("Result told"), fullday(request.told_on) or gettext("in writing, with reasons")),
    )
    shown = []
    for reached, label, said in rows:
        done = place >= reached
        now = not done and place >= 0 and not any(row["state"] == "now" for row in shown)
        shown.append({"label": label, "said": said, "state": "done" if done else "now" if now else ""})
    return shown


def waits_of(request):
    """Say whom a request waits for."""
    return {
        S.DRAFT: gettext("The form is being written; the signature comes next"),
        S.SIGNED: gettext("Signed; it can be submitted to the Ministry"),
        S.SUBMITTED: gettext("Waiting until the Ministry of Unification receives it"),
        S.RECEIVED: gettext("Waiting for a sitting of the Consultative Council"),
        S.AGENDA: gettext("Waiting for the Consultative Council"),
        S.PREPARED: gettext("Waiting for the decision of a second officer"),
        S.DECIDED: gettext("Decided; waiting for the notice in writing"),
        S.TOLD: gettext("The result was told"),
    }.get(request.status, request.get_status_display())


def pending_of(request, on):
    """Say which day matters while a request is pending: {"ended", "day"}, or None where nothing is pending."""
    if request.status not in OPEN or request.decided_on:
        return None
    return {"ended": on > request.period_until, "day": request.period_until}


def opinions_of(request, user, on):
    """Return [{"opinion", "late", "mine"}] of the local governments that were asked; to one of them its own."""
    rows = LocalOpinion.objects.visible_to(user).filter(request=request).select_related("agency").order_by("id")
    officer = can(user, May.SEE_REGISTER)
    return [
        {
            "opinion": one,
            "late": one.answered_on is None and one.due_on < on,
            "mine": officer and one.agency_id == user.agency_id and not one.answered_on and not request.decided_on,
        }
        for one in rows
    ]


def grounds_of(request, user, on, *, centre):
    """Return [{"ground", "given", "met"}]: to the centre all grounds that the register can speak to, to the Ministry
    those that the request gives, and what the register says of them until it has decided; to a local government the
    grounds alone, without what the register says."""
    given = {
        one.ground_id: one.ground for one in RequestGround.objects.filter(request=request).select_related("ground")
    }
    shown = list(given.values())
    if centre:
        shown += [one for one in grounds_for(request.route, on) if one.checked and one.pk not in given]
    speaks = centre or (request.status in UNDECIDED and can(user, May.DECIDE_PROTECTION))
    met = conditions.checked([request.person_id], on=on)[request.person_id] if speaks and shown else {}
    return [{"ground": one, "given": one.pk in given, "met": met.get(one.checked)} for one in shown]


def objections_of(request, user, on):
    """Return [{"objection", "answer", "buttons"}] of a request, the newest first."""
    rows = Objection.objects.filter(request=request).select_related("prepared_by", "confirmed_by").order_by("-id")
    return [
        {
            "objection": one,
            "answer": objecting.answer_of(one, on, ExtensionTerm.objects.numbers(one.received_on)),
            "buttons": OBJECTION.open_to(one, user),
        }
        for one in rows
    ]


def after_of(request, on):
    """Return {"until", "over", "since", "reached"} of the days for an objection, once the result was told."""
    if request.told_on is None:
        return None
    until = objection_until(request)
    since = request.reached_on or request.told_on
    return {"until": until, "over": on > until, "since": since, "reached": request.reached_on is not None}


def sitting_page(sitting, user, now):
    """Return what the page of a sitting shows to an officer: members, agenda with votes, quorum."""
    there = set(sitting.presences.filter(present=True).values_list("seat", flat=True))
    rows = sitting.items.visible_to(user).filter(withdrawn_at=None).order_by("id")
    items = list(rows.select_related("request__person", "request__agency"))
    names = names_of([one.request for one in items], seoul_day(now))
    return {
        "sitting": sitting,
        "members": [{"seat": one, "present": one.pk in there} for one in members_at(sitting)],
        "items": [{"item": one, "request": one.request, "name": names[one.request_id]} for one in items],
        "quorum": quorum_of(sitting),
        "subjects": [one.request.person_id for one in items],
        "events": events_of(sitting),
    }
