"""A conflict of interest: who works here and is kin to somebody on file, or was a client, or is one."""

from collections import defaultdict
from functools import lru_cache

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Exists, Q
from django.utils.translation import gettext_lazy as _

from casework.agencies.roles import May, granted
from casework.facts import one_version
from casework.keys import written
from households.models.base import OfPersonQuerySet
from households.models.circle import TODAY, Household, Membership
from households.models.duplicate import PersonLink, either_record
from households.models.person import OfPerson, Person


class ConflictQuerySet(OfPersonQuerySet):
    def visible_to(self, user):
        """A conflict is seen by the worker it is about, and by the supervisors and the head of the centre that keeps
        the person's file: neither a share nor an assignment opens it."""
        kept = Person.objects.kept_by(user).order_by().values("pk")
        return self.filter(Q(user=user.pk) | Q(Exists(granted(May.SEE_CENTRE, user)), person__in=kept))

    def of_colleagues(self, user, people):
        """Those that bar colleagues at the user's own agency from `people` (ids), whom the user was shown: that there
        is one and of which colleague, for somebody else takes over; not why."""
        return self.standing().filter(person__in=people, user__agency=user.agency_id).select_related("user")

    def standing(self):
        """Return those that hold today."""
        return self.current().filter(during__contains=TODAY)


class ConflictOfInterest(OfPerson):
    """A user may not see or work for a person's household on some days; ended by somebody else, never deleted."""

    class Kind(models.TextChoices):
        KIN = "kin", _("Kin, or living together")
        FORMER = "former", _("Was this person's client, or the other way round")
        CLIENT = "client", _("Is looked after in the same household or by this person")
        OTHER = "other", _("Something else that stands in the way")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="conflicts", verbose_name=_("Worker"), db_index=False
    )
    kind = models.CharField(_("What stands in the way"), max_length=8, choices=Kind)
    words = models.CharField(_("In a few words"), max_length=200, blank=True)
    during = DateRangeField()

    objects = ConflictQuerySet.as_manager()

    class Meta(OfPerson.Meta):
        abstract = False
        constraints = [
            one_version("conflict"),
            ExclusionConstraint(
                name="one_conflict_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=Q(superseded_at=None),
                violation_error_message=_("This conflict of interest is on record already."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["user"], include=["person", "during"], condition=Q(superseded_at=None), name="conflict_user"
            ),
            models.Index(
                fields=["person"], include=["user", "during"], condition=Q(superseded_at=None), name="conflict_person"
            ),
        ]

    def __str__(self):
        return f"{self.user_id} · {self.person_id}"

    @property
    def mark(self):
        """By which number an office is told of it, without a word about anybody."""
        return f"C-{self.fact_id}"


def barred_from(user):
    """Return the keys of the households that the user's conflicts of interest close, whatever role, share or
    assignment there is: those to which such a person belongs or ever belonged, under this record or one that is linked,
    for their file tells of that person."""
    return _barred(user.pk)


@lru_cache(maxsize=2048)
def _barred(user_id):
    held = ConflictOfInterest.objects.standing().filter(user=user_id).order_by().values("person")
    rows = Membership.objects.current().filter(person__in=either_record(held), during__isempty=False)
    return written(rows.values("household"))


def barred_people(user):
    """Return the keys of the people whose records the user's conflicts of interest close where no household leads to
    them (a register, a request, a report): who lives now, or lived last, in a household of `barred_from`, and the
    persons themselves, under either record."""
    held = ConflictOfInterest.objects.standing().filter(user=user.pk).order_by().values("person")
    homes = Household.objects.filter(pk__in=barred_from(user))
    living = Person.objects.living_in(homes).order_by().values("pk")
    return living.union(either_record(held), all=True)


def barred_pairs(users, households):
    """Return {(user id, household id)} of those of `users` whom a conflict of interest bars from one of `households`
    today, as `barred_from` says; one query, and two more only where one of `users` has a conflict."""
    held = ConflictOfInterest.objects.standing().filter(user__in=users).order_by().values_list("user", "person")
    barred = defaultdict(set)
    for user, person in held:
        barred[person].add(user)
    if not barred:
        return set()
    linked = PersonLink.objects.standing().filter(Q(person__in=list(barred)) | Q(duplicate__in=list(barred)))
    for one, other in list(linked.order_by().values_list("person", "duplicate")):
        barred[one], barred[other] = (barred[one] | barred[other],) * 2
    rows = Membership.objects.current().filter(person__in=list(barred), household__in=households, during__isempty=False)
    found = rows.order_by().values_list("person", "household")
    return {(user, household) for person, household in found for user in barred[person]}


def all_barred():
    """Return {(user id, household id)} of everybody's conflicts of interest, as `barred_from` says of one."""
    held = ConflictOfInterest.objects.standing().order_by()
    return barred_pairs(held.values("user"), Household.objects.order_by().values("pk"))
