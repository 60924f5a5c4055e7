"""Small drawing tags for the components: icons and the geometry of bars (attributes only, no styles)."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString | str:
    """A symbol of the sprite; size "s" is the small one. Decoration: the words beside it carry the meaning."""
    if not name:
        return ""
    css = "i i-s" if size == "s" else "i"
    return format_html('<svg class="{}" aria-hidden="true"><use href="#i-{}"/></svg>', css, name)


@register.simple_tag
def bandmark(level: int, css: str = "") -> SafeString | str:
    """The shape of a band (octagon, triangle, diamond, ring, bar), without its word."""
    if not level:
        return ""
    extra = format_html(' class="{}"', css) if css else ""
    return format_html('<svg{} viewBox="0 0 20 20" aria-hidden="true"><use href="#b{}"/></svg>', extra, level)


@register.filter
def share_of(value: Any, whole: Any) -> str:
    """`value` as a part of `whole`, 0 to 100 with one decimal, capped: the width of a bar in a 100-wide drawing."""
    if not whole:
        return "0"
    return f"{max(0.0, min(100.0, 100.0 * float(value) / float(whole))):.1f}"


@register.filter
def gap_width(value: Any, limit: Any) -> str:
    """Days against a limit on a bar 84 wide whose tick stands in the middle (42 = the limit), capped at the end."""
    if not limit:
        return "0"
    return f"{max(0.0, min(84.0, 42.0 * float(value) / float(limit))):.1f}"


@register.filter
def over(value: Any, limit: Any) -> bool:
    """True when both numbers are given and the first is larger."""
    return value not in (None, "") and limit not in (None, "") and float(value) > float(limit)


@register.filter(name="at")
def at_key(mapping: Any, key: Any) -> Any:
    """`mapping[key]`, or "" when it is not there: for icons by choice."""
    return (mapping or {}).get(key, "")
