"""R-PROT-END 보호기간 종료 임박."""

from django.db.models import Case, CharField, IntegerField, Q, Value, When
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from risk.bands import Band
from risk.rules.base import Basis, Parameter, Rule, Word, Words, date_words, days, hit, parse_day, short_date

DECIDED = ("wanted", "not_wanted")
"""What the person said of an extension that decides whether one is asked for; "being talked over" does not, and a wish
without a request that was submitted ("unwritten") does not either."""


class ProtectionEnds(Rule):
    """The last day of somebody's protection is near, and no further period is recorded."""

    code, group, weight, floor = "R-PROT-END", "protection", 10, Band.WATCH
    name = _("Protection period ending")
    condition = _(
        "The last day of protection within {look_ahead} days. Within {soon} days, when the other criteria give "
        "Moderate or above and nothing is decided: {soon_weight} more points."
    )
    explanation = _("The protection period ends in {left}, on {ends}, and no extension is recorded.")
    listed = _("The protection period ends in {left}.")
    variants = {
        "soon": Words(
            _(
                "The protection period ends in {left}, on {ends}, and whether to ask for an extension has not been "
                "decided."
            ),
            _("The protection period ends in {left}, and an extension has not been decided."),
        ),
        "today": Words(
            _("Today is the last day of the protection period, and no extension is recorded."),
            _("Today is the last day of the protection period."),
        ),
    }
    basis = (Basis.own(),)
    look_ahead = Parameter(180, 30, 365)
    soon = Parameter(30, 7, 90)
    soon_weight = Parameter(15, 0, 45, "points")

    def hits(self, facts):
        ending = facts.periods(self.look_ahead)
        soon = When(~Q(wish__in=DECIDED), days_left__lte=self.soon, then=Value(self.soon_weight))
        return [
            hit(
                ending,
                weight=self.weight,
                floor=Band.WATCH,
                bonus=Case(soon, default=Value(0), output_field=IntegerField()),
                variant=Value("", CharField()),
            )
        ]

    def sentence(self, evidence, since, on, kind="full"):
        left = (parse_day(evidence["facts"][0]["observed"]) - on).days
        open_still = evidence["facts"][0].get("wish", "") not in DECIDED
        variant = "today" if left <= 0 else "soon" if left <= evidence["params"]["soon"] and open_still else ""
        return super().sentence({**evidence, "variant": variant}, since, on, kind)

    def words(self, evidence, since, on):
        ends = parse_day(evidence["facts"][0]["observed"])
        return {"left": days(max(0, (ends - on).days)), "ends": Word(short_date(ends))}

    def nearest(self, facts):
        ends = facts.next_end()
        if ends is None:
            return gettext("No running protection period.")
        return gettext("The protection period ends on {day}.").format(day=date_words(ends))
