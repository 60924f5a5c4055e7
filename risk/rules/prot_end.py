"""R-PROT-END 보호기간 종료 임박."""

from django.db.models import Case, CharField, IntegerField, Q, Value, When
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from risk.bands import Band
from risk.facts.entitled import LONGEST
from risk.rules.base import Basis, Parameter, Rule, Word, Words, date_words, days, hit, listing, parse_day, short_date

DECIDED = ("wanted", "not_wanted")
"""What the person said of an extension that decides whether one is asked for; "being talked over" does not, and a wish
without a request that was submitted ("unwritten") does not either."""


class ProtectionEnds(Rule):
    """The last day of somebody's protection is near and no further period is recorded, or what somebody was granted or
    receives ends soon.

    What ends weighs nothing by itself until two people decide that it does: versions in force say nothing of it.
    """

    code, group, weight, floor = "R-PROT-END", "protection", 10, Band.WATCH
    name = _("Protection period ending")
    condition = _(
        "The last day of protection within {look_ahead} days. Within {soon} days, when the other criteria give "
        "Moderate or above and nothing is decided: {soon_weight} more points. Or what was granted or is received ends "
        "within {benefit_days} days: {benefit_weight} points, shown without a floor."
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
        "benefit": Words(
            _("By what is recorded, support ends in {benefit_left}, on {benefit_ends}: {what}. To be checked."),
            _("Support ends in {benefit_left}. Look at it together."),
        ),
        "benefit_today": Words(
            _("By what is recorded, today is the last day of support: {what}. To be checked."),
            _("Today is the last day of support. Look at it together."),
        ),
    }
    basis = (Basis.own(),)
    look_ahead = Parameter(180, 30, 365)
    soon = Parameter(30, 7, 90)
    soon_weight = Parameter(15, 0, 45, "points")
    benefit_days = Parameter(90, 7, LONGEST)
    benefit_weight = Parameter(0, 0, 10, "points")

    def hits(self, facts):
        soon = When(~Q(wish__in=DECIDED), days_left__lte=self.soon, then=Value(self.soon_weight))
        return [
            hit(
                facts.periods(self.look_ahead),
                weight=self.weight,
                floor=Band.WATCH,
                bonus=Case(soon, default=Value(0), output_field=IntegerField()),
                variant=Value("", CharField()),
            ),
            hit(facts.endings(self.benefit_days), weight=self.benefit_weight, variant="benefit"),
        ]

    def sentence(self, evidence, since, on, kind="full"):
        """The period first; on the household page what else ends stands behind it."""
        periods, endings = of_kind(evidence, "protection"), of_kind(evidence, "ending")
        said = []
        if periods:
            said.append(self._of_period(periods[0], evidence, on))
        if endings and (kind == "full" or not periods):
            said.append("benefit_today" if parse_day(endings[0]["observed"]) <= on else "benefit")
        return " ".join(super(ProtectionEnds, self).sentence({**evidence, "variant": v}, since, on, kind) for v in said)

    def _of_period(self, period, evidence, on):
        left = (parse_day(period["observed"]) - on).days
        if left <= 0:
            return "today"
        return "soon" if left <= evidence["params"]["soon"] and period.get("wish", "") not in DECIDED else ""

    def words(self, evidence, since, on):
        found = {}
        for kind, before in (("protection", ""), ("ending", "benefit_")):
            for fact in of_kind(evidence, kind)[:1]:
                ends = parse_day(fact["observed"])
                found |= {f"{before}left": days(max(0, (ends - on).days)), f"{before}ends": Word(short_date(ends))}
        endings = of_kind(evidence, "ending")
        language = "en" if get_language() == "en" else "ko"
        names = dict.fromkeys(fact[language] for fact in endings if fact["observed"] == endings[0]["observed"])
        return {**found, "what": listing(names)}

    def nearest(self, facts):
        ends, support = facts.next_end(), facts.next_ending()
        found = [
            gettext("No running protection period.")
            if ends is None
            else gettext("The protection period ends on {day}.").format(day=date_words(ends))
        ]
        if support is not None:
            found.append(gettext("Support on record ends next on {day}.").format(day=date_words(support.ends_on)))
        return " ".join(found)


def of_kind(evidence, kind):
    """Return the facts of a kind, the one that ends first in front."""
    return sorted((f for f in evidence["facts"] if f["kind"] == kind), key=lambda fact: fact["observed"])
