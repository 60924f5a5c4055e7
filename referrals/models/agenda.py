"""What a council meeting is about: households brought there, whom each is shown to and until when, and decisions."""

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from casework.agencies.roles import agency_of
from casework.landing import landed_once
from households.models import Consent, Household
from households.models.circle import TODAY, Responsibility, ours
from households.models.conflict import barred_from
from referrals.council.workflow import MeetingStatus
from referrals.models.council import CouncilMeeting, works_between_agencies
from referrals.states import NEEDS, Ground


class AgendaItemQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A household on an agenda is seen by those who may see it at the agency that brought it, or that answers for
        it while the meeting shows anything; and by those who refer or receive at an agency (or are the one person) that
        it is shown to, from and until a moment and as long as the consent it rests on stands. Withdrawn, ended or
        expired, it is gone with the next query. A conflict of interest with one of its people closes it."""
        shown = AgendaGrant.objects.in_force().to(user).filter(item=OuterRef("pk"))
        guests = works_between_agencies(user) & Exists(shown.order_by())
        seen = self.filter(Q(pk__in=self.brought_by(user).order_by().values("pk")) | guests)
        return seen.exclude(household__in=barred_from(user))

    def brought_by(self, user):
        """Return those that the user's own agency brought, or, while the meeting shows anything, that others brought of
        households it answers for by now; of households that the user may see."""
        seen = Household.objects.visible_to(user).order_by().values("pk")
        taken = Q(household__in=ours(user).order_by().values("household"), meeting__open_until__gt=Now())
        theirs = Q(from_agency=agency_of(user)) | taken
        return AgendaItem.objects.filter(theirs, works_between_agencies(user), household__in=seen)

    def standing(self):
        """Return those that were not withdrawn."""
        return self.filter(withdrawn_at=None)


@pghistory.track()
class AgendaItem(models.Model):
    """A household that an agency brings before a meeting, why, and on which ground it is shown to the others.

    `material`: the short line about it, frozen when the agenda is sent: {"v": 1, "people", maybe "district", "band",
    "reasons": [{"ko", "en"}]}. `version` counts what was decided about it, so that two who type at once are told.
    """

    class Scope(models.TextChoices):
        LINE = "line", _("The line on the agenda only: household number, reason, number of people")
        FILE = "file", _("The line, and the page of the household for those whose role opens shared households")

    meeting = models.ForeignKey(CouncilMeeting, models.PROTECT, related_name="items")
    household = models.ForeignKey(Household, models.PROTECT, related_name="agenda_items")
    from_agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    need = models.CharField(_("Need"), max_length=12, choices=NEEDS)
    reason = models.CharField(_("Why the council should talk about it"), max_length=1000)
    scope = models.CharField(_("What is shown"), max_length=4, choices=Scope, default=Scope.LINE)
    ground = models.CharField(_("Ground for sharing"), max_length=10, choices=Ground)
    urgent = models.CharField(_("Why it cannot wait"), max_length=300, blank=True)
    upheld = models.BooleanField(null=True)
    looked_at = models.DateTimeField(null=True)
    looked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    material = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_because = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    client_key = models.UUIDField(null=True)

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            landed_once("agenda_item", author="proposed_by"),
            models.UniqueConstraint(
                fields=["meeting", "household"],
                condition=Q(withdrawn_at=None),
                name="household_once_on_an_agenda",
                violation_error_message=_("This household is on the agenda of this meeting already."),
            ),
            models.CheckConstraint(
                condition=~Q(ground=Ground.DANGER) | ~Q(urgent=""),
                name="danger_says_why_it_cannot_wait",
                violation_error_message=_("Say in one line why it cannot wait."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawn_because="")
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_because="")),
                name="withdrawn_by_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(upheld=None, looked_at=None, looked_by=None)
                | Q(upheld__isnull=False, looked_at__isnull=False, looked_by__isnull=False),
                name="ground_looked_at_by",
            ),
            models.CheckConstraint(
                condition=~Q(looked_by=F("proposed_by")),
                name="ground_looked_at_by_somebody_else",
                violation_error_message=_("Somebody else of your agency looks at the ground."),
            ),
        ]

    def __str__(self):
        return f"{self.meeting} · {self.household}"


class AgendaGrantQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whom a household is shown to is seen by whoever sees it on the agenda."""
        return self.filter(item__in=AgendaItem.objects.visible_to(user).order_by().values("pk"))

    def running(self, now):
        """Return those that run at a moment."""
        return self.filter(during__contains=now)

    def in_force(self):
        """Return those that show something now: the time runs, nobody ended the share, the consent stands."""
        shares = Q(share=None) | Q(share__during__contains=Now())
        return self.filter(shares, self.consent_stands(), during__contains=Now())

    def consent_stands(self):
        """Return the condition that no consent is needed or that the one it rests on stands today."""
        standing = Consent.objects.current().filter(
            fact_id=OuterRef("consent__fact_id"),
            recipient=OuterRef("agency"),
            withdrawn_on=None,
            during__contains=TODAY,
        )
        return Q(consent=None) | Exists(standing.order_by())

    def to(self, user):
        """Return those to the user's agency, or to the user where it is to one person."""
        return self.filter(Q(user=None) | Q(user=user.pk), agency=agency_of(user))


@pghistory.track()
class AgendaGrant(models.Model):
    """A household on an agenda is shown to one member from and until a moment; `share`, if any, opens its page."""

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="grants")
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    share = models.ForeignKey("households.Share", models.PROTECT, null=True, related_name="+")
    consent = models.ForeignKey(Consent, models.PROTECT, null=True, related_name="+")
    during = DateTimeRangeField()

    objects = AgendaGrantQuerySet.as_manager()

    class Meta:
        ordering = ["agency__kind", "agency__name_ko", "id"]
        constraints = [
            ExclusionConstraint(
                name="one_grant_of_an_item",
                expressions=[
                    ("item", RangeOperators.EQUAL),
                    ("agency", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(during__startswith__isnull=False, during__endswith__isnull=False), name="grant_ends"
            ),
        ]

    def __str__(self):
        return f"{self.item} → {self.agency}"


class CouncilDecisionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A decision is seen by whoever sees the household on the agenda; and, where it asks something of an agency, by
        those of that agency who refer or receive (or by the one it names) until it is done, and by who did it. The
        register stays shut."""
        seen = AgendaItem.objects.visible_to(user).order_by().values("pk")
        owed = CouncilDecision.objects.owed_by(user).order_by().values("pk")
        did = CouncilDecision.objects.asking().filter(done_by=user.pk, owner_agency=agency_of(user))
        did = Q(pk__in=did.order_by().values("pk")) & works_between_agencies(user)
        return self.filter(Q(item__in=seen) | Q(pk__in=owed) | did)

    def asking(self):
        """Return those that ask something of an agency: not of a household that was withdrawn or a meeting that was
        cancelled."""
        standing = ~Q(item__meeting__status=MeetingStatus.CANCELLED)
        return self.filter(standing, kind__in=CouncilDecision.ASKS, item__withdrawn_at=None)

    def owed_by(self, user):
        """Return what the user has still to do, and what the user's agency has where nobody is named or who is named
        works there no more: unless the household was never shown to the agency, but to one person of it. A referral
        is owed while the agency answers for the household."""
        gone = Q(owner__is_active=False) | ~Q(owner__agency=F("owner_agency"))
        whole = AgendaGrant.objects.filter(item=OuterRef("item"), agency=OuterRef("owner_agency"), user=None)
        knows = Q(item__from_agency=F("owner_agency")) | Exists(whole.order_by())
        mine = Q(owner=user.pk) | ((Q(owner=None) | gone) & knows)
        answers = Responsibility.objects.current().filter(
            during__contains=TODAY, household=OuterRef("item__household"), center=OuterRef("owner_agency")
        )
        held = Q(kind=CouncilDecision.Kind.TASK) | Exists(answers.order_by())
        unsent = Q(referral=None) | Q(referral__sent_at=None)
        asked = CouncilDecision.objects.asking().filter(done_at=None, owner_agency=agency_of(user))
        return asked.filter(mine, held, unsent, works_between_agencies(user))


@pghistory.track()
class CouncilDecision(models.Model):
    """What was decided about a household, who does it and until when, and what became of it."""

    class Kind(models.TextChoices):
        TASK = "task", _("Task")
        REFERRAL = "referral", _("Referral")
        GO_ON = "go_on", _("Go on as is")
        NOTHING = "nothing", _("Nothing is done")

    ASKS = (Kind.TASK, Kind.REFERRAL)

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="decisions")
    kind = models.CharField(_("What follows"), max_length=10, choices=Kind)
    what = models.CharField(_("Decision"), max_length=500)
    why = models.CharField(_("Reason"), max_length=300, blank=True)
    owner_agency = models.ForeignKey("agencies.Agency", models.PROTECT, null=True, blank=True, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    to_agency = models.ForeignKey("agencies.Agency", models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField(_("Until"), null=True, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    referral = models.ForeignKey("referrals.Referral", models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    client_key = models.UUIDField(null=True)

    objects = CouncilDecisionQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            landed_once("council_decision"),
            models.CheckConstraint(
                condition=~Q(kind__in=["task", "referral"]) | Q(owner_agency__isnull=False, due_on__isnull=False),
                name="decision_has_an_owner_and_a_date",
                violation_error_message=_("A task and a referral name who does it and until when."),
            ),
            models.CheckConstraint(
                condition=(Q(kind="referral") & Q(to_agency__isnull=False)) | (~Q(kind="referral") & Q(referral=None)),
                name="decision_refers_to_an_agency",
                violation_error_message=_("A referral names the agency that is asked."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="nothing") | ~Q(why=""),
                name="doing_nothing_has_a_reason",
                violation_error_message=_("Please say why nothing is done."),
            ),
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None) | Q(done_at__isnull=False, done_by__isnull=False, kind="task"),
                name="decision_done_when_and_by",
            ),
        ]
        indexes = [models.Index(fields=["owner_agency", "done_at"], name="decision_owed")]

    def __str__(self):
        return f"{self.item} · {self.get_kind_display()}"
