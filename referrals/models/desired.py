"""What the sender hopes for, line by line, for the household or for one member; and what came of each."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from referrals.states import Outcome


class DesiredOutcomeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A hoped-for result is seen by whoever may read the referral's contents."""
        from referrals.models.referral import Referral

        return self.filter(referral__in=Referral.objects.read_by(user).order_by().values("pk"))


class DesiredOutcome(models.Model):
    """One hoped-for result. `person` is the member it is for; empty: the household."""

    referral = models.ForeignKey("referrals.Referral", models.CASCADE, related_name="desired")
    order = models.PositiveSmallIntegerField()
    text = models.CharField(_("Hoped-for result"), max_length=200)
    person = models.ForeignKey("households.Person", models.PROTECT, null=True, blank=True, related_name="+")
    result = models.CharField(_("What came of it"), max_length=12, choices=Outcome, blank=True)
    result_text = models.CharField(_("In a few words"), max_length=300, blank=True)

    objects = DesiredOutcomeQuerySet.as_manager()

    class Meta:
        ordering = ["referral", "order"]
        constraints = [models.UniqueConstraint(fields=["referral", "order"], name="desired_in_order")]

    def __str__(self):
        return self.text
