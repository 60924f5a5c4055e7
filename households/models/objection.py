"""An objection (이의신청, 제32조) to the result of a request, and what became of it."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from casework.landing import landed_once
from households.extensions.workflow import OBJECTION, ObjectionStatus
from households.models.extension import ExtensionRequest, OfRequestQuerySet

OPEN = (ObjectionStatus.RECEIVED, ObjectionStatus.PREPARED)


@pghistory.track()
class Objection(models.Model):
    """One objection. That it counts as accepted after the last day for an answer is computed, never stored; what
    follows from it is entered by one officer and confirmed by a second."""

    class Answer(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted")
        REJECTED = "rejected", _("Not accepted")
        DEEMED = "deemed", _("Counted as accepted (no answer in time)")

    class Follow(models.TextChoices):
        NOTHING = "nothing", _("Nothing changes")
        EXTEND = "extend", _("The period is extended")
        OTHER = "other", _("Something else, in words")

    request = models.ForeignKey(ExtensionRequest, models.PROTECT, related_name="objections")
    status = models.CharField(max_length=10, choices=ObjectionStatus, default=ObjectionStatus.RECEIVED, editable=False)
    received_on = models.DateField(_("Received on"))
    late = models.BooleanField(default=False, help_text="received after the last day, as counted when it was entered")
    words = models.TextField(_("What the person objects to"), max_length=3000)
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answer = models.CharField(max_length=10, choices=Answer, blank=True)
    reasons = models.TextField(max_length=3000, blank=True)
    follow = models.CharField(max_length=8, choices=Follow, blank=True)
    until = models.DateField(null=True)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_on = models.DateField(null=True)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    client_key = models.UUIDField(null=True)

    objects = OfRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            landed_once("objection", author="received_by"),
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(status__in=OPEN),
                name="one_open_objection",
                violation_error_message=_("An objection to this result is being answered already."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("prepared_by")),
                name="objection_confirmed_by_a_second",
                violation_error_message=_("An answer is confirmed by somebody else than who prepared it."),
            ),
            models.CheckConstraint(
                condition=~Q(status=ObjectionStatus.ANSWERED)
                | (
                    Q(confirmed_by__isnull=False, prepared_by__isnull=False, answered_on__isnull=False)
                    & ~Q(answer="")
                    & ~Q(reasons="")
                ),
                name="objection_answered_with_reasons",
            ),
            models.CheckConstraint(
                condition=(Q(follow="extend") & Q(until__isnull=False)) | (~Q(follow="extend") & Q(until=None)),
                name="objection_extends_until",
                violation_error_message=_("Please say until when the period is extended."),
            ),
        ]
        triggers = [OBJECTION.trigger()]

    def __str__(self):
        return f"{self.request_id} · {self.received_on}"
