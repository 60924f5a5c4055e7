"""Who lives in a household on a day, with the names that pages show; two queries whatever the number of households."""

from dataclasses import dataclass, replace
from datetime import date

from households.beside import guarded
from households.models import Membership, Particulars, Person, PersonLink, PersonName, Restriction
from households.models.circle import TODAY
from households.words import MEMBER_ROLES

# A link is read from either of its records.
BOTH_ENDS = (("person", "duplicate"), ("duplicate", "person"))


@dataclass(frozen=True)
class Member:
    """One person of a household as of a day. `name` is the Hangul name, else the case number; where `named` is False,
    the role and the case number (`callable_on`)."""

    person: Person
    household_id: int
    role: str
    role_label: str
    name: str
    sex: str
    birth_on: date | None
    birth_precision: str
    is_defector: bool | None
    named: bool = True

    @property
    def pk(self):
        """The person's id."""
        return self.person.pk


def members_on(households, day):
    """Return {household id: [Member, …]} of the living households, the head first, then as recorded."""
    rows = (
        Membership.objects.current()
        .filter(household__in=households, during__contains=day)
        .select_related("person")
        .order_by("id")
    )
    found = sorted(rows, key=lambda row: row.role != Membership.Role.HEAD)
    people = [row.person_id for row in found]
    names = names_on(people, day)
    about = {row.person_id: row for row in Particulars.objects.current().filter(person__in=people).order_by("id")}
    result = {}
    for row in found:
        result.setdefault(row.household_id, []).append(_member(row, names, about.get(row.person_id)))
    return result


def callable_on(household, day):
    """Return the members of one household on a day as every form and choice calls them: all of them by role and case
    number where a violence marker stands there or one of them had the use of their data stopped. Four queries."""
    members = members_on([household], day).get(household.pk, [])
    if not guarded({household.pk}) and not stopped_among([member.pk for member in members]):
        return members
    return [replace(member, name=f"{member.role_label} {member.person.case_number}", named=False) for member in members]


def _member(row, names, about):
    return Member(
        person=row.person,
        household_id=row.household_id,
        role=row.role,
        role_label=str(MEMBER_ROLES[row.role]),
        name=names.get(row.person_id, row.person.case_number),
        sex=about.sex if about else Particulars.Sex.UNKNOWN,
        birth_on=about.birth_on if about else None,
        birth_precision=about.birth_precision if about else Particulars.Precision.DAY,
        is_defector=about.is_defector if about else None,
    )


def names_on(person_ids, day):
    """Return {person id: the name in Hangul on a day, or the Latin one where there is none}; one query."""
    rows = PersonName.objects.current().filter(
        person__in=person_ids, during__contains=day, kind__in=(PersonName.Kind.HANGUL, PersonName.Kind.LATIN)
    )
    ordered = sorted(rows.order_by("id"), key=lambda row: row.kind == PersonName.Kind.HANGUL)
    return {row.person_id: str(row) for row in ordered}


def register_names_on(person_ids, day):
    """Return ({person id: name}, {ids of the guarded}) for people outside their centre; three queries.

    A guarded person, one of `marked_among`, is called by the case number.
    """
    numbers = _numbers_of_marked(person_ids)
    return names_on(person_ids, day) | numbers, set(numbers)


def marked_among(person_ids):
    """Return the set of those of `person_ids` who belong, or ever belonged, to a household with a violence marker
    today (see households.beside): who fled is not named through the household that was left, nor through a second
    record that is linked. Two queries."""
    return set(_numbers_of_marked(person_ids))


def stopped_among(person_ids):
    """Return the set of those of `person_ids` who had the use of their data stopped, asked for under this record or one
    that is linked. Rights are today's. One query."""
    stopped = Restriction.objects.current().during(TODAY).people()
    found = Person.objects.filter(pk__in=person_ids).filter(pk__in=stopped)
    return set(found.order_by().values_list("pk", flat=True))


def called_on(person_ids, day):
    """Return ({person id: how the person is called in a list or a choice}, {ids of those called by number}): whom a
    marker guards (`marked_among`) and who had the use of their data stopped go by the case number. Four queries."""
    ids = set(person_ids)
    hidden = marked_among(ids) | stopped_among(ids)
    numbers = dict(Person.objects.filter(pk__in=ids).order_by().values_list("pk", "case_number"))
    names = numbers | names_on(ids - hidden, day)
    return names, hidden


def unnamed(households):
    """Return the set of those of `households` (ids) whose people are called by number today, in lists and choices: a
    violence marker stands there (see households.beside), or somebody who lives there had the use of their data
    stopped. Two queries."""
    ids = set(households)
    living = Membership.objects.current().during(TODAY).filter(household__in=ids, kind="living")
    stopped = living.filter(person__in=Restriction.objects.current().during(TODAY).people())
    return guarded(ids) | set(stopped.order_by().values_list("household", flat=True))


def _numbers_of_marked(person_ids):
    homes = Membership.objects.current().filter(person__in=person_ids, during__isempty=False).order_by()
    columns = ("person_id", "person__case_number", "household_id")
    rows = list(
        homes.values_list(*columns).union(*(_homes_of_linked(person_ids, *ends) for ends in BOTH_ENDS), all=True)
    )
    marked = guarded({household for _person, _number, household in rows})
    return {person: number for person, number, household in rows if household in marked}


def _homes_of_linked(person_ids, here, there):
    rows = PersonLink.objects.standing().filter(**{f"{here}__in": person_ids}).order_by()
    home = f"{there}__membership_set__household"
    current = {f"{there}__membership_set__superseded_at": None, f"{home}__isnull": False}
    return rows.filter(**current).values_list(here, f"{here}__case_number", home)


def title_of(members, household):
    """Return how a household is called: its head's name, or its number while it has nobody or nobody in it is called
    by name (`callable_on`)."""
    return members[0].name if members and members[0].named else household.number
