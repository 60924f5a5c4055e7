"""Everything that can be due, as one tuple; a room adds its own here."""

from desks.day import closings
from desks.day.assessments import ASSESSMENTS
from desks.day.conferences import CONFERENCE_DUE, DECISION_DUE
from desks.day.data_requests import DATA_REQUESTS
from desks.day.due import Source
from desks.day.moves import MOVES
from desks.day.outcomes import OUTCOMES
from desks.day.plans import PLANS
from desks.day.taking_over import TAKING_OVER

SOURCES: tuple[Source, ...] = (
    *TAKING_OVER,
    *ASSESSMENTS,
    CONFERENCE_DUE,
    DECISION_DUE,
    *PLANS,
    OUTCOMES,
    *MOVES,
    DATA_REQUESTS,
    *closings.SOURCES,
)
