"""R-CON-FAIL 연락두절."""

from django.contrib.postgres.aggregates import BoolAnd
from django.db.models import Case, CharField, Count, IntegerField, Q, Value, When
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from risk.bands import Band
from risk.rules.base import Basis, Parameter, Rule, Word, Words, hit


class Unreachable(Rule):
    """Attempt after attempt met nobody since the last two-way contact. No window: silence wears nothing off."""

    code, group, weight, floor = "R-CON-FAIL", "contact", 35, Band.HIGH
    counts_attempts = True
    name = _("Cannot be reached")
    condition = _(
        "Since the last two-way contact: {attempts} attempts on {on_days} days with a visit among them, or "
        "{visits} visits. All in office hours and no other signal: Moderate, and an evening is suggested."
    )
    explanation = _("{number} attempts since {since}, {visited} of them visits, have met nobody.")
    listed = _("{number} attempts have met nobody.")
    variants = {
        "office": Words(
            _(
                "{number} attempts since {since}, {visited} of them visits, have met nobody. All were on working days "
                "between 9 and 18: try an evening or a weekend."
            ),
            _("{number} attempts in office hours have met nobody. Try an evening or a weekend."),
        ),
    }
    basis = (Basis.own(),)
    attempts = Parameter(3, 2, 10, "attempts")
    on_days = Parameter(2, 1, 10)
    visits = Parameter(2, 1, 5, "visits")

    def hits(self, facts):
        tried = facts.attempts().annotate(
            on_so_many_days=Count("observed_on", distinct=True),
            visited=Count("fact_id", filter=Q(channel="visit")),
            office=BoolAnd("in_hours"),
            quiet=BoolAnd("no_signal"),
        )
        failed = tried.filter(
            Q(number__gte=self.attempts, on_so_many_days__gte=self.on_days, visited__gte=1)
            | Q(visited__gte=self.visits)
        )
        office = Q(office=True, quiet=True)
        floor = Case(
            When(office, then=Value(int(Band.MODERATE))), default=Value(int(Band.HIGH)), output_field=IntegerField()
        )
        variant = Case(When(office, then=Value("office")), default=Value(""), output_field=CharField())
        return [hit(failed, weight=self.weight, floor=floor, variant=variant)]

    def words(self, evidence, since, on):
        facts = evidence["facts"]
        return {"number": Word(len(facts)), "visited": Word(sum(f["code"] == "visit" for f in facts))}

    def nearest(self, facts):
        row = facts.attempts().order_by("household_id").values_list("number", flat=True).first()
        return gettext("{found} of {needed} attempts since the last contact.").format(
            found=row or 0, needed=self.attempts
        )
