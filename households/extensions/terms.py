"""The numbers and grounds of the procedure as a page reads them: in force, past and to come, each with its source.

Nothing here is known of anybody: whoever works with protection may read by what a request is judged.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from casework.clock import seoul_day
from casework.templatetags.format import fullday
from households.extensions.found import check_may_look
from households.models import ExtensionGround, ExtensionTerm
from households.protection.dates import AFTERCARE, CHECK, CRITERIA, NOTICE, REVIEW, SECOND, SUPERVISOR, Criterion

DAY = timedelta(days=1)
NOW, PAST, COMING = "now", "past", "coming"


@dataclass(frozen=True)
class Entry:
    """One dated line: what it is called, the number or the evidence, whether law says so, the source, which days."""

    name: str
    said: str
    law: bool
    source: str
    days: str
    state: str


@require_safe
def terms(request: Any) -> Any:
    """Every number, every ground and every day before the last day, with what each rests on and since when."""
    check_may_look(request.user)
    on = seoul_day(timezone.now())
    context = {"on": on, "tables": tables_of(on)}
    return render(request, "households/extensions/terms.html", context)


def tables_of(on: date) -> list[dict[str, Any]]:
    """Return [{"code", "title", "note", "entries"}]: numbers, grounds, days before the last day; two queries. First
    what is in force, then what is to come, then what ended."""
    numbers = [_number(row, on) for row in ExtensionTerm.objects.order_by("code", "-during", "id")]
    grounds = [_ground(row, on) for row in ExtensionGround.objects.order_by("place", "-during", "id")]
    found = (
        ("numbers", _("Numbers of the procedure"), "", numbers),
        (
            "grounds",
            _("Grounds and their evidence"),
            _("The official criteria were not found. This list is our own, and no record does not mean no."),
            grounds,
        ),
        (
            "days",
            _("Days before the last day of protection"),
            _("Numbers of the law stand in the law; those that are our own are kept with the program."),
            [_before(one, on) for one in CRITERIA] + [_check()],
        ),
    )
    return [{"code": code, "title": title, "note": note, "entries": _sorted(rows)} for code, title, note, rows in found]


def _sorted(entries: list[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: (NOW, COMING, PAST).index(entry.state))


def _number(row: ExtensionTerm, on: date) -> Entry:
    law = row.basis == ExtensionTerm.Basis.LAW
    return Entry(
        str(row.get_code_display()), str(row.value), law, row.source, _days(row.during), _state(row.during, on)
    )


def _ground(row: ExtensionGround, on: date) -> Entry:
    source = _("Our own list")
    if row.private:
        source += " · " + _("offered only where the person asks")
    return Entry(str(row), row.evidence, False, source, _days(row.during), _state(row.during, on))


def _before(one: Criterion, on: date) -> Entry:
    names = {
        REVIEW: _("Review at the centre"),
        NOTICE: _("The Minister's written notice"),
        SECOND: _("Second look at the centre"),
        SUPERVISOR: _("With the supervisor"),
        AFTERCARE: _("Plan for the time after"),
    }
    said = _("%(n)s days before") % {"n": one.days} if one.days else _("on the last day")
    if one.months:
        said = _("%(n)s calendar months before") % {"n": one.months}
    source = _("Article 5(5) of the Act") if one.law else ""
    days = _("from %(day)s") % {"day": fullday(one.since)} if one.since > date.min else ""
    return Entry(str(names[one.step]), said, one.law, source, days, COMING if one.since > on else NOW)


def _check() -> Entry:
    said = _("%(n)s days before the notice is due") % {"n": CHECK.days}
    return Entry(_("The centre looks whether the notice has come"), said, False, "", "", NOW)


def _days(during: Any) -> str:
    """Return the days in words; nothing where no end and no beginning is on record."""
    first = _("from %(day)s") % {"day": fullday(during.lower)} if during.lower else ""
    last = _("until %(day)s") % {"day": fullday(during.upper - DAY)} if during.upper else ""
    return " ".join(filter(None, [first, last]))


def _state(during: Any, on: date) -> str:
    if during.upper and during.upper <= on:
        return PAST
    return COMING if during.lower and during.lower > on else NOW
