"""The address under which a person's own calendar program asks for the days that are due: case numbers, no names."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class CalendarFeedQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A feed is seen by the person it was made for, and by nobody else."""
        return self.filter(user=user.pk)

    def in_force(self):
        """Return the feeds that answer: not revoked, of a user who may log in."""
        return self.filter(revoked_at=None, user__is_active=True)


class CalendarFeed(models.Model):
    """One feed of one user. Of its secret only the SHA-256 is kept; who has the address reads what the user may see
    on that day. A revocation is final."""

    may_only_end = ("revoked_at",)

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the secret (256 random bits)")
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    revoked_at = models.DateTimeField(null=True)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(revoked_at=None), name="one_feed_of_a_user"),
        ]

    def __str__(self):
        return f"{self.user_id} · {self.made_at}"
