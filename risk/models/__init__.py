"""Signals, rule versions, sweeps, what they found, and what people decided."""

from risk.models.assessment import Assessment, Standing
from risk.models.backtest import BacktestRun
from risk.models.campaign import Campaign, CampaignAnswer, CampaignHousehold
from risk.models.change import ChangeReading, RuleChange, Simulation
from risk.models.flag import Flag
from risk.models.incident import Incident
from risk.models.review import Endorsement, Review
from risk.models.rule import RuleVersion
from risk.models.search import SearchAgreement, SearchEnd
from risk.models.signal import Feed, Signal, SignalCode
from risk.models.sweep import Sweep

__all__ = [
    "Assessment",
    "BacktestRun",
    "Campaign",
    "CampaignAnswer",
    "CampaignHousehold",
    "ChangeReading",
    "Endorsement",
    "Feed",
    "Flag",
    "Incident",
    "Review",
    "RuleChange",
    "RuleVersion",
    "SearchAgreement",
    "SearchEnd",
    "Signal",
    "SignalCode",
    "Simulation",
    "Standing",
    "Sweep",
]
