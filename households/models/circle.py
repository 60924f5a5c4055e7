"""A household, and who and what belongs to it on which days."""

from functools import lru_cache

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Exists, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from casework.agencies.models import DutyShift
from casework.agencies.roles import May, agency_of, granted
from casework.facts import Fact, one_version
from casework.keys import written
from casework.numbers import HOUSEHOLD_GROUPS, make_number
from casework.touched import OF_HOUSEHOLD, touches
from households.models.base import OfHouseholdQuerySet
from households.models.person import OfPerson, Person


def new_household_number():
    """Return a random household number with a check digit, such as "3FK-72M-8", that nobody has yet."""
    while Household.objects.filter(number=(number := make_number(HOUSEHOLD_GROUPS))).exists():
        pass
    return number


TODAY = models.Func(template="CURRENT_DATE", output_field=models.DateField())


class HouseholdQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A household is seen by its worker and substitutes, by the supervisors and the head of the centre
        responsible for it today, and, as the exception, by those it is shared with while the share lasts, and in an
        Emergency by who is on duty for that centre, while the shift lasts. Whoever has a conflict of interest with one
        of its people does not see it, on none of these ways."""
        return self.filter(pk__in=scope_of(user))

    def kept_by(self, user):
        """Of `visible_to`, those whose file the user's own centre keeps: a share shows one and hands nothing over."""
        return self.visible_to(user).filter(pk__in=_ours(user.pk))


def scope_of(user):
    """Return the keys that `Household.visible_to` admits, some twice, for a question that joins them itself."""
    return _scope(user.pk)


_wider = []


def widen(function):
    """Add a function of a floor above, `function(user)`, that returns rows with `household`: keys that the user sees
    besides, all of the user's own centre; adding it twice changes nothing. Told at the start (`AppConfig.ready`)."""
    if function not in _wider:
        _wider.append(function)
    return function


def on_duty(user):
    """Return the shifts that the user has now, at the own agency."""
    return DutyShift.objects.filter(user=user.pk, agency=agency_of(user), during__contains=Now()).order_by()


@lru_cache(maxsize=2048)
def _scope(user_id):
    """Kept as it is written, because it depends on nothing but the id: rights are read when the question is asked."""
    from households.models.share import shared_with

    user = get_user_model()(pk=user_id)
    shared = [rows.values("household") for rows in shared_with(user)]
    shared += [function(user).values("household") for function in _wider]
    return written(
        caseload_of(user).values("household").union(overseen_by(user).values("household"), *shared, all=True)
    )


@lru_cache(maxsize=2048)
def _ours(user_id):
    return written(ours(get_user_model()(pk=user_id)).values("household"))


def ours(user):
    """Return the responsibilities that the user's own agency holds today, without the households from which a conflict
    of interest bars the user: no role, share or assignment passes this by."""
    from households.models.conflict import barred_from

    held = Responsibility.objects.current().filter(during__contains=TODAY, center=agency_of(user))
    return held.exclude(household__in=barred_from(user))


def caseload_of(user):
    """Return today's assignments of the user in households that the user's own centre answers for."""
    return Assignment.objects.current().filter(
        during__contains=TODAY, worker__in=granted(May.SEE_CASELOAD, user), household__in=_ours(user.pk)
    )


def overseen_by(user):
    """Return the responsibilities of the user's own centre, for its supervisors and its head."""
    return ours(user).filter(Exists(granted(May.SEE_CENTRE, user)))


class Household(models.Model):
    """The anchor of a household; `kind` separates living together from the units of law."""

    class Kind(models.TextChoices):
        LIVING = "living", _("People living together")
        PROTECTION = "protection", _("Protection unit")
        WELFARE = "welfare", _("Welfare unit")

    number = models.CharField(max_length=10, unique=True, default=new_household_number, editable=False)
    register_ref = models.CharField(max_length=60, unique=True, null=True, editable=False)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.LIVING)
    known_at = models.DateTimeField(db_default=Now())
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self):
        return self.number


class OfHousehold(Fact):
    """Base of the facts about one household."""

    household = models.ForeignKey(Household, models.PROTECT, db_index=False)

    objects = OfHouseholdQuerySet.as_manager()

    class Meta(Fact.Meta):
        abstract = True
        triggers = [*Fact.Meta.triggers, touches(OF_HOUSEHOLD)]


class Membership(OfPerson):
    """A person belongs to a household in a role on some days; the head is a dated role."""

    class Role(models.TextChoices):
        HEAD = "head", _("Head of household")
        SPOUSE = "spouse", _("Spouse")
        CHILD = "child", _("Child")
        PARENT = "parent", _("Parent")
        SIBLING = "sibling", _("Sibling")
        OTHER = "other", _("Other")

    household = models.ForeignKey(Household, models.PROTECT, db_index=False)
    kind = models.CharField(max_length=12, choices=Household.Kind, default=Household.Kind.LIVING)
    role = models.CharField(max_length=10, choices=Role)
    during = DateRangeField(default=(None, None))

    class Meta(OfPerson.Meta):
        abstract = False
        triggers = [*Fact.Meta.triggers, touches(OF_HOUSEHOLD)]
        constraints = [
            one_version("membership"),
            ExclusionConstraint(
                name="one_household_of_a_kind",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=Q(superseded_at=None),
                violation_error_message=_("This person already belongs to a household on some of these days."),
            ),
            ExclusionConstraint(
                name="one_head_at_a_time",
                expressions=[("household", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=Q(superseded_at=None, role="head"),
                violation_error_message=_("This household already has a head on some of these days."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["household"], include=["person", "role", "during", "superseded_at"], name="member_house"
            ),
            models.Index(fields=["person"], include=["household", "superseded_at"], name="member_person"),
        ]


class Dwelling(OfHousehold):
    """Where the household lives: a district and a town, on some days. Nothing finer is kept."""

    district = models.ForeignKey("agencies.District", models.PROTECT, null=True)
    town = models.CharField(max_length=40, blank=True)
    during = DateRangeField(default=(None, None))

    class Meta(OfHousehold.Meta):
        abstract = False
        constraints = [
            one_version("dwelling"),
            ExclusionConstraint(
                name="one_dwelling_at_a_time",
                expressions=[("household", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=Q(superseded_at=None),
                violation_error_message=_("This household already has a district on some of these days."),
            ),
        ]
        indexes = [models.Index(fields=["household"], include=["district", "town"], name="dwelling_house")]


class Responsibility(OfHousehold):
    """The centre that answers for the household on some days; changed only by a transfer."""

    center = models.ForeignKey("agencies.Agency", models.PROTECT, db_index=False)
    during = DateRangeField(default=(None, None))

    class Meta(OfHousehold.Meta):
        abstract = False
        constraints = [
            one_version("responsibility"),
            ExclusionConstraint(
                name="one_centre_at_a_time",
                expressions=[("household", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=Q(superseded_at=None),
                violation_error_message=_("A centre already answers for this household on some of these days."),
            ),
        ]
        indexes = [
            models.Index(fields=["household"], include=["center", "during"], name="responsible_house"),
            models.Index(
                fields=["center"],
                include=["household", "during"],
                condition=Q(superseded_at=None),
                name="responsible_centre",
            ),
        ]


class Assignment(OfHousehold):
    """A worker looks after the household on some days: as the main worker, a substitute, or a counsellor.

    `absence`: the `fact_id` of the Absence for whose days the row was made, and with which it ends; None for what
    somebody assigned.
    """

    class Kind(models.TextChoices):
        MAIN = "main", _("Responsible worker")
        SUBSTITUTE = "substitute", _("Substitute")
        COUNSELLOR = "counsellor", _("Counsellor")

    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="assignments", db_index=False)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.MAIN)
    reason = models.CharField(max_length=200, blank=True)
    during = DateRangeField(default=(None, None))
    absence = models.BigIntegerField(null=True, editable=False)

    class Meta(OfHousehold.Meta):
        abstract = False
        constraints = [
            one_version("assignment"),
            ExclusionConstraint(
                name="one_main_worker_at_a_time",
                expressions=[("household", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=Q(superseded_at=None, kind="main"),
                violation_error_message=_("Somebody is already responsible for this household on some of these days."),
            ),
            ExclusionConstraint(
                name="one_assignment_of_a_kind",
                expressions=[
                    ("household", RangeOperators.EQUAL),
                    ("worker", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=Q(superseded_at=None),
                violation_error_message=_("This worker is already assigned to this household on some of these days."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["household"],
                include=["worker", "kind", "during"],
                condition=Q(superseded_at=None),
                name="assigned_house",
            ),
            models.Index(
                fields=["worker"],
                include=["household", "during"],
                condition=Q(superseded_at=None),
                name="assigned_worker",
            ),
        ]


__all__ = ["Assignment", "Dwelling", "Household", "Membership", "OfHousehold", "Person", "Responsibility"]
