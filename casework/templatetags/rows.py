"""The signs that stand in every row of long lists, drawn in Python: half the time of a component there (about 20 µs).

The components of the same name (`<c-band>` and so on) call these tags, so that each sign has one definition.
"""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from casework.templatetags.format import band_level, band_name, days
from casework.templatetags.parts import gap_width, icon, over

register = template.Library()


@register.simple_tag
def band(level: Any, size: str = "") -> SafeString | str:
    """A band: shape, word and weight. `level`: number, code or enum; size "l" is for the head of a page."""
    number = band_level(level)
    if not number:
        return ""
    return format_html(
        '<span class="band band-{}{}"><svg viewBox="0 0 20 20" aria-hidden="true"><use href="#b{}"/></svg>{}</span>',
        number,
        " band-l" if size == "l" else "",
        number,
        band_name(number),
    )


@register.simple_tag
def nobody(text: str = "") -> SafeString:
    """The loudest sign on a list: nobody is responsible."""
    return format_html('<span class="nobody">{}{}</span>', icon("nobody"), text or gettext("Nobody responsible"))


@register.simple_tag
def contact_gap(gone: Any = "", limit: Any = "", daily: Any = "", missing: Any = "") -> SafeString:
    """Days since the last two-way contact against the limit; `daily` until met; `missing` = no contact on record."""
    if missing:
        since = gettext("%(n)s since registered here") % {"n": days(gone)} if gone not in (None, "") else ""
        return _gap(gettext("No contact on record"), "", "", format_html('<span class="small muted">{}</span>', since))
    if daily:
        css = "late" if over(gone, 1) else "muted"
        until = format_html('<span class="small {}">{}</span>', css, gettext("(until met)"))
        return _gap(days(gone), css, gettext("/ every day"), until)
    late = over(gone, limit)
    every = gettext("/ every %(n)s") % {"n": days(limit)}
    return _gap(days(gone), "late" if late else "muted", every, _bar("g-over" if late else "g-fill", gone, limit))


def _gap(main: str, css: str, limit: str, below: str) -> SafeString:
    said = format_html(' <span class="small {}">{}</span>', css, limit) if limit else ""
    return format_html('<span class="gap"><span><b>{}</b>{}</span>{}</span>', main, said, below)


def _bar(css: str, gone: Any, limit: Any) -> SafeString:
    return format_html(
        '<svg viewBox="0 0 84 8" aria-hidden="true"><rect class="g-track" y="2" width="84" height="4" rx="2"/>'
        '<rect class="{}" y="2" width="{}" height="4" rx="2"/><rect class="g-tick" x="41" width="2" height="8"/></svg>',
        css,
        gap_width(gone, limit),
    )


def _stations(ours: bool) -> SafeString:
    return format_html(
        '<svg viewBox="0 0 34 14" aria-hidden="true"><path class="ball-line" d="M7 7h20"/>'
        '<circle class="ball-{}" cx="7" cy="7" r="5"/><circle class="ball-{}" cx="27" cy="7" r="5"/></svg>',
        "dot" if ours else "ghost",
        "ghost" if ours else "dot",
    )


_STATIONS = {ours: _stations(ours) for ours in (True, False)}


@register.simple_tag
def turn(ours: Any = "", who: str = "", todo: str = "") -> SafeString:
    """Whose turn it is: two stations, the filled ball stands at the one who must move."""
    said = gettext("<b>Our</b> turn") if ours else gettext("<b>%(who)s</b>: their turn")
    # The sentence comes from our catalogue and may hold <b>; only the name in it is escaped.
    words = format_html(said.replace("%(who)s", "{who}"), who=who)
    what = format_html(" · {}", todo) if todo else ""
    return format_html('<span class="turn">{}<span>{}{}</span></span>', _STATIONS[bool(ours)], words, what)
