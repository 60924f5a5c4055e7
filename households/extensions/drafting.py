"""Writing a request: who may, the form, its grounds and evidence, the signature, the way to the Ministry.

Neither the help of a Hana Center nor an opinion of a local government is asked for on the way: the person asks the
Minister directly (제5조제4항).
"""

from django.db import transaction
from django.utils.translation import gettext as _

from casework.agencies.models import Kind
from casework.agencies.roles import May, can
from casework.audit.record import record
from casework.clock import seoul_day
from casework.landing import landed
from casework.workflow import NotNow, NotYours
from households.actions.refusal import NotAllowed, Refused, refusals
from households.actions.verb import lock_person
from households.beside import guarded
from households.conflicts.barring import check_open
from households.extensions import periods, telling
from households.extensions.workflow import REQUEST, UNDECIDED, RequestStatus, is_writer
from households.models import (
    ExtensionGround,
    ExtensionRequest,
    ExtensionTerm,
    Membership,
    Particulars,
    Person,
    ProtectionPeriod,
    RequestEvidence,
    RequestGround,
)

FIELDS = ("kind", "applicant", "born_on", "place", "asked_until", "reason", "written_on", "proxy", "proxy_relation")
LOCAL = (Kind.PROVINCE, Kind.CITY, Kind.TOWN)
Route = ExtensionRequest.Route


def route_of(user):
    """Return the way that a request written by `user` goes: an office of a local government asks by itself."""
    return Route.LOCAL if user.agency is not None and user.agency.kind in LOCAL else Route.PERSON


def check_may_write(user, person):
    """Raise `NotAllowed` unless the user writes requests for this person: workers of the centre that keeps the file,
    and residence-protection officers for the people of their register."""
    if route_of(user) == Route.LOCAL:
        period = ProtectionPeriod.objects.in_register_of(user).filter(person=person)
        if not can(user, May.SEE_REGISTER) or not period.exists():
            raise NotAllowed(_("A local government asks for the people of its own register."))
        return
    if not can(user, May.RECORD_CONTACT):
        raise NotAllowed(_("Requests are written down by case managers, counsellors and supervisors."))
    if not Person.objects.kept_by(user).filter(pk=person.pk).exists():
        raise NotAllowed(_("A request is written down by the centre that looks after the person."))


def person_on_paper(user, case_number, born_on):
    """Return the Person of a request that arrived at the Ministry on paper: the case number and the birth date have to
    belong together, so that nobody is looked up. Raises `NotAllowed`, and `Refused` where they do not."""
    if not can(user, May.DECIDE_PROTECTION):
        raise NotAllowed(_("Requests on paper are taken down by the officers of the Ministry."))
    about = Particulars.objects.current().filter(person__case_number=case_number, birth_on=born_on)
    if found := about.select_related("person").first():
        return found.person
    raise Refused(_("This case number and this date of birth do not belong together."), field="case_number")


def write(person, *, by, now, grounds=(), evidence=(), client_key=None, **words):
    """Write a request down as a draft and return it. `words`: FIELDS; `grounds`: ExtensionGrounds; `evidence`: texts.

    The same `client_key` of the same author returns the first one. Raises `NotAllowed`, and `Refused` with the field
    where what is asked does not fit the period, or while another request of the person is open.
    """
    if first := landed(ExtensionRequest.objects, by=by, client_key=client_key, author="taken_by"):
        return first
    if not can(by, May.DECIDE_PROTECTION):
        check_may_write(by, person)
    check_open(by, person)
    with refusals():
        lock_person(person)
        if first := landed(ExtensionRequest.objects, by=by, client_key=client_key, author="taken_by"):
            return first
        period = periods.last_period(person)
        if period is None:
            raise Refused(_("No period of residence protection with a last day is on record for this person."))
        route = route_of(by)
        said = _checked(words, period, person, seoul_day(now))
        _check_grounds(grounds, route)
        made = ExtensionRequest.objects.create(
            person=person, agency=by.agency, taken_by=by, route=route, client_key=client_key, **_period(period), **said
        )
        RequestGround.objects.bulk_create(RequestGround(request=made, ground=ground) for ground in grounds)
        _attach(made, evidence, by, now)
        record("request written", made, by=by, data={"route": str(route), "kind": str(made.kind)})
    return made


def rewrite(request, *, by, now, grounds=(), **words):
    """Change the form of a draft; what was signed is opened first (the step "rewrite"). Returns the row."""
    with refusals():
        held = locked(request)
        if not is_writer(held, by):
            raise NotYours("writer")
        if held.status != RequestStatus.DRAFT:
            raise NotNow(held.status)
        period = periods.last_period(held.person)
        if period is None:
            raise Refused(_("No period of residence protection with a last day is on record for this person."))
        _check_grounds(grounds, held.route)
        said = _period(period) | _checked(words, period, held.person, seoul_day(now))
        for name, value in said.items():
            setattr(held, name, value)
        held.save(update_fields=list(said))
        held.grounds.exclude(ground__in=grounds).delete()
        there = set(held.grounds.values_list("ground", flat=True))
        RequestGround.objects.bulk_create(
            RequestGround(request=held, ground=ground) for ground in grounds if ground.pk not in there
        )
        record("request changed", held, by=by)
    return held


def sign(request, *, by, now, signature, signed_on):
    """Record that the person, or the proxy, has signed; a fact about the paper, no image is kept."""
    if signed_on > seoul_day(now):
        raise Refused(_("This day is still to come."), field="signed_on")
    with refusals():
        return REQUEST.perform(request, "sign", by=by, signature=signature, signed_on=signed_on)


@transaction.atomic
def reopen(request, *, by, now):
    """Open a signed form for changes; what was signed is signed anew."""
    return REQUEST.perform(request, "rewrite", by=by, signature="", signed_on=None)


@transaction.atomic
def submit(request, *, by, now):
    """Submit to the Ministry, and tell its officers."""
    sent = REQUEST.perform(request, "submit", by=by, submitted_at=now)
    telling.the_ministry(sent, "extension_submitted", by=by, now=now)
    return sent


@transaction.atomic
def withdraw(request, *, by, now, reason):
    """Write down that the person, or the office that asked, withdraws, at any step before the decision."""
    held = locked(request)
    REQUEST.check(held, "withdraw", by)
    held.items.filter(withdrawn_at=None, votes_for=None).update(withdrawn_at=now)
    fresh = REQUEST.perform(held, "withdraw", by=by, reason=reason)
    if fresh.submitted_at:
        telling.the_ministry(fresh, "extension_moved", by=by, now=now)
    telling.who_follows(fresh, by=by, now=now)
    return fresh


@transaction.atomic
def attach(request, *, what, by, now, dated_on=None, client_key=None):
    """Add a paper to what goes with a request, until it is decided; return the row. The same key lands once."""
    held = locked(request)
    check_may_attach(held, by)
    if first := landed(RequestEvidence.objects, by=by, client_key=client_key, author="added_by"):
        return first
    if held.status not in UNDECIDED:
        raise NotNow(held.status)
    made = RequestEvidence.objects.create(
        request=held, what=what.strip(), dated_on=dated_on, added_at=now, added_by=by, client_key=client_key
    )
    record("evidence added", held, by=by, data={"evidence": made.pk})
    return made


def check_may_attach(request, user):
    """Raise `NotYours` unless the user keeps the request, or has it at the Ministry."""
    if not is_writer(request, user) and not (request.submitted_at and can(user, May.DECIDE_PROTECTION)):
        raise NotYours("writer")


def locked(request):
    """Return the request as it stands now, held until the transaction ends."""
    rows = ExtensionRequest.objects.select_for_update(of=("self",)).select_related("agency", "person", "sitting")
    return rows.get(pk=request.pk)


def place_kept_back(person, on):
    """Tell whether the address stays out of the form: a household of the person carries a violence marker."""
    homes = Membership.objects.current().during(on).filter(person=person).order_by()
    return bool(guarded(set(homes.values_list("household", flat=True))))


def _period(period):
    return {
        "period": period.fact_id,
        "period_from": period.during.lower,
        "period_until": period.during.upper - periods.DAY,
    }


def _checked(words, period, person, on):
    """Return the fields of the form as they are kept; `Refused` where what is asked does not fit the period."""
    said = {name: words[name] for name in FIELDS if name in words}
    if said["kind"] == ExtensionRequest.Kind.EXTEND:
        years = ExtensionTerm.objects.numbers(on)[ExtensionTerm.Code.YEARS].value
        periods.check_extends(period.during.upper - periods.DAY, said["asked_until"], years, field="asked_until")
    else:
        periods.check_shortens(period, said["asked_until"], on=on, field="asked_until")
    if said["written_on"] > on:
        raise Refused(_("This day is still to come."), field="written_on")
    if place_kept_back(person, on):
        said["place"] = ""
    return said


def _check_grounds(grounds, route):
    if route == Route.LOCAL and any(ground.private for ground in grounds):
        raise Refused(_("This ground is for the person's own request to the Minister."), field="grounds")


def _attach(made, evidence, by, now):
    rows = (RequestEvidence(request=made, what=what, added_at=now, added_by=by) for what in evidence)
    RequestEvidence.objects.bulk_create(rows)


def grounds_for(route, on):
    """Return the ExtensionGrounds that a request of this route may give on a day."""
    found = ExtensionGround.objects.on(on)
    return found.filter(private=False) if route == Route.LOCAL else found
