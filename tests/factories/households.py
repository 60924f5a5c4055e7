"""Households, persons, contacts, shares."""

from datetime import date, timedelta
from uuid import uuid4

import factory
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from casework.agencies.models import User
from casework.clock import five_years_from, seoul_day
from households import models
from households.search.rebuild import rebuild_keys
from tests.factories.agencies import CentreFactory, day_at, district

FAMILY, GIVEN = "정리김한최박", ("금주", "복순", "철민", "유나", "영호", "순희", "명철")
ROLES = ("head", "spouse", "child", "child", "parent", "sibling", "other")


def a_month_ago():
    """Return the day on which a test's household was registered unless it says otherwise."""
    return seoul_day(timezone.now()) - timedelta(days=30)


def system():
    """Return the user that commands act as."""
    return User.objects.system()


def learned(day):
    """Return the columns of a fact that the register stated on `day` at 09:00."""
    return {"known_at": day_at(day)}


class PersonFactory(factory.django.DjangoModelFactory):
    """A person with a name, particulars and a residence status.

    `household` makes a member from ever on, as `role` (the head when the household has none). `protected_since` opens
    the five years of residence protection on that day. `phone`, `latin`, `former` are written when given. `keys=False`
    leaves out the search keys.
    """

    name = factory.Sequence(lambda n: FAMILY[n % 6] + GIVEN[n % 7])
    latin = ""
    former = ""
    sex = "F"
    born = date(1980, 5, 5)
    defector = True
    household = None
    role = ""
    phone = ""
    protected_since = None
    status = "resident"
    registered_on = factory.LazyFunction(a_month_ago)
    keys = True

    class Meta:
        model = models.Person

    @classmethod
    def _create(cls, model, *, registered_on, household, role, keys, **facts):
        fields = {name: facts.pop(name) for name in ("case_number", "register_ref") if name in facts}
        known = learned(registered_on)
        person = model.objects.create(**fields, **known)
        _write_names(person, known, **{name: facts.pop(name) for name in ("name", "latin", "former")})
        _write_facts(person, known, **facts)
        if household:
            taken = models.Membership.objects.current().filter(household=household, role="head").exists()
            models.Membership.objects.create(
                person=person,
                household=household,
                kind=household.kind,
                role=role or ("other" if taken else "head"),
                **known,
            )
        if keys:
            rebuild_keys([person.pk])
        return person


def _write_names(person, known, *, name, latin, former):
    write = models.PersonName.objects.create
    write(person=person, family=name[:1], given=name[1:], **known)
    if former:
        write(person=person, kind="former", family=former[:1], given=former[1:], **known)
    if latin:
        family, _, given = latin.partition(" ")
        write(person=person, kind="latin", family=family, given=given, **known)


def _write_facts(person, known, *, sex, born, defector, phone, protected_since, status):
    models.Particulars.objects.create(
        person=person, sex=sex, birth_on=born, is_defector=defector, moved_in_on=protected_since, **known
    )
    models.Residence.objects.create(person=person, status=status, **known)
    if phone:
        models.Phone.objects.create(person=person, number=phone, **known)
    if protected_since:
        first, last = five_years_from(protected_since)
        models.ProtectionDecision.objects.create(person=person, decision="protected", **known)
        models.ProtectionPeriod.objects.create(
            person=person, during=DateRange(first, last + timedelta(days=1)), **known
        )


class HouseholdFactory(factory.django.DjangoModelFactory):
    """A household that `center` answers for, living in `district` (`서울 관악구` or a District) and `town`.

    `members` is how many people it has, or their names; the first is the head. `under_protection` (True, or the day of
    the first move-in) gives every member a running period. `worker` looks after it; `substitutes` stand in for him.
    Without `center` the worker's own agency answers. `person_*` is passed on to the members: `person_phone=...`.
    """

    center = None
    district = "서울 관악구"
    town = "신림동"
    members = 1
    under_protection = False
    worker = None
    substitutes = ()
    registered_on = factory.LazyFunction(a_month_ago)
    kind = "living"

    class Meta:
        model = models.Household

    class Params:
        protected = factory.Trait(under_protection=True)

    @classmethod
    def _create(cls, model, *, registered_on, members, under_protection, kind, **facts):
        own = {name: facts.pop(name) for name in ("number", "register_ref") if name in facts}
        about = {key.removeprefix("person_"): facts.pop(key) for key in list(facts) if key.startswith("person_")}
        household = model.objects.create(kind=kind, **own, **learned(registered_on))
        _settle(household, learned(registered_on), **facts)
        if under_protection is True:
            under_protection = registered_on - timedelta(days=365)
        names = [{"name": name} for name in members] if not isinstance(members, int) else [{}] * members
        for place, name in enumerate(names):
            PersonFactory(
                household=household,
                role=ROLES[min(place, 6)],
                registered_on=registered_on,
                protected_since=under_protection or None,
                **name,
                **about,
            )
        return household


def _settle(household, known, *, center, district, town, worker, substitutes):
    center = center or (worker and worker.agency) or CentreFactory()
    models.Responsibility.objects.create(household=household, center=center, **known)
    if district:
        place = _district(district)
        models.Dwelling.objects.create(household=household, district=place, town=town, **known)
    if worker:
        models.Assignment.objects.create(household=household, worker=worker, **known)
    for other in substitutes:
        models.Assignment.objects.create(household=household, worker=other, kind="substitute", **known)


def _district(name):
    return district(name) if isinstance(name, str) else name


class ContactFactory(factory.django.DjangoModelFactory):
    """A visit that met the head of the household (`people`: whom else), known when it took place (`known_at`).

    Traits: `by_phone`, `risk_free` (all four questions asked, no), `alone_with`.
    """

    household = factory.SubFactory(HouseholdFactory)
    recorded_by = factory.LazyFunction(system)
    occurred_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=1))
    known_at = factory.SelfAttribute("occurred_at")
    channel = "visit"
    contact_made = True
    people = None

    class Meta:
        model = models.Contact

    class Params:
        by_phone = factory.Trait(channel="phone")
        alone_with = factory.Trait(alone=True)
        risk_free = factory.Trait(
            asked_self_harm="no", asked_violence="no", asked_child="no", asked_basics="no", alone=True
        )

    @classmethod
    def _create(cls, model, *, people, **fields):
        user = fields["recorded_by"]
        contact = model.objects.create(**{"worker": user, "agency": user.agency, **fields})
        for person in members_of(contact.household)[:1] if people is None else people:
            models.Participant.objects.create(contact=contact, person=person)
        return contact


def members_of(household):
    """Return the members of the household now, head first."""
    found = models.Membership.objects.current().filter(household=household).order_by("id").select_related("person")
    return [membership.person for membership in sorted(found, key=lambda membership: membership.role != "head")]


class AttemptFactory(ContactFactory):
    """An attempt that met nobody: a visit to a closed door unless another channel is said."""

    contact_made = False
    seen = "no_answer"
    people = ()


class AddendumFactory(factory.django.DjangoModelFactory):
    """What was added under `contact` later."""

    contact = factory.SubFactory(ContactFactory)
    text = "나중에 알게 된 것을 덧붙입니다."

    class Meta:
        model = models.Addendum

    @classmethod
    def _create(cls, model, *, contact, **fields):
        fields.setdefault("recorded_by", contact.recorded_by)
        return model.objects.create(contact_fact_id=contact.fact_id, household=contact.household, **fields)


class ShareFactory(factory.django.DjangoModelFactory):
    """`household` shown to `to_user` or `to_agency` for a month; `expired=True`: it ended yesterday."""

    household = factory.SubFactory(HouseholdFactory)
    to_user = None
    to_agency = None
    by = factory.LazyFunction(system)
    reason = "사례회의"
    since = factory.LazyFunction(lambda: timezone.now() - timedelta(days=30))
    until = factory.LazyFunction(lambda: timezone.now() + timedelta(days=30))

    class Meta:
        model = models.Share

    class Params:
        expired = factory.Trait(until=factory.LazyFunction(lambda: timezone.now() - timedelta(days=1)))

    @classmethod
    def _create(cls, model, *, household, to_user, to_agency, by, reason, since, until):
        from households.actions import share

        return share(household, to_user or to_agency, reason=reason, until=until, now=since, by=by)


class DraftFactory(factory.django.DjangoModelFactory):
    """Something half written."""

    kind = "contact"
    client_key = factory.LazyFunction(uuid4)

    class Meta:
        model = models.Draft
