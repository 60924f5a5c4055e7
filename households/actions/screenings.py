"""Keeping the result of a screening: score and day; putting a mistaken one right, taking it back within a day."""

from django.utils.translation import gettext as _

from casework.facts import supersede
from households.actions.refusal import Refused
from households.actions.stated import check_can_withdraw, landed_version, note, take_back
from households.actions.verb import lock_person, verb
from households.models import Screening
from households.models.screening import HIGHEST, Instrument


@verb
def record_screening(person, *, instrument, score, observed_on, by, item9=None, source="", client_key=None):
    """Keep that the person scored `score` on `instrument` on a day; return the Screening.

    `item9`: whether item 9 of the PHQ-9 was 1 or more; None for every other instrument. The same result twice, or the
    same `client_key` of the same author, changes nothing. Raises `Refused` for a score the instrument cannot give.
    """
    check_result(instrument, score, item9)
    lock_person(person)
    if made := landed_version(Screening, by, client_key):
        return made
    said = {"instrument": instrument, "score": score, "item9": item9, "observed_on": observed_on}
    if same := Screening.objects.current().filter(person=person, **said).first():
        return same
    made = Screening.objects.create(person=person, source=source, recorded_by=by, client_key=client_key, **said)
    note("screening_recorded", made, on=observed_on, by=by)
    return made


@verb
def correct_screening(screening, *, score, observed_on, by, item9=None, source=""):
    """Append a version with what the sheet really says; return it. Nothing changed: it comes back as it is."""
    check_result(screening.instrument, score, item9)
    lock_person(screening.person)
    current = Screening.objects.current().get(fact_id=screening.fact_id)
    said = {"score": score, "item9": item9, "observed_on": observed_on, "source": source}
    if all(getattr(current, name) == value for name, value in said.items()):
        return current
    if current.pk != screening.pk:
        raise Refused(_("This record was changed in between. Please look at the newer version first."))
    made = supersede(current, by=by, **said)
    note("screening_corrected", made, on=observed_on, by=by)
    return made


@verb
def withdraw_screening(screening, *, by, now):
    """Take back a mistaken entry within 24 hours. Twice changes nothing; `Refused` as `check_can_withdraw` says."""
    lock_person(screening.person)
    current = Screening.objects.current().filter(fact_id=screening.fact_id).first()
    if current is None:
        return
    check_can_withdraw(current, by, now=now)
    take_back(current)
    note("screening_withdrawn", current, on=current.observed_on, by=by)


def check_result(instrument, score, item9):
    """Raise `Refused` unless the instrument can give the score, and item 9 is said of a PHQ-9 alone."""
    most = HIGHEST.get(instrument)
    if most is None:
        raise Refused(_("Please choose one of the instruments offered."), field="instrument")
    if not 0 <= score <= most:
        raise Refused(_("The score lies between 0 and %(most)s.") % {"most": most}, field="score")
    if item9 is not None and instrument != Instrument.PHQ9:
        raise Refused(_("Item 9 belongs to the PHQ-9 only."), field="item9")
    if item9 and score == 0:
        raise Refused(_("The total cannot be 0 when item 9 was 1 or more."), field="score")
