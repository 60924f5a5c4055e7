"""A share: the exception to who sees a household (design §6). An expired share stops at once."""

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from casework.agencies.roles import May, granted


class ShareQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A share is seen by whoever may see the household."""
        from households.models.circle import Household

        return self.filter(household__in=Household.objects.visible_to(user).order_by().values("pk"))

    def in_force(self):
        return self.filter(during__contains=Now())


@pghistory.track()
class Share(models.Model):
    """A household is shown to a user or to an agency, for a reason, from and until a moment."""

    household = models.ForeignKey("households.Household", models.PROTECT, related_name="shares")
    to_user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    to_agency = models.ForeignKey("agencies.Agency", models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(_("Why"), max_length=200)
    during = DateTimeRangeField()
    shared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = ShareQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(to_user=None) ^ Q(to_agency=None),
                name="share_to_one",
                violation_error_message=_("Share with one person or with one agency."),
            ),
            models.CheckConstraint(condition=Q(during__endswith__isnull=False), name="share_ends"),
        ]

    def __str__(self):
        return f"{self.household} → {self.to_user or self.to_agency}"

    def end(self, *, by, now=None):
        """End the share now; what it showed is gone with the next query."""
        self.during = (self.during.lower, now or timezone.now())
        self.ended_by = by
        self.save(update_fields=["during", "ended_by"])


class HouseholdUserPermission(UserObjectPermissionBase):
    """django-guardian's direct table for a user; one row per share, so that two overlapping shares stay two."""

    id = models.BigAutoField(primary_key=True)
    content_object = models.ForeignKey("households.Household", models.CASCADE)
    share = models.ForeignKey(Share, models.CASCADE, related_name="user_permissions")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["share", "permission"], name="user_permission_per_share")]


class HouseholdGroupPermission(GroupObjectPermissionBase):
    """django-guardian's direct table for an agency's group; one row per share."""

    id = models.BigAutoField(primary_key=True)
    content_object = models.ForeignKey("households.Household", models.CASCADE)
    share = models.ForeignKey(Share, models.CASCADE, related_name="group_permissions")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["share", "permission"], name="group_permission_per_share")]


def shared_with(user):
    """Return two querysets of shares in force for the user: to the person, and to the person's agency; none of a
    household from which a conflict of interest bars the user."""
    from households.models.conflict import barred_from

    rights = {"share__during__contains": Now(), "permission__codename": "view_household"}
    direct = HouseholdUserPermission.objects.filter(user__in=granted(May.SEE_SHARED, user), **rights)
    agency = HouseholdGroupPermission.objects.filter(group__agency__user__in=granted(May.SEE_SHARED, user), **rights)
    closed = barred_from(user)
    return [
        rows.exclude(content_object__in=closed).annotate(household=models.F("content_object"))
        for rows in (direct, agency)
    ]
