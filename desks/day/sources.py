"""Everything that can be due, as one tuple; a room adds its own here."""

from desks.day.due import Source
from desks.day.moves import MOVES

SOURCES: tuple[Source, ...] = (*MOVES,)
