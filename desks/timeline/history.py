"""Everything on record of a household, for its page: one page of the timeline and the chips that narrow it."""

from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from casework.agencies.request import Request
from desks.asof import WORDS
from desks.household.file import File
from desks.rights import Rights
from desks.timeline.happened import KINDS, timeline_of
from desks.timeline.told import told


def history_shown(
    request: Request, file: File, referrals: tuple[int, ...], on: date, risk: bool, rights: Rights | None = None
) -> dict[str, Any]:
    """Return one page of the timeline and the chips that narrow it; `rights`, where they were asked for before."""
    show = request.GET.get("show", "")
    show = show if show in KINDS else ""
    before = _month(request.GET.get("before", ""))
    timeline = timeline_of(
        file.household,
        request.user,
        on=on,
        show=show,
        before=before,
        risk=risk,
        keeps=file.keeps,
        referrals=referrals,
        notes=rights.notes if rights else None,
    )
    listed = {word: request.GET[word] for word in ("list", *WORDS) if word in request.GET}
    entries = told(timeline, file.household.number, protected=file.protected)
    if rights:
        # A record opens as it is today, and can be changed there: not from a past day.
        entries = [replace(entry, href="", link="") for entry in entries]
    return {
        "timeline": timeline,
        "told": entries,
        "before": before,
        "show": show,
        "chips": _chips(show, listed, () if risk else ("contacts", "signals")),
        "older": urlencode({**({"show": show} if show else {}), **listed, "before": f"{timeline.oldest:%Y-%m}"})
        if timeline.older and timeline.oldest
        else "",
    }


def _chips(show: str, listed: dict[str, str], hidden: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return the chips that narrow the timeline; `listed` is what the address keeps beside them."""
    labels = {
        "": pgettext("timeline", "All"),
        "contacts": _("Contacts and visits"),
        "signals": _("Signals and reviews"),
        "referrals": pgettext("timeline", "Referrals"),
        "register": _("Register and protection"),
        "looks": _("Looks"),
    }
    return [
        {"label": label, "query": urlencode({**({"show": word} if word else {}), **listed}), "current": word == show}
        for word, label in labels.items()
        if word not in hidden
    ]


def _month(text: str) -> date | None:
    """Return the first day of `YYYY-MM`; nothing for "", 404 for nonsense."""
    if not text:
        return None
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise Http404 from error
