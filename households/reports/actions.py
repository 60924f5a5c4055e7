"""What people do with a settlement report. Each is atomic and holds the report's row, so that two cannot cross."""

import hashlib
import json
from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext as _

from casework.audit.record import record
from casework.clock import seoul_day
from casework.facts import supersede
from casework.landing import landed
from casework.workflow import NotNow, NotYours
from households.actions.refusal import Refused, refusals
from households.conflicts.barring import check_open
from households.models import ReportForm, SettlementAnswer, SettlementLine, SettlementReport
from households.reports.columns import BENEFIT, EMPLOYMENT, VALUES, WORKING
from households.reports.halves import last_day, name_of
from households.reports.people import frozen_rows, rows_of, stamp_of
from households.reports.workflow import REPORT, drafts, is_drafter
from households.signed.actions import bound
from households.signed.workflow import ReportStatus


def begin(half_begins, *, by, now, client_key=None):
    """Begin the report of a half-year for the user's local government; return it, or the one that is open already.

    Raises `NotYours` for whoever prepares no reports, `Refused` while the half-year still runs, where no form is on
    record for it, and where it was sent: then it is reopened with a reason.
    """
    if not drafts(by):
        raise NotYours("drafter")
    if first := landed(SettlementReport.objects, by=by, client_key=client_key, author="begun_by"):
        return first
    if last_day(half_begins) >= seoul_day(now):
        raise Refused(_("%(half)s has not ended yet; its report begins after it.") % {"half": name_of(half_begins)})
    with refusals():
        there = SettlementReport.objects.filter(agency=by.agency, half_begins=half_begins)
        if latest := there.order_by("-version").first():
            if latest.status == ReportStatus.SENT:
                raise Refused(_("This report was sent. To correct it, open a new version with a reason."))
            return latest
        made = _new(half_begins, by=by, now=now, client_key=client_key)
        record("settlement report: begun", made, by=by, data={"half": half_begins.isoformat()})
    return made


def reopen(report, *, by, now, why):
    """Open the next version of a report that was sent, with the reason; what was sent stays as it is. Whoever comes
    second gets the version that is open. Raises `NotYours`, `NotNow` for one that was not sent."""
    if not is_drafter(report, by):
        raise NotYours("drafter")
    with refusals():
        held = locked(report)
        if held.status != ReportStatus.SENT:
            raise NotNow(held.status)
        there = SettlementReport.objects.filter(agency=held.agency_id, half_begins=held.half_begins)
        latest = there.latest("version")
        if latest.status != ReportStatus.SENT:
            return latest
        made = _new(held.half_begins, by=by, now=now, version=latest.version + 1, why=why.strip())
        record("settlement report: reopened", made, by=by, reason=made.why, data={"after": held.number})
    return made


def _new(half_begins, *, by, now, **more):
    form = form_for(half_begins)
    return SettlementReport.objects.create(
        agency=by.agency, half_begins=half_begins, form=form, begun_by=by, begun_at=now, **more
    )


def form_for(half_begins):
    """Return the ReportForm in force on the last day of a half-year. Raises `Refused` where none is on record."""
    form = ReportForm.objects.filter(during__contains=last_day(half_begins)).order_by("id").first()
    if form is None:
        raise Refused(_("No form of the report is on record for %(half)s.") % {"half": name_of(half_begins)})
    return form


def answer(report, person, *, values, observed_on, by, now, seen=None):
    """Keep what the local government found out about a person of the report: {column: value}; return how many were
    new. The same answer again changes nothing; another one is a version of the first, which is kept.

    `seen`: the checksum of what the page showed (`people.stamp_of`).

    Raises `NotYours`, `NotNow` for a report that is no draft, `Refused` for a person who does not stand in it, a column
    that is not asked of them, a day after today, and where somebody else has answered since the page was opened.
    """
    with refusals():
        held = locked(report)
        _check_draft(held, by)
        check_open(by, person)
        if observed_on > seoul_day(now):
            raise Refused(_("This day lies in the future."), field="observed_on")
        row = next(iter(rows_of(held.agency_id, held.half_begins, held.form, [person.pk])), None)
        if row is None:
            raise Refused(_("This person does not stand in the report."))
        kept = SettlementAnswer.objects.current().filter(
            person=person, agency=held.agency_id, half_begins=held.half_begins
        )
        known, new = {one.column: one for one in kept.order_by("id")}, 0
        same = all(_says(known.get(column), value, observed_on) for column, value in values.items())
        if not same and seen is not None and seen != stamp_of(row):
            raise Refused(_("Somebody has answered since you opened this page. Please compare, then save again."))
        for column, value in values.items():
            if column not in row.asked or value not in VALUES[column]:
                raise Refused(_("This cannot be answered so."), field=column)
            new += _kept(held, person, known.get(column), column, value, observed_on, by, now)
        if new:
            record("settlement report: answered", held, by=by, data={"person": person.pk, "columns": sorted(values)})
    return new


def _kept(report, person, old, column, value, day, by, now):
    """Append an answer, or a version of the one that stands; False where it says the same already."""
    if _says(old, value, day):
        return False
    if old is not None:
        supersede(old, by=by, now=now, value=value, observed_on=day)
        return True
    about = {"person": person, "agency_id": report.agency_id, "half_begins": report.half_begins, "column": column}
    SettlementAnswer.objects.create(**about, value=value, observed_on=day, recorded_by=by)
    return True


def _says(old, value, day):
    return old is not None and (old.value, old.observed_on) == (value, day)


@transaction.atomic
def ready(report, *, by, now):
    """Freeze the report as it stands now, for a second person to sign off: its lines, their checksum, its counts.

    All or nothing: killed half-way, it is a draft without lines. Raises `NotYours`, `NotNow`.
    """
    held = locked(report)
    REPORT.check(held, "ready", by)
    rows = rows_of(held.agency_id, held.half_begins, held.form)
    attempt = held.attempt + 1
    SettlementLine.objects.bulk_create(
        SettlementLine(report=held, attempt=attempt, person_id=row.person, household_id=row.household, cells=row.cells)
        for row in rows
    )
    frozen = {"attempt": attempt, "digest": digest_of(rows), "counts": counts_of(rows), "reason": ""}
    data = {"attempt": attempt, "people": len(rows), "digest": frozen["digest"]}
    return REPORT.perform(held, "ready", by=by, data=data, ready_by=by, ready_at=now, **frozen)


def digest_of(rows):
    """Return the SHA-256 of the cells of Rows in their order, as hexadecimal digits."""
    text = json.dumps([row.cells for row in rows], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def counts_of(rows):
    """Return {"people", "working", "livelihood", "asked", "missing"} of Rows: what the Ministry may count."""
    return {
        "people": len(rows),
        "working": sum(_value(row, EMPLOYMENT) in WORKING for row in rows),
        "livelihood": sum(_value(row, BENEFIT) == "livelihood" for row in rows),
        "asked": sum(len(row.asked) for row in rows),
        "missing": sum(len(row.missing) for row in rows),
    }


def _value(row, column):
    cell = row.cells.get(column)
    return cell["value"] if cell else ""


def current_rows(report):
    """Return the Rows that the report shows now: of a draft as the register tells them, else as they were frozen."""
    if report.status == ReportStatus.DRAFT:
        return rows_of(report.agency_id, report.half_begins, report.form)
    return frozen_rows(report.lines.last().select_related("report").order_by("id"))


def locked(report):
    """Return the report as it stands now, held until the transaction ends."""
    rows = SettlementReport.objects.select_for_update(of=("self",)).select_related("form", "agency")
    return rows.get(pk=report.pk)


def _check_draft(report, by):
    if not is_drafter(report, by):
        raise NotYours("drafter")
    if report.status != ReportStatus.DRAFT:
        raise NotNow(report.status)


back, sign, send = bound(REPORT)

VERBS: dict[str, Callable[..., SettlementReport]] = {"ready": ready, "back": back, "sign": sign, "send": send}
