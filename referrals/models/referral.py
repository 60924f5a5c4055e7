"""A referral: asking another agency to act for a household, until somebody confirms that the help arrived."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, When
from django.db.models.functions import Now
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from casework.agencies.models import Agency, RoleGrant
from casework.agencies.roles import AgencySystem, May, agency_of, granted
from casework.landing import landed_once
from casework.numbers import make_number
from casework.touched import OF_HOUSEHOLD, touches
from households.models import Household, Membership, Residence
from households.models.circle import TODAY, scope_of
from households.models.conflict import barred_from
from referrals import lateness, veil
from referrals.offices.knowing import KNOWN
from referrals.states import (
    FINISHED,
    NEEDS,
    RECEIVERS_TURN,
    SENDERS_TURN,
    TODO,
    Ground,
    Outcome,
    Status,
    Urgency,
    Waits,
)
from referrals.workflow import REFERRAL

REFERRAL_GROUPS = (4, 4)


def new_referral_number():
    """Return a random referral number with a check digit, such as "R-7QX4-1DTM-5"."""
    return f"R-{make_number(REFERRAL_GROUPS)}"


class ReferralQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A referral is seen by those of the sending agency who may see the household; by those who lead the sending
        agency until it is finished, also when the file has moved away since; and, once it was sent, by those of the
        receiving agency who may receive. What the receiver sees is the packet as sent, and no more. What an office
        asked without a file is seen by those of it who may ask so, until it is finished and any urgent danger was
        looked at again; by whoever asked always. It holds what they knew, and no more. A conflict of interest with
        one of the household's people closes it on either side."""
        return self._free_for(user).filter(_sent_by(user) | _received_by(user))

    def sent_by_agency_of(self, user):
        """Return the referrals of `visible_to` that the user's agency sent."""
        return self._free_for(user).filter(_sent_by(user))

    def received_by_agency_of(self, user):
        """Return the referrals of `visible_to` that came to the user's agency."""
        return self._free_for(user).filter(_received_by(user))

    def read_by(self, user):
        """Return those of `visible_to` whose contents the user may read: what the own agency sent, and what came in as
        long as the consent or the ground holds."""
        return self._free_for(user).filter(_sent_by(user) | (_received_by(user) & ~veil.fallen()))

    def _free_for(self, user):
        return self.exclude(household__in=barred_from(user))

    def with_veil(self):
        """Annotate `veiled`: whether the contents are closed to the receiver (see `referrals.veil`)."""
        return self.annotate(veiled=veil.as_column())

    def open(self):
        """Return referrals that somebody still has to answer for; a declined one waits for its sender."""
        return self.exclude(status__in=FINISHED)

    def waiting_on(self, user):
        """Return those of `visible_to` in which the user's own agency must do the next step (우리 차례).

        What was provided stays here with the sender until it is confirmed; a draft waits for its author alone.
        """
        return self.visible_to(user).our_turn(user)

    def about(self, households, user, *, came_in=None):
        """Of `visible_to`, what the user's agency sent about `households`, keys of those whose file the user sees at
        the own centre; with `came_in`, a condition, what came in and meets it too. The scope is not asked again."""
        sent = Q(household__in=households, from_agency=agency_of(user))
        wanted = sent if came_in is None else sent | (_received_by(user) & came_in)
        return self._free_for(user).filter(wanted)

    def our_turn(self, user):
        """Return those in which the user's own agency must do the next step; asked within `visible_to` only."""
        return self.filter(_ours(user))

    def overdue(self, *, now):
        """Return those whose running clock has passed by `now`."""
        return self.filter(lateness.overdue(now))

    def with_clocks(self, now):
        """Bring the route along, and `stood_still`: the working days on which the clock that counts stood still."""
        return self.select_related("route").annotate(stood_still=lateness.stood_still(now))

    def with_turn(self, user):
        """Annotate `ours`: whether the user's own agency must do the next step."""
        return self.annotate(ours=Case(When(_ours(user), then=True), default=False, output_field=models.BooleanField()))


# The two halves of `visible_to` compare columns of the referral itself: whatever else is asked (a number, a box,
# what is open) narrows the rows first. As a set of keys they were all looked up again, finished ones too. Neither asks
# for conflicts of interest: `_free_for` does, once for both.


def _sent_by(user):
    led = Q(Exists(granted(May.SEE_CENTRE, user))) & ~Q(status__in=FINISHED)
    from referrals.models.statutory import GroundReview

    looks = Exists(GroundReview.objects.waiting().filter(referral=OuterRef("pk")).order_by())
    theirs = Q(sender=user.pk) | ~Q(status__in=FINISHED) | Q(looks)
    asked = Q(Exists(granted(May.ASK_FOR, user)), packet__has_key=KNOWN) & theirs
    return Q(from_agency=agency_of(user)) & (Q(household__in=scope_of(user)) | led | asked)


def _received_by(user):
    receives = Q(Exists(granted(May.RECEIVE, user)), to_agency=agency_of(user))
    return receives & ~Q(status=Status.DRAFT) & Q(sent_at__isnull=False)


def _ours(user):
    """Compare columns, no joins: only ever applied within `visible_to`."""
    agency = Agency.objects.filter(user=user.pk).order_by().values("pk")
    asked = Q(waits_for=Waits.SENDER)
    # No question stops a clock of hours: there it is both sides' turn.
    stops = asked & ~Q(route__limits__outcome__1="h")
    sends = Q(status__in=set(SENDERS_TURN) - {Status.DRAFT}) | drafts_of(user) | asked
    return (Q(from_agency__in=agency) & sends) | (Q(to_agency__in=agency, status__in=RECEIVERS_TURN) & ~stops)


def drafts_of(user):
    """Return the condition of the drafts that wait for a user: the own ones, and those of the agency that nobody else
    would send: what another agency passed on, and what the agency's own system wrote, which cannot log in."""
    system = Exists(RoleGrant.objects.filter(user=OuterRef("sender"), role=AgencySystem.code))
    return Q(status=Status.DRAFT) & (Q(sender=user.pk) | Q(rerouted_from__isnull=False) | Q(system))


@pghistory.track()
class Referral(models.Model):
    """One request from one agency to another. Its status changes only through `referrals.workflow.REFERRAL`."""

    number = models.CharField(max_length=14, unique=True, default=new_referral_number, editable=False)
    household = models.ForeignKey(Household, models.PROTECT, related_name="referrals")
    person = models.ForeignKey("households.Person", models.PROTECT, null=True, blank=True, related_name="+")
    from_agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="referrals_sent")
    to_agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="referrals_received")
    sender = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="referrals_sent")
    handler = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    status = models.CharField(max_length=12, choices=Status, default=Status.DRAFT, editable=False)
    need = models.CharField(_("What is needed"), max_length=20, choices=NEEDS)
    urgency = models.CharField(_("How soon"), max_length=10, choices=Urgency, default=Urgency.USUAL)
    route = models.ForeignKey("referrals.Route", models.PROTECT, null=True, editable=False, related_name="+")
    rerouted_from = models.OneToOneField("self", models.PROTECT, null=True, editable=False, related_name="rerouted_to")
    follows = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="followed_by")
    title = models.CharField(_("Title"), max_length=120)
    request = models.TextField(_("Request"))
    packet = models.JSONField(default=dict, help_text="the copy as sent: exactly what the receiver sees")
    ground = models.CharField(_("Ground for sharing"), max_length=40, blank=True, choices=Ground)
    consent = models.ForeignKey("households.Consent", models.PROTECT, null=True, editable=False, related_name="+")
    waits_for = models.CharField(max_length=10, blank=True, choices=Waits, editable=False)
    waits_since = models.DateTimeField(null=True, editable=False)
    outcome = models.CharField(max_length=12, blank=True, choices=Outcome)
    outcome_text = models.TextField(blank=True)
    reason = models.TextField(blank=True, help_text="of the last step that asks for one")
    clock_from = models.DateTimeField(null=True, help_text="the first sending; kept when it is passed on")
    sent_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    contacted_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    provided_at = models.DateTimeField(null=True)
    disputed_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    conference_decision = models.ForeignKey(
        "households.ConferenceDecision",
        models.PROTECT,
        null=True,
        related_name="referrals",
        help_text="of a case conference that asked for it",
    )
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
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(route__isnull=False, clock_from__isnull=False),
                name="sent_with_its_clocks",
            ),
            models.CheckConstraint(
                condition=Q(waits_for="", waits_since=None) | (~Q(waits_for="") & Q(waits_since__isnull=False)),
                name="waits_since_a_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["to_agency", "status", "sent_at"], name="referral_inbox"),
            models.Index(fields=["from_agency", "status"], name="referral_outbox"),
        ]
        triggers = [touches(OF_HOUSEHOLD), REFERRAL.trigger()]

    def __str__(self):
        return self.number

    @cached_property
    def veiled(self):
        """Whether the contents are closed to the receiver; a row of `with_veil` brings the answer along."""
        return Referral.objects.filter(veil.fallen(), pk=self.pk).exists()

    @cached_property
    def of_the_dead(self):
        """Whether everybody whom it is about has died: the one person it names, or all who lived in the household."""
        dead = Residence.objects.current().filter(status=Residence.Status.DECEASED, during__contains=TODAY)
        if self.person_id:
            return dead.filter(person=self.person_id).exists()
        lived = Membership.objects.current().filter(household=self.household_id)
        gone = dead.filter(person__in=lived.values("person"))
        return gone.exists() and not lived.filter(during__contains=TODAY).exists()

    @property
    def turn(self):
        """Whose turn it is: "sender", "receiver", or "" when it is finished."""
        if self.status in SENDERS_TURN or self.waits_for == Waits.SENDER:
            return "sender"
        return "receiver" if self.status in RECEIVERS_TURN else ""

    @property
    def todo(self):
        """What the side whose turn it is has to do, in words."""
        if self.waits_for == Waits.SENDER:
            return _("answer the question")
        return TODO[Status(self.status)]

    @property
    def same_day(self):
        """Whether the first answer is wanted within a day (a power cut, somebody unreachable)."""
        return bool(self.route and self.route.same_day)
