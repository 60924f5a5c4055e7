"""The sections of the page of a case, in the order of the work; a room adds its own here.

A section is `function(household, user, now) -> Section | None`, with a query or two of its own at most.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from casework.agencies.models import User
from households.models import Household


@dataclass(frozen=True)
class Line:
    """One line: what it is about, what is so, where it leads. `state`: "late", "soon", "done" or ""."""

    label: str
    words: str = ""
    href: str = ""
    state: str = ""


@dataclass(frozen=True)
class Section:
    """One part of the work: its title, its lines, a sentence where there are none, and the buttons (label, address)."""

    title: str
    anchor: str
    lines: list[Line] = field(default_factory=list)
    empty: str = ""
    acts: list[tuple[str, str]] = field(default_factory=list)


SECTIONS: tuple[Callable[[Household, User, datetime], Section | None], ...] = ()


def sections_of(household: Household, user: User, now: datetime) -> list[Any]:
    """Return the sections that the user has here."""
    return [found for section in SECTIONS if (found := section(household, user, now)) is not None]
