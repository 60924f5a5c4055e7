"""What may be proposed: the numbers of a rule within their ranges, those of the bands, on or off, a signal pattern.

Validation gives a sentence for each field that says what would be right. What a law fixes may be left, and the page
says before anything is saved that the tag of the law goes away then.
"""

from itertools import pairwise
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from risk.criteria import CODE, Criteria
from risk.models import RuleVersion
from risk.rules import RULES, Parameter, is_known
from risk.rules.pattern import LABELS as PATTERN_LABELS
from risk.rules.pattern import out_of_range

WEIGHT = Parameter(0, 0, 45, "points")
LABELS = {
    "weight": _("Points"),
    "months": _("Months"),
    "look_back": _("Told within (days)"),
    "notice_weight": _("Points with a notice"),
    "kinds": _("Kinds"),
    "few": _("Signals, few"),
    "many": _("Signals, many"),
    "fields": _("Fields"),
    "few_weight": _("Points for few"),
    "attempts": _("Attempts"),
    "on_days": _("On so many days"),
    "visits": _("Visits"),
    "verify_days": _("To be verified within (days)"),
    "declined_weight": _("Points when contact is not wanted"),
    "look_ahead": _("Days ahead"),
    "soon": _("Soon (days)"),
    "soon_weight": _("Points when soon"),
    "least": _("Amount at least (won)"),
    "most": _("Amount at most (won)"),
    "window": _("Income or work known within (days)"),
    "rest_days": _("Rests after it was said (days)"),
    "arrears_weight": _("Points with bills unpaid"),
    "earner_percent": _("For the main earner (percent)"),
    "laden_percent": _("With a child or for the main earner (percent)"),
    "severe": _("Severe from (points)"),
    "moderate": _("Medium from (points)"),
    "moderate_weight": _("Points when moderate"),
    "crime_weight": _("Points for a crime of unknown kind"),
    "check_days": _("Kind to be found out within (working days)"),
    "absence_weight": _("Points when away from school"),
    "school_weight": _("Points when named by the school"),
    "assess_hours": _("To be assessed within (hours)"),
    "age": _("From the age of"),
    "score": _("Screening from (points)"),
    "needed": _("Things that weigh together, at least"),
    "from_age": _("From the age of"),
    "to_age": _("Up to the age of"),
    "factors_weight": _("Points when things weigh together"),
    "accept_days": _("To be taken over within (days)"),
    "unresolved": _("Moderate when unresolved for (days)"),
    "silent_days": _("Without a dated word for (days)"),
}
UNITS = {
    "days": _("Days"),
    "months": _("Months"),
    "years": _("Years"),
    "points": _("Points"),
    "signals": _("Signals"),
    "fields": _("Fields"),
    "kinds": _("Kinds"),
    "attempts": _("Attempts"),
    "visits": _("Visits"),
}
# The numbers of the bands that may be changed, with what they are called and their range.
BANDS = {
    "high_score": (_("High from (points)"), 40, 100),
    "moderate_score": (_("Moderate from (points)"), 20, 80),
    "watch_score": (_("Watch from (points)"), 5, 40),
    "doubled_score": (_("High when the contact gap has doubled, from (points)"), 30, 80),
    "group_cap": (_("Points of one group at most"), 20, 100),
    "emergency_limit": (_("Contact in an Emergency, once met (days)"), 1, 7),
    "high_limit": (_("Contact at High (days)"), 3, 30),
    "moderate_limit": (_("Contact at Moderate (days)"), 7, 90),
    "watch_limit": (_("Contact at Watch (days)"), 30, 180),
    "general_limit": (_("Contact at General (days)"), 60, 400),
    "first_year_limit": (_("Contact in the first year after moving in (days)"), 7, 90),
    "later_years_limit": (_("Contact in the second to fifth year (days)"), 30, 200),
    "declined_limit": (_("Contact with who did not want it (days)"), 90, 365),
    "memory_days": (_("Anything told counts at most (days)"), 365, 730),
    "fade_days": (_("Points are halved after (days)"), 30, 365),
    "trump_high_days": (_("High after an Emergency (days)"), 30, 180),
    "trump_moderate_days": (_("Moderate after an Emergency (days)"), 120, 730),
    "emergency_review_days": (_("Review of an Emergency (working days)"), 1, 3),
    "high_review_days": (_("Review of High (working days)"), 1, 10),
    "emergency_load": (_("Work an Emergency counts for"), 5, 100),
    "high_load": (_("Work a household at High counts for"), 3, 50),
    "moderate_load": (_("Work a household at Moderate counts for"), 2, 30),
    "watch_load": (_("Work a household at Watch counts for"), 1, 20),
    "general_load": (_("Work a household at General counts for"), 0, 10),
}
# Each of these must be smaller than the next, or the bands would not be in order.
IN_ORDER = (
    ("watch_score", "moderate_score", "high_score"),
    ("emergency_limit", "high_limit", "moderate_limit", "watch_limit", "general_limit"),
    ("trump_high_days", "trump_moderate_days"),
)


def latest(code):
    """Return the version of a rule that nothing follows yet, or None; it may begin in the future."""
    return RuleVersion.objects.filter(code=code).order_by("-version").first()


def numbers_of(code):
    """Return {name: Parameter} of what may be changed about a rule or the bands; a pattern has none."""
    if code == CODE:
        standing = Criteria().as_dict()
        return {name: Parameter(standing[name], least, most) for name, (__, least, most) in BANDS.items()}
    return {"weight": WEIGHT, **RULES[code].parameters()} if code in RULES else {}


def label_of(code, name):
    """Return what a number is called on a form and in a sentence about it."""
    if code == CODE:
        return BANDS[name][0]
    if name in LABELS:
        return LABELS[name]
    return UNITS.get(numbers_of(code)[name].unit, name)


def may_be_switched_off(code):
    """Tell whether there is something to switch off: the bands always stand."""
    return code != CODE and is_known(code)


def checked(code, told, base):
    """Return all numbers of a proposal: those of `base` with what was `told`; raise ValidationError, field by field."""
    allowed, wrong, numbers = numbers_of(code), {}, dict(base.parameters)
    for name, value in told.items():
        if name not in allowed:
            wrong[name] = [gettext("This rule has no such number.")]
        elif not _fits(value, allowed[name]):
            wrong[name] = [out_of_range(label_of(code, name), allowed[name])]
        else:
            numbers[name] = value
    if code == CODE and not wrong:
        wrong = _out_of_order({**Criteria().as_dict(), **numbers})
    if wrong:
        raise ValidationError(wrong)
    return numbers


def _fits(value, allowed):
    return isinstance(value, int) and not isinstance(value, bool) and allowed.minimum <= value <= allowed.maximum


def _out_of_order(numbers):
    wrong = {}
    for names in IN_ORDER:
        for smaller, larger in pairwise(names):
            if numbers[smaller] >= numbers[larger]:
                wrong[larger] = [
                    gettext("{larger}: it must be more than {smaller} ({number}).").format(
                        larger=BANDS[larger][0], smaller=BANDS[smaller][0], number=numbers[smaller]
                    )
                ]
    return wrong


def differences(change):
    """Return [(label, before, after)] of what a change proposes to differ from its base."""
    base = change.base
    if change.pattern is not None:
        before = base.pattern if base else {}
        fields = [(PATTERN_LABELS[name], before.get(name), value) for name, value in change.pattern.items()]
    else:
        before = base.parameters
        fields = [
            (label_of(change.code, name), before.get(name, number.value), change.parameters.get(name, number.value))
            for name, number in numbers_of(change.code).items()
        ]
    found: list[tuple[Any, Any, Any]] = [(label, old, new) for label, old, new in fields if old != new]
    if change.off != bool(base and base.off):
        words = (gettext("in force"), gettext("switched off"))
        found.append((gettext("The rule"), words[not change.off], words[change.off]))
    return found


def law_left(code, before, after):
    """Return [(tag that goes, tag that comes instead)] where numbers leave what a law fixes, or come back to it."""
    if code not in RULES:
        return []
    found = []
    for basis in RULES[code].basis:
        old, new = ({**RULES[code].defaults(), **numbers} for numbers in (before, after))
        if basis.holds(old) != basis.holds(new):
            found.append({"before": basis.text(old), "after": basis.text(new), "leaves": basis.holds(old)})
    return found
