"""R-MH 정신건강 위험."""

from django.db.models import Case, IntegerField, Q, Value, When
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from risk.bands import Band
from risk.rules.base import Basis, Parameter, Rule, Word, Words, half, hit, parse_day, short_date


class MentalHealth(Rule):
    """The latest PHQ-9 shows a depression that is at least moderate. Only its score is known, never an answer."""

    code, group, weight, floor = "R-MH", "mind", 30, Band.HIGH
    name = _("Danger to mental health")
    condition = _(
        "The latest PHQ-9, within {look_back} days: {severe} or more: High, {weight} points; {moderate} or more: "
        "{moderate_weight} points."
    )
    explanation = _("The PHQ-9 of {screened} gave {score}: moderately severe or worse ({severe} or more).")
    listed = pgettext_lazy("mind", "Ask how the person is, and offer a talk with the counsellor.")
    variants = {
        "moderate": Words(_("The PHQ-9 of {screened} gave {score}: moderate ({moderate} or more)."), listed),
    }
    basis = (Basis.published(_("PHQ-9 (Kroenke et al., 2001)"), _("Cut-offs 10 and 15"), moderate=10, severe=15),)
    severe = Parameter(15, 5, 27, "points")
    moderate = Parameter(10, 1, 27, "points")
    moderate_weight = Parameter(15, 0, 45, "points")
    look_back = Parameter(183, 30, 730)

    def hits(self, facts):
        low = (
            facts.screenings("phq9")
            .within(self.look_back)
            .filter(Q(score__gte=self.moderate) | Q(score__gte=self.severe))
        )
        severe = {"score__gte": self.severe}
        weight = Case(
            When(**severe, faded=True, then=Value(half(self.weight))),
            When(**severe, then=Value(self.weight)),
            When(faded=True, then=Value(half(self.moderate_weight))),
            default=Value(self.moderate_weight),
        )
        floor = Case(When(**severe, then=Value(int(Band.HIGH))), default=None, output_field=IntegerField())
        variant = Case(When(**severe, then=Value("")), default=Value("moderate"))
        return [hit(low.each(), weight=weight, floor=floor, variant=variant)]

    def words(self, evidence, since, on):
        fact = evidence["facts"][-1]
        return {"score": Word(fact["score"]), "screened": Word(short_date(parse_day(fact["observed"])))}

    def nearest(self, facts):
        """The score itself is not told here: whoever sees the household does not always see its screenings."""
        if facts.screenings("phq9").within(self.look_back).exists():
            return gettext("The criterion is a PHQ-9 of {moderate} or more.").format(moderate=self.moderate)
        return gettext("No PHQ-9 within {days} days.").format(days=self.look_back)

    def unknown(self, facts):
        return facts.never_screened("phq9")
