"""A draft is not a fact: text kept on the server while somebody is still writing, also across a lost session."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from households.models.conflict import barred_from


class DraftQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A draft is seen by its author and nobody else; not where a conflict of interest has closed the
        household."""
        return self.filter(author=user.pk).exclude(household__in=barred_from(user))


class Draft(models.Model):
    """What one author has typed into one form so far; `client_key` becomes the record's key when it is saved."""

    class Kind(models.TextChoices):
        CONTACT = "contact", _("Contact")
        INTAKE = "intake", _("Intake")
        REFERRAL = "referral", _("Referral")
        REVIEW = "review", _("Review")
        ASSESSMENT = "assessment", _("Assessment")
        PLAN = "plan", _("Service plan")

    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="drafts")
    kind = models.CharField(max_length=10, choices=Kind)
    household = models.ForeignKey("households.Household", models.PROTECT, null=True, related_name="+")
    client_key = models.UUIDField()
    payload = models.JSONField(default=dict)
    step = models.CharField(max_length=30, blank=True)
    saved_at = models.DateTimeField(auto_now=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["author", "client_key"], name="draft_once")]
        ordering = ["-saved_at", "-id"]
