"""Those who lived in a household last and live nowhere on record now: what still runs of theirs has to be ended too."""

from dataclasses import dataclass
from datetime import date

from django.db.models import DateField, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Cast

from households.members import called_on
from households.models import Job, Membership, Person, Residence, Schooling, Treatment


@dataclass(frozen=True)
class Former:
    """Somebody who died or left: how they are called, and the day until which something of theirs can have run."""

    person: Person
    name: str
    until: date
    died: bool

    @property
    def pk(self):
        """The person's id."""
        return self.person.pk


def former_of(household, on, *, open_only=True):
    """Return the Formers of a household as of a day, in the order in which they left; whoever lives in another
    household since belongs there. Behind a violence marker, and who had the use of their data stopped, goes by number.
    `open_only`: those of whom a job, a schooling or a treatment still runs. One query where there is nobody, else one
    and those of `called_on`."""
    left = Q(died_on__isnull=False) | ~Exists(_living(OuterRef("person"), on))
    rows = _last(household=household).filter(left, during__endswith__lte=on)
    if open_only:
        runs = [Exists(model.objects.current().filter(person=OuterRef("person"), ended_on=None)) for model in MODELS]
        rows = rows.filter(runs[0] | runs[1] | runs[2])
    held = {row.person_id: row for row in rows.select_related("person").order_by("during", "id")}
    if not held:
        return []
    names, _hidden = called_on(list(held), on)
    return [
        Former(row.person, names[key], row.died_on or row.during.upper, bool(row.died_on)) for key, row in held.items()
    ]


def until_of(person, on):
    """Return (the last day on which something of the person can have run, whether they died), or (None, False) for
    somebody who lives on record, or of whom no household is known. A day of leaving is our own criterion: what somebody
    did afterwards the centre has not followed. One query."""
    row = _last(person=person).order_by("-during").first()
    if row is None:
        died = _died(person.pk).values_list("day", flat=True).first()
        return died, died is not None
    if row.died_on:
        return row.died_on, True
    gone = row.during.upper is not None and row.during.upper <= on
    return (row.during.upper, False) if gone and not _living(person.pk, on).exists() else (None, False)


MODELS = (Job, Schooling, Treatment)


def _last(**about):
    """Memberships of living together that held on some day, with `died_on`."""
    rows = Membership.objects.current().filter(kind="living", during__isempty=False, **about)
    return rows.annotate(died_on=Subquery(_died(OuterRef("person")).values("day")[:1]))


def _living(person, on):
    rows = Membership.objects.current().filter(person=person, kind="living", during__isempty=False)
    return rows.filter(Q(during__endswith=None) | Q(during__endswith__gt=on)).order_by()


def _died(person):
    rows = Residence.objects.current().filter(person=person, status=Residence.Status.DECEASED, during__upper_inf=True)
    return rows.order_by("id").annotate(day=Cast("during__startswith", DateField()))
