"""What people do with planned visits, and with the warnings about an address. Each is atomic."""

from collections.abc import Callable
from datetime import timedelta

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from casework.agencies.models import User
from casework.agencies.roles import May, can
from casework.audit.record import record
from casework.clock import seoul_day
from casework.facts import supersede
from casework.landing import landed
from casework.templatetags.format import fulltime
from casework.workflow import NotNow
from households.actions.refusal import Refused, refusals
from households.actions.rights import check_can_record_contact
from households.actions.stated import landed_version
from households.actions.verb import close, lock, verb
from households.beside import guarded
from households.conflicts.barring import check_not_barred
from households.models import AddressWarning, PlannedVisit
from households.models.visit import NOT_ALONE
from households.visits.workflow import OUT, VISIT, VisitStatus

EARLY = timedelta(hours=2)
"""How long before its hour a visit can have been made already: our own criterion."""


def may_go(agency):
    """Return those of an agency who can go on a visit, by name."""
    return User.objects.who_may(May.RECORD_CONTACT).people().filter(agency=agency).order_by("name", "id")


def warnings_on(household, day, *, user=None):
    """Return what there is to be careful about at an address on a day; `user`: as far as the user sees it. One
    query."""
    rows = AddressWarning.objects.current().filter(household=household, during__contains=day)
    if user is not None:
        rows = rows.visible_to(user)
    return list(rows.select_related("recorded_by").order_by("id"))


def why_two(household, day):
    """Return why nobody goes to this household alone on a day, in words, or "": our own criterion."""
    if guarded({household.pk}):
        return _("A violence marker is on record for this household.")
    found = [one for one in warnings_on(household, day) if one.kind in NOT_ALONE]
    return ", ".join(one.get_kind_display() for one in found)


def plan_visit(household, *, worker, begins, expected_back, by, now, companion=None, client_key=None, **about):
    """Plan a visit; return it. The same `client_key` of the same author lands once.

    `about`: `place`, `place_words`, `purpose`, `alone_because`. Where nobody goes alone (`why_two`) the visit has two
    people, unless a supervisor says why one goes alone; a visit to the centre needs nobody along. Raises `NotAllowed`,
    `Refused`.
    """
    check_can_record_contact(by, household)
    with refusals():
        lock(household)
        if first := landed(PlannedVisit.objects, by=by, client_key=client_key):
            return first
        _check_goers(worker, companion, by)
        check_not_barred([worker], [household.pk], field="worker")
        check_not_barred([companion] if companion else [], [household.pk], field="companion")
        if expected_back <= now:
            raise Refused(_("Please plan a visit that is not over yet."), "begins")
        alone = _alone(household, companion, begins, by=by, **about)
        rest = {name: about.get(name, "") for name in ("place_words", "purpose")}
        made = PlannedVisit.objects.create(
            household=household,
            agency=by.agency,
            worker=worker,
            companion=companion,
            begins=begins,
            expected_back=expected_back,
            place=about.get("place") or PlannedVisit.Place.HOME,
            recorded_by=by,
            client_key=client_key,
            **rest,
            **alone,
        )
        record("visit: planned", made, by=by, data=_moments(made), reason=made.alone_because)
    return made


def start(visit, *, by, now):
    """Set out. Raises `NotYours` for whoever does not go, `NotNow`."""
    return VISIT.perform(visit, "start", by=by, started_at=now)


def back(visit, *, by, now):
    """Say that those who went are back; somebody else of the centre may say so for them. Raises `NotNow`, `Refused`
    long before a visit that nobody set out for: one wrong touch would end the watch over it."""
    if visit.begins - now > EARLY and PlannedVisit.objects.filter(pk=visit.pk, status=VisitStatus.PLANNED).exists():
        day = fulltime(visit.begins)
        raise Refused(_("This visit is planned for %(day)s. If nobody goes, please call it off.") % {"day": day})
    return VISIT.perform(visit, "back", by=by, back_at=now, back_said_by=by)


def cancel(visit, *, by, now, reason):
    """Call a visit off, and why. Raises `NotNow` for one that has begun, `Refused` without a reason."""
    if not reason.strip():
        raise Refused(_("Please say why it was called off."), "reason")
    return VISIT.perform(visit, "cancel", by=by, reason=reason.strip(), cancelled_because=reason.strip())


def prolong(visit, *, by, now, expected_back):
    """Say that it takes longer: the return is expected at another moment to come; return the visit.

    Raises `NotYours`, `NotNow` for one that is over, `Refused` for a moment that has passed.
    """
    VISIT.check(visit, "back", by)
    with refusals():
        fresh = PlannedVisit.objects.select_for_update(of=("self",)).get(pk=visit.pk)
        if fresh.status not in OUT:
            raise NotNow(fresh.status)
        if fresh.expected_back == expected_back:
            return fresh
        if expected_back <= now:
            raise Refused(_("This moment has passed."), "expected_back")
        fresh.expected_back = expected_back
        fresh.save(update_fields=["expected_back"])
        record("visit: takes longer", fresh, by=by, data=_moments(fresh))
    return fresh


VERBS: dict[str, Callable] = {"start": start, "back": back, "cancel": cancel, "prolong": prolong}


@verb
def warn_of_address(household, *, kind, since, by, words="", until=None, client_key=None):
    """Keep what there is to be careful about at an address from `since` up to and including `until`; return it.

    The same warning that holds on that day comes back as it is, or, with another last day, until then. Raises
    `NotAllowed`, `Refused`.
    """
    check_can_record_contact(by, household)
    lock(household)
    if made := landed_version(AddressWarning, by, client_key):
        return made
    if kind not in AddressWarning.Kind.values:
        raise Refused(_("Please choose from the list."), "kind")
    if until is not None and until < since:
        raise Refused(_("The last day lies before the first."), "until")
    words = words.strip()
    held = AddressWarning.objects.current().filter(household=household, kind=kind, during__contains=since)
    if same := held.filter(words=words).first():
        return _until(same, until, by, client_key)
    during = DateRange(since, until, "[]") if until else DateRange(since, None)
    made = AddressWarning.objects.create(
        household=household, kind=kind, words=words, during=during, recorded_by=by, client_key=client_key
    )
    record("address_warning_recorded", household, by=by, household_id=household.pk, data={"fact": made.fact_id})
    return made


def _until(warning, until, by, client_key):
    """Let a warning hold up to and including another last day (None: for good); return it as it stands."""
    if warning.last_day == until:
        return warning
    during = DateRange(warning.during.lower, until and until + timedelta(days=1))
    made = supersede(warning, by=by, during=during, client_key=client_key)
    data = {"fact": made.fact_id, "until": until.isoformat() if until else None}
    record("address_warning_recorded", warning.household, by=by, household_id=warning.household_id, data=data)
    return made


@verb
def end_warning(warning, *, on, by):
    """Let a warning end: `on` is the first day without it. Twice changes nothing. Raises `NotAllowed`."""
    check_can_record_contact(by, warning.household)
    lock(warning.household)
    current = AddressWarning.objects.current().get(fact_id=warning.fact_id)
    if current.during.isempty or (current.during.upper and current.during.upper <= on):
        return current
    ended = close(current, on=max(on, current.during.lower), by=by)
    household = warning.household
    record("address_warning_ended", household, by=by, household_id=household.pk, data={"fact": ended.fact_id})
    return ended


def _alone(household, companion, begins, *, by, place="", alone_because="", **_rest):
    """Return the columns that say why one person goes alone where two should go; raise `Refused` where nobody may."""
    why = why_two(household, seoul_day(begins)) if place != PlannedVisit.Place.CENTRE and companion is None else ""
    if not why:
        return {}
    if not alone_because.strip():
        said = _("Two people go there: %(why)s Please choose who goes along.")
        raise Refused(said % {"why": f"{why.rstrip('.')}."}, "companion")
    if not can(by, May.REVIEW):
        raise Refused(_("That one person goes alone is decided by a supervisor, with a reason."), "companion")
    return {"alone_because": alone_because.strip(), "alone_allowed_by": by}


def _check_goers(worker, companion, by):
    able = set(may_go(by.agency_id).values_list("pk", flat=True))
    if worker.pk not in able:
        raise Refused(_("Please choose somebody of your centre who works with households."), "worker")
    if companion is not None and companion.pk not in able:
        raise Refused(_("Please choose somebody of your centre who works with households."), "companion")


def _moments(visit):
    return {"begins": visit.begins.isoformat(), "expected_back": visit.expected_back.isoformat()}
