"""People who work here, and the roles granted to them."""

from functools import reduce
from operator import or_

import pghistory
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from casework.agencies.roles import AGENCY_SYSTEM, CHOICES, ROLES, holders

SYSTEM = "system"


class UserQuerySet(models.QuerySet["User"]):
    """Who works where, in the words of permission."""

    def who_may(self, *words):
        """Return those who are active and whose grants in force carry at least one of `words`."""
        return self.filter(reduce(or_, (Q(holders(word)) for word in words)), is_active=True)

    def people(self):
        """Leave out the systems that act for agencies: nobody to tell, to name or to give work to."""
        return self.filter(~Exists(RoleGrant.objects.in_force().filter(user=OuterRef("pk"), role=AGENCY_SYSTEM)))

    def by_agency(self):
        """Return {agency id: [User, …]}, by name; one query."""
        found = {}
        for user in self.order_by("name", "id"):
            found.setdefault(user.agency_id, []).append(user)
        return found


class UserManager(BaseUserManager["User"]):
    """Makes users; the system user acts for commands and cannot log in."""

    def get_queryset(self):
        """Every page names the user's agency: it comes with the user."""
        return UserQuerySet(self.model, using=self._db).select_related("agency")

    def who_may(self, *words):
        """Return those of all users who may; see `UserQuerySet.who_may`."""
        return self.get_queryset().who_may(*words)

    def create_user(self, username, password=None, **fields):
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username, password=None, **fields):
        """A superuser reaches the reference-data admin; it sees no case (no grant is given)."""
        return self.create_user(username, password, is_staff=True, is_superuser=True, **fields)

    def system(self):
        """Return the user that commands act as."""
        return self.get(username=SYSTEM)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who works at one agency."""

    username = models.CharField(_("Log-in name"), max_length=60, unique=True)
    name = models.CharField(_("Name"), max_length=60)
    email = models.EmailField(_("E-mail"), blank=True)
    phone = models.CharField(_("Desk telephone"), max_length=30, blank=True, help_text=_("shown on referrals"))
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, null=True, blank=True)
    language = models.CharField(
        _("Language"), max_length=5, default="ko", choices=[("ko", "한국어"), ("en", "English")]
    )
    keys_on = models.BooleanField(_("Single-key shortcuts"), default=True)
    weekly_contacts = models.PositiveSmallIntegerField(_("Contacts one week can hold"), default=16)
    woman = models.BooleanField(
        _("Works as a woman worker"),
        null=True,
        blank=True,
        help_text=_("said where somebody asks for a woman worker; empty: not known"),
    )
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    is_demo = models.BooleanField(default=False, editable=False)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    class Meta:
        ordering = ["name", "id"]

    def __str__(self):
        return self.name or self.username


class RoleGrantQuerySet(models.QuerySet):
    def in_force(self):
        return self.filter(during__contains=Now())


@pghistory.track()
class RoleGrant(models.Model):
    """A role given to a user from and until a moment, by whom and why. A grant can expire."""

    user = models.ForeignKey(User, models.PROTECT, related_name="grants")
    role = models.CharField(max_length=30, choices=CHOICES)
    during = DateTimeRangeField()
    granted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    revoked_because = models.CharField(max_length=200, blank=True)

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="role_granted_once",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This person already holds this role in this time."),
            ),
            models.CheckConstraint(
                condition=Q(revoked_by=None, revoked_because="")
                | (Q(revoked_by__isnull=False) & ~Q(revoked_because="")),
                name="role_revoked_by_with_reason",
            ),
        ]

    def __str__(self):
        return f"{self.user} · {ROLES[self.role].label}"

    @classmethod
    def give(cls, user, role, *, by, reason, since=None, until=None):
        """Grant `role` from `since` (default now) until `until` (default open)."""
        return cls.objects.create(
            user=user, role=role, granted_by=by, reason=reason, during=(since or timezone.now(), until)
        )
