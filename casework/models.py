"""The ground floor's own tables: the calendar, the queue of changes."""

from casework.clock import Holiday
from casework.touched import Touched, TouchedLease

__all__ = ["Holiday", "Touched", "TouchedLease"]
