"""R-JOB-LOSS 실직·폐업."""

from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from risk.rules.base import Basis, Parameter, Rule, hit, listing
from risk.rules.burden import heavier, laden

LOSSES = {
    "S16": _("unemployment benefit not received"),
    "S17": _("no work after care for an industrial accident"),
    "S20": _("a business suspended or closed"),
    "S21": _("the end of employment insurance"),
    "job_loss": _("work lost, as said at a contact"),
    "unemployed": _("looking for work, as is on record"),
}
SIGNALS = tuple(code for code in LOSSES if code.startswith("S"))


class JobLoss(Rule):
    """Work or a business was lost, and no new work is on record since. Heavier for who earns the household's living."""

    code, group, weight = "R-JOB-LOSS", "work", 15
    name = _("Work or business lost")
    condition = _(
        "Work or a business lost, told within {look_back} days, and no new work on record since. For the main earner: "
        "{earner_percent} percent of the points. New work should be known within {window} days."
    )
    explanation = _(
        "Since {since} there is {what}. No new work is on record since; whether there is any should be known within "
        "{window} days."
    )
    listed = _("Work was lost {days} ago, and no new work is on record.")
    basis = (Basis.own(),)
    look_back = Parameter(183, 30, 730)
    window = Parameter(60, 7, 365)
    earner_percent = Parameter(150, 100, 300, "percent")

    def hits(self, facts):
        lost = (
            facts.signals(*SIGNALS),
            facts.tags("job_loss").open(),
            facts.circumstances("employment", "unemployed").filter(dated=True),
        )
        weight = heavier(self.weight, self.earner_percent)
        return [
            hit(laden(self._without_work(rows).by_person(), Q(person__main_earner=True)), weight=weight)
            for rows in (rows.within(self.look_back) for rows in lost)
        ]

    def _without_work(self, rows):
        return rows.filter(Q(person__work_since=None) | Q(person__work_since__lt=F("observed_on")))

    def words(self, evidence, since, on):
        told = {fact["code"] for fact in evidence["facts"]}
        return {"what": listing([name for code, name in LOSSES.items() if code in told])}

    def nearest(self, facts):
        if any(rows.exists() for rows in (facts.signals(*SIGNALS), facts.tags("job_loss"))):
            return gettext("Work was lost, but new work is on record, or it is long ago.")
        return gettext("No loss of work is known.")

    def unknown(self, facts):
        return facts.never_stated("employment", "main_earner")
