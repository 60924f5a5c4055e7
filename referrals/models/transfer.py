"""A transfer: a household's file is proposed to another centre, taken over there, and only then given up here."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from casework.agencies.roles import May, agency_of, granted
from casework.landing import landed_once
from casework.numbers import make_number
from households.models import Household
from households.models.conflict import barred_from
from referrals.transfers import clocks
from referrals.transfers.workflow import OPEN, TRANSFER, TransferStatus

TRANSFER_GROUPS = (4, 4)


def new_transfer_number():
    """Return a random transfer number with a check digit, such as "T-7QX4-1DTM-5"."""
    return f"T-{make_number(TRANSFER_GROUPS)}"


class TransferQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A transfer is seen, at the sending centre, by those who may see the household, by the supervisors and by who
        proposed it; at the receiving centre by those who decide over its work and by the worker who was named. It names
        the household by its number: the file itself is opened by acceptance, through a share. A conflict of interest
        with one of its people closes it."""
        here, seen = agency_of(user), Household.objects.visible_to(user).order_by().values("pk")
        theirs = Q(household__in=seen) | Q(proposed_by=user.pk) | Exists(granted(May.SEE_CENTRE, user))
        named = Q(worker=user.pk) | Exists(granted(May.ASSIGN, user))
        seen = self.filter((Q(from_agency=here) & theirs) | (Q(to_agency=here) & named))
        return seen.exclude(household__in=barred_from(user))

    def open(self):
        """Return those that the receiving centre still has to answer or to meet."""
        return self.filter(status__in=OPEN)

    def came_back(self):
        """Return those that the receiving centre did not take and that were neither proposed anew nor withdrawn."""
        later = Transfer.objects.filter(household=OuterRef("household"), pk__gt=OuterRef("pk"))
        return self.filter(~Exists(later.order_by()), status=TransferStatus.DECLINED)

    def overdue(self, *, now):
        """Return those whose running clock has passed by `now`."""
        return self.filter(clocks.overdue(now))


@pghistory.track()
class Transfer(models.Model):
    """One file on its way from one centre to another. Its status changes only through `transfers.workflow.TRANSFER`.

    `contact`: the `fact_id` of the first contact that the receiving centre had; `share`: what opened the file to its
    worker until then. `district`, `moved_on`, `people` are what the receiving centre is told before it answers.
    """

    class Why(models.TextChoices):
        MOVED = "moved", _("The household has moved")
        WISH = "wish", _("The household wishes it")
        OTHER = "other", _("Another reason")

    number = models.CharField(max_length=14, unique=True, default=new_transfer_number, editable=False)
    household = models.ForeignKey(Household, models.PROTECT, related_name="transfers")
    from_agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="transfers_sent")
    to_agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="transfers_received")
    status = models.CharField(max_length=10, choices=TransferStatus, default=TransferStatus.PROPOSED, editable=False)
    why = models.CharField(_("Why"), max_length=10, choices=Why, default=Why.MOVED)
    note = models.CharField(_("What the other centre should know"), max_length=1000, blank=True)
    district = models.ForeignKey("agencies.District", models.PROTECT, null=True, related_name="+")
    moved_on = models.DateField(null=True)
    people = models.PositiveSmallIntegerField(default=0)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    share = models.ForeignKey("households.Share", models.PROTECT, null=True, related_name="+")
    contact = models.BigIntegerField(null=True)
    done_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True, help_text="of the last step that asks for one")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    client_key = models.UUIDField(null=True)

    objects = TransferQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            landed_once("transfer", author="proposed_by"),
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(status__in=OPEN),
                name="one_open_transfer",
                violation_error_message=_("A transfer of this household is under way already."),
            ),
            models.CheckConstraint(
                condition=~Q(from_agency=F("to_agency")),
                name="transfer_to_another_centre",
                violation_error_message=_("A transfer goes to another centre."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[TransferStatus.ACCEPTED, TransferStatus.DONE])
                | Q(answered_at__isnull=False, worker__isnull=False),
                name="transfer_accepted_by_a_worker",
            ),
            models.CheckConstraint(
                condition=Q(status=TransferStatus.DONE, contact__isnull=False, done_at__isnull=False)
                | (~Q(status=TransferStatus.DONE) & Q(contact=None, done_at=None)),
                name="transfer_done_with_a_contact",
            ),
        ]
        indexes = [
            models.Index(fields=["to_agency", "status"], name="transfer_in"),
            models.Index(fields=["from_agency", "status"], name="transfer_out"),
        ]
        triggers = [TRANSFER.trigger()]

    def __str__(self):
        return self.number
