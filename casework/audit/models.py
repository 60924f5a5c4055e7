"""What was done and what was looked at. No foreign keys at all: a log outlives what it names (design §2)."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Act(models.TextChoices):
    """The kinds of looking that are logged."""

    LOGIN = "login", _("Logged in")
    LOGOUT = "logout", _("Logged out")
    LOGIN_FAILED = "login_failed", _("Log-in failed")
    OPEN = "open", _("Opened a page about a person")
    REVEAL = "reveal", _("Revealed a hidden field")
    LIST = "list", _("Looked at a list")
    SEARCH = "search", _("Searched")
    EXPORT = "export", _("Exported")


class Entry(models.Model):
    """Base of both logs: who, for which agency, when."""

    append_only = True

    at = models.DateTimeField(db_default=Now(), editable=False)
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=120, blank=True)
    agency_id = models.BigIntegerField(null=True)

    class Meta:
        abstract = True


class EventQuerySet(models.QuerySet):
    def about(self, subject):
        """Return what was done with one record, newest first."""
        return self.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk).order_by("-at", "-id")

    def of_household(self, household_id):
        """Return what was done with one household and everything under it, newest first."""
        return self.filter(household_id=household_id).order_by("-at", "-id")


class Event(Entry):
    """Something was done: the verb, the record by type, id and label, the reason, and facts about the step."""

    verb = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    subject_label = models.CharField(max_length=120, blank=True)
    household_id = models.BigIntegerField(null=True)
    reason = models.TextField(blank=True)
    data = models.JSONField(default=dict)

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "at"], name="event_subject"),
            models.Index(fields=["household_id", "at"], name="event_household"),
        ]


class AccessLogQuerySet(models.QuerySet):
    def affecting(self, person_id):
        """Return every look at one person: "who was affected?" turned round, in one query."""
        return self.filter(subjects__contains=[person_id]).order_by("-at", "-id")


class AccessLog(Entry):
    """Something was looked at: the act, where, and whose data was shown (`subjects`: person ids)."""

    act = models.CharField(max_length=20, choices=Act)
    view = models.CharField(max_length=120, blank=True)
    subjects = ArrayField(models.BigIntegerField(), default=list)
    households = ArrayField(models.BigIntegerField(), default=list)
    reason = models.CharField(max_length=200, blank=True)
    detail = models.JSONField(default=dict)
    ip = models.GenericIPAddressField(null=True)

    objects = AccessLogQuerySet.as_manager()

    class Meta:
        indexes = [
            GinIndex(fields=["subjects"], name="access_subjects"),
            GinIndex(fields=["households"], name="access_households"),
            models.Index(fields=["at"], name="access_at"),
            models.Index(fields=["actor_id", "at"], name="access_actor"),
        ]
