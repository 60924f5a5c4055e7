"""What a kind of file brings: its columns, its checks, and how its good rows become facts.

The ground does not know the kinds: `settings.CASEWORK_IMPORTS` names a Loader for each by dotted path.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, ClassVar

from django.conf import settings
from django.utils.module_loading import import_string

from casework.agencies.models.user import SYSTEM
from casework.clock import seoul_day
from casework.imports.checks import Checks
from casework.imports.reasons import ROW_REASONS


class Loader:
    """One file on its way in. `check()` fills `import_check` and `import_fault`; `load()` writes the good rows.

    `required` columns stand in the header; of `choices` one group is there whole; `extra` may be there.
    """

    required: ClassVar[tuple[str, ...]]
    choices: ClassVar[tuple[tuple[str, ...], ...]] = ()
    extra: ClassVar[tuple[str, ...]] = ()
    columns: ClassVar[tuple[str, ...]]
    own_reasons: ClassVar[Mapping[str, Any]] = {}
    warnings: ClassVar[Mapping[str, Any]] = {}
    options: ClassVar[tuple[str, ...]] = ()

    def __init__(
        self, cursor: Any, batch: Any, *, known_at: datetime, width: int, tell: Callable[[str, int, int], None]
    ) -> None:
        self.cursor, self.batch, self.known_at, self.width, self.tell = cursor, batch, known_at, width, tell
        self.checks = Checks(cursor, self.columns)

    @classmethod
    def reasons(cls) -> Mapping[str, Any]:
        """Return {code: sentence} of every fault a row of this kind can have."""
        return {**ROW_REASONS, **cls.own_reasons}

    @property
    def told_on(self) -> date:
        """The day on which the file was told; what lies after it is future."""
        return self.batch.received_on or seoul_day(self.known_at)

    @property
    def by(self) -> Any:
        return self.batch.brought_by

    @property
    def reaches_all(self) -> bool:
        """Whether the file may speak of anybody: what an operator loads by command; a user stays among their own."""
        return bool(self.by.username == SYSTEM)

    @classmethod
    def subjects(cls, rows: Any) -> list[int]:
        """Return the ids of the people on file whom refused rows (a QuerySet of QuarantinedRow) name, for the access
        log."""
        return []

    def check(self) -> None:
        """Fill `import_check`, `import_fault` and `import_warning`."""
        raise NotImplementedError

    def load(self) -> None:
        """Write the good rows and fill `import_outcome` with each row that changed something."""
        raise NotImplementedError

    def run(self, sql: str, **args: Any) -> None:
        """Execute `sql` with what every statement may use: `known`, `by`, `batch`, and `args`."""
        self.cursor.execute(sql, {"known": self.known_at, "by": self.by.pk, "batch": self.batch.pk, **args})


def loader_for(kind: str) -> type[Loader]:
    """Return the Loader class of a kind of import."""
    return import_string(settings.CASEWORK_IMPORTS[kind])
