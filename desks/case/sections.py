"""The sections of the page of a case, in the order of the work; a room adds its own here.

A section is `function(household, user, now) -> Section | None`, with a query or two of its own at most.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from casework.agencies.models import User
from desks.case.assessments import assessments
from desks.case.closings import endings
from desks.case.conferences import conferences_section
from desks.case.data_requests import data_requests
from desks.case.day import tasks, visits
from desks.case.duplicates import linked
from desks.case.outcomes import outcomes
from desks.case.plans import plans
from desks.case.section import Section
from desks.case.taking_over import taking_over
from households.models import Household

SECTIONS: tuple[Callable[[Household, User, datetime], Section | None], ...] = (
    taking_over,
    assessments,
    conferences_section,
    plans,
    outcomes,
    tasks,
    visits,
    linked,
    data_requests,
    endings,
)


def sections_of(household: Household, user: User, now: datetime) -> list[Any]:
    """Return the sections that the user has here."""
    return [found for section in SECTIONS if (found := section(household, user, now)) is not None]
