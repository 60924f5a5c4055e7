"""A household on the agenda of a case conference, what was decided about it and what became of that."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from casework.landing import landed_once
from households.conferences.workflow import TOOK_PLACE, ConferenceStatus
from households.models.circle import Household
from households.models.conference import CaseConference, frozen_with, kept_for_good


class ConferenceItemQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A household on an agenda is seen by those who see the conference and see the household itself at the centre
        that keeps its file. A share does not open it; somebody who must not see the household does not see it here;
        once another centre answers for it, it is gone from here."""
        kept = Household.objects.kept_by(user).order_by().values("pk")
        return self.filter(conference__in=CaseConference.objects.visible_to(user).order_by().values("pk")).filter(
            household__in=kept
        )

    def standing(self):
        """Return those that were not taken off the agenda."""
        return self.filter(withdrawn_at=None)

    def talked_about(self):
        """Return those of conferences that took place."""
        return self.standing().filter(conference__status__in=TOOK_PLACE)

    def waiting(self):
        """Return those of conferences that are still to be held."""
        return self.standing().exclude(conference__status__in=[*TOOK_PLACE, ConferenceStatus.CANCELLED])


@pghistory.track()
class ConferenceItem(models.Model):
    """A household on the agenda: why, at which place, and who brings it. `version` counts what was decided about it, so
    that two who write at once are told."""

    conference = models.ForeignKey(CaseConference, models.PROTECT, related_name="items")
    household = models.ForeignKey(Household, models.PROTECT, related_name="conference_items")
    place = models.PositiveSmallIntegerField(help_text="in the order of the agenda, from 1")
    why = models.CharField(_("Why it is on the agenda"), max_length=500, blank=True)
    brought_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    brought_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=0)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_because = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = ConferenceItemQuerySet.as_manager()

    class Meta:
        ordering = ["place", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["conference", "household"],
                condition=Q(withdrawn_at=None),
                name="household_once_on_a_conference",
                violation_error_message=_("This household is on the agenda of this conference already."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawn_because="")
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_because="")),
                name="conference_item_withdrawn_with_reason",
            ),
        ]
        triggers = [frozen_with("item_frozen", "NEW.conference_id", "TRUE"), kept_for_good("item_kept")]

    def __str__(self):
        return f"{self.conference} · {self.household}"


class ConferenceDecisionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What was decided is seen by whoever sees the household on the agenda."""
        return self.filter(item__in=ConferenceItem.objects.visible_to(user).order_by().values("pk"))

    def standing(self):
        """Return those that were not taken back."""
        return self.filter(taken_back_at=None)

    def undone(self):
        """Return what somebody has still to do here: what another room took over is followed there."""
        asked = self.standing().filter(kind__in=ConferenceDecision.ASKS, done_on=None, led_to="")
        return asked.filter(item__withdrawn_at=None)


CHANGED = """ROW (NEW.item_id, NEW.kind, NEW.what, NEW.due_on, NEW.need, NEW.to_agency_id)
    IS DISTINCT FROM ROW (OLD.item_id, OLD.kind, OLD.what, OLD.due_on, OLD.need, OLD.to_agency_id)"""


@pghistory.track()
class ConferenceDecision(models.Model):
    """What was decided about a household, who does it and until when, and what became of it.

    `need` and `to_agency`: of a referral, what is asked of whom. `led_to`: what another room made of it, by its kind
    and key, such as "task:12"; empty: it is followed here until it is done.
    """

    class Kind(models.TextChoices):
        STEP = "step", _("Step of the service plan")
        REFERRAL = "referral", _("Referral")
        TASK = "task", _("Task")
        NOTHING = "nothing", _("Nothing further")

    ASKS = (Kind.STEP, Kind.REFERRAL, Kind.TASK)

    item = models.ForeignKey(ConferenceItem, models.PROTECT, related_name="decisions")
    kind = models.CharField(pgettext_lazy("case conference", "What follows"), max_length=10, choices=Kind)
    what = models.CharField(_("Decision"), max_length=500)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    due_on = models.DateField(pgettext_lazy("case conference", "Until"), null=True)
    need = models.CharField(_("Need"), max_length=20, blank=True)
    to_agency = models.ForeignKey("agencies.Agency", models.PROTECT, null=True, related_name="+")
    led_to = models.CharField(max_length=40, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    done_on = models.DateField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    done_words = models.CharField(max_length=300, blank=True)
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    taken_back_because = models.CharField(max_length=300, blank=True)
    client_key = models.UUIDField(null=True)

    objects = ConferenceDecisionQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            landed_once("conference_decision"),
            models.CheckConstraint(
                condition=Q(kind="nothing", owner=None, due_on=None)
                | (~Q(kind="nothing") & Q(owner__isnull=False, due_on__isnull=False)),
                name="conference_decision_owned_and_dated",
                violation_error_message=_("What is to be done names who does it and until when."),
            ),
            models.CheckConstraint(
                condition=(Q(kind="referral", to_agency__isnull=False) & ~Q(need=""))
                | (~Q(kind="referral") & Q(to_agency=None, need="")),
                name="conference_decision_refers_to",
                violation_error_message=_("A referral names the need and the agency that is asked."),
            ),
            models.CheckConstraint(
                condition=Q(done_on=None, done_by=None, done_words="")
                | (Q(done_on__isnull=False, done_by__isnull=False, taken_back_at=None) & ~Q(kind="nothing")),
                name="conference_decision_done_when_and_by",
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at=None, taken_back_by=None, taken_back_because="")
                | (Q(taken_back_at__isnull=False, taken_back_by__isnull=False) & ~Q(taken_back_because="")),
                name="conference_decision_taken_back_with_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on"],
                condition=Q(done_on=None, taken_back_at=None, led_to="") & ~Q(kind="nothing"),
                name="conference_decision_undone",
            )
        ]
        triggers = [
            frozen_with(
                "decision_frozen",
                "(SELECT conference_id FROM households_conferenceitem WHERE id = NEW.item_id)",
                CHANGED,
            ),
            kept_for_good("decision_kept"),
        ]

    def __str__(self):
        return f"{self.item} · {self.get_kind_display()}"
