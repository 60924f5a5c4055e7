"""R-SUI 자살·자해 위험."""

from django.db.models import Case, Value, When
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from risk.bands import Band
from risk.rules import ageing
from risk.rules.base import Basis, Parameter, Rule, Words, codes, hit, listing

SOURCES = {
    "self_harm": _("what was said at a contact"),
    "S24": _("an emergency-room visit for self-harm"),
    "S25": _("the register of high suicide risk"),
}


class Suicide(Rule):
    """A danger of suicide or self-harm was told. Ages by facts, never by silence."""

    code, group, weight, floor = "R-SUI", "mind", 40, Band.HIGH
    trump = True
    name = _("Danger of suicide or self-harm")
    condition = _(
        "A contact or an emergency room told of self-harm: Emergency until met in person with a safety plan. "
        "On the register of high suicide risk alone: High. Item 9 of the PHQ-9 at 1 or more: High, to be assessed "
        "within {assess_hours} hours."
    )
    explanation = pgettext_lazy(
        "full",
        "Life safety must be checked: on {since} there was {what}. Nobody has yet met the person and recorded a "
        "safety plan, or 72 hours have not passed.",
    )
    listed = _("Life safety must be checked.")
    variants = {
        "settled": Words(
            _("Life safety must be watched: on {since} there was {what}. The person was met and a safety plan made."),
            _("Life safety must be checked."),
        ),
        "register": Words(
            _("Life safety must be checked: the person has been on the register of high suicide risk since {since}."),
            _("Life safety must be checked."),
        ),
    }
    variants |= {
        "item9": Words(
            _(
                "Life safety must be checked: in the PHQ-9 of {since} item 9 was 1 or more. The danger has to be "
                "assessed with the person within {assess_hours} hours; no assessment is on record yet."
            ),
            _("Life safety must be checked."),
        ),
        "assessed": Words(
            _(
                "Life safety must be watched: in the PHQ-9 of {since} item 9 was 1 or more. The danger was assessed "
                "since."
            ),
            _("Life safety must be checked."),
        ),
    }
    basis = (Basis.own(),)
    assess_hours = Parameter(24, 1, 168, "hours")

    def hits(self, facts):
        criteria = self.criteria
        ages = {"weight": ageing.weight(criteria, self.weight), "floor": ageing.floor(criteria)}
        told = [facts.tags("self_harm"), facts.signals("S24")]
        assessed = Case(When(settled=True, then=Value("assessed")), default=Value("item9"))
        return [
            *(hit(rows.each(), **ages, trump=ageing.trump(criteria), variant=ageing.stage(criteria)) for rows in told),
            hit(facts.signals("S25").each(), **ages, variant="register"),
            hit(facts.screenings("item9").filter(item9=True).each(), **ages, variant=assessed),
        ]

    def words(self, evidence, since, on):
        told = [*codes(evidence, "contact"), *codes(evidence)]
        return {"what": listing([name for code, name in SOURCES.items() if code in told])}

    def nearest(self, facts):
        return gettext("No contact, emergency room or register has told of it.")

    def unknown(self, facts):
        return [*facts.never_asked("asked_self_harm"), *facts.never_screened("phq9")]
