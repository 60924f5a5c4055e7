"""The register: persons, households, what surrounds them, and who may see them."""

from households.models.absence import Absence, Reassigned, Reassignment
from households.models.assessment import NeedsAssessment
from households.models.circle import Assignment, Dwelling, Household, Membership, Responsibility
from households.models.circumstance import Circumstance
from households.models.closing import AfterCare, Closing
from households.models.conference import CaseConference, ConferencePresence
from households.models.conference_item import ConferenceDecision, ConferenceItem
from households.models.conflict import ConflictOfInterest
from households.models.contact import Addendum, Contact, Participant
from households.models.course import CourseRecord
from households.models.data_request import CorrectionStatement, DataRequest, Restriction
from households.models.death import BereavedStep, DeathReview
from households.models.draft import Draft
from households.models.duplicate import PersonLink, PersonsApart
from households.models.ending import EndNotice, EndStep
from households.models.entitlement import Entitlement, EntitlementStep, EntitlementVersion
from households.models.extension import ExtensionRequest, LocalNotice, LocalOpinion, RequestEvidence, RequestGround
from households.models.feed import CalendarFeed
from households.models.ground import ExtensionGround, ExtensionTerm
from households.models.handover import Handover, HandoverPerson, HandoverStep
from households.models.hometown import Hometown, Province
from households.models.monthly import MonthlyCorrection, MonthlyLine, MonthlyReport
from households.models.objection import Objection
from households.models.outcome import Job, NothingCame, Schooling, Treatment
from households.models.person import ContactPreference, NameKey, Particulars, Person, PersonName, Phone, Residence
from households.models.plan import PlanGoal, PlanStep, ServicePlan
from households.models.planreview import GoalStanding, PlanReview, PlanSignature
from households.models.protection import (
    Consent,
    PersonalProtectionPeriod,
    ProtectionDecision,
    ProtectionPeriod,
)
from households.models.reach import PersonalProtection, SearchStep, Whereabouts
from households.models.report import ReportForm, SettlementAnswer, SettlementLine, SettlementReport
from households.models.screening import Screening
from households.models.share import HouseholdGroupPermission, HouseholdUserPermission, Share
from households.models.sitting import CouncilSeat, Presence, Sitting, SittingItem
from households.models.stated import Stated
from households.models.supervision import SupervisionAddendum, SupervisionNote, SupervisionStep
from households.models.task import Snooze, Task
from households.models.visit import AddressWarning, PlannedVisit

__all__ = [
    "Absence",
    "Addendum",
    "AddressWarning",
    "AfterCare",
    "Assignment",
    "BereavedStep",
    "CalendarFeed",
    "CaseConference",
    "Circumstance",
    "Closing",
    "ConferenceDecision",
    "ConferenceItem",
    "ConferencePresence",
    "ConflictOfInterest",
    "Consent",
    "Contact",
    "ContactPreference",
    "CorrectionStatement",
    "CouncilSeat",
    "CourseRecord",
    "DataRequest",
    "DeathReview",
    "Draft",
    "Dwelling",
    "EndNotice",
    "EndStep",
    "Entitlement",
    "EntitlementStep",
    "EntitlementVersion",
    "ExtensionGround",
    "ExtensionRequest",
    "ExtensionTerm",
    "GoalStanding",
    "Handover",
    "HandoverPerson",
    "HandoverStep",
    "Hometown",
    "Household",
    "HouseholdGroupPermission",
    "HouseholdUserPermission",
    "Job",
    "LocalNotice",
    "LocalOpinion",
    "Membership",
    "MonthlyCorrection",
    "MonthlyLine",
    "MonthlyReport",
    "NameKey",
    "NeedsAssessment",
    "NothingCame",
    "Objection",
    "Participant",
    "Particulars",
    "Person",
    "PersonLink",
    "PersonName",
    "PersonalProtection",
    "PersonalProtectionPeriod",
    "PersonsApart",
    "Phone",
    "PlanGoal",
    "PlanReview",
    "PlanSignature",
    "PlanStep",
    "PlannedVisit",
    "Presence",
    "ProtectionDecision",
    "ProtectionPeriod",
    "Province",
    "Reassigned",
    "Reassignment",
    "ReportForm",
    "RequestEvidence",
    "RequestGround",
    "Residence",
    "Responsibility",
    "Restriction",
    "Schooling",
    "Screening",
    "SearchStep",
    "ServicePlan",
    "SettlementAnswer",
    "SettlementLine",
    "SettlementReport",
    "Share",
    "Sitting",
    "SittingItem",
    "Snooze",
    "Stated",
    "SupervisionAddendum",
    "SupervisionNote",
    "SupervisionStep",
    "Task",
    "Treatment",
    "Whereabouts",
]
