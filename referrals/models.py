"""A referral: asking another agency to act for a household, until somebody confirms that the help arrived."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, Q, When
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from casework.agencies.models import Agency
from casework.agencies.roles import May, agency_of, granted
from casework.landing import landed_once
from casework.numbers import make_number
from casework.touched import OF_HOUSEHOLD, touches
from households.models import Household
from referrals import clocks, routing
from referrals.states import FINISHED, NEEDS, RECEIVERS_TURN, SENDERS_TURN, TODO, Ground, Outcome, Status
from referrals.workflow import REFERRAL

REFERRAL_GROUPS = (4, 4)


def new_referral_number():
    """Return a random referral number with a check digit, such as "R-7QX4-1DTM-5"."""
    return f"R-{make_number(REFERRAL_GROUPS)}"


class ReferralQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A referral is seen by those of the sending agency who may see the household, and, once it was sent, by
        those of the receiving agency who may receive. What the receiver sees is the packet as sent, and no more."""
        return self.filter(pk__in=self._sent_by(user).union(self._received_by(user), all=True))

    def _sent_by(self, user):
        seen = Household.objects.visible_to(user).order_by().values("pk")
        return Referral.objects.filter(from_agency=agency_of(user), household__in=seen).order_by().values("pk")

    def _received_by(self, user):
        return (
            Referral.objects.filter(Exists(granted(May.RECEIVE, user)), to_agency=agency_of(user))
            .exclude(status=Status.DRAFT)
            .exclude(sent_at=None)
            .order_by()
            .values("pk")
        )

    def sent_by_agency_of(self, user):
        """Return the referrals of `visible_to` that the user's agency sent."""
        return self.filter(pk__in=self._sent_by(user))

    def received_by_agency_of(self, user):
        """Return the referrals of `visible_to` that came to the user's agency."""
        return self.filter(pk__in=self._received_by(user))

    def open(self):
        """Return referrals that somebody still has to answer for; a declined one waits for its sender."""
        return self.exclude(status__in=FINISHED)

    def waiting_on(self, user):
        """Return those of `visible_to` in which the user's own agency must do the next step (우리 차례).

        What was provided stays here with the sender until it is confirmed; a draft waits for its author alone.
        """
        return self.visible_to(user).filter(_ours(user))

    def waiting_for_others(self, user):
        """Return the open ones of `visible_to` in which another agency must do the next step (상대 차례)."""
        mine = ~Q(status=Status.DRAFT) | Q(sender=user.pk)
        return self.visible_to(user).open().filter(mine).exclude(_ours(user))

    def overdue(self, *, now, holidays):
        """Return those whose running clock has passed by `now`; `holidays` is the set Holiday.objects.days()."""
        return self.filter(clocks.overdue(now, holidays))

    def unhandled(self):
        """Return those that came in and that nobody has taken (맡은 사람 없음)."""
        return self.filter(status__in=[Status.SENT, Status.RECEIVED], handler=None)

    def handled_by(self, user):
        """Return those the user took or sent (내 몫)."""
        return self.filter(Q(handler=user.pk) | Q(sender=user.pk))

    def with_turn(self, user):
        """Annotate `ours`: whether the user's own agency must do the next step."""
        return self.annotate(ours=Case(When(_ours(user), then=True), default=False, output_field=models.BooleanField()))


def _ours(user):
    """Compare columns, no joins: only ever applied within `visible_to`."""
    agency = Agency.objects.filter(user=user.pk).order_by().values("pk")
    sends = Q(status__in=set(SENDERS_TURN) - {Status.DRAFT}) | Q(status=Status.DRAFT, sender=user.pk)
    return (Q(from_agency__in=agency) & sends) | Q(to_agency__in=agency, status__in=RECEIVERS_TURN)


@pghistory.track()
class Referral(models.Model):
    """One request from one agency to another. Its status changes only through `referrals.workflow.REFERRAL`."""

    number = models.CharField(max_length=14, unique=True, default=new_referral_number, editable=False)
    household = models.ForeignKey(Household, models.PROTECT, related_name="referrals")
    from_agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="referrals_sent")
    to_agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="referrals_received")
    sender = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="referrals_sent")
    handler = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    status = models.CharField(max_length=12, choices=Status, default=Status.DRAFT, editable=False)
    need = models.CharField(_("What is needed"), max_length=20, choices=NEEDS)
    title = models.CharField(_("Title"), max_length=120)
    request = models.TextField(_("Request"))
    packet = models.JSONField(default=dict, help_text="the copy as sent: exactly what the receiver sees")
    ground = models.CharField(_("Ground for sharing"), max_length=40, blank=True, choices=Ground)
    outcome = models.CharField(max_length=12, blank=True, choices=Outcome)
    outcome_text = models.TextField(blank=True)
    reason = models.TextField(blank=True, help_text="of the last step that asks for one")
    sent_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    provided_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    client_key = models.UUIDField(null=True)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            landed_once("referral", author="sender"),
            models.CheckConstraint(
                condition=~Q(from_agency=models.F("to_agency")),
                name="referral_to_another_agency",
                violation_error_message=_("A referral goes to another agency."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=[Status.DRAFT, Status.CANCELLED]) | Q(sent_at__isnull=False),
                name="sent_when_under_way",
            ),
        ]
        indexes = [
            models.Index(fields=["to_agency", "status", "sent_at"], name="referral_inbox"),
            models.Index(fields=["from_agency", "status"], name="referral_outbox"),
        ]
        triggers = [touches(OF_HOUSEHOLD), REFERRAL.trigger()]

    def __str__(self):
        return self.number

    @property
    def turn(self):
        """Whose turn it is: "sender", "receiver", or "" when it is finished."""
        if self.status in SENDERS_TURN:
            return "sender"
        return "receiver" if self.status in RECEIVERS_TURN else ""

    @property
    def todo(self):
        """What the side whose turn it is has to do, in words."""
        return TODO[Status(self.status)]

    @property
    def same_day(self):
        """Whether the first answer is wanted within a day (a power cut, somebody unreachable)."""
        return routing.route(self.need, self.sent_at or self.recorded_at).same_day
