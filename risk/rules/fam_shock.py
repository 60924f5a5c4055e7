"""R-FAM-SHOCK 가족·생애 충격."""

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from risk.rules.base import Basis, Parameter, Rule, hit, listing
from risk.rules.burden import heavier, laden

SHOCKS = {
    "S37": _("the death of the head of the household"),
    "divorce": _("a divorce"),
    "divorced": _("a divorce"),
    "bereavement": _("a bereavement"),
    "bereaved": _("a bereavement"),
    "release": _("a release from prison"),
    "long_absence": _("the return from a long absence"),
    "childbirth": _("the birth of a child"),
}
TAGS = ("divorce", "bereavement", "release", "long_absence", "childbirth")


class FamilyShock(Rule):
    """Something turned a family's life over. Heavier where a child depends on it, or on who earns the living."""

    code, group, weight = "R-FAM-SHOCK", "family", 20
    name = _("A blow to the family")
    condition = _(
        "A death, a divorce, a release from prison, a long absence or a birth, told within {look_back} days. With a "
        "child at home, or for the main earner: {laden_percent} percent of the points."
    )
    explanation = _("On {since} there was {what}. It may have changed what the household lives on.")
    listed = _("Much has changed in the family. Ask how they manage.")
    basis = (Basis.own(),)
    look_back = Parameter(365, 30, 730)
    laden_percent = Parameter(150, 100, 300, "percent")

    def hits(self, facts):
        told = (
            facts.signals("S37"),
            facts.tags(*TAGS).open(),
            facts.circumstances("marital", "divorced", "bereaved").filter(dated=True),
        )
        alone_with_it = Q(household__minor=True) | Q(person__main_earner=True)
        return [
            hit(
                laden(rows.within(self.look_back).by_household(), alone_with_it),
                weight=heavier(self.weight, self.laden_percent),
            )
            for rows in told
        ]

    def words(self, evidence, since, on):
        told = {fact["code"] for fact in evidence["facts"]}
        return {"what": listing(dict.fromkeys(str(name) for code, name in SHOCKS.items() if code in told))}

    def nearest(self, facts):
        return gettext("No death, divorce, release, absence or birth is known within {days} days.").format(
            days=self.look_back
        )

    def unknown(self, facts):
        return facts.never_stated("marital")
