"""Everything that can be due, as one tuple; a room adds its own here."""

from desks.day.due import Source

SOURCES: tuple[Source, ...] = ()
