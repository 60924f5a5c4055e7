"""What the two sides say to each other about a referral: comments, questions, answers. Nothing is ever taken back."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from casework.landing import landed_once


class MessageQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A message is seen by whoever may read the referral's contents: both agencies, nobody else."""
        from referrals.models.referral import Referral

        return self.filter(referral__in=Referral.objects.read_by(user).order_by().values("pk"))


class Message(models.Model):
    """One line of the thread. A question waits for its answer, which names it."""

    append_only = True

    class Kind(models.TextChoices):
        COMMENT = "comment", _("Comment")
        QUESTION = "question", _("Question")
        ANSWER = "answer", _("Answer")

    referral = models.ForeignKey("referrals.Referral", models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.TextField(_("Words"), max_length=2000)
    answers = models.OneToOneField("self", models.PROTECT, null=True, related_name="answer")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    client_key = models.UUIDField(null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            landed_once("referral_message", author="author"),
            models.CheckConstraint(
                condition=Q(kind="answer", answers__isnull=False) | (~Q(kind="answer") & Q(answers=None)),
                name="an_answer_names_its_question",
            ),
        ]
        indexes = [models.Index(fields=["referral", "id"], name="message_thread")]

    def __str__(self):
        return f"{self.referral} · {self.get_kind_display()}"
