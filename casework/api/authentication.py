"""Who calls: the token of an agency's system, and whether it was issued for what is asked."""

import structlog
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import BasePermission

from casework.api import tokens

log = structlog.get_logger(__name__)


class Bearer(BaseAuthentication):
    """`Authorization: Bearer cw_…`. The caller then is the agency's service user, and `request.auth` the token."""

    def authenticate(self, request):
        """Return (user, token), None without the header; raises AuthenticationFailed for a token not in force."""
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != b"bearer":
            return None
        token = tokens.found(parts[1].decode("latin-1")) if len(parts) == 2 else None
        if token is None:
            log.info("api_token_refused", ip=request.META.get("REMOTE_ADDR"))
            raise AuthenticationFailed(_("The token is not known here, or no longer in force."))
        return token.user, token

    def authenticate_header(self, request):
        """Return what a 401 tells about how to come in."""
        return 'Bearer realm="casework"'


class HasScope(BasePermission):
    """The token was issued for the endpoint's scope of this method; `view.scopes` maps methods to scopes."""

    def has_permission(self, request, view):
        """Tell whether there is a token; raises PermissionDenied where its scopes do not cover what is asked."""
        if request.auth is None:
            return False
        wanted = getattr(view, "scopes", {}).get(request.method)
        if wanted and not any(request.auth.allows(scope) for scope in wanted):
            raise PermissionDenied(_("The token was not issued for this: %(scope)s.") % {"scope": " / ".join(wanted)})
        return True
