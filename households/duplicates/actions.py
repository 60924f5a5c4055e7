"""The verbs of links: propose, confirm, decline, undo, and saying that two records are of two people.

Nothing of either record is moved or written over. Households are locked first, then the persons, then the link.
"""

from django.db.models import Max, Q
from django.utils.translation import gettext as _

from casework.audit.record import record
from casework.landing import landed
from casework.touched import Touched
from households.actions.refusal import NotAllowed, Refused
from households.actions.rights import check_can_take_in
from households.actions.verb import lock, verb
from households.deaths.workflow import ReviewStatus
from households.duplicates.workflow import LINK, LinkStatus
from households.models import (
    DeathReview,
    Hometown,
    Household,
    Membership,
    Particulars,
    Person,
    PersonLink,
    PersonName,
    PersonsApart,
    Phone,
    Residence,
    Responsibility,
)
from households.models.circle import TODAY


@verb
def propose(kept, duplicate, *, reason, by, now, client_key=None):
    """Propose that `duplicate` is a second record of `kept` (Persons); return the PersonLink.

    Two records in one household are linked at once; in two, a second person confirms. The same pair again returns the
    link that waits or stands. Raises `NotAllowed` unless `by` keeps both files, `Refused` with the reason otherwise.
    """
    check_keeps(by, kept, duplicate)
    homes = _hold(kept, duplicate)
    if made := landed(PersonLink.objects, by=by, client_key=client_key, author="proposed_by"):
        return made
    if same := PersonLink.objects.waiting_or_standing().filter(person=kept, duplicate=duplicate).first():
        return same
    if not reason.strip():
        raise Refused(_("Please say why they are one person."), field="reason")
    _check_pair(kept, duplicate)
    shared = homes[kept.pk] & homes[duplicate.pk]
    made = PersonLink.objects.create(
        person=kept,
        duplicate=duplicate,
        reason=reason.strip(),
        needs_second=not shared,
        proposed_by=by,
        proposed_at=now,
        client_key=client_key,
    )
    _note("link_proposed", made, by=by, reason=made.reason)
    return made if made.needs_second else _confirmed(made, by=by, now=now)


@verb
def confirm(link, *, by, now):
    """Link the two records; from now on what `docs/adr/0025` names counts for the kept one. Returns the link."""
    _hold(link.person, link.duplicate)
    LINK.check(link, "confirm", by)
    _check_alive(*link.records)
    return _confirmed(link, by=by, now=now)


@verb
def decline(link, *, reason, by, now):
    """Do not link what was proposed; return the link. Both records stand as before."""
    return _ended(link, "decline", reason, by, now)


@verb
def undo(link, *, reason, by, now):
    """Undo a link in one step: nothing was moved, so both records stand as if it had never been. Returns the link.

    Raises `Refused` while a death stands that was recorded for both: undone before it is corrected, the link would
    leave somebody who lives on record as deceased.
    """
    return _ended(link, "undo", reason, by, now)


@verb
def keep_apart(one, two, *, reason, by, now):
    """Remember that two records are of two people, and why; return the PersonsApart. Said twice, it is kept once.

    The pair is not shown again until a name, the particulars or a telephone number of either changes.
    """
    check_keeps(by, one, two)
    one, two = sorted((one, two), key=lambda person: person.pk)
    _hold(one, two)
    if not reason.strip():
        raise Refused(_("Please say why they are two people."), field="reason")
    if PersonLink.objects.waiting_or_standing().filter(_either(one.pk, two.pk)).exists():
        raise Refused(_("These two records are linked, or a link is proposed. Undo or decline it first."))
    changed = last_changed(one.pk, two.pk)
    said = PersonsApart.objects.filter(one=one, two=two)
    if same := said.filter(recorded_at__gte=changed).first() if changed else said.first():
        return same
    made = PersonsApart.objects.create(one=one, two=two, reason=reason.strip(), judged_by=by, judged_at=now)
    for person in (one, two):
        record("records_apart", person, by=by, reason=made.reason, household_id=_home(person.pk))
    return made


def last_changed(*people):
    """Return the moment at which a name, the particulars or a telephone number of `people` (ids) was last recorded."""
    moments = (
        model.objects.filter(person__in=people).aggregate(last=Max("recorded_at"))["last"]
        for model in (PersonName, Particulars, Phone, Hometown)
    )
    return max((moment for moment in moments if moment), default=None)


def check_keeps(user, *people):
    """Raise `NotAllowed` unless the user keeps the register at the centre that keeps the file of all of `people`."""
    check_can_take_in(user)
    ids = {person.pk for person in people}
    if Person.objects.kept_by(user).filter(pk__in=ids).count() < len(ids):
        raise NotAllowed(_("Records are linked by somebody who keeps the files of both."))


def _hold(*people):
    """Lock the households of `people` and then the persons; return {person id: set of households today}, as it stands
    once they are held. Raises `Refused` where somebody moved meanwhile to a home that is not held."""
    before = _homes_of(people)
    lock(*Household.objects.filter(pk__in={house for _person, house in before}))
    ids = sorted(person.pk for person in people)
    list(Person.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))
    found = _homes_of(people)
    if {house for _person, house in found} - {house for _person, house in before}:
        raise Refused(_("One of the two moved just now. Please look again."))
    return {pk: {house for person, house in found if person == pk} for pk in ids}


def _homes_of(people):
    rows = Membership.objects.current().filter(person__in=people, during__contains=TODAY, kind="living")
    return list(rows.order_by().values_list("person", "household"))


def _check_pair(kept, duplicate):
    """Raise `Refused` where the two cannot be linked: the same, a chain, another centre, the dead."""
    if kept.pk == duplicate.pk:
        raise Refused(_("A record is not linked to itself."))
    held = PersonLink.objects.waiting_or_standing().select_related("person", "duplicate")
    if link := held.filter(Q(duplicate__in=(kept.pk, duplicate.pk))).first():
        words = {"record": link.duplicate.case_number, "kept": link.person.case_number}
        raise Refused(_("%(record)s is linked to %(kept)s, or a link is proposed. Use %(kept)s instead.") % words)
    if link := held.filter(person=duplicate).first():
        words = {"record": link.duplicate.case_number, "kept": link.person.case_number}
        raise Refused(
            _("%(record)s is linked to %(kept)s. Keep %(kept)s, or undo that link first: links make no chains.") % words
        )
    centres = Responsibility.objects.current().filter(during__contains=TODAY)
    both = centres.filter(household__in=[_home(kept.pk), _home(duplicate.pk)]).values("center").distinct()
    if both.order_by().count() > 1:
        raise Refused(_("The two files are kept by different centres. Ask for the transfer of one of them first."))
    _check_alive(kept.pk, duplicate.pk)


def _check_alive(*people):
    gone = Residence.objects.current().filter(person__in=people, during__contains=TODAY, status="deceased")
    if gone.exists():
        raise Refused(_("One of the two is on record as deceased. Please clear that up before you link them."))


def _check_no_death_of_both(link):
    """A death of which only the file of the register tells was told of each record by itself."""
    gone = Residence.objects.current().filter(person__in=link.records, during__contains=TODAY, status="deceased")
    if gone.order_by().values("person").distinct().count() < len(link.records):
        return
    held = DeathReview.objects.exclude(status=ReviewStatus.WITHDRAWN).exclude(ended=[])
    if held.filter(person__in=link.records, opened_at__gte=link.linked_at).exists():
        raise Refused(
            _(
                "A death is on record for both records. If they are two people, record the death as a mistake first; "
                "then undo the link, and record the death of the one who died."
            ),
            field="reason",
        )


def _confirmed(link, *, by, now):
    made = LINK.perform(link, "confirm", by=by, reason=link.reason, linked_by=by, linked_at=now)
    _note("link_linked", made, by=by, reason=made.reason)
    _touch(made)
    return made


def _ended(link, step, reason, by, now):
    if not reason.strip():
        raise Refused(_("Please say why."), field="reason")
    _hold(link.person, link.duplicate)
    if step == "undo":
        _check_no_death_of_both(link)
    why = {"ended_by": by, "ended_at": now, "ended_why": reason.strip()}
    made = LINK.perform(link, step, by=by, reason=reason.strip(), **why)
    _note(f"link_{made.status}", made, by=by, reason=made.ended_why)
    if made.status == LinkStatus.UNDONE:
        _touch(made)
    return made


def _touch(link):
    """Let the homes of both be swept: what counts for whom has changed."""
    homes = Membership.objects.current().filter(person__in=link.records).order_by().values_list("household", flat=True)
    Touched.objects.bulk_create(Touched(household_id=home) for home in sorted(set(homes)))


def _note(verb_name, link, *, by, reason):
    """Write the Event of each of the two, at the home it lives in."""
    for person in (link.person, link.duplicate):
        record(verb_name, person, by=by, reason=reason, household_id=_home(person.pk), data={"link": link.pk})


def _home(person):
    rows = Membership.objects.current().filter(person=person, during__contains=TODAY, kind="living")
    return rows.order_by("id").values_list("household", flat=True).first()


def _either(one, two):
    return Q(person=one, duplicate=two) | Q(person=two, duplicate=one)
