"""R-ILL 중증질환·장애."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from risk.rules.base import Basis, Parameter, Rule, fading, hit, listing

ILLS = {
    "S27": _("high costs of treatment"),
    "S30": _("a serious illness"),
    "S32": _("aid for ruinous costs of treatment"),
    "chronic_illness": _("a chronic illness"),
    "disability": _("a disability"),
    "serious": _("a serious illness"),
    "chronic": _("a chronic illness"),
    "severe": _("a severe disability"),
    "mild": _("a disability"),
}
SIGNALS = tuple(code for code in ILLS if code.startswith("S"))


class Illness(Rule):
    """A serious or chronic illness or a disability that is new: what has long been known is no crisis by itself."""

    code, group, weight = "R-ILL", "health", 20
    name = _("Serious illness or disability")
    condition = _(
        "A serious or chronic illness, a disability, or high costs of treatment, new within {look_back} days."
    )
    explanation = _("Since {since} there is {what}.")
    listed = _("Health: ask how treatment goes and whether its costs can be met.")
    basis = (Basis.own(),)
    look_back = Parameter(365, 30, 730)

    def hits(self, facts):
        told = (
            facts.signals(*SIGNALS),
            facts.tags("chronic_illness", "disability").open(),
            facts.circumstances("illness").filter(dated=True),
            facts.circumstances("disability").filter(dated=True),
        )
        return [hit(rows.within(self.look_back).by_person(), weight=fading(self.weight)) for rows in told]

    def words(self, evidence, since, on):
        told = {fact["code"] for fact in evidence["facts"]}
        # Two sources often tell of the same thing in the same words.
        return {"what": listing(dict.fromkeys(str(name) for code, name in ILLS.items() if code in told))}

    def nearest(self, facts):
        if facts.circumstances("illness").exists() or facts.circumstances("disability").exists():
            return gettext("An illness or a disability is on record, and it is not new.")
        return gettext("No illness or disability is known.")

    def unknown(self, facts):
        return facts.never_stated("illness", "disability")
