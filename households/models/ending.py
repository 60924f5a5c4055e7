"""What is done before protection ends: the steps of the centre, and the Minister's written notice."""

from datetime import timedelta

from django.db import models
from django.db.models import Exists, F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from casework.agencies.roles import May, granted
from casework.clock import day_begins
from casework.facts import one_version
from casework.landing import landed_once
from households.models.base import OfPersonQuerySet
from households.models.conflict import barred_people
from households.models.person import OfPerson, Person
from households.models.protection import ProtectionPeriod

MAIL, PUT_RIGHT = timedelta(days=365), timedelta(days=90)
"""How long after sending what became of a letter is entered, and how long after that put right: our own criterion."""


class EndStepQuerySet(OfPersonQuerySet):
    def visible_to(self, user):
        """What was done before the end of protection is seen at the centre that keeps the person's file, by whoever
        sees the person there: it says what the person wishes, and is none of the Ministry's business until the person
        asks. A share does not open it."""
        return self.filter(person__in=Person.objects.kept_by(user).order_by().values("pk"))


class EndStep(OfPerson):
    """The ledger: one step before one last day of one person was done, on which day, by whom, with what result.

    A last day that changed has no row yet, so that its steps are open again; what was done for the former one stays.
    """

    class Step(models.TextChoices):
        REVIEW = "review", _("D-180 review")
        SECOND = "second", _("D-60 check")
        SUPERVISOR = "supervisor", _("D-30 with the supervisor")
        AFTERCARE = "aftercare", _("D-0 after-care plan")

    class Result(models.TextChoices):
        WANTED = "wanted", _("Wants an extension")
        NOT_WANTED = "not_wanted", _("Does not want an extension")
        TALKING = "talking", _("Being talked over")
        NOT_ASKED = "", pgettext_lazy("extension", "Not asked")

    last_day = models.DateField()
    step = models.CharField(max_length=10, choices=Step)
    done_on = models.DateField()
    result = models.CharField(max_length=10, choices=Result, blank=True)
    words = models.CharField(max_length=500, blank=True)
    client_key = models.UUIDField(null=True)

    objects = EndStepQuerySet.as_manager()

    class Meta(OfPerson.Meta):
        abstract = False
        constraints = [
            one_version("end_step"),
            models.UniqueConstraint(
                fields=["person", "last_day", "step"],
                condition=Q(superseded_at=None),
                name="end_step_done_once",
                violation_error_message=_("This step was recorded already."),
            ),
            models.CheckConstraint(
                condition=Q(step="aftercare", result="") & ~Q(words="")
                | ~Q(step="aftercare") & Q(result__in=["wanted", "not_wanted", "talking"]),
                name="end_step_says_what",
                violation_error_message=_("Say what came of it: the person's wish, or the plan for afterwards."),
            ),
            landed_once("end_step", versions=True),
        ]
        indexes = [models.Index(fields=["person", "last_day"], name="end_step_person")]


class EndNoticeQuerySet(OfPersonQuerySet):
    def visible_to(self, user):
        """A written notice is seen by whoever may see the person; the Ministry's officers see it by `kept_by`."""
        return super().visible_to(user)

    def kept_by(self, user, *, on):
        """An officer of the Ministry who decides on protection keeps the notices of those to be told of their end
        (`ProtectionPeriod.to_be_told_by`), and, also after the end or an extension, every notice sent within the last
        365 days of which it is open what became of it, or was entered within the last 90."""
        ends = ProtectionPeriod.objects.to_be_told_by(user, on=on).order_by()
        return self.filter(Q(person__in=ends.values("person"))) | self.open_to(user, on=on)

    def open_to(self, user, *, on):
        """Return the notices of which an officer enters, or puts right, what became of them, whoever still waits;
        without those to people with whom a conflict of interest of the officer is on record."""
        known = Q(delivered_on=None, returned_on=None) | Q(recorded_at__gte=day_begins(on - PUT_RIGHT))
        known &= ~Q(person__in=barred_people(user))
        return self.filter(Exists(granted(May.DECIDE_PROTECTION, user)), known, sent_on__gte=on - MAIL)


class EndNotice(OfPerson):
    """The Minister's written notice of one last day (북한이탈주민법 제5조제5항): sent on a day, then received or
    returned. That none is on record does not say that none was sent."""

    class Way(models.TextChoices):
        REGISTERED = "registered", _("Registered mail")
        HANDED = "handed", _("Handed over")
        OTHER = "other", pgettext_lazy("way of a notice", "In another way")

    last_day = models.DateField()
    sent_on = models.DateField()
    way = models.CharField(max_length=10, choices=Way)
    proof = models.CharField(max_length=40, blank=True)
    delivered_on = models.DateField(null=True)
    returned_on = models.DateField(null=True)
    returned_why = models.CharField(max_length=200, blank=True)

    objects = EndNoticeQuerySet.as_manager()

    class Meta(OfPerson.Meta):
        abstract = False
        constraints = [
            one_version("end_notice"),
            models.UniqueConstraint(
                fields=["person", "last_day", "sent_on"],
                condition=Q(superseded_at=None) & (Q(returned_on=None) | Q(returned_on__gt=F("sent_on"))),
                name="end_notice_sent_once",
                violation_error_message=_("A notice sent on this day is on record already."),
            ),
            models.CheckConstraint(
                condition=~Q(way="registered") | ~Q(proof=""),
                name="end_notice_has_its_number",
                violation_error_message=_("Registered mail has a number. Please enter it."),
            ),
            models.CheckConstraint(
                condition=Q(delivered_on=None) | Q(returned_on=None),
                name="end_notice_one_outcome",
                violation_error_message=_("A letter was either received or returned."),
            ),
            models.CheckConstraint(
                condition=(Q(delivered_on=None) | Q(delivered_on__gte=F("sent_on")))
                & (Q(returned_on=None) | Q(returned_on__gte=F("sent_on"))),
                name="end_notice_after_sending",
                violation_error_message=_("A letter arrives, or comes back, on or after the day it was sent."),
            ),
            models.CheckConstraint(
                condition=Q(returned_on=None) | ~Q(returned_why=""),
                name="end_notice_returned_why",
                violation_error_message=_("Say why the letter came back."),
            ),
        ]
        indexes = [models.Index("person", F("sent_on").desc(), name="end_notice_person")]

    @property
    def state(self):
        """Where the letter stands: "returned", "delivered" or "sent"."""
        return "returned" if self.returned_on else "delivered" if self.delivered_on else "sent"
