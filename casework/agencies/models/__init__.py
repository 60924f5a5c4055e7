"""Who works where: districts, agencies, users and their roles."""

from casework.agencies.models.agency import Agency, Jurisdiction, Kind
from casework.agencies.models.district import District
from casework.agencies.models.user import RoleGrant, User

__all__ = ["Agency", "District", "Jurisdiction", "Kind", "RoleGrant", "User"]
