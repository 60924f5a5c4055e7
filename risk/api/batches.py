"""A batch of signals on its way in: the rows of a request become a sheet, and then take the way of every file."""

from hashlib import sha256

from django.utils.translation import gettext as _

from casework.agencies.models import User
from casework.api.problems import Problem
from casework.api.scopes import Scope
from casework.imports.loader import loader_for
from casework.imports.models import Batch, State
from casework.imports.running import run_sheet
from casework.imports.sheets import Sheet, clean

KIND = "signals"
MOST_ROWS = 10_000
MOST_CELL = 200


def load(rows, *, token, received_on, body):
    """Load rows (dicts of short texts and whole numbers) as one batch of the token's source; return the Batch.

    A token of a national feed reaches everybody on the register, as an operator's file does; any other one the people
    whose files its own agency keeps.
    """
    by = User.objects.system() if token.allows(Scope.SIGNALS_ALL) else token.user
    batch = Batch.objects.create(
        kind=KIND,
        source=token.source,
        filename=f"API {token.prefix}",
        digest=sha256(body).hexdigest(),
        agency=token.agency,
        brought_by=by,
        received_on=received_on,
        state=State.RUNNING,
    )
    return run_sheet(batch, sheet_of(rows))


def sheet_of(rows):
    """Return rows as a Sheet whose header holds the columns that any of them names, and those that must be there."""
    kind = loader_for(KIND)
    named = set(kind.required).union(*rows)
    header = [column for column in kind.columns if column in named]
    return Sheet(header=header, rows=([clean(row.get(c, "")) for c in header] for row in rows), expected=len(rows))


def checked(rows):
    """Return rows with every value as text; raises Problem for what is no row of this kind."""
    columns, faults = set(loader_for(KIND).columns), []
    if not isinstance(rows, list) or not 1 <= len(rows) <= MOST_ROWS:
        raise _wrong([("rows", _("Send 1 to %(most)s rows.") % {"most": f"{MOST_ROWS:,}"})])
    read = []
    for place, row in enumerate(rows):
        text = _row(row, columns)
        if isinstance(text, str):
            faults.append((f"rows.{place}", text))
        else:
            read.append(text)
    if faults:
        raise _wrong(faults[:100])
    return read


def _row(row, columns):
    """Return the row as texts, or the sentence that says what is wrong with it."""
    if not isinstance(row, dict):
        return _("A row is an object.")
    if strange := set(row) - columns:
        return _("These are no columns of a signal: %(names)s.") % {"names": ", ".join(sorted(strange)[:5])}
    values = {name: _text(value) for name, value in row.items()}
    wrong = [name for name, value in values.items() if value is None]
    return _("A cell is a short text or a whole number: %(names)s.") % {"names": ", ".join(wrong)} if wrong else values


def _text(value):
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int) or len(str(value)) > MOST_CELL:
        return None
    return str(value)


def told(batch):
    """Return what came of a batch, as the import commands print it."""
    refused = batch.refused.order_by("row").values("row", "field", "reason")
    counts = {name: getattr(batch, name) for name in ("rows", "loaded", "unchanged", "superseded")}
    return {"batch": batch.pk, **counts, "refused": list(refused)}


def _wrong(faults):
    return Problem("invalid", errors=[{"field": field, "detail": text} for field, text in faults])
