"""The register: persons, households, what surrounds them, and who may see them."""

from households.models.absence import Absence, Reassigned, Reassignment
from households.models.circle import Assignment, Dwelling, Household, Membership, Responsibility
from households.models.circumstance import Circumstance
from households.models.contact import Addendum, Contact, Participant
from households.models.draft import Draft
from households.models.person import ContactPreference, NameKey, Particulars, Person, PersonName, Phone, Residence
from households.models.protection import Consent, ProtectionDecision, ProtectionPeriod
from households.models.reach import PersonalProtection, SearchStep, Whereabouts
from households.models.screening import Screening
from households.models.share import HouseholdGroupPermission, HouseholdUserPermission, Share
from households.models.stated import Stated

__all__ = [
    "Absence",
    "Addendum",
    "Assignment",
    "Circumstance",
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
    "PersonalProtection",
    "Phone",
    "ProtectionDecision",
    "ProtectionPeriod",
    "Reassigned",
    "Reassignment",
    "Residence",
    "Responsibility",
    "Screening",
    "SearchStep",
    "Share",
    "Stated",
    "Whereabouts",
]
