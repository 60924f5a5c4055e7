"""Dates, ranges, counts, bands and particles as this product writes them (LOOK: words).

Korean `2026. 11. 19.(목)`, in rows `11. 19.`, ranges with `~` and the last day included; English `19 Nov 2026`.
Every filter takes None or "" and gives "" back, so that templates need no guard around an empty date.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext, npgettext, pgettext

from casework import particles

register = template.Library()

DAY = dt.timedelta(days=1)
WEEKDAYS_KO = "월화수목금토일"
WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
BAND_LEVELS = {"emergency": 5, "high": 4, "moderate": 3, "watch": 2, "general": 1}


def korean() -> bool:
    """Whether this page is in Korean."""
    return (get_language() or "ko").startswith("ko")


def _local(value: Any) -> Any:
    """A moment in Seoul time; a day stays a day; anything else is not a date."""
    if isinstance(value, dt.datetime):
        return timezone.localtime(value) if timezone.is_aware(value) else value
    return value if isinstance(value, dt.date) else None


@register.filter
def fullday(value: Any) -> str:
    """`2026. 11. 19.` / `19 Nov 2026`."""
    if (day := _local(value)) is None:
        return ""
    if korean():
        return f"{day.year}. {day.month}. {day.day}."
    return f"{day.day} {MONTHS_EN[day.month - 1]} {day.year}"


@register.filter
def longday(value: Any) -> str:
    """With the day of the week: `2026. 11. 19.(목)` / `Thu 19 Nov 2026`."""
    if (day := _local(value)) is None:
        return ""
    if korean():
        return f"{fullday(day)}({WEEKDAYS_KO[day.weekday()]})"
    return f"{WEEKDAYS_EN[day.weekday()]} {fullday(day)}"


@register.filter
def rowday(value: Any) -> str:
    """For rows, without the year: `11. 19.` / `19 Nov`."""
    if (day := _local(value)) is None:
        return ""
    return f"{day.month}. {day.day}." if korean() else f"{day.day} {MONTHS_EN[day.month - 1]}"


@register.filter
def rowdayw(value: Any) -> str:
    """For rows, with the day of the week: `11. 19.(목)` / `Thu 19 Nov`."""
    if (day := _local(value)) is None:
        return ""
    weekday = day.weekday()
    return f"{rowday(day)}({WEEKDAYS_KO[weekday]})" if korean() else f"{WEEKDAYS_EN[weekday]} {rowday(day)}"


@register.filter
def titleday(value: Any) -> str:
    """For a heading: `11월 19일 목요일` / `Thu 19 Nov`."""
    if (day := _local(value)) is None:
        return ""
    return f"{day.month}월 {day.day}일 {WEEKDAYS_KO[day.weekday()]}요일" if korean() else rowdayw(day)


@register.filter
def monthname(value: Any) -> str:
    """`2026년 11월` / `Nov 2026`."""
    if (day := _local(value)) is None:
        return ""
    return f"{day.year}년 {day.month}월" if korean() else f"{MONTHS_EN[day.month - 1]} {day.year}"


@register.filter
def hourmin(value: Any) -> str:
    """`14:20`, in Seoul time; "" for a day without a time."""
    moment = _local(value)
    return moment.strftime("%H:%M") if isinstance(moment, dt.datetime) else ""


@register.filter
def daytime(value: Any) -> str:
    """For rows: `11. 19. 14:20` / `19 Nov 14:20`."""
    return f"{rowday(value)} {hourmin(value)}".strip()


@register.filter
def fulltime(value: Any) -> str:
    """`2026. 11. 19. 14:20` / `19 Nov 2026 14:20`."""
    return f"{fullday(value)} {hourmin(value)}".strip()


@register.filter
def moment(value: Any) -> str:
    """When something was last done: `오늘 06:10` / `today 06:10`; on another day `11. 18. 06:11`."""
    if (at := _local(value)) is None:
        return ""
    day = at.date() if isinstance(at, dt.datetime) else at
    if day == timezone.localdate():
        return f"{gettext('today')} {hourmin(at)}".strip()
    return daytime(at)


@register.filter
def tenths(value: Any) -> str:
    """Seconds with one decimal: `1.9`."""
    return "" if value in (None, "") else f"{float(value):.1f}"


@register.filter
def period(value: Any) -> str:
    """A half-open range of days (DateRange `[lower, upper)`) the way people say it: last day included.

    `2022. 3. 15.~2027. 3. 14.`, `2022. 3. 15.부터`, `2027. 3. 14.까지` / `15 Mar 2022 – 14 Mar 2027`.
    """
    if value in (None, "") or getattr(value, "isempty", False):
        return ""
    first = value.lower
    last = value.upper - DAY if value.upper else None
    if first and last:
        return f"{fullday(first)}~{fullday(last)}" if korean() else f"{fullday(first)} – {fullday(last)}"
    if first:
        return gettext("from %(day)s") % {"day": fullday(first)}
    return gettext("until %(day)s") % {"day": fullday(last)} if last else gettext("no dates given")


@register.filter
def num(value: Any) -> str:
    """`1,689`; text passes through, so that a suppressed count can stand in its place."""
    if value in (None, ""):
        return ""
    return f"{value:,}" if isinstance(value, int | float) else str(value)


def _count(value: Any, words: Callable[[int], str]) -> str:
    """The count in the words that `words(n)` picks; "" for no count. Callers write ngettext out, for the extraction."""
    if value in (None, ""):
        return ""
    return words(abs(int(value))) % {"n": num(abs(int(value)))}


@register.filter
def households(value: Any) -> str:
    """`158가구` / `158 households`."""
    return _count(value, lambda n: ngettext("%(n)s household", "%(n)s households", n))


@register.filter
def people(value: Any) -> str:
    """`206명` / `206 people`."""
    return _count(value, lambda n: ngettext("%(n)s person", "%(n)s people", n))


@register.filter
def cases(value: Any) -> str:
    """Referrals, records, notices: `2건` / `2`; what is counted stands beside it."""
    return _count(value, lambda n: npgettext("counted", "%(n)s", "%(n)s", n))


@register.filter
def days(value: Any) -> str:
    """`22일` / `22 days`."""
    return _count(value, lambda n: ngettext("%(n)s day", "%(n)s days", n))


@register.filter
def dayslate(value: Any) -> str:
    """`5일 지남` / `5 days late`; never a minus number."""
    return _count(value, lambda n: ngettext("%(n)s day late", "%(n)s days late", n))


@register.filter
def daysleft(value: Any) -> str:
    """`115일 남음` / `115 days left`; 0 is today, below 0 is late."""
    if value in (None, ""):
        return ""
    if int(value) < 0:
        return dayslate(value)
    return _count(value, lambda n: ngettext("%(n)s day left", "%(n)s days left", n)) if int(value) else gettext("today")


@register.filter
def nthday(value: Any) -> str:
    """`10일째` / `day 10`."""
    return "" if value in (None, "") else gettext("day %(n)s") % {"n": num(int(value))}


@register.filter
def band_level(value: Any) -> int:
    """1 (General) to 5 (Emergency) from a number, a code ("emergency") or an enum of either; 0 when unknown."""
    value = getattr(value, "value", value)
    if isinstance(value, str):
        return BAND_LEVELS.get(value.lower(), int(value) if value.isdigit() else 0)
    return int(value) if isinstance(value, int) and 1 <= value <= 5 else 0


@register.filter
def band_name(value: Any) -> str:
    """긴급, 고위험, 주의, 관심, 일반 / Emergency, High, Moderate, Watch, General."""
    names = {
        5: pgettext("band", "Emergency"),
        4: pgettext("band", "High"),
        3: pgettext("band", "Moderate"),
        2: pgettext("band", "Watch"),
        1: pgettext("band", "General"),
    }
    return names.get(band_level(value), "")


@register.filter
def josa(word: Any, pair: str) -> str:
    """The word with its Korean particle in Korean text: `{{ name|josa:"이/가" }}`; unchanged in English."""
    return particles.with_particle(str(word), pair) if korean() else str(word)


@register.filter
def nb(value: Any) -> SafeString | str:
    """Text that never breaks across lines: case numbers, dates."""
    return format_html('<span class="nb">{}</span>', value) if value not in (None, "") else ""
