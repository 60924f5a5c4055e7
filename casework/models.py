"""The ground floor's own tables: the calendar, the queue of changes."""

from casework.api.models import ApiToken, ApiUse, StoredAnswer
from casework.clock import Holiday
from casework.touched import Touched, TouchedLease
from casework.workdays import Workday

__all__ = ["ApiToken", "ApiUse", "Holiday", "StoredAnswer", "Touched", "TouchedLease", "Workday"]
