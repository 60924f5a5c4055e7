"""The closing of a household's case, and what was asked of the household afterwards."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from casework.agencies.roles import May, agency_of, granted
from casework.landing import landed_once
from casework.numbers import make_number
from casework.touched import OF_HOUSEHOLD, touches
from households.closings.workflow import CLOSING, OPEN, ClosingStatus
from households.models.circle import TODAY, Household, Responsibility
from households.models.conflict import barred_from

CLOSING_GROUPS = (4, 4)
WITHIN = 30
"""How many days ago the person may have declined in person for it to count: our own criterion."""


def new_closing_number():
    """Return a random number with a check digit, such as "Z-7QX4-1DTM-5"."""
    return f"Z-{make_number(CLOSING_GROUPS)}"


class ClosingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A closing is seen at the centre that keeps the file, by whoever sees the household there; a share does not
        open it. What was closed because another centre took the file over is seen by those who lead the centre that
        closed it: it names the household by its number. A conflict of interest closes this too."""
        kept = Household.objects.kept_by(user).order_by().values("pk")
        moved = Q(reason="transferred", centre=agency_of(user)) & Exists(granted(May.SEE_CENTRE, user))
        return self.filter(Q(household__in=kept) | (moved & ~Q(household__in=barred_from(user))))

    def closing_now(self, moment):
        """Return those by which a case is closed at a moment: approved, not reopened, and the centre answers still. A
        file that another centre took over goes on there."""
        open_again = Q(reopened_at=None) | Q(reopened_at__gt=moment)
        return self.filter(open_again, Exists(_answers()), approved_at__lte=moment).exclude(reason="transferred")

    def open_at(self, centre):
        """Return those that a centre proposed and nobody answered, or by which its cases are closed: what another
        centre closed before it handed the file over stands against nothing, nor what was closed because of that."""
        return self.filter(centre=centre, status__in=OPEN).exclude(status=ClosingStatus.APPROVED, reason="transferred")

    def in_force(self):
        """Return those by which a case is closed as the rows stand, whatever any clock says."""
        return self.filter(Exists(_answers()), status=ClosingStatus.APPROVED).exclude(reason="transferred")


def _answers():
    """The responsibility that the closing centre has for the household today."""
    rows = Responsibility.objects.current().filter(household=OuterRef("household"), center=OuterRef("centre"))
    return rows.filter(during__contains=TODAY).order_by()


@pghistory.track()
class Closing(models.Model):
    """One proposal to close a case, and what became of it. Its status changes only through `closings.workflow.CLOSING`.

    The reasons are a closed list of our own criteria: that nobody answers, a wrong number, an unknown new address or
    "another office looks after them" are none. `contact`: the `fact_id` of the talk in which the person declined;
    `transfer`: the key of the transfer that the other centre accepted; `same_as`: the file that goes on instead.
    """

    class Reason(models.TextChoices):
        GOALS_MET = "goals_met", _("Goals met")
        TRANSFERRED = "transferred", _("Taken over by another centre")
        DECLINED = "declined", _("Declined by the person, in person")
        ABROAD = "abroad", _("Moved abroad, verified")
        DECEASED = "deceased", pgettext_lazy("closing", "Deceased")
        DUPLICATE = "duplicate", _("On file twice")

    number = models.CharField(max_length=14, unique=True, default=new_closing_number, editable=False)
    household = models.ForeignKey(Household, models.PROTECT, related_name="closings")
    centre = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=ClosingStatus, default=ClosingStatus.PROPOSED, editable=False)
    reason = models.CharField(_("Why the case is closed"), max_length=12, choices=Reason)
    words = models.TextField(_("What was reached, and what the closing rests on"), max_length=2000)
    evidence = models.CharField(max_length=300, blank=True)
    left_open = models.CharField(_("Why first steps stay open"), max_length=500, blank=True)
    contact = models.BigIntegerField(null=True, editable=False)
    transfer = models.BigIntegerField(null=True, editable=False)
    same_as = models.ForeignKey(Household, models.PROTECT, null=True, related_name="+")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=500, blank=True, help_text="why it was sent back")
    approved_at = models.DateTimeField(null=True)
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    asks_later = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reopened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reopened_at = models.DateTimeField(null=True)
    reopened_why = models.CharField(max_length=500, blank=True)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    client_key = models.UUIDField(null=True)

    objects = ClosingQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            landed_once("closing", author="proposed_by"),
            models.UniqueConstraint(
                fields=["household", "centre"],
                condition=Q(status="proposed") | (Q(status="approved") & ~Q(reason="transferred")),
                name="one_open_closing",
                violation_error_message=_("The closing of this case was proposed already. Please look again."),
            ),
            models.CheckConstraint(condition=~Q(words=""), name="closing_says_why"),
            models.CheckConstraint(
                condition=Q(approved_at=None, status__in=["proposed", "sent_back", "withdrawn"])
                | Q(approved_at__isnull=False, answered_by__isnull=False, status__in=["approved", "reopened"]),
                name="closing_approved_at",
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None) | ~Q(answered_by=F("proposed_by")),
                name="closing_second_person",
                violation_error_message=_("Somebody else than who proposed the closing approves it."),
            ),
            models.CheckConstraint(
                condition=Q(reopened_at=None, reopened_by=None, reopened_why="")
                | (Q(reopened_at__isnull=False, reopened_by__isnull=False, status="reopened") & ~Q(reopened_why="")),
                name="closing_reopened_at",
            ),
            models.CheckConstraint(
                condition=(~Q(reason="declined") | Q(contact__isnull=False))
                & (~Q(reason="transferred") | Q(transfer__isnull=False))
                & (~Q(reason="abroad") | ~Q(evidence=""))
                & (~Q(reason="duplicate") | (Q(same_as__isnull=False) & ~Q(same_as=F("household")))),
                name="closing_rests_on_evidence",
                violation_error_message=_("What this reason rests on is missing."),
            ),
        ]
        indexes = [
            models.Index(fields=["household"], condition=Q(status="approved"), name="closing_closed"),
            models.Index(fields=["centre", "status"], name="closing_centre"),
        ]
        triggers = [touches(OF_HOUSEHOLD), CLOSING.trigger()]

    def __str__(self):
        return self.number

    @property
    def answers(self):
        """Whether the centre of the closing answers for the household today."""
        rows = Responsibility.objects.current().filter(household=self.household_id, center=self.centre_id)
        return rows.filter(during__contains=TODAY).exists()


class AfterCareQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What was asked after the closing is seen by whoever may see the closing."""
        return self.filter(closing__in=Closing.objects.visible_to(user).order_by().values("pk"))


class AfterCare(models.Model):
    """Somebody asked, some months after the closing, how the household is (사후관리); our own criterion."""

    append_only = True

    class Result(models.TextChoices):
        WELL = "well", _("Doing well")
        NEEDS = "needs", _("Needs help again: to be reopened")
        NOT_REACHED = "not_reached", _("Could not be reached")
        NOT_WANTED = "not_wanted", _("Does not want to be asked")

    closing = models.ForeignKey(Closing, models.PROTECT, related_name="after_care")
    months = models.PositiveSmallIntegerField()
    done_on = models.DateField(_("Asked on"))
    result = models.CharField(_("How it was"), max_length=12, choices=Result)
    words = models.CharField(_("In words"), max_length=500, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = AfterCareQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["closing", "months"],
                name="after_care_once",
                violation_error_message=_("Somebody recorded this already. Please look again."),
            )
        ]
