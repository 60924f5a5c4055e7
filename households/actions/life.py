"""What happens to one person: birth, a new name, a telephone, wishes and consent; death has a file of its own."""

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from casework.audit.record import record
from casework.facts import supersede
from households.actions.refusal import Refused
from households.actions.verb import close, lock, lock_person, on_day, since, verb
from households.models import (
    Consent,
    ContactPreference,
    Hometown,
    Membership,
    Particulars,
    Person,
    PersonName,
    Phone,
    Residence,
)
from households.search.rebuild import rebuild_keys


@verb
def register_birth(household, *, family, given, sex, on, by, is_defector=False):
    """Add a child born on `on` to the household; return the Person.

    A child born after its parents left the North is not a 북한이탈주민 in the sense of the Act (제2조), unless said so.
    The same name and day in the same household is the same child: registering it twice changes nothing.
    """
    lock(household)
    if known := _child(household, family, given, on):
        return known
    child = Person.objects.create()
    PersonName.objects.create(person=child, family=family, given=given, during=since(on), recorded_by=by)
    Particulars.objects.create(person=child, sex=sex, birth_on=on, is_defector=is_defector, recorded_by=by)
    Residence.objects.create(person=child, status=Residence.Status.RESIDENT, during=since(on), recorded_by=by)
    Membership.objects.create(
        person=child,
        household=household,
        kind=household.kind,
        role=Membership.Role.CHILD,
        during=since(on),
        recorded_by=by,
    )
    rebuild_keys([child.pk])
    record("birth_registered", child, by=by, household_id=household.pk, data={"on": on.isoformat()})
    return child


@verb
def change_name(person, *, family, given, on, by):
    """Record a new name in Hangul from `on`; the name until then stays findable as a former one."""
    lock_person(person)
    held = on_day(PersonName.objects, on).filter(person=person, kind=PersonName.Kind.HANGUL).first()
    if held and (held.family, held.given) == (family, given):
        return held
    if held:
        close(held, on=on, by=by)
    name = PersonName.objects.create(person=person, family=family, given=given, during=since(on), recorded_by=by)
    rebuild_keys([person.pk])
    _record_at_home("name_changed", person, on=on, by=by)
    return name


@verb
def change_phone(person, *, number, on, by):
    """Record the telephone number from `on`; empty: the person has none any more. Returns the Phone or None."""
    lock_person(person)
    held = on_day(Phone.objects, on).filter(person=person)
    if number and held.filter(number=number).exists():
        return held.filter(number=number).first()
    for old in held:
        close(old, on=on, by=by)
    made = Phone.objects.create(person=person, number=number, during=since(on), recorded_by=by) if number else None
    _record_at_home("phone_changed", person, on=on, by=by)
    return made


@verb
def record_hometown(person, *, province, on, by):
    """Record on a day from which Province a person comes; said before, it is put right by a new version. Returns the
    fact."""
    lock_person(person)
    held = Hometown.objects.current().filter(person=person).first()
    if held and held.province == province:
        return held
    if held:
        made = supersede(held, by=by, province=province)
    else:
        made = Hometown.objects.create(person=person, province=province, recorded_by=by)
    _record_at_home("hometown_recorded", person, on=on, by=by)
    return made


@verb
def record_preference(person, *, stated_on, by, **wishes):
    """Append how the person wishes to be reached, as said on a day; the latest day counts. Returns the fact.

    `wishes`: channel, hours, woman_worker, safe_number, wants_no_contact, language, interpreter. Said twice on a day,
    it is kept once.
    """
    lock_person(person)
    same = ContactPreference.objects.current().filter(person=person, stated_on=stated_on, **wishes).first()
    if same:
        return same
    made = ContactPreference.objects.create(person=person, stated_on=stated_on, recorded_by=by, **wishes)
    _record_at_home("preference_recorded", person, on=stated_on, by=by)
    return made


@verb
def give_consent(person, *, purpose, items, recipient, on, until, by):
    """Record what may be shared with `recipient` (an Agency or None) from `on` up to and including `until`."""
    if until is not None and until < on:
        raise Refused(_("The last day of a consent lies after its first."), field="until")
    lock_person(person)
    during = DateRange(on, until, "[]") if until else since(on)
    said = {"purpose": purpose, "items": list(items), "recipient": recipient, "withdrawn_on": None}
    if same := Consent.objects.current().filter(person=person, during=during, **said).first():
        return same
    made = Consent.objects.create(person=person, during=during, recorded_by=by, **said)
    _record_at_home("consent_given", person, on=on, by=by, consent=made.fact_id)
    return made


@verb
def withdraw_consent(consent, *, on, by):
    """Record that a consent was withdrawn on a day; a new version of the same fact."""
    if consent.withdrawn_on:
        return consent
    made = supersede(consent, by=by, withdrawn_on=on)
    _record_at_home("consent_withdrawn", consent.person, on=on, by=by, consent=made.fact_id)
    return made


def _child(household, family, given, on):
    members = on_day(Membership.objects, on).filter(household=household).values("person")
    born = Particulars.objects.current().filter(person__in=members, birth_on=on).values("person")
    names = PersonName.objects.current().filter(person__in=born, family=family, given=given).select_related("person")
    return next((name.person for name in names.order_by("id")), None)


def _record_at_home(verb_name, person, *, on, by, **data):
    home = (
        on_day(Membership.objects, on)
        .filter(person=person)
        .order_by("id")
        .values_list("household_id", flat=True)
        .first()
    )
    record(verb_name, person, by=by, household_id=home, data={"on": on.isoformat(), **data})
