"""Finding somebody who cannot be reached: whom one asked, where the person was found, who still guards the person."""

from casework.audit.record import record
from households.actions.stated import landed_version
from households.actions.verb import lock, lock_person, on_day, verb
from households.models import Membership, PersonalProtection, SearchStep, Whereabouts


@verb
def record_whereabouts(person, *, where, evidence, words, observed_on, by, place="", client_key=None):
    """Keep where the person was found to be on a day, and how that was verified; return the Whereabouts.

    `where`, `evidence`: words of the model. Hearsay is no evidence, so the model has no word for it. The same
    statement twice, or the same `client_key` of the same author, changes nothing.
    """
    lock_person(person)
    if made := landed_version(Whereabouts, by, client_key):
        return made
    said = {"where": where, "place": place, "evidence": evidence, "words": words.strip(), "observed_on": observed_on}
    if same := Whereabouts.objects.current().filter(person=person, **said).first():
        return same
    made = Whereabouts.objects.create(person=person, recorded_by=by, client_key=client_key, **said)
    _note("whereabouts_recorded", person, on=observed_on, by=by, data={"where": where, "evidence": evidence})
    return made


@verb
def record_search_step(household, *, step, whom, occurred_at, by, answer="", client_key=None):
    """Keep that the town office, the police or 112 was asked to help to find the person; return the SearchStep.

    `occurred_at`: an aware moment. The same statement twice, or the same `client_key`, changes nothing.
    """
    lock(household)
    if made := landed_version(SearchStep, by, client_key):
        return made
    said = {"step": step, "whom": whom.strip(), "answer": answer.strip(), "occurred_at": occurred_at}
    if same := SearchStep.objects.current().filter(household=household, **said).first():
        return same
    made = SearchStep.objects.create(household=household, recorded_by=by, client_key=client_key, **said)
    data = {"step": step, "to": whom.strip()}
    record("search_step_recorded", household, by=by, household_id=household.pk, data=data)
    return made


@verb
def record_personal_protection(person, *, state, stated_on, by, source=""):
    """Keep whether a personal-protection officer is in charge of the person, as of a day; return the fact."""
    lock_person(person)
    said = {"state": state, "stated_on": stated_on, "source": source}
    if same := PersonalProtection.objects.current().filter(person=person, **said).first():
        return same
    made = PersonalProtection.objects.create(person=person, recorded_by=by, **said)
    _note("personal_protection_recorded", person, on=stated_on, by=by, data={"state": state})
    return made


def _note(verb_name, person, *, on, by, data):
    """Write the Event at the household in which the person lives on the day."""
    homes = on_day(Membership.objects, on).filter(person=person).order_by("id")
    home = homes.values_list("household_id", flat=True).first()
    record(verb_name, person, by=by, household_id=home, data={**data, "on": on.isoformat()})
