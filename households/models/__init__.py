"""The register: persons, households, what surrounds them, and who may see them."""

from households.models.circle import Assignment, Dwelling, Household, Membership, Responsibility
from households.models.contact import Addendum, Contact, Participant
from households.models.draft import Draft
from households.models.person import ContactPreference, NameKey, Particulars, Person, PersonName, Phone, Residence
from households.models.protection import Consent, ProtectionDecision, ProtectionPeriod
from households.models.share import HouseholdGroupPermission, HouseholdUserPermission, Share

__all__ = [
    "Addendum",
    "Assignment",
    "Consent",
    "Contact",
    "ContactPreference",
    "Draft",
    "Dwelling",
    "Household",
    "HouseholdGroupPermission",
    "HouseholdUserPermission",
    "Membership",
    "NameKey",
    "Participant",
    "Particulars",
    "Person",
    "PersonName",
    "Phone",
    "ProtectionDecision",
    "ProtectionPeriod",
    "Residence",
    "Responsibility",
    "Share",
]
