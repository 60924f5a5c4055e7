"""The records behind a number: the same referrals that were counted, one by one, for whoever may see them."""

from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from casework.agencies.models import Agency, User
from casework.templatetags.format import fullday
from desks.network.asked import RECEIVED, SENT, Asked, open_ones, own, sent_within
from desks.network.columns import TO_SEND, WORDS
from desks.network.rows import looked_at, rows_of
from desks.network.standing import asked as ask
from referrals.models import Referral

PAGE = 30

FOUND = """
SELECT id, count(*) OVER () AS total FROM standing
WHERE (NOT %(late)s OR late) AND (NOT %(open)s OR open) {parts}
ORDER BY late DESC, same_day DESC, begins_at, sent_at DESC, id DESC LIMIT %(page)s OFFSET %(offset)s
"""


def found_for(user: User, asked: Asked, number: str | None, now: datetime) -> dict[str, Any]:
    """Return one page of the referrals asked for: `page`, `rows`, `count`, the words of the filter, whose data it
    shows; the same number of queries for any number of rows."""
    at = max(1, int(number)) if number and number.isascii() and number.isdecimal() and len(number) < 6 else 1
    ids, total = _ids(user, asked, at, now)
    if not ids and at > 1:  # the list has become shorter since
        at, (ids, total) = 1, _ids(user, asked, 1, now)
    known = rows_of(ids, user, now)
    rows = [known[pk] for pk in ids if pk in known]
    page = Paginator(range(total), PAGE).get_page(at)
    return {"page": page, "rows": rows, "count": total, "words": _words(asked), "looked_at": looked_at(rows)}


def _ids(user: User, asked: Asked, at: int, now: datetime) -> tuple[list[int], int]:
    columns = {name: _column(name, asked.side) for name, _said in asked.parts}
    sql = FOUND.format(parts="".join(f" AND {column} = %(part_{name})s" for name, column in columns.items()))
    parts = {f"part_{name}": int(said) if name == "agency" else said for name, said in asked.parts}
    more = {"late": asked.late, "open": asked.open, "page": PAGE, "offset": (at - 1) * PAGE, **parts}
    found = ask(_seen(user, asked), sql, now, **more)
    return [row["id"] for row in found], found[0]["total"] if found else 0


def _seen(user: User, asked: Asked) -> QuerySet[Referral]:
    if ("state", TO_SEND.name) in asked.parts:
        return open_ones(user, SENT)
    return sent_within(own(user, asked.side), asked)


def _column(name: str, side: str) -> str:
    if name != "agency":
        return name
    return "from_agency_id" if side == RECEIVED else "to_agency_id"


def _words(asked: Asked) -> list[str]:
    """Return the filter in words, for the head of the list."""
    words = [str(WORDS[name][said]) for name, said in asked.parts if name in WORDS]
    agencies = [int(said) for name, said in asked.parts if name == "agency"]
    words += [str(agency) for agency in Agency.objects.filter(pk__in=agencies).order_by("pk")] if agencies else []
    words += [_("past their date")] if asked.late else [_("still open")] if asked.open else []
    words += [_("sent from %(day)s") % {"day": fullday(asked.first)}] if asked.first else []
    return words + ([_("sent until %(day)s") % {"day": fullday(asked.last)}] if asked.last else [])
