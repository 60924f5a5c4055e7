"""Files that people bring in on a page: bringing in, loading, trying again, and what is told meanwhile."""

import io
import time
from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from hashlib import sha256
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from casework.imports.models import Batch, QuarantinedRow, State
from casework.imports.reasons import FileRefused
from casework.imports.running import claim, refuse, run, run_sheet
from casework.imports.sheets import Sheet, clean

# A dry run keeps its file so long, to be loaded for good; then it is forgotten.
DRY_RUN_KEPT = timedelta(days=1)
READ_PART = 0.3


def bring_in(
    upload: Any, *, kind: str, source: str, dry_run: bool, by: Any, received_on: Any = None, effective_on: Any = None
) -> Batch:
    """Keep an uploaded file as a batch that waits, and ring once the transaction has ended."""
    from casework.imports.tasks import ring

    content = upload.read()
    batch = Batch.objects.create(
        kind=kind,
        source=source,
        dry_run=dry_run,
        received_on=received_on,
        effective_on=effective_on,
        filename=upload.name[:200],
        digest=sha256(content).hexdigest(),
        upload=content,
        agency=by.agency,
        brought_by=by,
    )
    transaction.on_commit(partial(ring, batch.pk))
    return batch


@transaction.atomic
def load_for_good(batch: Batch, *, by: Any) -> Batch:
    """Bring the file of a dry run in again, to be loaded; twice gives the same batch. None left: `FileRefused`."""
    from casework.imports.tasks import ring

    trial = Batch.objects.select_for_update().get(pk=batch.pk)
    if trial.loaded_as:
        return trial.loaded_as
    if not trial.upload:
        raise FileRefused("forgotten")
    names = ("kind", "source", "received_on", "effective_on", "filename", "digest", "upload", "agency")
    real = Batch.objects.create(brought_by=by, **{name: getattr(trial, name) for name in names})
    trial.loaded_as, trial.upload = real, None
    trial.save(update_fields=["loaded_as", "upload"])
    transaction.on_commit(partial(ring, real.pk))
    return real


def load(batch_id: int) -> None:
    """Load the file of a waiting batch and say on the way how far it is."""
    batch = Batch.objects.filter(pk=batch_id, state__in=(State.WAITING, State.RUNNING)).first()
    if batch is None or batch.upload is None:
        return
    Batch.objects.filter(pk=batch_id, state=State.WAITING).update(state=State.RUNNING)
    with Progress(batch_id) as progress:
        run(batch, io.BytesIO(batch.upload), tell=progress)


class Progress:
    """Writes how far a file is, on a connection of its own: what the load writes is unseen until it ends."""

    def __init__(self, batch_id: int) -> None:
        self.batch_id, self.told_at = batch_id, 0.0
        self.other: Any = None

    def __enter__(self) -> "Progress":
        return self

    def __call__(self, phase: str, done: int, expected: int) -> None:
        now = time.monotonic()
        if phase == "done" or now - self.told_at < 1:
            return
        self.told_at = now
        part = done / max(expected, 1)
        percent = int(
            100 * (READ_PART * part if phase == "read" else READ_PART + (1 - READ_PART) * part * (phase == "write"))
        )
        if self.other is None:
            self.other = connection.copy()
        with self.other.cursor() as cursor:
            cursor.execute(
                "UPDATE imports_batch SET rows = 100, done_rows = %s WHERE id = %s", [percent, self.batch_id]
            )

    def __exit__(self, *error: Any) -> None:
        if self.other is not None:
            self.other.close()


def unfinished() -> list[int]:
    """Return the uploads that wait, or whose worker was lost; forget the files of old dry runs on the way."""
    Batch.objects.filter(dry_run=True, state=State.DONE, begun_at__lt=timezone.now() - DRY_RUN_KEPT).update(upload=None)
    waiting = Batch.objects.filter(state__in=(State.WAITING, State.RUNNING), upload__isnull=False)
    return list(waiting.order_by("pk").values_list("pk", flat=True))


def give_up_lost() -> None:
    """Say of a command that was killed that nothing of its file was loaded: its transaction ended with it."""
    for batch in Batch.objects.filter(state=State.RUNNING, upload=None).order_by("pk"):
        with transaction.atomic():
            if claim(batch.pk):
                batch.refresh_from_db()
                if batch.state == State.RUNNING:
                    refuse(batch, FileRefused("stopped", cause="killed"))


class StillRefused(Exception):
    """A mended row is refused again; the row that it mends now carries the new faults."""


def retry(refused: QuarantinedRow, cells: dict[str, str], *, by: Any) -> Batch:
    """Load one refused row as mended on screen; return the batch of that row.

    Raises `StillRefused` with the new faults kept on the row. A row that is settled already stays as it is.
    """
    try:
        with transaction.atomic():
            row = (
                QuarantinedRow.objects.select_for_update(of=("self",))
                .select_related("batch", "retried_in")
                .get(pk=refused.pk)
            )
            if row.retried_in:
                return row.retried_in
            batch = _one_row(row, cells, by)
            if batch.state != State.DONE or batch.refused.exists():
                raise _Again(batch, batch.refused.first())
            row.corrected, row.settled_at, row.settled_by, row.retried_in = cells, timezone.now(), by, batch
            row.save()
            return batch
    except _Again as again:
        _keep_new_faults(refused, cells, again)
        raise StillRefused from None


class _Again(Exception):
    def __init__(self, batch: Batch, row: QuarantinedRow | None) -> None:
        super().__init__()
        self.batch, self.row = batch, row


def _one_row(row: QuarantinedRow, cells: dict[str, str], by: Any) -> Batch:
    """Run the one row. What is mended was learned now; what comes again as it was, when its file came."""
    came = row.batch
    batch = Batch.objects.create(
        kind=came.kind,
        source=came.source,
        received_on=came.received_on,
        effective_on=came.effective_on,
        known_at=(came.known_at or came.begun_at) if cells == row.cells else None,
        filename=came.filename,
        agency=by.agency,
        brought_by=by,
        state=State.RUNNING,
    )
    return run_sheet(batch, Sheet(header=list(cells), rows=_rows(cells.values()), expected=1))


def _rows(cells: Iterable[str]) -> Any:
    yield [clean(cell) for cell in cells]


def _keep_new_faults(refused: QuarantinedRow, cells: dict[str, str], again: _Again) -> None:
    refused.corrected = cells
    if again.row is not None:
        refused.field, refused.code = again.row.field, again.row.code
        refused.reason, refused.faults = again.row.reason, again.row.faults
    else:
        refused.reason = again.batch.refusal
    refused.save(update_fields=["corrected", "field", "code", "reason", "faults"])
