"""R-REF-STALL 의뢰 지연."""

from django.db.models import Case, F, IntegerField, When
from django.db.models.functions import Least
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from referrals.clocks import AGAIN, REPLY, STATIONS
from risk.bands import Band
from risk.rules.base import Basis, Rule, Word, hit, listing


class ReferralStalled(Rule):
    """A clock of a referral has run out: help was asked for and has not come.

    The household is held at least at the band that was written down last when the clock ran out. An Emergency is held
    as High: Emergency has its own rules, which age by facts. What replay can see of a referral is told at
    `risk.facts.stated.StallFact`.
    """

    code, group, weight, floor = "R-REF-STALL", "referral", 0, Band.HIGH
    name = _("A referral is overdue")
    condition = _(
        "A clock of a referral has run out. The household is held at the band it then had, at most High, until the "
        "step is taken. No points."
    )
    explanation = _("Since {since} a referral waits: {what}. Until then the band does not fall below what it was.")
    listed = _("A referral is overdue: {what}.")
    basis = (Basis.own(),)

    def hits(self, facts):
        held = Case(
            When(held__gt=Band.GENERAL, then=Least(F("held"), int(Band.HIGH))),
            default=None,
            output_field=IntegerField(),
        )
        return [hit(facts.stalls(), weight=self.weight, floor=held)]

    def words(self, evidence, since, on):
        late = {fact["code"] for fact in evidence["facts"]}
        return {
            "what": listing([station.label for station in (*STATIONS, AGAIN[0], REPLY) if station.name in late]),
            "number": Word(len(evidence["facts"])),
        }

    def nearest(self, facts):
        return gettext("No referral is overdue.")
