"""A handover from Hanawon: people who are about to move in, with the minimum, and the first steps after the move."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from casework.agencies.roles import May, agency_of, granted
from casework.landing import landed_once
from casework.numbers import make_number
from households.handover.workflow import COMING, HANDOVER, HandoverStatus
from households.models.circle import Household, Membership
from households.models.hometown import Province
from households.models.person import LANGUAGES, Particulars, Person

HANDOVER_GROUPS = (4, 4)
ARRIVED = Q(status=HandoverStatus.MOVED_IN)


def new_handover_number():
    """Return a random handover number with a check digit, such as "A-7QX4-1DTM-5"."""
    return f"A-{make_number(HANDOVER_GROUPS)}"


class HandoverQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Until the move-in a handover is seen by the Ministry's officers who decide on protection, by the supervisors
        and the head of the centre it is addressed to, and by the worker named there. From the move-in on it belongs to
        the file of the household: it is seen at the centre that keeps the file, by whoever sees the household there."""
        here = Q(center=agency_of(user))
        leads, works = Exists(granted(May.SEE_CENTRE, user)), Exists(granted(May.SEE_CASELOAD, user))
        centre = here & (Q(leads) | Q(works, worker=user.pk))
        before = ~ARRIVED & (Q(Exists(granted(May.DECIDE_PROTECTION, user))) | centre)
        kept = Household.objects.kept_by(user).order_by().values("pk")
        return self.filter(before | (ARRIVED & Q(household__in=kept)))

    def coming(self):
        """Return those whose people have not moved in yet and were not withdrawn."""
        return self.filter(status__in=COMING)

    def without_step(self, step):
        """Return those that have moved in and of which a step (HandoverStep.Step) is not done, as last said."""
        last = HandoverStep.objects.filter(handover=OuterRef("pk"), step=step).order_by("-id")
        undone = self.filter(ARRIVED).annotate(done=Subquery(last.values("done")[:1]))
        return undone.filter(Q(done=None) | Q(done=False))


@pghistory.track()
class Handover(models.Model):
    """One coming household on the list. Its status changes only through `handover.workflow.HANDOVER`.

    The minimum, and no fact about health. `moved_on` and `household` come with the move-in.
    """

    number = models.CharField(max_length=14, unique=True, default=new_handover_number, editable=False)
    center = models.ForeignKey("agencies.Agency", models.PROTECT, verbose_name=_("Hana Center"), related_name="+")
    district = models.ForeignKey("agencies.District", models.PROTECT, verbose_name=_("District"), related_name="+")
    moves_on = models.DateField(_("Expected day of the move"))
    cohort = models.CharField(_("Course at Hanawon"), max_length=60, blank=True)
    language = models.CharField(_("Language"), max_length=10, choices=LANGUAGES, default="ko")
    interpreter = models.BooleanField(_("Needs an interpreter"), default=False)
    woman_worker = models.BooleanField(_("Prefers a woman worker"), default=False)
    first_day = models.CharField(_("To be known on the first day"), max_length=200, blank=True)
    status = models.CharField(max_length=10, choices=HandoverStatus, default=HandoverStatus.ANNOUNCED, editable=False)
    announced_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    announced_at = models.DateTimeField()
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    why = models.CharField(max_length=300, blank=True, help_text="why it was declined or withdrawn, the last time")
    moved_on = models.DateField(null=True)
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="handovers")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    client_key = models.UUIDField(null=True)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        ordering = ["moves_on", "id"]
        constraints = [
            landed_once("handover", author="announced_by"),
            models.CheckConstraint(
                condition=Q(moved_on=None, household=None) & ~ARRIVED
                | Q(moved_on__isnull=False, household__isnull=False) & ARRIVED,
                name="handover_moved_in_whole",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["accepted", "moved_in"])
                | Q(worker__isnull=False, accepted_by__isnull=False, accepted_at__isnull=False),
                name="handover_accepted_with_a_worker",
                violation_error_message=_("A handover is accepted together with the name of a worker."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["declined", "withdrawn"]) | ~Q(why=""), name="handover_refused_with_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["center", "moves_on"], condition=Q(status__in=COMING), name="handover_coming"),
            models.Index(fields=["household"], name="handover_house"),
        ]
        triggers = [HANDOVER.trigger()]

    def __str__(self):
        return self.number


class OfHandoverQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What belongs to a handover is seen by whoever sees the handover."""
        return self.filter(handover__in=Handover.objects.visible_to(user).order_by().values("pk"))


class HandoverPerson(models.Model):
    """One person of a handover, as the Ministry named them; `person` once they are on file."""

    may_only_end = ("person_id",)

    handover = models.ForeignKey(Handover, models.PROTECT, related_name="people")
    place = models.PositiveSmallIntegerField()
    family = models.CharField(_("Family name"), max_length=40)
    given = models.CharField(_("Given name"), max_length=80)
    sex = models.CharField(_("Sex"), max_length=1, choices=Particulars.Sex, default=Particulars.Sex.UNKNOWN)
    birth_on = models.DateField(null=True)
    birth_precision = models.CharField(max_length=5, choices=Particulars.Precision, default=Particulars.Precision.YEAR)
    role = models.CharField(max_length=10, choices=Membership.Role)
    is_defector = models.BooleanField(_("Came from the North"), default=True)
    home_province = models.CharField(_("Home province in the North"), max_length=20, choices=Province, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="handovers")

    objects = OfHandoverQuerySet.as_manager()

    class Meta:
        ordering = ["place", "id"]
        constraints = [
            models.UniqueConstraint(fields=["handover", "place"], name="handover_person_place"),
            models.UniqueConstraint(
                fields=["handover"],
                condition=Q(role="head"),
                name="one_head_of_a_handover",
                violation_error_message=_("One of the people who are coming is the head of the household."),
            ),
        ]

    def __str__(self):
        return f"{self.family}{self.given}"


class HandoverStep(models.Model):
    """The ledger of the first steps after a move-in: done on a day, or taken back. The last row of a step counts."""

    append_only = True

    class Step(models.TextChoices):
        REGISTRATION = "registration", _("Resident registration")
        LEASE = "lease", _("Lease and keys of the home")

    handover = models.ForeignKey(Handover, models.PROTECT, related_name="steps")
    step = models.CharField(max_length=12, choices=Step)
    done = models.BooleanField()
    done_on = models.DateField(null=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = OfHandoverQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(done=True, done_on__isnull=False) | Q(done=False, done_on=None),
                name="handover_step_done_on_a_day",
            )
        ]
        indexes = [models.Index(fields=["handover", "step", "-id"], name="handover_step_last")]

    def __str__(self):
        return f"{self.step} {self.done_on or '-'}"
