"""A referral and what belongs to one: its route, hoped-for results, questions, pauses; and a transfer, a concern."""

from referrals.models.agenda import AgendaGrant, AgendaItem, CouncilDecision
from referrals.models.alarm import Alarm
from referrals.models.concern import Concern
from referrals.models.council import Council, CouncilAttendance, CouncilMeeting, CouncilMember
from referrals.models.desired import DesiredOutcome
from referrals.models.message import Message
from referrals.models.pause import Pause
from referrals.models.referral import REFERRAL_GROUPS, Referral, ReferralQuerySet, new_referral_number
from referrals.models.route import Route
from referrals.models.service import Channel, Service, ServiceQuerySet
from referrals.models.statutory import BenefitApplication, GroundReview
from referrals.models.transfer import Transfer
from referrals.models.webhook import WebhookDelivery, WebhookSubscription

__all__ = [
    "REFERRAL_GROUPS",
    "AgendaGrant",
    "AgendaItem",
    "Alarm",
    "BenefitApplication",
    "Channel",
    "Concern",
    "Council",
    "CouncilAttendance",
    "CouncilDecision",
    "CouncilMeeting",
    "CouncilMember",
    "DesiredOutcome",
    "GroundReview",
    "Message",
    "Pause",
    "Referral",
    "ReferralQuerySet",
    "Route",
    "Service",
    "ServiceQuerySet",
    "Transfer",
    "WebhookDelivery",
    "WebhookSubscription",
    "new_referral_number",
]
