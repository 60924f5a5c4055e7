"""Days of a handover: all of them our own criteria (자체 기준); no law that fixes them was found."""

from datetime import timedelta

from households.models import HandoverStep

Step = HandoverStep.Step
ACCEPT_AHEAD = 3
"""Working days before the move from which a handover that nobody accepted stands on the supervisor's desk."""
STEP_DAYS = {Step.REGISTRATION: 14, Step.LEASE: 7}
"""Days after the move by which a step is done."""
EDUCATION_DAYS = 30
"""Days after the move by which the initial education is completed (domain, 7.2: proposed)."""
FIRST_YEAR = timedelta(days=365)


def step_due(moved_on, step):
    """Return the day by which a step after the move is done."""
    return moved_on + timedelta(days=STEP_DAYS[step])


def education_due(moved_on):
    """Return the day by which the initial education is completed."""
    return moved_on + timedelta(days=EDUCATION_DAYS)
