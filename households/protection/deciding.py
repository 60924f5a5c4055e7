"""What the Ministry enters about one person: a decision, the days of personal protection, a period put right."""

from datetime import timedelta

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from casework.clock import five_years_from
from casework.facts import supersede
from households.actions.refusal import Refused
from households.actions.stated import landed_version
from households.actions.verb import close, lock_person, on_day, verb
from households.extensions.workflow import RequestStatus as S
from households.models import ExtensionRequest, PersonalProtectionPeriod, ProtectionDecision, ProtectionPeriod
from households.models.protection import RESIDENCE_BASES
from households.protection.rights import check_can_decide
from households.protection.steps import note

ENDED = ProtectionDecision.Decision.ENDED


@verb
def record_decision(person, *, decision, since, basis, decider, decision_on, by, client_key=None):
    """Keep what was decided about the person's protection, from the day `since`; return the ProtectionDecision.

    What held on that day ends with it; what is on record for a later day stands. A decision that ends protection ends
    the residence protection of that day and withdraws what would have followed. Other decisions touch no period: the
    law was not found to say how a suspension counts. The same decision twice changes nothing. Raises `Refused` for an
    end while a decision on a request of the person is prepared, or made and not told yet.
    """
    check_can_decide(by)
    lock_person(person)
    if made := landed_version(ProtectionDecision, by, client_key):
        return made
    said = {"decision": decision, "basis": basis.strip(), "decider": decider.strip(), "decision_on": decision_on}
    told = ProtectionDecision.objects.current().filter(person=person, during__isempty=False)
    held = on_day(told, since).first()
    if held and {name: getattr(held, name) for name in said} == said:
        return held
    if decision == ENDED:
        _check_no_decision_waits(person)
    if held:
        close(held, on=since, by=by)
    made = ProtectionDecision.objects.create(
        person=person, during=DateRange(since, _next_day(told, since)), recorded_by=by, client_key=client_key, **said
    )
    if decision == ENDED:
        _end_periods(person, since, by)
    note("protection_decided", person, by=by, on=since, reason=basis, data={"decision": decision})
    return made


@verb
def record_personal_period(person, *, first, last, decision_on, basis, by, client_key=None):
    """Keep the days of personal protection by the police, both included; return the PersonalProtectionPeriod.

    It may begin anew after an end. Raises `Refused` for days that overlap, and for more than five years at a time.
    """
    check_can_decide(by)
    lock_person(person)
    if made := landed_version(PersonalProtectionPeriod, by, client_key):
        return made
    during = DateRange(first, last + timedelta(days=1))
    same = PersonalProtectionPeriod.objects.current().filter(person=person, during=during).first()
    if same:
        return same
    made = PersonalProtectionPeriod.objects.create(
        person=person,
        during=during,
        decision_on=decision_on,
        basis=basis.strip(),
        recorded_by=by,
        client_key=client_key,
    )
    note("personal_period_recorded", person, by=by, on=first, data={"last": last.isoformat()})
    return made


@verb
def correct_period(period, *, first, last, reason, by):
    """Append a version of a period with other days, both included, and the reason; return it.

    The version before stays on record, and its words stay before the reason. Nothing changed: the record comes back as
    it is. Raises `Refused` when somebody changed it in between, for an overlap, for more days than the law allows, and
    for a longer extension or a later end of one: that is a decision of two officers.
    """
    check_can_decide(by)
    lock_person(period.person)
    current = ProtectionPeriod.objects.current().filter(fact_id=period.fact_id).first()
    during = DateRange(first, last + timedelta(days=1))
    if current and current.during == during:
        return current
    if current is None or current.pk != period.pk:
        raise Refused(_("This record was changed in between. Please look at the newer version first."))
    if last < first:
        raise Refused(_("The last day lies before the first."), "last")
    _check_no_longer(current, first, last)
    words = " · ".join(filter(None, (current.decision, reason.strip())))[:200]
    made = supersede(current, by=by, during=during, decision=words)
    data = {"fact": made.fact_id, "was": str(period.during)}
    note("protection_period_corrected", period.person, by=by, on=first, reason=reason, data=data)
    return made


def _check_no_longer(period, first, last):
    """Raise `Refused` where a correction would do what only a decision on an extension does."""
    was = period.during
    if period.basis == ProtectionPeriod.Basis.RESIDENCE:
        later = was.upper is not None and last >= was.upper
        if later and first is not None and last > five_years_from(first)[1]:
            raise Refused(_("Residence protection lasts five years at most; an extension is decided."), "last")
    if period.basis == ProtectionPeriod.Basis.EXTENSION and was.upper is not None:
        longer = was.lower is not None and last - first >= was.upper - was.lower
        if last >= was.upper or longer:
            raise Refused(_("A correction makes no extension longer: that needs a request and a decision."), "last")


def _check_no_decision_waits(person):
    waiting = ExtensionRequest.objects.filter(person=person, status__in=[S.PREPARED, S.DECIDED]).order_by("id")
    if request := waiting.first():
        sentence = _("The decision on the request %(number)s is not told yet. Please settle it first.")
        raise Refused(sentence % {"number": request.number}, "decision")


def _end_periods(person, since, by):
    standing = ProtectionPeriod.objects.current().filter(person=person, during__isempty=False)
    for period in standing.filter(basis__in=RESIDENCE_BASES).order_by("id"):
        first, after = period.during.lower, period.during.upper
        if first is not None and first >= since:
            supersede(period, by=by, during=DateRange(empty=True))
        elif after is None or after > since:
            supersede(period, by=by, during=DateRange(first, since))


def _next_day(told, since):
    """Return the first day of the next decision on record after `since`, or None."""
    later = told.filter(during__startswith__gt=since).order_by("during__startswith")
    return later.values_list("during__startswith", flat=True).first()
