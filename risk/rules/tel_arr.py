"""R-TEL-ARR 통신비 체납·결번."""

from django.utils.translation import gettext_lazy as _

from risk.rules.arrears import MonthsOfArrears
from risk.rules.base import Basis, Parameter, Words, codes, fading, hit


class TelecomArrears(MonthsOfArrears):
    """The telephone bill has been unpaid for three months or more, or the number no longer works."""

    code, group, weight = "R-TEL-ARR", "arrears", 15
    name = _("Telephone bill unpaid or number dead")
    condition = _(
        "The telephone bill unpaid for {months} months or more, told within {look_back} days, or the number "
        "found dead and nobody reached by telephone since."
    )
    explanation = _(
        "The telephone bill has been unpaid for {told} (criterion: {limit} or more). The number may soon be cut off."
    )
    listed = _("The telephone bill has been unpaid for {told}. The number may soon be cut off.")
    variants = {
        "dead": Words(
            _("On {since} the telephone number no longer worked, and nobody has been reached by telephone since."),
            _("The telephone number no longer works."),
        ),
    }
    basis = (
        Basis.statute(
            _("Enforcement Decree of the Social Security Benefits Act, art. 8"),
            _("Threshold of {n} months"),
            "months",
            3,
        ),
    )
    months = Parameter(3, 1, 24, "months")
    look_back = Parameter(180, 30, 730)
    signals = ("S07",)

    def hits(self, facts):
        dead = facts.tags("number_invalid").open().filter(rung=False).within(self.look_back)
        return [*super().hits(facts), hit(dead.by_household(), weight=fading(self.weight), variant="dead")]

    def sentence(self, evidence, since, on, kind="full"):
        variant = "dead" if codes(evidence, "contact") else ""
        return super().sentence({**evidence, "variant": variant}, since, on, kind)
