"""Who works where: districts, agencies, users and their roles."""

from casework.agencies.models.agency import Agency, Jurisdiction, Kind
from casework.agencies.models.closure import Closure, WorkCalendar
from casework.agencies.models.district import District
from casework.agencies.models.duty import DutyShift
from casework.agencies.models.user import RoleGrant, User

__all__ = [
    "Agency",
    "Closure",
    "District",
    "DutyShift",
    "Jurisdiction",
    "Kind",
    "RoleGrant",
    "User",
    "WorkCalendar",
]
