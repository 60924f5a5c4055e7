"""What came of an entitlement: recording it, putting a mistaken entry right, taking it back within a day."""

from django.utils.translation import gettext as _

from casework.audit.record import record
from casework.facts import supersede
from households.actions.refusal import Refused
from households.actions.stated import check_can_withdraw, landed_version, take_back
from households.actions.verb import lock_person, verb
from households.models import EntitlementStep, Membership
from households.models.entitlement import Section

GRANTED = EntitlementStep.State.GRANTED
HIGHEST = 1_000_000_000
"""A number above this is a slip of the pen, not an amount."""


@verb
def record_step(person, entitlement, *, state, on, by, until=None, amount=None, source="", client_key=None):
    """Record that on the day `on` the person's entitlement came to `state`; return the EntitlementStep.

    `until`: the last day of what was granted; `amount`: won. The same `client_key` of the same author, or the same
    statement as the latest, changes nothing. Raises `Refused` with field and sentence.
    """
    lock_person(person)
    if made := landed_version(EntitlementStep, by, client_key):
        return made
    _check(entitlement, state, on, until, amount)
    said = {"state": state, "stated_on": on, "until_on": until, "amount_krw": amount, "source": source}
    same = EntitlementStep.objects.current().filter(person=person, entitlement=entitlement, **said).first()
    if same:
        return same
    made = EntitlementStep.objects.create(
        person=person, entitlement=entitlement, recorded_by=by, client_key=client_key, **said
    )
    _note("entitlement_step_recorded", made, by=by)
    return made


@verb
def correct_step(step, *, state, on, by, until=None, amount=None, source=""):
    """Append a version that says what should have been said; nothing differs: the record comes back as it is."""
    lock_person(step.person)
    current = EntitlementStep.objects.current().get(fact_id=step.fact_id)
    _check(current.entitlement, state, on, until, amount)
    said = {"state": state, "stated_on": on, "until_on": until, "amount_krw": amount, "source": source}
    if all(getattr(current, name) == value for name, value in said.items()):
        return current
    if current.pk != step.pk:
        raise Refused(_("This record was changed in between. Please look at the newer version first."))
    made = supersede(current, by=by, **said)
    _note("entitlement_step_corrected", made, by=by)
    return made


@verb
def withdraw_step(step, *, by, now):
    """Take back a mistaken entry within 24 hours. Twice changes nothing. Raises `Refused` for somebody else's."""
    lock_person(step.person)
    current = EntitlementStep.objects.current().filter(fact_id=step.fact_id).first()
    if current is None:
        return
    check_can_withdraw(current, by, now=now)
    take_back(current)
    _note("entitlement_step_withdrawn", current, by=by)


def _check(entitlement, state, on, until, amount):
    if entitlement.section == Section.LINE:
        raise Refused(_("This is a reference amount; nobody applies for it."), field="entitlement")
    if entitlement.benefit:
        raise Refused(
            _("How this benefit stands is recorded under circumstances, so that it stands in one place."),
            field="entitlement",
        )
    if state not in EntitlementStep.State.values:
        raise Refused(_("Please choose one of the answers offered."), field="state")
    if until is not None and (state != GRANTED or until < on):
        raise Refused(_("A last day is told only of what was granted, and lies after the grant."), field="until")
    if amount is not None and (state != GRANTED or not 0 < amount <= HIGHEST):
        raise Refused(_("An amount is told only of what was granted, in won."), field="amount")


def _note(verb_name, step, *, by):
    """Write the Event: of whom and about which entitlement, nothing of what was said."""
    homes = Membership.objects.current().filter(person=step.person_id, during__contains=step.stated_on)
    home = homes.order_by("id").values_list("household", flat=True).first()
    data = {"fact": step.fact_id, "about": step.entitlement.code, "on": step.stated_on.isoformat()}
    record(verb_name, step.person, by=by, household_id=home, data=data)
