"""Signals, rule versions, sweeps, what they found, and what people decided."""

from risk.models.assessment import Assessment, Standing
from risk.models.flag import Flag
from risk.models.review import Endorsement, Review
from risk.models.rule import RuleVersion
from risk.models.signal import Feed, Signal, SignalCode
from risk.models.sweep import Sweep

__all__ = [
    "Assessment",
    "Endorsement",
    "Feed",
    "Flag",
    "Review",
    "RuleVersion",
    "Signal",
    "SignalCode",
    "Standing",
    "Sweep",
]
