"""Giving and taking back a role: dated, by whom, why; kept in the log of what was done."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from casework.agencies.models import RoleGrant, User
from casework.agencies.roles import ROLES, May, can
from casework.audit.record import record


def check_can_grant(by: User, user: User) -> None:
    """Raise PermissionDenied unless `by` keeps users; nobody gives a role to themselves."""
    if not can(by, May.ADMINISTER):
        raise PermissionDenied(_("Users and roles are kept by the system administrator."))
    if by.pk == user.pk:
        raise PermissionDenied(_("Nobody gives or takes their own roles: ask another administrator."))


@transaction.atomic
def give_role(
    user: User, role: str, *, by: User, reason: str, now: datetime, until: datetime | None = None
) -> RoleGrant | None:
    """Grant `role` (a code of ROLES) from `now` until a moment; None when the user holds it already.

    Raises PermissionDenied for who may not, KeyError for an unknown role, ValueError without a reason.
    """
    check_can_grant(by, user)
    label = ROLES[role].label
    if not reason.strip():
        raise ValueError("a grant has a reason")
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if RoleGrant.objects.filter(user=user, role=role, during__overlap=(now, until)).exists():
        return None
    grant = RoleGrant.give(user, role, by=by, reason=reason, since=now, until=until)
    record("role_given", user, by=by, reason=reason, data={"role": role, "label": str(label)})
    return grant


@transaction.atomic
def revoke_role(grant: RoleGrant, *, by: User, reason: str, now: datetime) -> bool:
    """End a grant at `now`; False when it has ended already.

    Raises PermissionDenied for who may not, ValueError without a reason.
    """
    check_can_grant(by, grant.user)
    if not reason.strip():
        raise ValueError("taking a role back has a reason")
    held = RoleGrant.objects.select_for_update().get(pk=grant.pk)
    if held.revoked_by_id or (held.during.upper is not None and held.during.upper <= now):
        return False
    held.during = (min(held.during.lower, now), now)
    held.revoked_by, held.revoked_because = by, reason
    held.save(update_fields=["during", "revoked_by", "revoked_because"])
    record("role_revoked", held.user, by=by, reason=reason, data={"role": held.role})
    return True
