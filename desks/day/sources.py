"""Everything that can be due, as one tuple; a room adds its own here."""

from desks.day.assessments import ASSESSMENTS
from desks.day.due import Source
from desks.day.moves import MOVES
from desks.day.outcomes import OUTCOMES
from desks.day.plans import PLANS

SOURCES: tuple[Source, ...] = (
    *ASSESSMENTS,
    *PLANS,
    OUTCOMES,
    *MOVES,
)
