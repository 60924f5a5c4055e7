"""R-BASIC 끼니·난방 없음."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from risk.bands import Band
from risk.rules import ageing
from risk.rules.base import Basis, Parameter, Rule, Words, codes, hit, listing

WHAT = {"no_food": _("food"), "no_heat_power": _("heating or power")}


class Basic(Rule):
    """Somebody saw that there is no food, no heating or no power."""

    code, group, weight, floor = "R-BASIC", "harm", 40, Band.HIGH
    trump = True
    name = _("No food or heating")
    condition = _("A contact found no food, no heating or no power. With a child under 13 or anybody of 65: Emergency.")
    explanation = _("A contact on {since} found that there is no {what}.")
    listed = _("There is no {what}. Somebody has to go there.")
    variants = {
        "frail": Words(
            _("A contact on {since} found no {what} in a home with a child under 13 or somebody of 65 or older."),
            _("There is no {what} in a home with a child or an elderly person."),
        ),
        "settled": Words(
            _(
                "On {since} there was no {what} in a home with a child or an elderly person; since then somebody met "
                "them and made a safety plan."
            ),
            _("It has to be seen that food, heating and power remain."),
        ),
    }
    basis = (Basis.own(),)
    look_back = Parameter(90, 30, 365)

    def hits(self, facts):
        told = facts.tags("no_food", "no_heat_power")
        open_still = told.filter(frail_home=False).open().exclude(tag="no_heat_power", verified=True)
        frail = told.filter(frail_home=True)
        criteria = self.criteria
        return [
            hit(open_still.within(self.look_back).each(), weight=self.weight, floor=Band.HIGH),
            hit(
                frail.filter(ageing.acute(criteria)).each(),
                weight=self.weight,
                floor=Band.HIGH,
                trump=True,
                variant="frail",
            ),
            hit(
                frail.exclude(ageing.acute(criteria)).each(),
                weight=ageing.weight(criteria, self.weight),
                floor=ageing.floor(criteria),
                variant="settled",
            ),
        ]

    def words(self, evidence, since, on):
        return {"what": listing([WHAT[code] for code in codes(evidence, "contact") if code in WHAT])}

    def nearest(self, facts):
        return gettext("No contact has found food, heating or power missing.")
