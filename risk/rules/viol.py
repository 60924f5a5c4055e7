"""R-VIOL 가정·성폭력."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from risk.bands import Band
from risk.rules import ageing
from risk.rules.base import Basis, Parameter, Rule, Words, fading, hit


class Violence(Rule):
    """Somebody told of violence at home or of sexual violence. The address is protected from then on."""

    code, group, weight, floor = "R-VIOL", "harm", 40, Band.HIGH
    trump = True
    name = _("Violence at home or sexual violence")
    condition = _(
        "A contact told of violence at home or of sexual violence: Emergency until the person was met with a safety "
        "plan; the address is protected. A crime told by the feed alone, of whatever kind: {crime_weight} points, and "
        "its kind is to be found out within {check_days} working days."
    )
    explanation = _(
        "On {since} violence was told of. Nobody has yet met the person and recorded a safety plan, or 72 hours have "
        "not passed. Talk with the person alone; the address is protected."
    )
    listed = _("Safety must be checked · address protected")
    variants = {
        "settled": Words(
            _(
                "Violence was told of on {since}. The person was met since and a safety plan made; the address is "
                "protected."
            ),
            listed,
        ),
        "crime": Words(
            _(
                "On {since} the person was told to be the victim of a crime, which may be fraud or violence. Its kind "
                "has to be found out within {check_days} working days."
            ),
            _("The kind of a crime has to be found out."),
        ),
    }
    basis = (Basis.own(),)
    crime_weight = Parameter(10, 0, 45, "points")
    check_days = Parameter(3, 1, 20, "days")
    look_back = Parameter(365, 30, 730)

    def hits(self, facts):
        criteria = self.criteria
        told = facts.tags("violence").each()
        crime = facts.signals("S36").within(self.look_back)
        return [
            hit(
                told,
                weight=ageing.weight(criteria, self.weight),
                floor=ageing.floor(criteria),
                trump=ageing.trump(criteria),
                variant=ageing.stage(criteria),
            ),
            hit(crime.by_person(), weight=fading(self.crime_weight), variant="crime"),
        ]

    def nearest(self, facts):
        return gettext("No contact or feed has told of it.")

    def unknown(self, facts):
        return facts.never_asked("asked_violence")
