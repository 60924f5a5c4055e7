"""R-DEBT 금융연체."""

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from risk.rules.base import Basis, Parameter, Rule, codes, fading, hit, listing

DEBTS = {"S03": _("an overdue loan or card"), "S08": _("a debt settlement that has lapsed")}


class Debt(Rule):
    """A loan or a card is overdue by an amount that the law looks at, or a debt settlement has lapsed."""

    code, group, weight = "R-DEBT", "arrears", 15
    name = _("Debts overdue")
    condition = _(
        "A loan or card overdue by {least:,} to {most:,} won, or a debt settlement that has lapsed; told within "
        "{look_back} days. An amount that the sender did not tell is not guessed."
    )
    explanation = _("There is {what}.")
    listed = explanation
    basis = (
        Basis.statute(
            _("Enforcement Decree of the Social Security Benefits Act, art. 8"),
            _("1 to 20 million won, within 2 years"),
            least=1_000_000,
            most=20_000_000,
            look_back=730,
        ),
    )
    least = Parameter(1_000_000, 0, 1_000_000_000, "won")
    most = Parameter(20_000_000, 1, 10_000_000_000, "won")
    look_back = Parameter(730, 30, 730)

    def hits(self, facts):
        in_range = Q(priced__amount_krw__gte=self.least, priced__amount_krw__lte=self.most)
        owed = facts.signals(*DEBTS).within(self.look_back).filter(Q(code="S08") | in_range)
        return [hit(owed.by_person(), weight=fading(self.weight))]

    def words(self, evidence, since, on):
        return {"what": listing([name for code, name in DEBTS.items() if code in codes(evidence)])}

    def nearest(self, facts):
        if facts.signals("S03").within(self.look_back).exclude(priced__amount_krw=None).exists():
            return gettext("The amount told lies outside {least:,} to {most:,} won.").format(
                least=self.least, most=self.most
            )
        return gettext("No overdue debt is known.")

    def unknown(self, facts):
        return facts.unknown_amounts("S03")
