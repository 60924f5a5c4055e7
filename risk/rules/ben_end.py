"""R-BEN-END 급여 중지·탈락."""

from django.db.models import ExpressionWrapper, F, Q, Value, fields
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from risk.rules.base import Basis, Parameter, Rule, codes, fading, hit


class BenefitEnded(Rule):
    """An application was refused or a benefit stopped, and no other income is on record.

    Income and work count whenever they began, as long as they stand. A benefit counts only when it began around that
    day or since: one that is older may be the very one that stopped, and the register not yet corrected.
    """

    code, group, weight = "R-BEN-END", "benefit", 20
    name = _("Benefit stopped or refused")
    condition = _(
        "A benefit stopped or an application refused, told within {look_back} days, and neither income nor work on "
        "record, whenever it began, nor another benefit that began at most {window} days before it, or since."
    )
    explanation = _(
        "On {since} a benefit stopped or an application was refused. Neither income nor work is on record, nor another "
        "benefit that began from {window} days before it until now."
    )
    listed = _("A benefit stopped or was refused {days} ago; neither income nor work is on record.")
    basis = (Basis.statute(_("Social Security Benefits Act, art. 12"), _("Data on applications refused and stopped")),)
    look_back = Parameter(183, 30, 730)
    window = Parameter(60, 0, 365)

    def hits(self, facts):
        ended = facts.circumstances("benefit", "ended", "refused").filter(dated=True)
        return [
            hit(self._without_income(rows).by_person(), weight=fading(self.weight))
            for rows in (facts.signals("S41").within(self.look_back), ended.within(self.look_back))
        ]

    def _without_income(self, rows):
        from_day = ExpressionWrapper(F("observed_on") - Value(self.window, fields.IntegerField()), fields.DateField())
        no_benefit = Q(household__benefit_since=None) | Q(household__benefit_since__lt=from_day)
        return rows.filter(no_benefit, household__income=False)

    def rests_on(self, evidence=None):
        """The law names the data of the feed; what somebody told us rests on ourselves."""
        return self.basis if evidence is None or codes(evidence) else (Basis.own(),)

    def nearest(self, facts):
        if facts.signals("S41").exists() or facts.circumstances("benefit", "ended", "refused").exists():
            return gettext("A benefit ended, but other income is on record, or it is long ago.")
        return gettext("No benefit is known to have stopped or been refused.")

    def unknown(self, facts):
        return facts.never_stated("income")
