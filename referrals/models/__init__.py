"""A referral and what belongs to one: its route, its hoped-for results, questions, the times it stood still."""

from referrals.models.alarm import Alarm
from referrals.models.desired import DesiredOutcome
from referrals.models.message import Message
from referrals.models.pause import Pause
from referrals.models.referral import REFERRAL_GROUPS, Referral, ReferralQuerySet, new_referral_number
from referrals.models.route import Route
from referrals.models.statutory import BenefitApplication, GroundReview
from referrals.models.webhook import WebhookDelivery, WebhookSubscription

__all__ = [
    "REFERRAL_GROUPS",
    "Alarm",
    "BenefitApplication",
    "DesiredOutcome",
    "GroundReview",
    "Message",
    "Pause",
    "Referral",
    "ReferralQuerySet",
    "Route",
    "WebhookDelivery",
    "WebhookSubscription",
    "new_referral_number",
]
