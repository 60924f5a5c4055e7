"""What the import commands share: options, the bar, the one JSON object, the exit code.

Exit 0: every row was loaded or unchanged; 1: some were refused; 2: the file was refused.
"""

import json
import sys
from argparse import ArgumentTypeError
from collections.abc import Callable
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from casework.agencies.models import User
from casework.imports.models import Batch, State
from casework.imports.reasons import FileRefused
from casework.imports.refused import warned
from casework.imports.running import refuse, run

PIECE = 1 << 20


def moment(text: str) -> datetime:
    """Read `--known-at`: ISO 8601 with offset, not in the future."""
    try:
        found = parse_datetime(text.replace(" ", "T"))
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise ArgumentTypeError(f"“{text}” is not a time with its offset. Write it like 2026-03-15T14:20+09:00.")
    if found > timezone.now():
        raise ArgumentTypeError(f"“{text}” lies in the future. A file cannot be known before it came.")
    return found


def day(text: str) -> date:
    """Read a day: YYYY-MM-DD."""
    try:
        found = parse_date(text)
    except ValueError:
        found = None
    if found is None or len(text) != 10:
        raise ArgumentTypeError(f"“{text}” is not a day. Write it like 2026-03-15.")
    return found


class ImportCommand(BaseCommand):
    """Loads one file as the `system` user. Each command names its `kind`."""

    kind: str
    source_required = False

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", metavar="FILE", help="CSV (UTF-8, with or without BOM, or CP949) or XLSX")
        parser.add_argument(
            "--source", default="", required=self.source_required, help="who sent it: scopes the references"
        )
        parser.add_argument("--known-at", type=moment, help="when we learned it, ISO 8601 with offset; default now")
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        batch = Batch(
            kind=self.kind,
            source=options["source"],
            filename=Path(options["file"]).name[:200],
            known_at=options["known_at"],
            received_on=options.get("received"),
            effective_on=options.get("effective"),
            state=State.RUNNING,
            brought_by=User.objects.system(),
        )
        self._load(batch, Path(options["file"]))
        (self._print_json if options["json"] else self._print_words)(batch)
        for warning in warned(batch):
            self.stderr.write(warning)
        if batch.state == State.REFUSED:
            sys.exit(2)
        if batch.refused.exists():
            sys.exit(1)

    def _load(self, batch: Batch, path: Path) -> None:
        try:
            file = path.open("rb")
        except OSError:
            return refuse(batch, FileRefused("no_file", path=str(path)))
        with file:
            batch.digest = digest(file)
            batch.save()
            run(batch, file, tell=bar(self.stderr._out))
        return None

    def _print_json(self, batch: Batch) -> None:
        # Written piece by piece: a million refused rows must not stand in memory.
        counts = {name: getattr(batch, name) for name in ("rows", "loaded", "unchanged", "superseded")}
        self.stdout.write(json.dumps({"batch": batch.pk, **counts})[:-1] + ', "refused": [', ending="")
        if batch.state == State.REFUSED:
            refused = {"row": 0, "field": batch.refused_params.get("field", ""), "reason": batch.refusal}
            self.stdout.write(json.dumps(refused, ensure_ascii=False), ending="")
            self.stderr.write(batch.refusal)
        for n, (row, field, reason) in enumerate(batch.refused.values_list("row", "field", "reason").iterator()):
            line = json.dumps({"row": row, "field": field, "reason": reason}, ensure_ascii=False)
            self.stdout.write((", " if n else "") + line, ending="")
        self.stdout.write("]}")

    def _print_words(self, batch: Batch) -> None:
        if batch.state == State.REFUSED:
            self.stderr.write(batch.refusal)
            return
        names = ("rows", "loaded", "unchanged", "superseded")
        counts = ", ".join(f"{name} {getattr(batch, name):,}" for name in names)
        self.stdout.write(f"Batch {batch.pk}: {counts}, refused {batch.refused.count():,}")
        for row, reason in batch.refused.values_list("row", "reason").iterator():
            self.stdout.write(f"{row:>8}  {reason}")


def digest(file: BinaryIO) -> str:
    """Return the SHA-256 of a file and leave it at its start."""
    found = sha256()
    while piece := file.read(PIECE):
        found.update(piece)
    file.seek(0)
    return found.hexdigest()


def bar(stream: Any) -> Callable[[str, int, int], None]:
    """Return a `tell` that draws a bar of 30 places on a terminal, and nothing anywhere else."""
    if not getattr(stream, "isatty", lambda: False)():
        return lambda phase, done, expected: None

    def tell(phase: str, done: int, expected: int) -> None:
        filled = min(30, 30 * done // max(expected, 1))
        end = "\n" if phase == "done" else ""
        stream.write(f"\r{phase:<6} [{'#' * filled}{'.' * (30 - filled)}] {done:,}/{expected:,}  {end}")
        stream.flush()

    return tell
