"""Taking a person in: everything that is known on the first day, in one transaction."""

from datetime import timedelta

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from casework.audit.record import record
from casework.clock import five_years_from
from households.actions.refusal import Refused
from households.actions.rights import check_can_change, check_can_take_in
from households.actions.verb import lock, since, verb
from households.models import (
    Assignment,
    Consent,
    ContactPreference,
    Draft,
    Dwelling,
    Hometown,
    Household,
    Membership,
    Particulars,
    Person,
    PersonName,
    Phone,
    ProtectionDecision,
    ProtectionPeriod,
    Residence,
    Responsibility,
)
from households.search.rebuild import rebuild_keys

DAY = timedelta(days=1)
HEAD = Membership.Role.HEAD


@verb
def take_in(*, by, on, client_key, person, household, protection, contact, worker=None):
    """Put a person on file from the four steps of an intake (`cleaned_data` of each); return the Household.

    The draft under `client_key` goes with it: without it nothing happens (`Refused`), so that a second tap adds nobody.
    First statements hold from an open lower bound; the centre answers for a new household from `on`, and `worker` looks
    after it, else the author.
    """
    check_can_take_in(by)
    drafts = Draft.objects.select_for_update().filter(author=by, client_key=client_key, kind=Draft.Kind.INTAKE)
    if not drafts:
        raise Refused(_("This intake was finished or thrown away already."))
    taken = Person.objects.create()
    _name(taken, person, by)
    _describe(taken, person, protection, by)
    house = (
        _join(taken, household, on, by)
        if household["where"] == "join"
        else _found(taken, household, on, by, worker or by)
    )
    _protect(taken, protection, by)
    _reach(taken, contact, on, by)
    rebuild_keys([taken.pk])
    drafts.delete()
    record("taken_in", taken, by=by, household_id=house.pk, data={"on": on.isoformat(), "key": str(client_key)})
    return house


def _name(taken, said, by):
    write = PersonName.objects.create
    write(person=taken, family=said["family"], given=said["given"], recorded_by=by)
    if said["latin"]:
        family, _space, given = said["latin"].strip().partition(" ")
        parts = {"family": family, "given": given} if given else {"family": "", "given": family}
        write(person=taken, kind=PersonName.Kind.LATIN, recorded_by=by, **parts)
    if said["former"]:
        former = said["former"].strip()
        write(person=taken, kind=PersonName.Kind.FORMER, family=former[:1], given=former[1:] or former, recorded_by=by)


def _describe(taken, said, protection, by):
    birth_on, precision = said["birth"]
    Particulars.objects.create(
        person=taken,
        sex=said["sex"],
        birth_on=birth_on,
        birth_precision=precision,
        is_defector=said["is_defector"] == "yes",
        language=said["language"],
        entered_on=said["entered_on"],
        moved_in_on=protection["moved_in_on"],
        recorded_by=by,
    )
    if said.get("home_province"):
        Hometown.objects.create(person=taken, province=said["home_province"], recorded_by=by)
    Residence.objects.create(person=taken, status=Residence.Status.RESIDENT, recorded_by=by)


def _join(taken, said, on, by):
    house = said["household"]
    check_can_change(by, house)
    lock(house)
    Membership.objects.create(
        person=taken,
        household=house,
        kind=house.kind,
        role=said["role"],
        during=since(said["since"] or on),
        recorded_by=by,
    )
    return house


def _found(taken, said, on, by, worker):
    house = Household.objects.create()
    live = DateRange(said["since"], None)
    Membership.objects.create(person=taken, household=house, role=HEAD, during=live, recorded_by=by)
    Dwelling.objects.create(household=house, district=said["district"], town=said["town"], during=live, recorded_by=by)
    Responsibility.objects.create(household=house, center=by.agency, during=since(on), recorded_by=by)
    Assignment.objects.create(household=house, worker=worker, during=since(on), recorded_by=by)
    return house


def _protect(taken, said, by):
    ProtectionDecision.objects.create(person=taken, decision=said["decision"], recorded_by=by)
    if said["decision"] == ProtectionDecision.Decision.PROTECTED and said["moved_in_on"]:
        first, last = five_years_from(said["moved_in_on"])
        ProtectionPeriod.objects.create(person=taken, during=DateRange(first, last + DAY), recorded_by=by)


def _reach(taken, said, on, by):
    if said["phone"]:
        Phone.objects.create(person=taken, number=said["phone"], recorded_by=by)
    names = ("channel", "hours", "woman_worker", "safe_number", "wants_no_contact")
    wishes = {name: said[name] for name in names}
    wishes |= {"language": said.get("language") or None, "interpreter": said.get("interpreter")}
    if any(wishes.values()):
        wishes["channel"] = wishes["channel"] or ContactPreference.Channel.ANY
        ContactPreference.objects.create(person=taken, stated_on=on, recorded_by=by, **wishes)
    if said["items"]:
        during = DateRange(on, said["until"] + DAY if said["until"] else None)
        agreed = {"purpose": said["purpose"], "items": said["items"], "recipient": said["recipient"]}
        Consent.objects.create(person=taken, during=during, recorded_by=by, **agreed)
