"""What people do with a concern: take it down, look at it, and have it followed. Each is atomic and locks its row."""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from casework.agencies.models import Agency, Kind
from casework.agencies.roles import May, can
from casework.audit.record import record
from casework.clock import seoul_day
from casework.landing import landed
from casework.workflow import NotYours
from households.actions import Refused
from households.models import Household
from referrals.concerns.workflow import CONCERN
from referrals.models import Concern
from referrals.transfers.actions import workers_of

# Who takes a concern down: whoever meets people, and every agency that is asked for help (the call centre is one).
TAKES = (May.RECORD_CONTACT, May.RECEIVE)


@transaction.atomic
def take_down(*, by, now, client_key=None, **told):
    """Take a concern down and put it before the Hana Center that covers the district; return the Concern.

    `told`: `way`, `told_by`, `heard_name`, `heard_phone`, `heard_place`, `district`, `words`, `urgent`, `seen_on`. The
    same key lands once. Raises `NotYours` for whoever works with no cases, `Refused` for a day to come and where no
    centre covers the district.
    """
    if not any(can(by, word) for word in TAKES):
        raise NotYours("taker")
    if first := landed(Concern.objects, by=by, client_key=client_key, author="taken_by"):
        return first
    on = seoul_day(now)
    if told["seen_on"] > on:
        raise Refused(_("This day is still to come."), field="seen_on")
    centre = centre_of(told["district"], on=on)
    if centre is None:
        raise Refused(_("No Hana Center covers this district. Please ask the administrator."), field="district")
    moments = {"taken_at": now, "waits_since": now}
    try:
        with transaction.atomic():
            made = Concern.objects.create(centre=centre, taken_by=by, client_key=client_key, **moments, **told)
    except IntegrityError:  # the second tap came while the first was under way
        if first := landed(Concern.objects, by=by, client_key=client_key, author="taken_by"):
            return first
        raise
    record("concern taken down", made, by=by, data={"centre": centre.pk})
    return made


def centre_of(district, *, on):
    """Return the Hana Center that covers a district on a day, or None."""
    return Agency.objects.covering(district, on=on).filter(kind=Kind.HANA_CENTER).order_by("id").first()


@transaction.atomic
def contact(concern, *, by, now, household, worker, due_on):
    """Have the household contacted by a worker of the centre until a day; it stands until a contact was made.

    Raises `ValidationError` for a household of another centre, a worker who does not look after this one, or a day that
    has passed.
    """
    held = _locked(concern, "contact", by)
    _check_kept(household, by)
    if not workers_of(held.centre_id).filter(pk=worker.pk).exists():
        raise ValidationError(_("Please name somebody of your centre who looks after households."))
    if not Household.objects.visible_to(worker).filter(pk=household.pk).exists():
        raise ValidationError(
            _("%(worker)s does not look after this household. Please assign it first, or name somebody else.")
            % {"worker": worker}
        )
    if due_on < seoul_day(now):
        raise ValidationError(_("This day has passed."))
    named = {"household": household, "worker": worker, "due_on": due_on}
    return _perform(held, "contact", by=by, now=now, **named)


@transaction.atomic
def refer(concern, *, by, now, household):
    """Decide that another agency is asked to help; it stands until a referral of the household was sent."""
    held = _locked(concern, "refer", by)
    _check_kept(household, by)
    return _perform(held, "refer", by=by, now=now, household=household)


@transaction.atomic
def join(concern, *, by, now, same_as):
    """Join it with a concern of the same centre that was told before, and with what that one became."""
    list(Concern.objects.select_for_update(of=("self",)).filter(pk__in=[concern.pk, same_as.pk]).order_by("pk"))
    held = _locked(concern, "join", by)
    earlier = Concern.objects.decided_by(by).filter(taken_at__lte=held.taken_at, same_as=None)
    first = earlier.filter(pk=same_as.pk).exclude(pk=held.pk).first()
    if first is None:
        raise ValidationError(_("Please choose a concern of your centre that was told before."))
    _check_alone(held)
    return _perform(held, "join", by=by, now=now, same_as=first)


@transaction.atomic
def nothing(concern, *, by, now, reason):
    """Decide that nothing further is to be done, with the reason."""
    held = _locked(concern, "nothing", by)
    return _perform(held, "nothing", by=by, now=now, reason=reason)


@transaction.atomic
def pass_on(concern, *, by, now, reason, centre):
    """Pass it on to another Hana Center: the person lives there. The clock runs on from when it was told."""
    held = _locked(concern, "pass_on", by)
    _check_alone(held)
    if centre.kind != Kind.HANA_CENTER or centre.pk == held.centre_id:
        raise ValidationError(_("A concern is passed on to another Hana Center."))
    there = {"centre": centre, "household": None}
    return _kept_with(CONCERN.perform(held, "pass_on", by=by, reason=reason, data={"to": centre.pk}, **there), reason)


@transaction.atomic
def again(concern, *, by, now, reason):
    """Look at it again: what was decided is undone, and the clock of the first look begins anew."""
    held = _locked(concern, "again", by)
    undone = {"same_as": None, "worker": None, "due_on": None, "answered_by": None, "answered_at": None}
    return _kept_with(CONCERN.perform(held, "again", by=by, reason=reason, waits_since=now, **undone), reason)


VERBS: dict[str, Callable] = {
    "contact": contact,
    "refer": refer,
    "join": join,
    "nothing": nothing,
    "pass_on": pass_on,
    "again": again,
}


def _locked(concern, verb, by):
    held = Concern.objects.select_for_update(of=("self",)).get(pk=concern.pk)
    CONCERN.check(held, verb, by)
    return held


def _check_alone(held):
    """What others are joined with stays where they are; else they would hang on what nobody there sees."""
    if held.again.exists():
        raise ValidationError(_("Others are joined with this one. Please look at them again first."))


def _check_kept(household, by):
    if not Household.objects.kept_by(by).filter(pk=household.pk).exists():
        raise ValidationError(_("Please choose a household of your centre."))


def _perform(held, verb, *, by, now, reason="", **changes):
    data = {name: value.pk for name, value in changes.items() if hasattr(value, "pk")}
    fresh = CONCERN.perform(held, verb, by=by, reason=reason, data=data, answered_by=by, answered_at=now, **changes)
    return _kept_with(fresh, reason)


def _kept_with(fresh, reason):
    """Keep the reason of the last step beside what was decided; an older reason explains nothing of a new decision."""
    fresh.reason = reason.strip()
    fresh.save(update_fields=["reason"])
    return fresh
