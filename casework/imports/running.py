"""Running one file from the first byte to the last: all of its good rows, or none (design §8.9)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, BinaryIO

import structlog
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from casework.audit.record import record
from casework.imports.header import places
from casework.imports.loader import Loader, loader_for
from casework.imports.models import Batch, State
from casework.imports.reasons import FileRefused
from casework.imports.refused import keep_refused, keep_warnings
from casework.imports.sheets import Sheet, open_sheet
from casework.imports.staging import Tell, stage

# Two numbers of the advisory locks: one file at a time of each kind, one runner at a time of each file.
KIND_LOCK, BATCH_LOCK = 0x1A401, 0x1A402
# Foreign keys are checked after each statement: a queue of millions of deferred checks grew slower with every statement
# (the second of ten pieces of 100,000 rows took minutes), and a dry run would not see what fails at the commit.
LOAD_SETTINGS = "SET LOCAL work_mem = '96MB'; SET LOCAL jit = off; SET CONSTRAINTS ALL IMMEDIATE"
log = structlog.get_logger(__name__)


class Undone(Exception):
    """Rolls the writing of a dry run back, and nothing else."""


def silent(phase: str, done: int, expected: int) -> None:
    """Tell nobody how far the file is."""


def run(batch: Batch, file: BinaryIO, *, tell: Tell = silent) -> Batch:
    """Load `file` as `batch` says and return the batch as it stands then; see `run_sheet`."""
    return _settle(batch, lambda: open_sheet(file), tell)


def run_sheet(batch: Batch, sheet: Sheet, *, tell: Tell = silent) -> Batch:
    """Load the rows of `sheet`: stage, check, write, keep what was refused, in ONE transaction.

    A file that cannot be read, or a load that fails half-way, leaves nothing but the batch in state *refused* with
    the sentence why. A dry run writes and takes the writing back; its counts and refused rows are kept. A file that
    somebody else is running, or that is done, is left alone.
    """
    return _settle(batch, lambda: sheet, tell)


def _settle(batch: Batch, opened: Any, tell: Tell) -> Batch:
    try:
        with transaction.atomic():
            if _claimed(batch):
                _run(batch, opened(), tell)
    except FileRefused as refusal:
        refuse(batch, refusal)
    except DatabaseError as error:
        # Never the text of the error: it holds the row.
        log.error("import_stopped", batch=batch.pk, cause=type(error.__cause__ or error).__name__)
        refuse(batch, FileRefused("stopped", cause=type(error.__cause__ or error).__name__))
    except BaseException as error:
        refuse(batch, FileRefused("stopped", cause=type(error).__name__))
        raise
    return batch


def refuse(batch: Batch, refusal: FileRefused) -> None:
    """Keep that the file was refused and why; nothing of it was loaded."""
    batch.state, batch.refusal, batch.finished_at, batch.upload = State.REFUSED, str(refusal), timezone.now(), None
    batch.refused_code, batch.refused_params = refusal.code, {"field": refusal.field, **refusal.params}
    batch.rows = batch.loaded = batch.unchanged = batch.superseded = batch.done_rows = 0
    batch.save()


def claim(batch_id: int) -> bool:
    """Take the lock of one file until the transaction ends; False when somebody runs it now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [BATCH_LOCK, batch_id])
        return bool(cursor.fetchone()[0])


def _claimed(batch: Batch) -> bool:
    if not claim(batch.pk):
        return False
    batch.refresh_from_db()
    return batch.state in (State.WAITING, State.RUNNING)


def _run(batch: Batch, sheet: Sheet, tell: Tell) -> None:
    kind = loader_for(batch.kind)
    found, strangers = places(sheet.header, kind)
    with connection.cursor() as cursor:
        cursor.execute(LOAD_SETTINGS)
        batch.rows = stage(cursor, sheet, kind.columns, found, tell)
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [KIND_LOCK, batch.kind])
        loader = kind(cursor, batch, known_at=_known_at(cursor, batch), width=len(sheet.header), tell=tell)
        tell("check", 0, batch.rows)
        loader.check()
        loader.checks.short_rows_have_one_fault()
        _write(loader)
        _count(cursor, batch)
        keep_refused(cursor, batch, kind)
        keep_warnings(cursor, batch, strangers, sheet.other_sheets)
    batch.state, batch.finished_at, batch.done_rows = State.DONE, timezone.now(), batch.rows
    if not batch.dry_run:
        batch.upload = None
        record("imported", batch, by=batch.brought_by, data={"rows": batch.rows, "loaded": batch.loaded})
    batch.save()
    tell("done", batch.rows, batch.rows)


def _write(loader: Loader) -> None:
    """Write the good rows; for a dry run, write them, remember what came of them, and take them back."""
    try:
        with transaction.atomic():
            loader.load()
            outcome = list(_outcome(loader.cursor)) if loader.batch.dry_run else []
            if loader.batch.dry_run:
                raise Undone
    except Undone:
        for piece in outcome:
            loader.cursor.execute("INSERT INTO import_outcome SELECT * FROM unnest(%s::int[], %s::boolean[])", piece)


def _outcome(cursor: Any) -> Iterator[tuple[list[int], list[bool]]]:
    cursor.execute(
        "SELECT array_agg(row), array_agg(s) FROM (SELECT row, bool_or(superseded) s FROM import_outcome GROUP BY 1) o"
    )
    rows, superseded = cursor.fetchone()
    if rows:
        yield rows, superseded


def _count(cursor: Any, batch: Batch) -> None:
    """Set the counts of rows. A row that superseded something is among those loaded."""
    cursor.execute(
        "SELECT (SELECT count(DISTINCT row) FROM import_outcome), "
        "(SELECT count(DISTINCT row) FROM import_outcome WHERE superseded), "
        "(SELECT count(DISTINCT row) FROM import_fault)"
    )
    batch.loaded, batch.superseded, refused = cursor.fetchone()
    batch.unchanged = batch.rows - batch.loaded - refused


def _known_at(cursor: Any, batch: Batch) -> datetime:
    """Return when the rows became known: as stated, but never after the transaction's own clock."""
    cursor.execute("SELECT LEAST(COALESCE(%s::timestamptz, now()), now())", [batch.known_at])
    return cursor.fetchone()[0]
