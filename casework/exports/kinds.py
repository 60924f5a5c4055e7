"""What a kind of list brings: who may take it away, how it is narrowed, its columns and its lines.

The ground does not know the lists: `settings.CASEWORK_EXPORTS` names a Kind for each by dotted path.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from casework.agencies.models import User


@dataclass(frozen=True)
class Line:
    """One row of a file: the record, its cells, whose data stands in it. `closed`: it stands there without contents."""

    record: int
    cells: Sequence[object]
    subjects: Sequence[int]
    households: Sequence[int]
    closed: bool = False


class Kind:
    """One kind of list. All its questions are asked of today's rights of the user who is given.

    `names`: whether it names people; then a second person agrees before it is made.
    """

    code: str
    label: Any
    names = True

    def allows(self, user: User) -> bool:
        """Say whether the user may take lists of this kind away."""
        raise NotImplementedError

    def narrowed(self, given: Mapping[str, Any], user: User) -> dict[str, Any]:
        """Return the filters that are known among those given, as JSON; what makes no sense is left out."""
        raise NotImplementedError

    def said(self, asked: Mapping[str, Any]) -> str:
        """Say the filters in words."""
        raise NotImplementedError

    def back(self, asked: Mapping[str, Any]) -> str:
        """Return the address of the list on screen."""
        raise NotImplementedError

    def header(self) -> list[str]:
        """Return the heads of the columns."""
        raise NotImplementedError

    def ids(self, user: User, asked: Mapping[str, Any], *, now: datetime) -> list[int]:
        """Return the records of the list in its order."""
        raise NotImplementedError

    def lines(self, user: User, asked: Mapping[str, Any], ids: Sequence[int], *, now: datetime) -> list[Line]:
        """Return some of those records as lines, in the order of the list, without those no longer seen."""
        raise NotImplementedError

    def still(self, user: User, records: Sequence[int], closed: Sequence[int]) -> bool:
        """Say whether the user may still read all of `records` and see all of `closed`."""
        raise NotImplementedError


@cache
def kinds() -> dict[str, Kind]:
    """Return {code: Kind} of every list that can be taken away."""
    return {code: import_string(path)() for code, path in settings.CASEWORK_EXPORTS.items()}
