"""Notes of supervision: what a worker and a supervisor talked about and agreed, for these two alone."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from casework.agencies.roles import agency_of
from casework.landing import landed_once

LONGEST = 8_000


def _both(user, path=""):
    """Return the condition that the user is one of the two, and still works at the centre where it was written."""
    two = Q(**{f"{path}worker": user.pk}) | Q(**{f"{path}supervisor": user.pk})
    return two & Q(**{f"{path}center": agency_of(user)})


class SupervisionNoteQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A note of supervision is seen by the worker and by the supervisor who wrote it, as long as they work at that
        centre, and by nobody else: not the head, unless the head supervised; it is counted and exported nowhere."""
        return self.filter(_both(user))


class SupervisionNote(models.Model):
    """One talk of supervision. Never changed: what is to be added stands beneath it."""

    append_only = True

    center = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    supervisor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    held_on = models.DateField(_("Day"))
    text = models.TextField(_("What was talked about"))
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    client_key = models.UUIDField(null=True)

    objects = SupervisionNoteQuerySet.as_manager()

    class Meta:
        ordering = ["-held_on", "-id"]
        constraints = [
            landed_once("supervision_note", author="supervisor"),
            models.CheckConstraint(
                condition=~Q(worker=F("supervisor")),
                name="supervision_of_somebody_else",
                violation_error_message=_("Nobody supervises themselves."),
            ),
        ]

    def __str__(self):
        return f"{self.held_on:%Y-%m-%d}"


class BesideNoteQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What hangs on a note of supervision is seen by the two who see the note."""
        return self.filter(_both(user, "note__"))


class SupervisionStep(models.Model):
    """What was agreed, and by when; done once, by word of either of the two."""

    may_only_end = ("done_at", "done_by_id")

    note = models.ForeignKey(SupervisionNote, models.PROTECT, related_name="steps")
    place = models.PositiveSmallIntegerField()
    text = models.CharField(_("What was agreed"), max_length=200)
    due_on = models.DateField(_("By when"), null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = BesideNoteQuerySet.as_manager()

    class Meta:
        ordering = ["note", "place"]
        constraints = [
            models.UniqueConstraint(fields=["note", "place"], name="supervision_step_once"),
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None) | Q(done_at__isnull=False, done_by__isnull=False),
                name="supervision_step_done_by",
            ),
        ]

    def __str__(self):
        return self.text


class SupervisionAddendum(models.Model):
    """What either of the two added beneath a note."""

    append_only = True

    note = models.ForeignKey(SupervisionNote, models.PROTECT, related_name="addenda")
    text = models.TextField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    client_key = models.UUIDField(null=True)

    objects = BesideNoteQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [landed_once("supervision_addendum")]
