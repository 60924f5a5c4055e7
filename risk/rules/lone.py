"""R-LONE 고립·고독사 위험."""

from django.db.models import Case, Count, IntegerField, Max, Value, When
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from risk.bands import Band
from risk.rules.base import Basis, Parameter, Rule, Word, Words, fading, hit, listing, parse_day, short_date

FACTORS = {
    "work": pgettext_lazy("lonely", "work lost"),
    "parted": pgettext_lazy("lonely", "divorced or bereaved"),
    "alcohol": pgettext_lazy("lonely", "alcohol"),
    "illness": pgettext_lazy("lonely", "ill for long"),
    "isolation": pgettext_lazy("lonely", "hardly anybody near"),
}


class LivingAlone(Rule):
    """Somebody lives alone and much weighs on them: by the screening for lonely deaths, or by what is known."""

    code, group, weight, floor = "R-LONE", "isolation", 30, Band.HIGH
    name = _("Alone and isolated")
    condition = _(
        "Lives alone, and the screening for lonely deaths gave {score} of 10 or more: High, {weight} points; or "
        "{needed} of these: aged {from_age} to {to_age}, work lost, divorce or bereavement, alcohol, ill for long, "
        "isolation: Moderate, {factors_weight} points. Told within {look_back} days."
    )
    explanation = _("Lives alone; the screening for lonely deaths of {screened} gave {found} of 10 ({score} or more).")
    listed = _("Lives alone. Ask how the days go, and who is near.")
    variants = {"factors": Words(_("Lives alone, and {number} things weigh together: {what}."), listed)}
    basis = (
        Basis.published(_("Survey on lonely-death risk, 2022–23"), _("4 of 10 items or more"), score=4),
        Basis.own(),
    )
    score = Parameter(4, 1, 10, "points")
    needed = Parameter(3, 2, 6)
    from_age = Parameter(40, 19, 90, "years")
    to_age = Parameter(69, 19, 120, "years")
    factors_weight = Parameter(20, 0, 45, "points")
    look_back = Parameter(365, 30, 730)

    def hits(self, facts):
        screened = facts.screenings("lonely").within(self.look_back).filter(score__gte=self.score, household__size=1)
        return [
            hit(screened.by_person(), weight=fading(self.weight), floor=Band.HIGH),
            hit(
                self._weighed(facts).filter(weighing__gte=self.needed),
                weight=fading(self.factors_weight),
                floor=Band.MODERATE,
                variant="factors",
            ),
        ]

    def _weighed(self, facts):
        of_age = Case(
            When(years__gte=self.from_age, years__lte=self.to_age, then=Value(1)),
            default=Value(0),
            output_field=IntegerField(),
        )
        rows = facts.lonely().within(self.look_back).by_person().annotate(years=Max("age"))
        return rows.annotate(weighing=Count("factor", distinct=True) + of_age)

    def words(self, evidence, since, on):
        facts = evidence["facts"]
        screened = [fact for fact in facts if fact["kind"] == "screening"]
        latest = screened[-1] if screened else {"score": 0, "observed": since}
        found = self._named(facts, evidence["params"])
        return {
            "found": Word(latest["score"]),
            "screened": Word(short_date(parse_day(latest["observed"]))),
            "number": Word(len(found)),
            "what": listing(found),
        }

    def _named(self, facts, params):
        """Return what weighs, in words, the age among it."""
        told = {fact.get("factor") for fact in facts}
        ages = {fact.get("age") for fact in facts} - {None}
        aged = [age for age in ages if params["from_age"] <= age <= params["to_age"]]
        words = [gettext("aged {age}").format(age=age) for age in aged]
        return words + [name for factor, name in FACTORS.items() if factor in told]

    def rests_on(self, evidence=None):
        """The survey's number is published; the list of what weighs is our own."""
        if evidence is None:
            return self.basis
        return (self.basis[1],) if evidence.get("variant") == "factors" else (self.basis[0],)

    def nearest(self, facts):
        row = self._weighed(facts).order_by("household_id").values_list("weighing", flat=True).first()
        if row is None:
            return gettext("Nobody lives alone here, or nothing is known that weighs on them.")
        return gettext("{found} of {needed} things that weigh together.").format(found=row, needed=self.needed)

    def unknown(self, facts):
        return [*facts.never_screened("lonely"), *facts.never_stated("marital", "illness", "employment")]
