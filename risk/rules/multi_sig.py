"""R-MULTI-SIG 위기징후 중첩."""

from django.db.models import Case, Count, IntegerField, Q, Value, When
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from risk.bands import Band
from risk.rules.base import Basis, Parameter, Rule, Word, hit


class OverlappingSignals(Rule):
    """Several crisis signals of a household stand at the same time."""

    code, group, weight, floor = "R-MULTI-SIG", "overlap", 15, Band.MODERATE
    name = _("Crisis signals overlap")
    condition = _(
        "{few} different signals or more: {few_weight} points. {many} or more in {fields} fields or more: "
        "Moderate, {weight} points. Signals that only describe a situation are left out."
    )
    explanation = _("{number} different crisis signals stand at the same time, in {spread} fields.")
    listed = explanation
    basis = (Basis.own(),)
    few = Parameter(3, 2, 10, "signals")
    many = Parameter(5, 2, 15, "signals")
    fields = Parameter(3, 1, 8, "fields")
    few_weight = Parameter(5, 0, 45, "points")
    look_back = Parameter(365, 30, 730)

    def hits(self, facts):
        several = self._overlapping(facts).values("household_id").annotate(kinds=Count("code", distinct=True))
        rows = self._overlapping(facts).filter(
            household_id__in=several.filter(kinds__gte=self.few).order_by().values("household_id")
        )
        gathered = rows.by_household().annotate(kinds=Count("code", distinct=True), spread=Count("kind", distinct=True))
        many = Q(kinds__gte=self.many, spread__gte=self.fields)
        weight = Case(When(many, then=Value(self.weight)), default=Value(self.few_weight))
        floor = Case(When(many, then=Value(int(Band.MODERATE))), default=None, output_field=IntegerField())
        return [hit(gathered, weight=weight, floor=floor)]

    def _overlapping(self, facts):
        return facts.signals().filter(in_overlap=True).within(self.look_back)

    def words(self, evidence, since, on):
        told = {f["code"]: f["field"] for f in evidence["facts"]}
        return {"number": Word(len(told)), "spread": Word(len(set(told.values())))}

    def nearest(self, facts):
        found = self._overlapping(facts).values("code").distinct().count()
        return gettext("{found} of {needed} different signals.").format(found=found, needed=self.few)
