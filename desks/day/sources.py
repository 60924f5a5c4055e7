"""Everything that can be due, as one tuple; a room adds its own here."""

from desks.day import closings
from desks.day.assessments import ASSESSMENTS
from desks.day.conferences import CONFERENCE_DUE, DECISION_DUE
from desks.day.contacts import OF_CONTACTS, OF_DECISIONS
from desks.day.data_requests import DATA_REQUESTS
from desks.day.due import Source
from desks.day.elsewhere import OF_OTHERS
from desks.day.moves import MOVES
from desks.day.outcomes import OUTCOMES
from desks.day.own import OF_ONES_OWN
from desks.day.plans import PLANS
from desks.day.taking_over import TAKING_OVER

SOURCES: tuple[Source, ...] = (
    *OF_CONTACTS,
    *OF_DECISIONS,
    *TAKING_OVER,
    *ASSESSMENTS,
    CONFERENCE_DUE,
    DECISION_DUE,
    *PLANS,
    OUTCOMES,
    *MOVES,
    DATA_REQUESTS,
    *closings.SOURCES,
    *OF_OTHERS,
    *OF_ONES_OWN,
)
