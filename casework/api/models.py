"""A token of an agency's system, how often it was used, and what it was answered."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from casework.api.scopes import Scope

PER_MINUTE = 120


class ApiTokenQuerySet(models.QuerySet):
    def in_force(self):
        """Return those that open something at this moment: begun, not over, not revoked, their user not closed."""
        return self.filter(during__contains=Now(), revoked_at=None, user__is_active=True)


class ApiToken(models.Model):
    """A key of one agency's system. The secret is shown once and kept as its SHA-256; a revocation is final."""

    may_only_end = ("revoked_at", "revoked_by_id", "revoked_because")

    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    name = models.CharField(_("Name of the system"), max_length=80)
    prefix = models.CharField(max_length=12, unique=True, help_text="tells tokens apart on pages and in logs")
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the secret (256 random bits)")
    scopes = ArrayField(models.CharField(max_length=30, choices=Scope))
    source = models.CharField(_("Name as a source of signals"), max_length=80, blank=True)
    per_minute = models.PositiveIntegerField(_("Calls a minute"), default=PER_MINUTE)
    during = DateTimeRangeField()
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    revoked_because = models.CharField(max_length=200, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None, revoked_because="")
                | (Q(revoked_at__isnull=False, revoked_by__isnull=False) & ~Q(revoked_because="")),
                name="token_revoked_by_with_reason",
            ),
            models.CheckConstraint(condition=Q(per_minute__gte=1), name="token_is_of_use"),
        ]

    def __str__(self):
        return f"{self.name} ({self.prefix})"

    def allows(self, scope):
        """Tell whether the token was issued for `scope`."""
        return str(scope) in self.scopes


class ApiUse(models.Model):
    """How often one token was used within one minute: for the limit, and for "last used"."""

    token = models.ForeignKey(ApiToken, models.CASCADE, related_name="uses")
    minute = models.DateTimeField()
    calls = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "api_use"
        constraints = [models.UniqueConstraint(fields=["token", "minute"], name="api_use_once")]


class StoredAnswer(models.Model):
    """That a token was answered under one key, kept for a day, so that a retry lands once.

    Of an answer about a person only the address is kept: a retry reads it anew, with the rights of its own moment.
    """

    token = models.ForeignKey(ApiToken, models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of method, path and body")
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.JSONField(null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="api_answered_once")]
        indexes = [models.Index(fields=["at"], name="api_answer_at")]
