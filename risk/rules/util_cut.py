"""R-UTIL-CUT 단전·단수·단가스."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from risk.bands import Band
from risk.rules.base import Basis, Parameter, Rule, Words, codes, days, fading, hit, listing

CUT_OFF = {"S14": _("power"), "S13": _("water"), "S12": _("gas")}


class UtilityCutOff(Rule):
    """Power, water or gas was cut off, and nobody has confirmed that it is back."""

    code, group, weight, floor = "R-UTIL-CUT", "cut-off", 35, Band.HIGH
    name = _("Power, water or gas cut off")
    condition = _(
        "A cut-off of power, water or gas without an end and without a contact that found it restored. "
        "After {verify_days} days the check is overdue."
    )
    explanation = _("{days} have passed since the {what} was cut off, and there is no record that it is back.")
    listed = _("The {what} was cut off {days} ago. Check whether it is back.")
    variants = {
        "overdue": Words(
            _(
                "{days} have passed since the {what} was cut off, and there is no record that it is back. "
                "It should have been checked within {limit}."
            ),
            _("The {what} was cut off {days} ago and nobody has checked within {limit}."),
        ),
    }
    basis = (Basis.statute(_("Social Security Benefits Act, art. 12"), _("Data on cut-offs")),)
    verify_days = Parameter(60, 7, 365)

    def hits(self, facts):
        gathered = facts.signals(*CUT_OFF).unverified().by_household()
        return [hit(gathered, weight=fading(self.weight), floor=Band.HIGH)]

    def sentence(self, evidence, since, on, kind="full"):
        overdue = (on - since).days > evidence["params"]["verify_days"]
        return super().sentence({**evidence, "variant": "overdue" if overdue else ""}, since, on, kind)

    def words(self, evidence, since, on):
        cut = codes(evidence)
        return {
            "what": listing([name for code, name in CUT_OFF.items() if code in cut]),
            "limit": days(evidence["params"]["verify_days"]),
        }

    def nearest(self, facts):
        return gettext("No cut-off is known, or it is known to be restored.")
