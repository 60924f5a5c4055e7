"""What people do with a monthly report. Each is atomic and holds the report's row, so that two cannot cross."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from casework.agencies.models import User
from casework.audit.record import record
from casework.clock import add_months, seoul_day
from casework.landing import landed
from casework.templatetags.format import korean
from casework.workflow import NotNow, NotYours
from desks.monthly.lines import Month, counted, spoken
from households.actions.refusal import Refused, refusals
from households.models import MonthlyCorrection, MonthlyLine, MonthlyReport
from households.monthly.workflow import MONTHLY, is_leader, leads
from households.signed.actions import bound
from households.signed.workflow import ReportStatus


@dataclass(frozen=True)
class Row:
    """One line of a report as it stands: what was counted, what stands in it, and why where both differ by hand.

    `then`: what the log said when it was put right, where it says something else by now; else None.
    """

    code: str
    label: str
    definition: str
    counted: int
    value: int
    reason: str = ""
    by: Any = None
    then: int | None = None


def begin(month: date, *, by: User, now: datetime, client_key: UUID | None = None) -> MonthlyReport:
    """Begin the report of a month (its first day) for the user's centre; return it, or the one that is open already.

    Raises `NotYours` for whoever leads no centre, `Refused` while the month still runs and where it was sent: then it
    is reopened with a reason.
    """
    if not leads(by):
        raise NotYours("leader")
    if first := landed(MonthlyReport.objects, by=by, client_key=client_key, author="begun_by"):
        return first
    if add_months(month, 1) > seoul_day(now):
        raise Refused(_("This month has not ended yet; its report begins after it."))
    with refusals():
        there = MonthlyReport.objects.filter(center=by.agency_id, month=month)
        if latest := there.order_by("-version").first():
            if latest.status == ReportStatus.SENT:
                raise Refused(_("This report was sent. To correct it, open a new version with a reason."))
            return latest
        about = {"center_id": by.agency_id, "month": month, "client_key": client_key}
        made = MonthlyReport.objects.create(**about, begun_by=by, begun_at=now)
        record("monthly report: begun", made, by=by, data={"month": month.isoformat()})
    return made


def reopen(report: MonthlyReport, *, by: User, now: datetime, why: str) -> MonthlyReport:
    """Open the next version of a report that was sent, with the reason; what was sent stays as it is, and what was put
    right in it by hand comes along. Whoever comes second gets the version that is open. Raises `NotYours`, `NotNow`."""
    if not is_leader(report, by):
        raise NotYours("leader")
    with refusals():
        held = locked(report)
        if held.status != ReportStatus.SENT:
            raise NotNow(held.status)
        latest = MonthlyReport.objects.filter(center=held.center_id, month=held.month).latest("version")
        if latest.status != ReportStatus.SENT:
            return latest
        about = {"center_id": held.center_id, "month": held.month, "version": latest.version + 1}
        made = MonthlyReport.objects.create(**about, why=why.strip(), begun_by=by, begun_at=now)
        MonthlyCorrection.objects.bulk_create(
            MonthlyCorrection(
                report=made,
                **{name: getattr(one, name) for name in ("code", "counted", "value", "reason", "recorded_by_id")},
            )
            for one in standing(latest).values()
        )
        record("monthly report: reopened", made, by=by, reason=made.why, data={"after": held.number})
    return made


def correct(
    report: MonthlyReport, code: str, *, value: int | None, reason: str, by: User, seen: int | None = None
) -> bool:
    """Put a line of a draft right by hand, with the reason; None takes back what was put right. Return whether
    something changed: the same again changes nothing. Both numbers are kept.

    `seen`: the last correction (id) that the page showed, 0 for none; raises `Refused` where somebody else put it right
    since, and for a line that the report does not have. Raises `NotYours`, `NotNow`.
    """
    if not is_leader(report, by):
        raise NotYours("leader")
    with refusals():
        held = locked(report)
        if held.status != ReportStatus.DRAFT:
            raise NotNow(held.status)
        if code not in {line.code for line in spoken()}:
            raise Refused(_("The report has no such line."))
        last = latest_of(held).get(code)
        if (last.value if last else None) == value and (last is None or last.reason == reason.strip()):
            return False
        if seen is not None and seen != (last.pk if last else 0):
            raise Refused(_("Somebody else put this line right just now. Please compare, then save again."))
        said = counted(month_of(held))[code]
        MonthlyCorrection.objects.create(
            report=held, code=code, counted=said, value=value, reason=reason.strip(), recorded_by=by
        )
        record("monthly report: corrected", held, by=by, reason=reason.strip(), data={"line": code, "value": value})
    return True


@transaction.atomic
def ready(report: MonthlyReport, *, by: User, now: datetime) -> MonthlyReport:
    """Freeze the report as it stands now, for a second person to sign off: its lines with their words, and their
    checksum. All or nothing. Raises `NotYours`, `NotNow`."""
    held = locked(report)
    MONTHLY.check(held, "ready", by)
    with override("ko"):
        rows = rows_now(held)
    attempt = held.attempt + 1
    MonthlyLine.objects.bulk_create(
        MonthlyLine(
            report=held,
            attempt=attempt,
            place=place,
            corrected_by=row.by,
            **{name: getattr(row, name) for name in ("code", "label", "definition", "counted", "value", "reason")},
        )
        for place, row in enumerate(rows)
    )
    digest = digest_of(rows)
    data = {"attempt": attempt, "lines": len(rows), "digest": digest}
    frozen = {"attempt": attempt, "digest": digest, "reason": "", "ready_by": by, "ready_at": now}
    return MONTHLY.perform(held, "ready", by=by, data=data, **frozen)


def rows_of(report: MonthlyReport) -> list[Row]:
    """Return the lines that the report shows now: of a draft as the log tells them, else as they were frozen."""
    if report.status == ReportStatus.DRAFT:
        return rows_now(report)
    words = {line.code: line for line in spoken()}
    lines = report.lines.filter(attempt=report.attempt).select_related("corrected_by").order_by("place")
    return [
        Row(
            code=line.code,
            label=line.label if line.code not in words or korean() else str(words[line.code].label),
            definition=line.definition if line.code not in words or korean() else str(words[line.code].definition),
            counted=line.counted,
            value=line.value,
            reason=line.reason,
            by=line.corrected_by,
        )
        for line in lines
    ]


def rows_now(report: MonthlyReport) -> list[Row]:
    """Return the lines as the log tells them now, with what was put right by hand; two queries."""
    found, by_hand = counted(month_of(report)), standing(report)
    return [_row(line, found[line.code], by_hand.get(line.code)) for line in spoken()]


def _row(line: Any, number: int, hand: MonthlyCorrection | None) -> Row:
    about = {"code": line.code, "label": str(line.label), "definition": str(line.definition), "counted": number}
    if hand is None or hand.value is None:
        return Row(**about, value=number)
    then = hand.counted if hand.counted != number else None
    return Row(**about, value=hand.value, reason=hand.reason, by=hand.recorded_by, then=then)


def latest_of(report: MonthlyReport) -> dict[str, MonthlyCorrection]:
    """Return {code: the last correction} of a report, those that take one back among them; one query."""
    rows = report.corrections.select_related("recorded_by").order_by("code", "-id").distinct("code")
    return {row.code: row for row in rows}


def standing(report: MonthlyReport) -> dict[str, MonthlyCorrection]:
    """Return {code: correction} of what stands by hand."""
    return {code: row for code, row in latest_of(report).items() if row.value is not None}


def month_of(report: MonthlyReport) -> Month:
    """Return the Month of a report."""
    return Month(report.center_id, report.month)


def digest_of(rows: list[Row]) -> str:
    """Return the SHA-256 of the lines in their order, as hexadecimal digits."""
    told = [[row.code, row.label, row.definition, row.counted, row.value, row.reason] for row in rows]
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def locked(report: MonthlyReport) -> MonthlyReport:
    """Return the report as it stands now, held until the transaction ends."""
    rows = MonthlyReport.objects.select_for_update(of=("self",)).select_related("center")
    return rows.get(pk=report.pk)


back, sign, send = bound(MONTHLY)

VERBS: dict[str, Callable[..., MonthlyReport]] = {"ready": ready, "back": back, "sign": sign, "send": send}
