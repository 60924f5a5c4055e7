"""R-NOCARE 의료 장기 미이용."""

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from risk.rules.base import Basis, Parameter, Rule, fading, hit


class NoCare(Rule):
    """Somebody who should see a doctor now and then has long not done so."""

    code, group, weight = "R-NOCARE", "health", 10
    name = _("No medical care for long")
    condition = _(
        "Told within {look_back} days not to have used medical care for long, and {age} or older or ill for long."
    )
    explanation = _("By {since} the person had not used medical care for long, being {age} or older or ill for long.")
    listed = _("No medical care for long. Ask about health.")
    basis = (Basis.own(),)
    look_back = Parameter(365, 30, 730)
    age = Parameter(50, 19, 90, "years")

    def hits(self, facts):
        told = facts.tags("chronic_illness").open().exclude(person=None).values("person_id")
        frail = Q(person__born_first__lte=facts.years_ago(self.age)) | Q(person__ill=True)
        unseen = facts.signals("S26").within(self.look_back).filter(frail | Q(person_id__in=told))
        return [hit(unseen.by_person(), weight=fading(self.weight))]

    def nearest(self, facts):
        if facts.signals("S26").exists():
            return gettext("Long without medical care, but younger than {age} and not known to be ill.").format(
                age=self.age
            )
        return gettext("No long time without medical care is known.")

    def unknown(self, facts):
        return facts.never_stated("illness")
