"""What circumstances and screenings share: landing once, being taken back by their author within a day, their Event."""

from django.db.models import F
from django.db.models.functions import Greatest, Now
from django.utils.translation import gettext as _

from casework.audit.record import record
from casework.landing import landed
from casework.touched import Touched
from households.actions.contacts import EDIT_FOR
from households.actions.refusal import Refused
from households.models import Membership


def landed_version(model, by, client_key):
    """Return what `by` recorded under this key before, as it stands now, or None; what was taken back counts."""
    first = landed(model.objects.order_by("id"), by=by, client_key=client_key)
    return first and (model.objects.current().filter(fact_id=first.fact_id).first() or first)


def take_back(fact):
    """Supersede the fact by nothing: from now on nobody is told it. Its households wait for a sweep."""
    type(fact).objects.filter(pk=fact.pk, superseded_at=None).update(superseded_at=Greatest(Now(), F("known_at")))
    homes = Membership.objects.current().filter(person=fact.person_id).order_by().values_list("household", flat=True)
    Touched.objects.bulk_create(Touched(household_id=home) for home in set(homes))


def check_can_withdraw(fact, user, *, now):
    """Raise `Refused` unless `user` made the entry and its 24 hours, counted from the first version, still run."""
    first = type(fact).objects.filter(fact_id=fact.fact_id).order_by("id").first()
    if first.recorded_by_id != user.pk:
        raise Refused(_("Only the author takes an entry back; others correct it."))
    if now - first.recorded_at > EDIT_FOR:
        raise Refused(_("An entry can be taken back for 24 hours. Please correct it instead."))


def can_withdraw(fact, user, *, now):
    """Return the answer of `check_can_withdraw` as a bool."""
    try:
        check_can_withdraw(fact, user, now=now)
    except Refused:
        return False
    return True


def note(verb_name, fact, *, on, by):
    """Write the Event: of whom and about what, nothing of what was said."""
    homes = Membership.objects.current().filter(person=fact.person_id, during__contains=on) if on else None
    home = homes.order_by("id").values_list("household", flat=True).first() if homes is not None else None
    about = getattr(fact, "kind", None) or fact.instrument
    data = {"fact": fact.fact_id, "about": about, "on": on.isoformat() if on else None}
    record(verb_name, fact.person, by=by, household_id=home, data=data)
