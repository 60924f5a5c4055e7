"""Finishing an assessment, and correcting one within a day. While it is being written it is a draft and no fact."""

from django.utils.translation import gettext as _

from casework.audit.record import record
from casework.clock import seoul_day
from casework.facts import supersede
from casework.landing import landed
from households.actions.contacts import EDIT_FOR
from households.actions.refusal import Refused
from households.actions.rights import check_can_record_contact
from households.actions.verb import lock, verb
from households.models import Draft, Membership, NeedsAssessment


class Meanwhile(Refused):
    """Somebody finished an assessment of the same while this one was written; `other` is theirs."""

    def __init__(self, other):
        super().__init__(
            _("Another assessment was finished while you were writing. Nothing is lost: compare, then finish yours.")
        )
        self.other = other


@verb
def assess(household, *, by, now, client_key, assessed_on, person=None, seen=0, **said):
    """Append what was found out about the household, or about `person`; return the NeedsAssessment.

    `said`: its columns, a Need for each domain among them. `seen`: the id of the newest assessment that the author
    knew of; a newer one of the same subject raises `Meanwhile`. The same `client_key` of the same author lands once;
    the draft of that key goes with it. Raises `Refused` for a day to come and for somebody who does not live here.
    """
    check_can_record_contact(by, household)
    lock(household)
    if first := _landed(by, client_key):
        return first
    _check_day(assessed_on, now)
    _check_lives_here(household, person, assessed_on)
    before = NeedsAssessment.objects.current().filter(household=household).about(person)
    if other := before.filter(pk__gt=seen).order_by("-pk").first():
        raise Meanwhile(other)
    made = NeedsAssessment.objects.create(
        household=household,
        person=person,
        kind=NeedsAssessment.Kind.AGAIN if before.exists() else NeedsAssessment.Kind.FIRST,
        assessed_on=assessed_on,
        recorded_by=by,
        client_key=client_key,
        **said,
    )
    Draft.objects.filter(author=by, client_key=client_key).delete()
    record("assessment finished", made, by=by, data=_about(made))
    return made


@verb
def correct(assessment, *, by, now, assessed_on, **said):
    """Append a version of an assessment within 24 hours of its first one; return it. The same again changes nothing.

    Raises `Refused` after the 24 hours, for somebody else's, and when a newer version says something else.
    """
    check_can_record_contact(by, assessment.household)
    lock(assessment.household)
    current = NeedsAssessment.objects.current().get(fact_id=assessment.fact_id)
    check_can_correct(current, by, now=now)
    _check_day(assessed_on, now)
    said["assessed_on"] = assessed_on
    if all(getattr(current, name) == value for name, value in said.items()):
        return current
    if current.pk != assessment.pk:
        raise Refused(_("This record was changed in between. Please look at the newer version first."))
    made = supersede(current, by=by, now=now, **said)
    record("assessment corrected", made, by=by, data=_about(made))
    return made


def check_can_correct(assessment, user, *, now):
    """Raise `Refused` unless `user` wrote it and its 24 hours, counted from the first version, still run."""
    first = NeedsAssessment.objects.filter(fact_id=assessment.fact_id).earliest("id")
    if first.recorded_by_id != user.pk:
        raise Refused(_("Only the author corrects an assessment; others assess anew."))
    if now - first.recorded_at > EDIT_FOR:
        raise Refused(_("An assessment can be corrected for 24 hours. After that, please assess anew."))


def can_correct(assessment, user, *, now):
    """Return the answer of `check_can_correct` as a bool."""
    try:
        check_can_correct(assessment, user, now=now)
    except Refused:
        return False
    return True


def newest(household):
    """Return the id of the newest assessment of a household, or 0; what a form knows of when it is opened."""
    rows = NeedsAssessment.objects.current().filter(household=household).order_by("-pk")
    return rows.values_list("pk", flat=True).first() or 0


def _landed(by, client_key):
    first = landed(NeedsAssessment.objects.order_by("id"), by=by, client_key=client_key)
    return first and NeedsAssessment.objects.current().filter(fact_id=first.fact_id).first()


def _check_day(day, now):
    if day > seoul_day(now):
        raise Refused(_("This day is still to come."), field="assessed_on")


def _check_lives_here(household, person, day):
    if person is None:
        return
    if not Membership.objects.current().filter(household=household, person=person, during__contains=day).exists():
        raise Refused(_("This person did not live in this household on that day."), field="subject")


def _about(assessment):
    """What an Event keeps: that it was done, about whom, and nothing of what was said."""
    return {"fact": assessment.fact_id, "person": assessment.person_id, "kind": assessment.kind}
