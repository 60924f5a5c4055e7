"""Keeping what came of the work: recording an outcome, putting it right or ending it, taking a mistake back."""

from datetime import date

from django.utils.translation import gettext as _

from casework.audit.record import record
from casework.clock import seoul_day
from casework.facts import supersede
from casework.numbers import read_number
from casework.templatetags.format import fullday
from households.actions.refusal import Refused
from households.actions.rights import check_can_screen, check_can_state
from households.actions.stated import check_can_withdraw, landed_version, take_back
from households.actions.verb import lock, lock_person, verb
from households.models import Job, Membership, NothingCame, Schooling, Treatment
from households.outcomes.former import until_of

KINDS = {"job": Job, "schooling": Schooling, "treatment": Treatment}
REFERRAL_GROUPS = (4, 4)


@verb
def record_outcome(model, person, *, by, now, client_key=None, **said):
    """Keep that a job, a schooling or a treatment of the person began; return it. `said`: columns of `model`.

    The same outcome twice, or the same `client_key` of the same author, changes nothing. Raises `Refused` for a day
    that lies ahead and for days or words that do not fit together.
    """
    _check_days(said, now)
    lock_person(person)
    check_lived(person, said, now)
    if made := landed_version(model, by, client_key):
        return made
    if same := model.objects.current().filter(person=person, **said).first():
        return same
    made = model.objects.create(person=person, recorded_by=by, client_key=client_key, **said)
    _note("outcome recorded", made, by=by)
    return made


@verb
def correct_outcome(fact, *, by, now, **said):
    """Append a version with what is so, also when an outcome ended; return it. Nothing changed: it comes back as it is.

    Raises `Refused` where somebody changed it since the page was opened, and as `record_outcome` does.
    """
    _check_days(said, now)
    lock_person(fact.person)
    check_lived(fact.person, said, now)
    current = type(fact).objects.current().filter(fact_id=fact.fact_id).first()
    if current is None:
        raise Refused(_("This entry was taken back in between."))
    if all(getattr(current, name) == value for name, value in said.items()):
        return current
    if current.pk != fact.pk:
        raise Refused(_("This record was changed in between. Please look at the newer version first."))
    made = supersede(current, by=by, now=now, **said)
    _note("outcome corrected", made, by=by)
    return made


@verb
def withdraw_outcome(fact, *, by, now):
    """Take back a mistaken entry within 24 hours. Twice changes nothing; `Refused` as `check_can_withdraw` says."""
    lock_person(fact.person)
    current = type(fact).objects.current().filter(fact_id=fact.fact_id).first()
    if current is None:
        return
    check_can_withdraw(current, by, now=now)
    take_back(current)
    _note("outcome withdrawn", current, by=by)


@verb
def say_nothing_came(household, *, source, why, by):
    """Keep that of a referral (by number) no outcome is to be recorded; return it. Twice changes nothing.

    Raises `Refused` for what is no number of a referral.
    """
    source = source_or_refused(source)
    lock(household)
    standing = NothingCame.objects.current().filter(household=household, source=source).first()
    if standing is not None:
        return standing
    made = NothingCame.objects.create(household=household, source=source, why=why, recorded_by=by)
    record("no outcome to record", made, by=by, data={"source": source, "why": why})
    return made


def source_of(text):
    """Return the number of a referral as it is kept ("R-7QX4-1DTM-5"); "" for what is none."""
    plain = text.strip().upper()
    number = read_number(plain[1:], REFERRAL_GROUPS) if plain[:1] == "R" else None
    return f"R-{number}" if number else ""


def source_or_refused(text):
    """Return `source_of`; raise `Refused` where it is no number of a referral."""
    found = source_of(text)
    if not found:
        raise Refused(_("This is no number of a referral."), field="source")
    return found


def check_can_record(user, household, model):
    """Raise `NotAllowed` unless the user records such outcomes of the household: a treatment like a screening, the rest
    like circumstances."""
    (check_can_screen if model is Treatment else check_can_state)(user, household)


def _check_days(said, now):
    today: date = seoul_day(now)
    for name in ("began_on", "ended_on"):
        if said.get(name) and said[name] > today:
            raise Refused(_("This day lies in the future."), field=name)
    if said.get("ended_on") and said["ended_on"] < said["began_on"]:
        raise Refused(_("The last day lies before the first."), field="ended_on")


def check_lived(person, said, now):
    """Raise `Refused` for days on which the person had died, or had left the household they lived in last."""
    until, died = until_of(person, seoul_day(now))
    for name in ("began_on", "ended_on"):
        if until and said.get(name) and said[name] > until:
            raise Refused(too_late(until, died=died), field=name)


def too_late(until, *, died):
    """Return the sentence for a day after somebody died or left."""
    said = _("This day lies after the death on %(day)s.") if died else _("This day lies after they left, on %(day)s.")
    return said % {"day": fullday(until)}


def _note(verb_name, fact, *, by):
    """Write the Event: of whom and what kind of record, never which treatment."""
    homes = Membership.objects.current().filter(person=fact.person_id, during__contains=fact.began_on)
    home = homes.order_by("id").values_list("household", flat=True).first()
    data = {"fact": fact.fact_id, "about": fact._meta.model_name}
    record(verb_name, fact.person, by=by, household_id=home, data=data)
