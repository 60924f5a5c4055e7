"""The rules in force: one file each, in the order in which they are shown."""

from risk.rules.base import Basis, Parameter, Rule
from risk.rules.basic import Basic
from risk.rules.ben_end import BenefitEnded
from risk.rules.ben_miss import BenefitMissed
from risk.rules.child import Child
from risk.rules.con_fail import Unreachable
from risk.rules.con_gap import ContactGap
from risk.rules.debt import Debt
from risk.rules.fam_shock import FamilyShock
from risk.rules.ill import Illness
from risk.rules.job_loss import JobLoss
from risk.rules.lone import LivingAlone
from risk.rules.mh import MentalHealth
from risk.rules.move import Moved
from risk.rules.multi_sig import OverlappingSignals
from risk.rules.nhi_arr import HealthInsuranceArrears
from risk.rules.nocare import NoCare
from risk.rules.pattern import CODE as PATTERN_CODE
from risk.rules.pattern import from_params
from risk.rules.prot_end import ProtectionEnds
from risk.rules.ref_stall import ReferralStalled
from risk.rules.rent_arr import RentArrears
from risk.rules.shared_gap import SharedGap
from risk.rules.sui import Suicide
from risk.rules.tel_arr import TelecomArrears
from risk.rules.util_cut import UtilityCutOff
from risk.rules.util_multi import SeveralBills
from risk.rules.viol import Violence

RULES = {
    rule.code: rule
    for rule in (
        Suicide,
        Violence,
        Child,
        Basic,
        UtilityCutOff,
        RentArrears,
        SeveralBills,
        HealthInsuranceArrears,
        TelecomArrears,
        Debt,
        OverlappingSignals,
        BenefitEnded,
        BenefitMissed,
        JobLoss,
        MentalHealth,
        Illness,
        NoCare,
        LivingAlone,
        FamilyShock,
        Unreachable,
        ContactGap,
        Moved,
        SharedGap,
        ReferralStalled,
        ProtectionEnds,
    )
}


def is_known(code):
    """Tell whether `code` names a rule: one written in code, or a pattern that people composed."""
    return code in RULES or bool(PATTERN_CODE.fullmatch(code))


def rule_of(code, evidence):
    """Return the rule that made a hit, from its code and evidence; a pattern is kept in its evidence.

    A rule written in code has its first numbers: sentences take theirs from the evidence. Raises KeyError for an
    unknown rule.
    """
    if code in RULES:
        return RULES[code]()
    return from_params(code, evidence["params"])


def name_of(code, evidence):
    """Return the name of the rule that made a hit, in the active language; its code where it can be read no more."""
    told = code in RULES or (is_known(code) and evidence.get("params"))
    return str(rule_of(code, evidence).name) if told else code


__all__ = ["RULES", "Basis", "Parameter", "Rule", "is_known", "name_of", "rule_of"]
