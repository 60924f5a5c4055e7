"""Who is told by a webhook when a referral has moved, and what waits to be told."""

from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class WebhookSubscription(models.Model):
    """An address of one agency's system and the events it wants to hear of. The secret is derived from `key`."""

    may_only_end = ("ended_at", "ended_by_id")

    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    url = models.URLField(_("Address"), max_length=300)
    events = ArrayField(models.CharField(max_length=30))
    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="webhook_ended_by",
            ),
            models.UniqueConstraint(
                fields=["agency", "url"],
                condition=Q(ended_at=None),
                name="webhook_address_once",
                violation_error_message=_("This agency is already told at this address."),
            ),
        ]

    def __str__(self):
        return f"{self.agency} · {self.url}"


class WebhookDelivery(models.Model):
    """One message to one address: the number, the event and the moment; nothing about anybody stands in it.

    It names the referral by number and not by reference: it is a message, and outlives nothing.
    """

    subscription = models.ForeignKey(WebhookSubscription, models.PROTECT, related_name="deliveries")
    message_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    event = models.CharField(max_length=30)
    number = models.CharField(max_length=14)
    moment = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(sent_at=None) | Q(dead_at=None), name="webhook_sent_or_dead"),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(sent_at=None, dead_at=None), name="webhook_due"),
            models.Index(fields=["-dead_at"], condition=Q(dead_at__isnull=False), name="webhook_dead"),
        ]

    def __str__(self):
        return f"{self.event} {self.number}"
