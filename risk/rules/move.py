"""R-MOVE 전출·거주불일치."""

from django.db.models import Case, IntegerField, Value, When
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from risk.bands import Band
from risk.rules.base import Basis, Parameter, Rule, Words, codes, days, hit, listing

SEEN = {"address_mismatch": _("somebody else at the address"), "returned_mail": _("returned mail")}


class Moved(Rule):
    """The household moved and no centre of the new district has taken it over, or it is not where it is registered."""

    code, group, weight, floor = "R-MOVE", "contact", 10, Band.MODERATE
    name = _("Moved, or not at the address")
    condition = _(
        "Moved to another district whose centre has not taken the household over within {accept_days} days; or a "
        "contact found that the address is not right: Watch, {weight} points. Unresolved for {unresolved} days: "
        "Moderate."
    )
    explanation = _(
        "The household moved to another district on {since}, and for {days} no centre there has taken it over."
    )
    listed = _("Moved {days} ago; no centre there has taken the household over.")
    variants = {
        "address": Words(
            _("On {since} there was {what}, and for {days} nobody has found out where the household lives."),
            _("Not at the registered address. Find out where the household lives."),
        ),
    }
    basis = (Basis.own(),)
    accept_days = Parameter(7, 1, 60)
    unresolved = Parameter(14, 1, 180)
    look_back = Parameter(365, 30, 730)

    def hits(self, facts):
        # What is seen at the door ends with a visit that met somebody, a new home on record, or the word "recovered".
        seen = facts.tags(*SEEN).open().filter(placed=False).within(self.look_back)
        return [
            hit(facts.moves().filter(age_days__gt=self.accept_days), weight=self.weight, floor=self._floor()),
            hit(seen.each(), weight=self.weight, floor=self._floor(), variant="address"),
        ]

    def _floor(self):
        return Case(
            When(age_days__gt=self.unresolved, then=Value(int(Band.MODERATE))),
            default=Value(int(Band.WATCH)),
            output_field=IntegerField(),
        )

    def words(self, evidence, since, on):
        told = [*codes(evidence, "contact"), *codes(evidence, "notice")]
        return {"what": listing([name for code, name in SEEN.items() if code in told])}

    def nearest(self, facts):
        move = facts.moves().order_by("household_id").first()
        if move is None:
            return gettext("No move out of the centre's districts is known.")
        return gettext("Moved {days} ago; a centre there has {limit} to take over.").format(
            days=days(move.age_days), limit=days(self.accept_days)
        )
