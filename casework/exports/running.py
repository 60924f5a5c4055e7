"""Making a file in the background: claimed by one worker at a time, part by part, taken up again when a worker is lost.

What was asked stands in PostgreSQL; a message only rings. A worker holds an export for as long as LEASE after each
part; one that was killed lets go then, and the next tick begins the file anew.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import override

from casework.audit.record import record
from casework.exports.kinds import Kind, Line, kinds
from casework.exports.models import KEPT, Export, Why
from casework.exports.sheet import workbook
from casework.templatetags.format import fulltime

LEASE = timedelta(minutes=1)
TRIES = 3
"""After so many workers that were lost with it, an export is given up."""
PART = 200
"""So many rows are read at once; then how far it is can be seen, and it can be stopped."""
MOST = 10_000
"""More rows make no file: it would be a copy of the register."""
Now = Callable[[], datetime]


class Stopped(Exception):
    """Somebody cancelled it, or another worker has it: nothing more is to be done."""


def work_off(now: Now) -> int:
    """Make what waits, one after another, and return how many were taken up. `now` returns the present moment."""
    made = 0
    while export := claim(now()):
        make(export, now)
        made += 1
    return made


@transaction.atomic
def claim(now: datetime) -> Export | None:
    """Take the first export that may be made and that nobody holds; give it up instead when too many workers were lost
    with it."""
    due = Export.objects.open().filter(answered_at__isnull=False).filter(Q(held_until=None) | Q(held_until__lte=now))
    export = due.select_for_update(skip_locked=True, of=("self",)).first()
    if export is None:
        return None
    Export.objects.filter(pk=export.pk).update(
        held_until=now + LEASE, started_at=Coalesce(F("started_at"), now), tries=F("tries") + 1, done_rows=0
    )
    return Export.objects.select_related("asker__agency").get(pk=export.pk)


def make(export: Export, now: Now) -> None:
    """Make the file and keep it; stop after the part in which somebody cancelled."""
    try:
        if export.tries > TRIES:
            return _fail(export, Why.LOST, now())
        with override(export.asker.language):
            _make(export, kinds().get(export.kind), now)
    except Stopped:
        return None
    except (OperationalError, InterfaceError):
        raise  # the server went away: the export stays as it is and is taken up again
    except Exception:
        with suppress(Stopped):
            _fail(export, Why.ERROR, now())
        raise
    return None


def _make(export: Export, kind: Kind | None, now: Now) -> None:
    user = export.asker
    moved = export.answered_by_id is not None and user.agency_id != export.agency_id  # others agreed to another list
    if kind is None or moved or not user.is_active or not kind.allows(user):
        return _fail(export, Why.RIGHTS, now())
    ids = kind.ids(user, export.asked, now=now())
    if len(ids) > MOST:
        return _fail(export, Why.TOO_MANY, now())
    lines = [line for part in _parts(export, kind, ids, now) for line in part]
    at = now()
    content = workbook(export.number, mark_of(export, kind, at), kind.header(), (line.cells for line in lines), now=at)
    return _keep(export, lines, content, at)


def _parts(export: Export, kind: Kind, ids: list[int], now: Now) -> Iterator[list[Line]]:
    """Yield the lines part by part, as the asker may read them at that moment, and say how far it is."""
    for start in range(0, len(ids), PART):
        yield kind.lines(export.asker, export.asked, ids[start : start + PART], now=now())
        _still(export, rows=len(ids), done_rows=min(start + PART, len(ids)), held_until=now() + LEASE)


def mark_of(export: Export, kind: Kind, at: datetime) -> str:
    """Return the mark of a file: its number, the list, who took it away when, and why."""
    words = _("%(number)s · %(list)s · taken away by %(name)s (%(agency)s) at %(at)s · reason: %(reason)s")
    said = kind.said(export.asked)
    about: dict[str, Any] = {"list": f"{kind.label} ({said})" if said else kind.label, "at": fulltime(at)}
    user = export.asker
    about |= {"number": export.number, "name": user, "agency": user.agency or "–", "reason": export.reason}
    return words % about


@transaction.atomic
def _keep(export: Export, lines: list[Line], content: bytes, at: datetime) -> None:
    _still(
        export,
        done_at=at,
        expires_at=at + KEPT,
        held_until=None,
        rows=len(lines),
        done_rows=len(lines),
        content=content,
        records=[line.record for line in lines if not line.closed],
        closed=[line.record for line in lines if line.closed],
        subjects=sorted({person for line in lines for person in line.subjects}),
        households=sorted({household for line in lines for household in line.households}),
    )
    record("export made", export, by=export.asker, data={"rows": len(lines)})


def _fail(export: Export, why: Why, at: datetime) -> None:
    _still(export, failed_at=at, why=why, held_until=None)


def _still(export: Export, **values: Any) -> None:
    """Write down how far it is; raise Stopped when it was cancelled or another worker took it over."""
    if not Export.objects.open().filter(pk=export.pk, tries=export.tries).order_by().update(**values):
        raise Stopped
