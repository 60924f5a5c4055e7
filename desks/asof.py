"""Asking a page as of a day, and as known by a moment: `?as_of=YYYY-MM-DD[&known_by=ISO]`, and nothing changes there.

What was known by then is what was known by the end of that day, unless `known_by` says another moment ("now" is one).
"""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db.models import Min
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from casework.agencies.request import Request
from casework.clock import SEOUL, AsOf, day_ends, seoul_day
from casework.templatetags.format import fullday, fulltime
from desks.turns import TooOften, one_turn, too_often
from households.models import Household
from risk.past import then_of

WORDS = ("as_of", "known_by")
NOW = "now"


class Unanswerable(Exception):
    """The day or the moment asked about makes no sense; the sentence says what would."""


@dataclass(frozen=True)
class Asked:
    """A question about the past: `as_of`, and the words that the address used (`pairs`), to go into every link.

    `other`: the same day can be asked for by other knowledge.
    """

    as_of: AsOf
    pairs: tuple[tuple[str, str], ...]
    other: bool = True

    @property
    def on(self) -> date:
        return self.as_of.on

    @property
    def then(self) -> datetime:
        """The moment that the page takes for now."""
        return then_of(self.as_of)

    @property
    def query(self) -> str:
        return urlencode(self.pairs)

    @property
    def known(self) -> str:
        """By when what is shown was known, in words; "" for the end of the day itself."""
        return "" if self.as_of.known_by == end_of(self.on) else fulltime(self.as_of.known_by)

    @property
    def by_today(self) -> str:
        """The same day, as known today, as a query."""
        return urlencode({"as_of": self.on.isoformat(), "known_by": NOW})

    @property
    def by_then(self) -> str:
        """The same day, as known at its end, as a query."""
        return urlencode({"as_of": self.on.isoformat()})


def asked_of(query: QueryDict, now: datetime) -> Asked | None:
    """Return what the address asks about, or None for the present. Raises Unanswerable."""
    pairs = tuple((word, text) for word in WORDS if (text := str(query.get(word, "")).strip()))
    if not pairs:
        return None
    words = dict(pairs)
    on = _day(words["as_of"]) if "as_of" in words else seoul_day(now)
    if on > seoul_day(now):
        raise Unanswerable(_("%(day)s has not come yet. Please choose today or an earlier day.") % {"day": fullday(on)})
    first = begins()
    if first is None or on < first:
        sentence = _("The register knows nothing of %(day)s: it begins on %(first)s.")
        raise Unanswerable(sentence % {"day": fullday(on), "first": fullday(first) if first else _("no day")})
    as_of = AsOf(on, _moment(words["known_by"], now) if "known_by" in words else min(now, end_of(on)))
    return Asked(as_of, pairs) if as_of.is_past(now) else None


def begins() -> date | None:
    """Return the first day of which anything is known, or None for an empty register."""
    first = Household.objects.aggregate(first=Min("known_at"))["first"]
    return seoul_day(first) if first else None


def end_of(day: date) -> datetime:
    """Return the last moment of a Seoul day."""
    return day_ends(day) - datetime.resolution


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Unanswerable(_("“%(text)s” is no day. Please write it like 2026-08-31.") % {"text": text[:40]}) from error


def _moment(text: str, now: datetime) -> datetime:
    """Return the moment of ISO text, Seoul time where none is named; a day alone stands for its end."""
    if text == NOW:
        return now
    try:
        # A plus sign that was not encoded arrives as a space.
        found = end_of(date.fromisoformat(text)) if len(text) == 10 else datetime.fromisoformat(text.replace(" ", "+"))
        moment = (found if found.tzinfo else found.replace(tzinfo=SEOUL)).astimezone(SEOUL)
    except (ValueError, OverflowError) as error:
        raise Unanswerable(
            _("“%(text)s” is no moment. Please write it like 2026-08-31T18:00.") % {"text": text[:40]}
        ) from error
    if moment > now and seoul_day(moment) > seoul_day(now):
        raise Unanswerable(_("What will be known by %(moment)s nobody knows yet.") % {"moment": fulltime(moment)})
    return min(moment, now)


def in_time(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view `asked`, an Asked or None; a day that makes no sense is answered with a sentence, and so are too
    many pages about the past."""

    @wraps(view)
    def answered(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            asked = asked_of(request.GET, timezone.now())
            with one_turn(request.user) if asked else nullcontext():
                return view(request, *args, asked=asked, **kwargs)
        except TooOften:
            return too_often(request)
        except Unanswerable as problem:
            today = {**band_of(None, request, timezone.now()), "problem": str(problem), "today": request.path}
            return render(request, "desks/asof/refused.html", today, status=400)

    return answered


def band_of(asked: Asked | None, request: Request, now: datetime, **query: str) -> dict[str, Any]:
    """Return what the band across the top and the form "another day" need; `query`: what the links keep beside.

    `months`: the days to choose from, where only the ends of months can be asked for.
    """
    kept = {word: value for word, value in query.items() if value}
    words = dict(asked.pairs) if asked else {}
    return {
        "asked": asked,
        "asof_query": f"{asked.query}&" if asked else "",
        "kept": list(kept.items()),
        "words": {"as_of": words.get("as_of", ""), "known_at": _local(asked) if "known_by" in words else ""},
        "latest": seoul_day(now).isoformat(),
        "months": (),
        "asof": asked and _band(asked, request.path, urlencode(kept)),
    }


def _band(asked: Asked, path: str, kept: str) -> dict[str, Any]:
    other = asked.by_then if asked.known else asked.by_today
    link = f"?{kept}&{other}" if kept else f"?{other}"
    return {"on": asked.on, "known": asked.known, "back": f"{path}?{kept}", "other": link if asked.other else ""}


def _local(asked: Asked | None) -> str:
    """Return the moment as a `datetime-local` field takes it."""
    return f"{asked.as_of.known_by.astimezone(SEOUL):%Y-%m-%dT%H:%M}" if asked else ""


def nothing_changes_in_the_past(get_response: Callable[[Request], HttpResponse]) -> Callable[[Request], HttpResponse]:
    """Middleware: an address that asks about the past takes no POST, whatever page it is of."""

    def guarded(request: Request) -> HttpResponse:
        if request.method not in ("GET", "HEAD") and any(word in request.GET for word in WORDS):
            raise PermissionDenied(_("Nothing can be changed while you look at a past day."))
        return get_response(request)

    return guarded
