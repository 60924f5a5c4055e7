"""R-NHI-ARR 건강보험료 체납."""

from django.utils.translation import gettext_lazy as _

from risk.rules.arrears import MonthsOfArrears
from risk.rules.base import Basis, Parameter


class HealthInsuranceArrears(MonthsOfArrears):
    """The health-insurance premium has been unpaid for three months or more."""

    code, group, weight = "R-NHI-ARR", "arrears", 15
    name = _("Health-insurance premium unpaid")
    condition = _("The health-insurance premium unpaid for {months} months or more; told within {look_back} days.")
    explanation = _("The health-insurance premium has been unpaid for {told} (criterion: {limit} or more).")
    listed = _("The health-insurance premium has been unpaid for {told}.")
    basis = (Basis.statute(_("Social Security Benefits Act, art. 12"), _("Threshold of {n} months"), "months", 3),)
    months = Parameter(3, 1, 24, "months")
    look_back = Parameter(365, 30, 730)
    signals = ("S01",)
