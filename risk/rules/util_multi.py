"""R-UTIL-MULTI 공과금 복합 체납."""

from django.db.models import Max, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from risk.rules.base import Basis, Parameter, Rule, Words, codes, fading, hit, listing, months, most_months

BILLS = {"S04": _("electricity bill"), "S10": _("water bill"), "S11": _("gas bill")}


class SeveralBills(Rule):
    """Two kinds of bills unpaid, or one of them for three months."""

    code, group, weight = "R-UTIL-MULTI", "arrears", 20
    name = _("Several bills unpaid")
    condition = _(
        "Electricity, water and gas: {kinds} kinds unpaid, or one for {months} months or more; "
        "told within {look_back} days."
    )
    explanation = _("The {what} are unpaid together.")
    listed = explanation
    variants = {
        "one": Words(_("The {what} has been unpaid for {told}; the criterion is {limit}."), _("The {what} is unpaid."))
    }
    basis = (Basis.own(),)
    kinds = Parameter(2, 1, 3, "kinds")
    months = Parameter(3, 1, 24, "months")
    look_back = Parameter(180, 30, 730)

    def hits(self, facts):
        bills = facts.signals(*BILLS).within(self.look_back).by_household().annotate(longest=Max("months"))
        return [hit(bills.filter(Q(number__gte=self.kinds) | Q(longest__gte=self.months)), weight=fading(self.weight))]

    def sentence(self, evidence, since, on, kind="full"):
        several = len(codes(evidence)) > 1
        return super().sentence({**evidence, "variant": "" if several else "one"}, since, on, kind)

    def words(self, evidence, since, on):
        unpaid = codes(evidence)
        return {
            "what": listing([name for code, name in BILLS.items() if code in unpaid]),
            "told": months(most_months(evidence)),
            "limit": months(evidence["params"]["months"]),
        }

    def nearest(self, facts):
        found = facts.signals(*BILLS).within(self.look_back).count()
        return gettext("{found} of {kinds} kinds of unpaid bills.").format(found=found, kinds=self.kinds)

    def unknown(self, facts):
        return facts.unknown_months(*BILLS)
