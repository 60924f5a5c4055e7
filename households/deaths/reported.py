"""A death that a file of the register tells: nobody has said on which day, or who follows as head, or that it is true.

So the file ends nothing by itself. The person is no longer called, written to or counted as living from then on, and
the desk asks until somebody answers: the death is recorded as any other, or the file was wrong.
"""

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from casework.audit.record import record
from casework.facts import supersede
from households.actions.refusal import Refused
from households.actions.verb import lock, lock_person, verb
from households.deaths.workflow import ReviewStatus
from households.models import DeathReview, Residence

DECEASED = Residence.Status.DECEASED


def reported():
    """Return the Residence rows by which a file tells of a death that nobody has confirmed, and that no later file
    took back: an end says that the register knows the person otherwise from that day on."""
    return unconfirmed().filter(during__upper_inf=True)


def unconfirmed():
    """Return the Residence rows by which a file told of a death that nobody has confirmed, taken back or not."""
    answered = DeathReview.objects.filter(person=OuterRef("person")).exclude(status=ReviewStatus.WITHDRAWN)
    told = Residence.objects.current().filter(status=DECEASED, batch__isnull=False, during__isempty=False)
    return told.filter(~Exists(answered.order_by()))


def why_not_called(person, on):
    """Return why nobody calls or writes to a person any more, in a sentence: the death is on record on a day, or a file
    tells of one that nobody has confirmed; else ""."""
    if reported().filter(person=person).exists():
        return _(
            "The register has told us that this person has died. Until it is confirmed, nobody is called or written to."
        )
    if Residence.objects.current().filter(person=person, status=DECEASED, during__contains=on).exists():
        return _("This person has died and is no longer called or written to. The record is kept.")
    return ""


def was_living(told, *, on, by):
    """Put the row of a file right: until `on` (None: for good) the person stood where they stood before the file."""
    first, after = told.during.lower, told.during.upper
    until = min((day for day in (on, after) if day is not None), default=None)
    none_left = first is not None and until is not None and first >= until
    during = DateRange(empty=True) if none_left else DateRange(first, until)
    return supersede(told, by=by, during=during, status=_before(told))


def _before(told):
    """The status that the file replaced, or, where it told of the person for the first time, that it is not known."""
    rows = Residence.objects.filter(person=told.person_id, pk__lt=told.pk).exclude(status=DECEASED)
    last = rows.order_by("-id").values_list("status", flat=True).first()
    return last or Residence.Status.UNKNOWN


@verb
def deny_death(person, *, household, by, reason):
    """Record that a person lives whose death a file told; return the Residence. Raises `Refused` where it was answered
    before."""
    lock(household)
    lock_person(person)
    told = reported().filter(person=person).order_by("id").first()
    if told is None:
        raise Refused(_("Somebody answered this before you. Please look at the person again."))
    made = was_living(told, on=None, by=by)
    record("reported death was wrong", person, by=by, household_id=household.pk, reason=reason)
    return made
