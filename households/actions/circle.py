"""Who belongs to which household: moving in and out, marriage, divorce, a new head."""

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from casework.audit.record import record
from households.actions.refusal import Refused
from households.actions.verb import close, lock, on_day, since, verb
from households.models import Assignment, Dwelling, Household, Membership, Responsibility

HEAD = Membership.Role.HEAD


def belonging(person, *, on, kind=Household.Kind.LIVING):
    """Return the person's membership of a kind on a day, or None."""
    return on_day(Membership.objects, on).filter(person=person, kind=kind).select_related("household").first()


@verb
def move_in(person, household, *, role=Membership.Role.OTHER, on, by):
    """Make a person who belongs nowhere a member of `household` from `on`; return the membership."""
    lock(household)
    membership = _join(person, household, role=role, on=on, by=by)
    record("moved_in", person, by=by, household_id=household.pk, data={"on": on.isoformat(), "role": str(role)})
    return membership


@verb
def move_person(person, *, to, on, by, role=Membership.Role.OTHER, new_head=None):
    """Move a person from today's household into `to` from `on`; return the new membership.

    Raises `Refused` (field `new_head`) when a head leaves others behind and nobody was named to follow.
    """
    held = belonging(person, on=on, kind=to.kind)
    lock(to, held and held.household)
    if held and held.household_id == to.pk:
        raise Refused(_("This person belongs to this household already."), field="to")
    if held:
        _leave(held, on=on, by=by, new_head=new_head)
    membership = _join(person, to, role=role, on=on, by=by)
    data = {"on": on.isoformat(), "to": to.number, "from": held.household.number if held else ""}
    for household in filter(None, (held and held.household, to)):
        record("person_moved", person, by=by, household_id=household.pk, data=data)
    return membership


@verb
def move_out(person, *, on, by, new_head=None, taking=(), district=None, town=""):
    """Let a person, and the members in `taking`, found a household of their own from `on`; return it.

    The centre and the workers stay the same, so that nobody falls between two files; the address is the old one
    unless `district` is given.
    """
    held = belonging(person, on=on)
    if held is None:
        raise Refused(_("This person belongs to no household on this day."), field="on")
    old = held.household
    lock(old)
    own = Household.objects.create(kind=old.kind)
    going = [held, *on_day(Membership.objects, on).filter(household=old, person__in=taking).exclude(pk=held.pk)]
    _leave_together(going, on=on, by=by, new_head=new_head)
    for one in going:
        role = HEAD if one.pk == held.pk else _role_beside(one)
        _join(one.person, own, role=role, on=on, by=by)
    _inherit(old, own, on=on, by=by, district=district, town=town)
    data = {"on": on.isoformat(), "to": own.number, "from": old.number, "people": len(going)}
    for household in (old, own):
        record("moved_out", person, by=by, household_id=household.pk, data=data)
    return own


@verb
def marry(person, *, to, on, by, taking=(), new_head=None):
    """Record a marriage: `person` lives from `on` in the household of `to`, with the members in `taking`.

    Two people of one household stay where they are; only the role changes.
    """
    if person.pk == to.pk:
        raise Refused(_("A marriage is between two people."), field="partner")
    home = belonging(to, on=on)
    if home is None:
        raise Refused(_("%(person)s belongs to no household on this day.") % {"person": to}, field="to")
    held = belonging(person, on=on)
    lock(home.household, held and held.household)
    role = Membership.Role.SPOUSE if home.role == HEAD else Membership.Role.OTHER
    if held and held.household_id == home.household_id:
        # Beside a head, whoever is not the head becomes the spouse.
        other, beside = (home, Membership.Role.SPOUSE) if held.role == HEAD else (held, role)
        if other.role != beside:
            _change_role(other, role=beside, on=on, by=by)
    else:
        going = [held] if held else []
        if held:
            going += (
                on_day(Membership.objects, on).filter(household=held.household, person__in=taking).exclude(pk=held.pk)
            )
            _leave_together(going, on=on, by=by, new_head=new_head)
        _join(person, home.household, role=role, on=on, by=by)
        for child in going[1:]:
            _join(child.person, home.household, role=_role_beside(child), on=on, by=by)
    data = {"on": on.isoformat(), "with": to.case_number}
    record("married", person, by=by, household_id=home.household_id, data=data)
    if held and held.household_id != home.household_id:
        record("married", person, by=by, household_id=held.household_id, data=data)
    return belonging(person, on=on)


@verb
def divorce(person, *, on, by, new_head=None, taking=(), district=None, town=""):
    """Record a divorce: `person` leaves, with the members in `taking`, into a household of their own; return it."""
    held = belonging(person, on=on)
    own = move_out(person, on=on, by=by, new_head=new_head, taking=taking, district=district, town=town)
    for household_id in (held.household_id, own.pk):
        record("divorced", person, by=by, household_id=household_id, data={"on": on.isoformat()})
    return own


@verb
def change_head(household, *, to, on, by):
    """Make `to`, a member, the head from `on`; the head until then becomes an ordinary member."""
    lock(household)
    now = on_day(Membership.objects, on).filter(household=household, role=HEAD).first()
    if now and now.person_id == to.pk:
        return now
    if now:
        _change_role(now, role=Membership.Role.OTHER, on=on, by=by)
    membership = succeed(household, to, on=on, by=by)
    record(
        "head_changed", household, by=by, household_id=household.pk, data={"on": on.isoformat(), "to": to.case_number}
    )
    return membership


def succeed(household, person, *, on, by):
    """Give the member `person` the role of head from `on`."""
    held = on_day(Membership.objects, on).filter(household=household, person=person).first()
    if held is None:
        raise Refused(_("The new head must be a member of the household on this day."), field="new_head")
    return _change_role(held, role=HEAD, on=on, by=by)


def end_membership(held, *, on, by, new_head):
    """End one membership; see `move_person` for who follows a head."""
    _leave(held, on=on, by=by, new_head=new_head)


def _join(person, household, *, role, on, by, until=None):
    during = DateRange(on, until)
    return Membership.objects.create(
        person=person, household=household, kind=household.kind, role=role, during=during, recorded_by=by
    )


def _leave(held, *, on, by, new_head):
    _leave_together([held], on=on, by=by, new_head=new_head)


def _leave_together(going, *, on, by, new_head):
    household = going[0].household
    staying = on_day(Membership.objects, on).filter(household=household).exclude(pk__in=[held.pk for held in going])
    head_leaves = any(held.role == HEAD for held in going)
    if head_leaves and staying.exists() and new_head is None:
        raise Refused(_("The head of the household leaves: please say who is the head from then on."), field="new_head")
    if head_leaves and new_head and not staying.filter(person=new_head).exists():
        raise Refused(_("The new head must be one of those who stay."), field="new_head")
    for held in going:
        close(held, on=on, by=by)
    if head_leaves and new_head:
        succeed(household, new_head, on=on, by=by)


def _change_role(held, *, role, on, by):
    close(held, on=on, by=by)
    return _join(held.person, held.household, role=role, on=on, by=by, until=held.during.upper)


def _role_beside(held):
    """A child stays a child beside the parent who takes it along; what others are to a new head nobody has said."""
    return held.role if held.role == Membership.Role.CHILD else Membership.Role.OTHER


def _inherit(old, own, *, on, by, district, town):
    if district:
        Dwelling.objects.create(household=own, district=district, town=town, during=since(on), recorded_by=by)
    else:
        _repeat(Dwelling, old, own, ("district", "town"), on=on, by=by)
    _repeat(Responsibility, old, own, ("center",), on=on, by=by)
    _repeat(Assignment, old, own, ("worker", "kind", "reason"), on=on, by=by)


def _repeat(model, old, own, names, *, on, by):
    """Let everything that holds for the old household from `on`, now or later, hold for the new one as long."""
    for fact in model.objects.current().filter(household=old, during__overlap=since(on)).order_by("id"):
        first = on if fact.during.lower is None else max(on, fact.during.lower)
        during = DateRange(first, fact.during.upper)
        said = {name: getattr(fact, name) for name in names}
        model.objects.create(household=own, during=during, recorded_by=by, **said)
