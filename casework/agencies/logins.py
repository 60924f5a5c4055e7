"""Log-ins, log-outs and failures go into the access log."""

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from casework.agencies.fresh import known
from casework.audit.models import AccessLog, Act
from casework.audit.record import actor


@receiver(user_logged_in, dispatch_uid="access.login")
def logged_in(sender, request, user, **kwargs):
    """Keep who came in, and from where; a password that was just given is not asked for again at once."""
    if request is not None and hasattr(request, "session"):
        known(request)
    _write(request, Act.LOGIN, user)


@receiver(user_logged_out, dispatch_uid="access.logout")
def logged_out(sender, request, user, **kwargs):
    """Keep who left; nobody leaves when nobody was in."""
    if user is not None:
        _write(request, Act.LOGOUT, user)


@receiver(user_login_failed, dispatch_uid="access.failed")
def login_failed(sender, credentials, request=None, **kwargs):
    """Keep the name that was tried, never the password."""
    tried = credentials.get("username") or credentials.get("login") or ""
    _write(request, Act.LOGIN_FAILED, None, detail={"tried": str(tried)[:60]})


def _write(request, act, user, detail=None):
    ip = request.META.get("REMOTE_ADDR") if request is not None else None
    AccessLog.objects.create(act=act, ip=ip or None, detail=detail or {}, **actor(user))
