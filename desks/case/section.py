"""What a section of the page of a case is made of."""

from dataclasses import dataclass, field


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
