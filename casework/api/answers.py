"""Landing once: a retry under the same `Idempotency-Key` is answered for what the first call made, for a day."""

from datetime import timedelta
from hashlib import sha256
from uuid import NAMESPACE_URL, uuid4, uuid5

from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from rest_framework.response import Response

from casework.api.models import StoredAnswer
from casework.api.problems import Problem, answered

HEADER = "Idempotency-Key"
KEPT = timedelta(hours=24)
MOST = 255
KEPT_HEADERS = ("ETag", "Location")
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"


def key_of(request):
    """Return the key of a request, without the quotes that the draft standard puts around it; "" for none.

    Raises Problem for a key that is no key.
    """
    key = request.headers.get(HEADER, "").strip()
    if key.startswith('"') and key.endswith('"') and len(key) > 1:
        key = key[1:-1]
    elif HEADER in request.headers and not key:
        raise Problem("malformed", _("The Idempotency-Key is empty."))
    if len(key) > MOST or not (key.isascii() and key.isprintable()):
        raise Problem("malformed", _("An Idempotency-Key has at most 255 printable ASCII characters."))
    return key


def client_key(request):
    """Return the uuid under which the request's record lands once: of its token and key, else a new one."""
    key = key_of(request)
    return uuid5(NAMESPACE_URL, f"{request.auth.pk}/{key}") if key else uuid4()


def landing_once(request, act, again=None):
    """Return `act()`, a Response, or what was answered to the same request before; all in one transaction.

    Two at once wait for each other. Only what succeeded is kept: a refused call changed nothing and may be mended.
    `again(request, location)` reads anew what the first call made: then no content is kept, and a retry shows no more
    than may be read at its own moment. Raises Problem when the key was used for another request.
    """
    key = key_of(request)
    if not key:
        return act()
    mark = sha256(b"\n".join([request.method.encode(), request.get_full_path().encode(), request.body])).hexdigest()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(LOCK, [f"{request.auth.pk}/{key}"])
        old = _kept(request.auth, key, mark)
        if old is not None:
            return _replayed(request, old, again)
        return _keep(_acted(act), request.auth, key, mark, whole=again is None)


def _acted(act):
    try:
        return act()
    except Problem as problem:
        if problem.keeps:
            return answered(problem, {})
        raise


def _kept(token, key, mark):
    old = StoredAnswer.objects.filter(token=token, key=key, at__gt=Now() - KEPT).first()
    if old is not None and old.fingerprint != mark:
        raise Problem("key_reused")
    return old


def _replayed(request, old, again):
    answer = again(request, old.headers["Location"]) if again else Response(old.body, headers=old.headers)
    answer.status_code = old.status
    answer.headers["Idempotent-Replayed"] = "true"
    return answer


def _keep(answer, token, key, mark, whole):
    if answer.status_code < 400:
        headers = {name: answer.headers[name] for name in KEPT_HEADERS if name in answer.headers}
        values = {"fingerprint": mark, "status": answer.status_code, "headers": headers}
        values["body"] = answer.data if whole else None
        StoredAnswer.objects.filter(token=token, key=key).delete()
        StoredAnswer.objects.create(token=token, key=key, **values)
    return answer


def forget_old(now):
    """Forget answers that are older than a day; return how many."""
    return StoredAnswer.objects.filter(at__lt=now - KEPT).delete()[0]
