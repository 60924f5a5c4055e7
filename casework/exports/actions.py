"""Asking for a file, stopping it, taking it away, forgetting it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Least
from django.utils.translation import gettext as _

from casework.agencies.models import User
from casework.audit.record import record
from casework.exports import answering
from casework.exports.kinds import Kind
from casework.exports.models import Export
from casework.landing import landed

LOCK = 0x4558504F  # "EXPO": one question at a time of each asker
DAY = timedelta(hours=24)


class Gone(Exception):
    """The file cannot be taken away; `str()` is the sentence that the asker reads."""


@transaction.atomic
def ask(
    kind: Kind, asked: dict[str, Any], *, by: User, reason: str, now: datetime, client_key: UUID | None = None
) -> Export:
    """Ask for a list as a file; return the Export. A worker is rung for, or, of a list with names, the second person
    told.

    `asked` is what `kind.narrowed` returned. The same `client_key` of the same asker gives the first one. Raises
    PermissionDenied where the user may not take such lists away, ValidationError where the reason is too short or it
    is one too many within 24 hours (`settings.CASEWORK_EXPORTS_A_DAY`), or where nobody else could agree to it.
    """
    if not kind.allows(by):
        raise PermissionDenied(_("You may not take this list away."))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, by.pk % 2**31])
    if first := landed(Export.objects, by=by, client_key=client_key, author="asker"):
        return first
    if settings.CASEWORK_EXPORTS_A_DAY and asked_lately(by, now) >= settings.CASEWORK_EXPORTS_A_DAY:
        words = _("You have asked for %(n)s files within 24 hours, which is as many as may be. Please try tomorrow.")
        raise ValidationError(words % {"n": settings.CASEWORK_EXPORTS_A_DAY})
    seconds = answering.answerers(by, kind, by.agency_id) if kind.names else []
    if kind.names and not seconds:
        raise ValidationError(_("Nobody else of your agency could agree to this file. Please work on the screen."))
    about = {"asked_at": now, "answered_at": None if kind.names else now, "client_key": client_key}
    made = Export(kind=kind.code, asker=by, agency=by.agency, asked=asked, reason=reason.strip(), **about)
    made.validate_constraints(exclude={"number"})
    made.save()
    record("export requested", made, by=by, reason=made.reason, data={"kind": kind.code, "asked": asked})
    answering.tell_asked(made, seconds, now=now)
    if not kind.names:
        transaction.on_commit(answering.ring)
    return made


def asked_lately(user: User, now: datetime) -> int:
    """Return how many files the user has asked for within 24 hours."""
    return Export.objects.visible_to(user).filter(asked_at__gt=now - DAY).count()


@transaction.atomic
def cancel(export: Export, *, by: User, now: datetime) -> bool:
    """Stop an export that waits or runs; its worker finds out at the next part. False when it had ended already."""
    rows = Export.objects.visible_to(by).open().filter(pk=export.pk).order_by()
    if not rows.update(cancelled_at=now, held_until=None):
        return False
    record("export cancelled", export, by=by)
    return True


def taken(export: Export, kind: Kind | None, *, by: User, now: datetime) -> Export:
    """Return the export with its content, to be sent to `by`, whose rights are asked again for every row in it.

    Raises Gone with the sentence when it was not made, has expired, or the rights do not hold any more: then its
    content is deleted at once.
    """
    found = Export.objects.visible_to(by).filter(pk=export.pk).first()
    if found is None or found.done_at is None:
        raise Gone(_("This file is not ready."))
    if found.content is None or found.expires_at <= now:
        raise Gone(_("The file was kept for 24 hours and is deleted. Please ask for it again."))
    if kind is None or not kind.allows(by) or not kind.still(by, found.records, found.closed):
        with transaction.atomic():
            _empty(Export.objects.filter(pk=found.pk), now)
            record("export deleted", found, by=by, data={"why": "rights"})
        raise Gone(_("Something in this file may not be read by you any more. It is deleted; please ask again."))
    return found


def forget(now: datetime) -> int:
    """Delete the contents that have expired; what was asked, when and why, stays. Returns how many."""
    return _empty(Export.objects.filter(content__isnull=False, expires_at__lte=now), now)


def _empty(exports: Any, now: datetime) -> int:
    """Empty files; one that may be kept no longer has expired."""
    nobody: dict[str, Any] = {"records": [], "closed": [], "subjects": [], "households": []}
    emptied: int = exports.update(content=None, expires_at=Least(F("expires_at"), now), **nobody)
    return emptied
