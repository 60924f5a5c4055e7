"""R-BEN-MISS 미신청 추정."""

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import Case, Q, Value, When
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from risk.rules.base import Basis, Parameter, Rule, Words, codes, hit


class BenefitMissed(Rule):
    """Somebody may be entitled to a benefit and does not receive it. Income that is not known is never low income."""

    code, group, weight = "R-BEN-MISS", "benefit", 5
    name = _("Benefit perhaps not applied for")
    condition = _(
        "Told as entitled and not applied, within {look_back} days, or income on record below the line, and no benefit "
        "comes in. With bills unpaid: {arrears_weight} points. Rests {rest_days} days after it was said that none is "
        "wanted, applied for, or possible with these assets."
    )
    explanation = _("By the welfare membership the household may be entitled to a benefit that it does not receive.")
    listed = _("A benefit may be possible. Look at it together.")
    variants = {
        "entitled": Words(
            _(
                "By what is recorded the household may be entitled to a benefit, and no application for it is on "
                "record. To be checked."
            ),
            _("A benefit may be possible. Look at it together."),
        ),
        "income": Words(
            _("The income on record is below the benefit threshold, and no benefit for it is on record."),
            _("A benefit may be possible. Look at it together."),
        ),
    }
    basis = (Basis.own(),)
    look_back = Parameter(365, 30, 730)
    rest_days = Parameter(180, 30, 730)
    arrears_weight = Parameter(15, 0, 45, "points")

    def hits(self, facts):
        told = facts.signals("S43").within(self.look_back)
        income = facts.circumstances("income", "below_line")
        unpaid = facts.signals().filter(kind="arrears").values("household_id")
        weight = Case(When(owing=True, then=Value(self.arrears_weight)), default=Value(self.weight))
        return [
            hit(rows.by_household().annotate(owing=BoolOr(Q(household_id__in=unpaid))), weight=weight)
            for rows in (self._open(told, facts), self._open(income, facts), self._open(facts.entitled(), facts))
        ]

    def _open(self, rows, facts):
        rested = facts.days_ago(self.rest_days)
        resting = Q(household__rested_on__isnull=False, household__rested_on__gte=rested)
        return rows.filter(household__receiving=False).exclude(resting)

    def sentence(self, evidence, since, on, kind="full"):
        variant = "" if codes(evidence) else "entitled" if codes(evidence, "entitled") else "income"
        return super().sentence({**evidence, "variant": variant}, since, on, kind)

    def nearest(self, facts):
        if facts.circumstances("benefit", "receiving").exists():
            return gettext("A benefit comes in.")
        if facts.circumstances("benefit", "not_wanted", "applying", "over_assets").exists():
            return gettext("It was said that no benefit is wanted, applied for, or possible with these assets.")
        return gettext("Nobody is told to be entitled, and no income below the threshold is on record.")

    def unknown(self, facts):
        return facts.never_stated("income", "benefit")
