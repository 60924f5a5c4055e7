"""Who on file may be the person just taken in, as far as the user may know it."""

from dataclasses import dataclass

from households.members import called_on
from households.models import Membership, Person, Responsibility
from households.search.likeness import similar


@dataclass(frozen=True)
class Alike:
    """Somebody on file. Of another agency's person only the centre to ask is known: `person` is None then."""

    person_id: int
    person: object
    name: str
    reasons: tuple
    centre: str


def alike(told, contact, *, user, day):
    """Return those on file who may be the person `told` of (PersonStep, ContactStep data), likeliest first."""
    birth_on, precision = told["birth"]
    found = similar(
        told["family"],
        told["given"],
        persons=Person.objects.all(),
        latin=told["latin"],
        birth_on=birth_on,
        birth_precision=precision,
        sex=told["sex"],
        entered_on=told["entered_on"],
        phone=contact["phone"],
        home_province=told.get("home_province") or "",
    )
    ids = [one.person_id for one in found]
    seen = {person.pk: person for person in Person.objects.visible_to(user).filter(pk__in=ids)}
    names, _hidden = called_on(list(seen), day)
    centres = _centres(ids, day)
    return [
        Alike(
            person_id=one.person_id,
            person=seen.get(one.person_id),
            name=names.get(one.person_id, ""),
            reasons=tuple(reason.label for reason in one.reasons) if one.person_id in seen else (),
            centre=centres.get(one.person_id, ""),
        )
        for one in found
    ]


def _centres(person_ids, day):
    homes = dict(
        Membership.objects.current()
        .filter(person__in=person_ids, during__contains=day)
        .order_by("id")
        .values_list("person_id", "household_id")
    )
    duties = Responsibility.objects.current().filter(household__in=homes.values(), during__contains=day)
    centre = {duty.household_id: str(duty.center) for duty in duties.select_related("center").order_by("id")}
    return {person: centre.get(household, "") for person, household in homes.items()}
