"""The verbs of a change: propose, edit, try out, read, ask for approval, approve, discard.

Nobody approves what they proposed; nothing is approved that was not tried out with exactly these numbers on what is in
force still, and read by two people; and nothing that is approved holds for a day that has begun.
"""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from casework.audit.record import record
from casework.clock import seoul_day
from casework.landing import landed
from risk.actions import Refused
from risk.changes.proposals import checked, latest, may_be_switched_off
from risk.changes.readiness import check_read_by_second, check_ready, is_stale
from risk.changes.whatif import simulate
from risk.changes.workflow import CHANGE, ChangeStatus
from risk.criteria import CODE
from risk.models import ChangeReading, RuleChange, RuleVersion, Simulation
from risk.rights import check_can_set_criteria
from risk.rules import RULES
from risk.rules.pattern import validated

NEW_PATTERN = "pattern"
LOCK = 0x4348414E4745  # "CHANGE": one approval at a time, so that each sees what the one before it decided


@transaction.atomic
def propose(code, *, by, why, numbers=None, off=False, pattern=None, name_ko="", name_en="", client_key=None):
    """Return a new draft of a change of rule `code`; "pattern" for a new signal pattern.

    `numbers`: those that differ. The same `client_key` from the same author returns the first draft. Raises
    ValidationError by field, PermissionDenied, and Refused where a change of the rule is open already.
    """
    check_can_set_criteria(by)
    if first := landed(RuleChange.objects, by=by, client_key=client_key, author="proposed_by"):
        return first
    base = None if code == NEW_PATTERN else latest(code)
    if code != NEW_PATTERN and base is None:
        raise Refused(_("There is no such rule."))
    content = _content(code, base, numbers, off, pattern, name_ko, name_en, why)
    code = _next_pattern() if code == NEW_PATTERN else code
    try:
        with transaction.atomic():
            change = RuleChange.objects.create(code=code, proposed_by=by, client_key=client_key, **content)
    except IntegrityError:
        first = landed(RuleChange.objects, by=by, client_key=client_key, author="proposed_by")
        if first is None:
            raise Refused(_("A change of this rule is open already.")) from None
        return first
    record("change proposed", change, by=by, reason=change.why, data=_told(change))
    return change


def edit(change, *, by, why, numbers=None, off=False, pattern=None, name_ko="", name_en=""):
    """Give a change other numbers; it is a draft again, and what was tried out before does not count for it."""
    content = _content(change.code, change.base, numbers, off, pattern, name_ko, name_en, why)
    changed = {name: value for name, value in content.items() if getattr(change, name) != value}
    if not changed:
        return change
    return CHANGE.perform(change, "edit", by=by, data={"parameters": content["parameters"]}, **changed)


def try_out(change, *, by, as_of):
    """Compute what the change would do to everybody as of now, and keep it; return the Simulation.

    What waits for approval is tried out again only where other criteria have changed since, and goes on waiting.
    Computed before the transaction that keeps it: within one, both judgements would not read one snapshot. Raises
    NotYours, NotNow, Refused.
    """
    verb = "renew" if change.status == ChangeStatus.REQUESTED else "simulate"
    CHANGE.check(change, verb, by)
    last = change.last_simulation()
    if verb == "renew" and last and not is_stale(last, on=as_of.on):
        raise Refused(_("No other criterion has changed since; what was tried out stands."))
    found = simulate(proposed_version(change), as_of, seed=change.numbers)
    return _kept(change, found, verb, by)


@transaction.atomic
def _kept(change, found, verb, by):
    kept = Simulation.objects.create(
        change=change,
        numbers=change.numbers,
        on=found.on,
        known_by=found.known_by,
        seconds=found.seconds,
        households=found.households,
        result=found.as_json(),
        sample=found.sample,
        rests_on=found.rests_on,
        recorded_by=by,
    )
    CHANGE.perform(change, verb, by=by, data={"simulation": kept.pk, "changed": found.changed})
    return kept


@transaction.atomic
def read(change, household, *, verdict, words, by, client_key=None):
    """Record that `by` read one household of the sample, and whether the change is right for it.

    Raises PermissionDenied, and Refused with the sentence.
    """
    check_can_set_criteria(by)
    simulation = change.last_simulation()
    if simulation is None or household.pk not in [line["household"] for line in simulation.sample]:
        raise Refused(_("This household is not among those to be read."))
    if change.status not in (ChangeStatus.SIMULATED, ChangeStatus.REQUESTED):
        raise Refused(_("The change is decided; readings are closed."))
    if verdict not in ChangeReading.Verdict.values:
        raise Refused(_("Say whether the change is right for this household."))
    words = words.strip()
    if verdict == ChangeReading.Verdict.WORRYING and not words:
        raise Refused(_("Write what is worrying about it."))
    before = ChangeReading.objects.filter(change=change, numbers=change.numbers, household=household, recorded_by=by)
    last = before.order_by("-id").first()
    if last and (last.verdict, last.words) == (verdict, words):
        return last
    try:
        with transaction.atomic():
            reading = ChangeReading.objects.create(
                change=change,
                numbers=change.numbers,
                household=household,
                verdict=verdict,
                words=words,
                recorded_by=by,
                client_key=client_key,
            )
    except IntegrityError:
        return ChangeReading.objects.get(recorded_by=by, client_key=client_key)
    record("change read", change, by=by, data={"verdict": verdict}, household_id=household.pk)
    return reading


def request(change, *, by, now):
    """Ask a second person to approve; what was proposed stands from here on."""
    CHANGE.check(change, "request", by)
    check_ready(change, on=seoul_day(now))
    return CHANGE.perform(change, "request", by=by, requested_at=now)


@transaction.atomic
def approve(change, *, by, starts_on, today, now, seen=None):
    """Put the change in force from `starts_on`, tomorrow at the earliest; return the RuleVersion.

    The version before it ends on that day and stays for ever. `seen`: the digest of the numbers that whoever approves
    was shown. Raises NotYours, NotNow, and Refused with the sentence.
    """
    CHANGE.check(change, "approve", by)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    if starts_on <= today:
        raise Refused(_("A change is in force from tomorrow at the earliest: past days are never judged anew."))
    if starts_on > today + timedelta(days=366):
        raise Refused(_("A change comes into force within a year."))
    check_ready(change, on=today)
    check_read_by_second(change)
    before = latest(change.code)
    if before and before.in_force.lower and before.in_force.lower >= starts_on:
        raise Refused(_("A version begins on %(day)s already. Choose a later day.") % {"day": before.in_force.lower})
    decided = CHANGE.perform(
        change,
        "approve",
        by=by,
        data={"starts_on": starts_on.isoformat(), **_told(change)},
        starts_on=starts_on,
        decided_by=by,
        decided_at=now,
    )
    if decided.numbers != (change.numbers if seen is None else seen):
        raise Refused(_("The numbers were changed since you opened the page. Please read it again."))
    if before:
        RuleVersion.objects.filter(pk=before.pk).update(in_force=DateRange(before.in_force.lower, starts_on))
    version = proposed_version(decided)
    version.change, version.in_force = decided, DateRange(starts_on, None)
    version.save(force_insert=True)
    return version


def discard(change, *, by, reason, now):
    """Give the change up, with a reason."""
    if not reason.strip():
        raise Refused(_("Write why the change is discarded."))
    because = reason.strip()[:2000]
    return CHANGE.perform(
        change, "discard", by=by, reason=because, discarded_because=because, decided_by=by, decided_at=now
    )


def proposed_version(change):
    """Return the version that the change would be, unsaved."""
    return RuleVersion(
        code=change.code,
        version=change.base.version + 1 if change.base else 1,
        parameters=change.parameters,
        off=change.off,
        pattern=change.pattern,
        name_ko=change.name_ko,
        name_en=change.name_en,
    )


def _content(code, base, numbers, off, pattern, name_ko, name_en, why):
    """Return the fields of a proposal, validated; raise ValidationError by field."""
    wrong = {} if why.strip() else {"why": [_("Write why this should change.")]}
    of_pattern = code == NEW_PATTERN or (base is not None and base.pattern is not None)
    parameters, composed = {}, None
    try:
        if of_pattern:
            composed = validated(pattern if pattern is not None else (base.pattern if base else None))
        else:
            parameters = checked(code, numbers or {}, base)
    except ValidationError as error:
        wrong |= error.message_dict
    if of_pattern and not (name_ko.strip() and name_en.strip()):
        wrong["name_en" if name_ko.strip() else "name_ko"] = [_("Give the pattern a name in both languages.")]
    if off and not may_be_switched_off(base.code if base else code):
        wrong["off"] = [_("This cannot be switched off.")]
    if not wrong and base and _same(base, parameters, off, composed, name_ko, name_en):
        wrong["__all__"] = [_("Nothing differs from the version in force.")]
    if wrong:
        raise ValidationError(wrong)
    names = {"name_ko": name_ko.strip(), "name_en": name_en.strip()} if of_pattern else {}
    return {"base": base, "parameters": parameters, "off": off, "pattern": composed, "why": why.strip(), **names}


def _same(base, parameters, off, pattern, name_ko, name_en):
    was = {**(RULES[base.code].defaults() if base.code in RULES else {}), **base.parameters}
    names = pattern is None or (base.name_ko, base.name_en) == (name_ko.strip(), name_en.strip())
    return was == {**was, **parameters} and base.off == off and base.pattern == pattern and names


def _next_pattern():
    """Return the code of the next pattern; of two people who compose at once, one is told to try again."""
    used = RuleChange.objects.filter(pattern__isnull=False).order_by().values_list("code", flat=True).distinct()
    return f"P-{max((int(code[2:]) for code in used), default=0) + 1:02d}"


def _told(change):
    told = {"code": change.code, "parameters": change.parameters, "off": change.off, "pattern": change.pattern}
    return {name: value for name, value in told.items() if value not in ({}, None, False)} | (
        {"criteria": True} if change.code == CODE else {}
    )
