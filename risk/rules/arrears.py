"""What the criteria on months of arrears have in common."""

from typing import Any

from django.utils.translation import gettext

from risk.rules.base import Basis, Rule, codes, fading, hit, months, most_months


class MonthsOfArrears(Rule):
    """A person's arrears of at least `months`, told within `look_back` days."""

    signals: tuple = ()
    months: Any
    look_back: Any

    def hits(self, facts):
        unpaid = facts.signals(*self.signals).within(self.look_back).of_months(self.months)
        return [hit(unpaid.by_person(), weight=fading(self.weight))]

    def rests_on(self, evidence=None):
        """The law fixes months of arrears; what only a contact learnt (an eviction notice) rests on ourselves."""
        return self.basis if evidence is None or codes(evidence) else (Basis.own(),)

    def words(self, evidence, since, on):
        return {"told": months(most_months(evidence)), "limit": months(evidence["params"]["months"])}

    def nearest(self, facts):
        told = facts.signals(*self.signals).within(self.look_back).values_list("months", flat=True)
        longest = max((m or 0 for m in told), default=0)
        return gettext("{found} of {needed} months unpaid.").format(found=longest, needed=self.months)

    def unknown(self, facts):
        return facts.unknown_months(*self.signals)
