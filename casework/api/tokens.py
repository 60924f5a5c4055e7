"""Issuing and revoking tokens, and finding the one that a caller shows."""

import secrets
from hashlib import sha256

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Max
from django.utils.translation import gettext as _

from casework.agencies.granting import give_role
from casework.agencies.models import User
from casework.agencies.roles import AGENCY_SYSTEM, May, can
from casework.api.models import ApiToken
from casework.api.scopes import Scope
from casework.audit.record import record

MARK = "cw_"  # so that a secret in the wrong place is recognised by scanners


def check_can_keep(user):
    """Raise PermissionDenied unless the user keeps the interfaces of agencies' systems."""
    if not can(user, May.ADMINISTER):
        raise PermissionDenied(_("Interfaces of other systems are kept by the system administrator."))


@transaction.atomic
def issue(agency, *, name, scopes, by, now, until, per_minute, source=""):
    """Make a token for a system of `agency`; return (ApiToken, secret). The secret is not kept and not shown again.

    The agency's service user is made with the first token. Raises PermissionDenied for who may not, ValidationError
    for a token without scopes, with signals and no source, or of a name that is in force: a double tap issues one.
    """
    check_can_keep(by)
    if not scopes:
        raise ValidationError({"scopes": _("Choose at least one thing the system may do.")})
    if not source and {Scope.SIGNALS_WRITE, Scope.SIGNALS_ALL} & set(scopes):
        raise ValidationError({"source": _("Signals need the name of their source: references count within it.")})
    user = service_user(agency, by=by, now=now)
    if ApiToken.objects.in_force().filter(agency=agency, name=name).exists():
        raise ValidationError({"name": _("A token of this name is in force. Revoke it, or choose another name.")})
    secret = MARK + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        agency=agency,
        user=user,
        name=name,
        prefix=secrets.token_hex(4),
        digest=digest(secret),
        scopes=sorted(str(scope) for scope in scopes),
        source=source,
        per_minute=per_minute,
        during=DateTimeTZRange(now, until),
        issued_by=by,
    )
    record("token issued", token, by=by, data={"agency": agency.pk, "scopes": token.scopes})
    return token, secret


@transaction.atomic
def revoke(token, *, by, now, reason):
    """End a token for good; False when it was revoked before. The next call with it is refused."""
    check_can_keep(by)
    if not reason.strip():
        raise ValueError("a revocation has a reason")
    ended = ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(
        revoked_at=now, revoked_by=by, revoked_because=reason.strip()
    )
    if ended:
        record("token revoked", token, by=by, reason=reason)
    return bool(ended)


def service_user(agency, *, by, now):
    """Return the user that systems of `agency` act as, made and given its role where it is missing.

    It cannot log in: it has no password and no address to send one to.
    """
    user, made = User.objects.get_or_create(
        username=f"system-{agency.pk}",
        defaults={"name": f"{agency.name_ko} 시스템"[:60], "agency": agency, "password": "!"},
    )
    if made:
        record("service user made", user, by=by)
    give_role(user, AGENCY_SYSTEM, by=by, reason=_("for the agency's system"), now=now)
    return user


def digest(secret):
    """Return the SHA-256 of a secret: enough for 256 random bits, and quick enough for every call."""
    return sha256(secret.encode()).hexdigest()


def found(secret):
    """Return the ApiToken in force with this secret, its user and agency along, or None; one query."""
    if not secret.startswith(MARK):
        return None
    return ApiToken.objects.in_force().select_related("user__agency", "agency").filter(digest=digest(secret)).first()


def listed():
    """Return every token with `used_at`, the minute of its last use, newest first."""
    rows = ApiToken.objects.select_related("agency", "issued_by", "revoked_by")
    return rows.annotate(used_at=Max("uses__minute")).order_by("-id")
