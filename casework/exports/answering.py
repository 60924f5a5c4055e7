"""The second person: a file with names is made once somebody else of the same agency has agreed to it.

Whoever decides over the work there answers; where nobody else does, as at an office, whoever may take such a list away
themselves. They read who asks, for which list and why, and nothing of what is in it. The agency is the one at which it
was asked: whoever leaves it, or waits too long, has to ask again. Our own criterion.
"""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework.agencies.models import User
from casework.agencies.roles import May
from casework.audit.record import record
from casework.exports.kinds import Kind, kinds
from casework.exports.models import Export, Why
from casework.telling.actions import tell
from casework.telling.kinds import Kind as NoticeKind

KINDS = (
    NoticeKind("export_asked", gettext_lazy("Somebody asks for a file with names")),
    NoticeKind("export_answered", gettext_lazy("Your file with names was answered"), mailed=False),
    NoticeKind("export_lapsed", gettext_lazy("Nobody agreed to your file with names in time"), mailed=False),
)


class TooLate(Exception):
    """Somebody answered before, the asker cancelled, or it has lapsed; `str()` is the sentence that is read."""


def answerers(asker: User, kind: Kind, agency: int | None) -> list[User]:
    """Return who may answer for a file that `asker` asks for at an agency (its key): never the asker."""
    if agency is None:
        return []
    leads = _leads(agency)
    others = User.objects.who_may(*May).people().filter(agency=agency)
    return [one for one in others.order_by("id") if _may(one, asker, kind, leads)]


def waiting_for(user: User, *, now: datetime) -> list[Export]:
    """Return the exports that the user may answer, the first asked for first; as many queries for many as for few."""
    rows = list(Export.objects.to_answer(user, now=now).without_content().select_related("asker__agency"))
    leads = _leads(user.agency_id) if rows else []
    return [row for row in rows if (kind := kinds().get(row.kind)) and _may(user, row.asker, kind, leads)]


def may_answer(export: Export, user: User) -> bool:
    kind = kinds().get(export.kind)
    return kind is not None and any(one.pk == user.pk for one in answerers(export.asker, kind, export.agency_id))


def _leads(agency: int | None) -> list[User]:
    return list(User.objects.who_may(May.ASSIGN).people().filter(agency=agency).order_by("id"))


def _may(user: User, asker: User, kind: Kind, leads: list[User]) -> bool:
    """Say whether the user answers for a file of `asker`; `leads` decide over the work of their agency."""
    able = [one.pk for one in leads if one.pk != asker.pk and kind.allows(one)]
    return user.pk in able if able else user.pk != asker.pk and kind.allows(user)


def tell_asked(export: Export, people: list[User], *, now: datetime) -> None:
    """Tell those who may answer that an export waits for them; in the transaction of the question."""
    tell(people, "export_asked", label=export.number, url=("exports:list",), now=now, by=export.asker)


@transaction.atomic
def answer(export: Export, *, by: User, now: datetime, agreed: bool) -> Export:
    """Agree to a file, or not; return the row. Raises PermissionDenied where `by` is not the second person for it,
    TooLate where it was answered, ended or has lapsed before."""
    rows = Export.objects.of_agency_of(by).without_content().select_related("asker__agency").filter(pk=export.pk)
    held = rows.select_for_update(of=("self",)).first()
    if held is None or not may_answer(held, by):
        raise PermissionDenied(_("Somebody else of the same agency agrees, who decides over the work there."))
    if not Export.objects.to_answer(by, now=now).filter(pk=held.pk).exists():
        raise TooLate(_("This was answered or cancelled before, or it has lapsed. Nothing was changed."))
    held.answered_by, held.answered_at = by, now
    if not agreed:
        held.failed_at, held.why = now, Why.DECLINED
    held.save(update_fields=["answered_by", "answered_at", "failed_at", "why"])
    record("export agreed" if agreed else "export declined", held, by=by, reason=held.reason)
    if agreed:
        transaction.on_commit(ring)
    tell([held.asker], "export_answered", label=held.number, url=("exports:one", held.number), now=now, by=by)
    return held


@transaction.atomic
def lapse(now: datetime) -> int:
    """End what waits for a second person in vain; whoever asked and still works there is told. Returns how many."""
    waits = Export.objects.lapsed(now=now).without_content().select_related("asker")
    rows = list(waits.select_for_update(of=("self",), skip_locked=True))
    for row in rows:
        row.failed_at, row.why = now, Why.LAPSED
        row.save(update_fields=["failed_at", "why"])
        record("export lapsed", row, by=None)
        if row.asker.is_active and row.asker.agency_id == row.agency_id:
            tell([row.asker], "export_lapsed", label=row.number, url=("exports:one", row.number), now=now)
    return len(rows)


def ring() -> None:
    """Ring for a worker. What was agreed stands in the database; the bell only saves the minute until the next tick."""
    from casework.exports import tasks

    tasks.ring()
