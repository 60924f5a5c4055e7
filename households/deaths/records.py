"""The records of one person: a death holds for every record that is linked while one centre keeps their files."""

from django.db.models import Q

from households.models import Membership, Person, PersonLink, Responsibility
from households.models.circle import TODAY


def records_of(person):
    """Return the person and, after it, every other record of the same person by a standing link.

    A record whose file another centre keeps stands as it does: the link does not count there (`risk/sql/links.sql`).
    """
    links = PersonLink.objects.standing()
    kept = set(links.filter(duplicate=person.pk).values_list("person", flat=True)) | {person.pk}
    pairs = links.filter(Q(person__in=kept)).values_list("person", "duplicate")
    others = {one for pair in pairs for one in pair} - {person.pk}
    centres = _centres([person.pk, *others]) if others else {}
    ours = centres.get(person.pk, set())
    here = {one for one in others if not ours or not centres.get(one) or centres[one] & ours}
    return [person, *Person.objects.filter(pk__in=here).order_by("pk")]


def _centres(people):
    """Return {person id: ids of the centres that keep a file of a household the person belongs to today}."""
    homes = Membership.objects.current().filter(person__in=people, during__contains=TODAY)
    pairs = list(homes.order_by().values_list("person", "household"))
    duties = Responsibility.objects.current().filter(household__in={home for _person, home in pairs})
    center = dict(duties.filter(during__contains=TODAY).order_by().values_list("household", "center"))
    found = {}
    for person, home in pairs:
        if home in center:
            found.setdefault(person, set()).add(center[home])
    return found
