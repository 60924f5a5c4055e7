"""The rules in force: one file each, in the order in which they are shown."""

from risk.rules.base import Basis, Parameter, Rule
from risk.rules.basic import Basic
from risk.rules.con_fail import Unreachable
from risk.rules.con_gap import ContactGap
from risk.rules.multi_sig import OverlappingSignals
from risk.rules.nhi_arr import HealthInsuranceArrears
from risk.rules.prot_end import ProtectionEnds
from risk.rules.rent_arr import RentArrears
from risk.rules.sui import Suicide
from risk.rules.tel_arr import TelecomArrears
from risk.rules.util_cut import UtilityCutOff
from risk.rules.util_multi import SeveralBills

RULES = {
    rule.code: rule
    for rule in (
        Suicide,
        Basic,
        UtilityCutOff,
        RentArrears,
        SeveralBills,
        HealthInsuranceArrears,
        TelecomArrears,
        OverlappingSignals,
        Unreachable,
        ContactGap,
        ProtectionEnds,
    )
}

__all__ = ["RULES", "Basis", "Parameter", "Rule"]
