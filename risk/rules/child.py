"""R-CHILD 아동 위기."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from risk.bands import Band
from risk.rules import ageing
from risk.rules.base import Basis, Parameter, Rule, Words, codes, fading, hit


class Child(Rule):
    """A child may be harmed, stays away from school, or is named by the school as a pupil in crisis."""

    code, group, weight, floor = "R-CHILD", "harm", 40, Band.HIGH
    trump = True
    name = _("A child at risk")
    condition = _(
        "A contact told that a child may be harmed or neglected: Emergency until a child was met with a safety plan. "
        "Away from school: High, {absence_weight} points. Named by the school alone: {school_weight} points."
    )
    explanation = _(
        "On {since} there were signs that a child is harmed or neglected. The child has not yet been met with a safety "
        "plan recorded, or 72 hours have not passed."
    )
    listed = _("A child's safety must be checked.")
    variants = {
        "settled": Words(
            _(
                "On {since} there were signs that a child is harmed or neglected. The child was met since, and a "
                "safety plan made."
            ),
            listed,
        ),
        "absence": Words(
            _("On {since} it was told that a child stays away from school."), _("A child needs somebody.")
        ),
        "school": Words(_("On {since} the school named a child as a pupil in crisis."), _("A child needs support.")),
    }
    basis = (Basis.statute(_("Social Security Benefits Act, art. 12"), _("Data on pupils in crisis")), Basis.own())
    absence_weight = Parameter(30, 0, 45, "points")
    school_weight = Parameter(15, 0, 45, "points")
    look_back = Parameter(365, 30, 730)

    def hits(self, facts):
        criteria = self.criteria
        absent = facts.tags("school_absence").open().within(self.look_back)
        named = facts.signals("S44").within(self.look_back)
        return [
            hit(
                facts.tags("child_harm").each(),
                weight=ageing.weight(criteria, self.weight),
                floor=ageing.floor(criteria),
                trump=ageing.trump(criteria),
                variant=ageing.stage(criteria),
            ),
            hit(absent.by_household(), weight=fading(self.absence_weight), floor=Band.HIGH, variant="absence"),
            hit(named.by_household(), weight=fading(self.school_weight), variant="school"),
        ]

    def rests_on(self, evidence=None):
        """The law names the data of the schools; what a contact learnt rests on ourselves."""
        if evidence is None:
            return self.basis
        return (self.basis[0],) if codes(evidence) else (self.basis[1],)

    def nearest(self, facts):
        return gettext("No contact or school has told of it.")

    def unknown(self, facts):
        return facts.never_asked("asked_child")
