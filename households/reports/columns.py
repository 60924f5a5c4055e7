"""The columns of the report that somebody has to find out, and what may stand in them.

The official form of the report was not found; these columns are ours (자체 서식). Law asks for the settlement of people
within five years of their first move-in (북한이탈주민법 제23조, 시행령 제43조); no health fact, no score, no note.
"""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

EMPLOYMENT, HOUSING, SCHOOL, BENEFIT = "employment", "housing", "school", "benefit"
LABELS = {
    EMPLOYMENT: _("Employment"),
    HOUSING: pgettext_lazy("report", "Housing"),
    SCHOOL: pgettext_lazy("report", "School"),
    BENEFIT: pgettext_lazy("report", "Benefits"),
}
VALUES = {
    EMPLOYMENT: {
        "employed": _("Employed"),
        "day_labour": _("Day labour"),
        "self_employed": _("Self-employed"),
        "unemployed": _("Looking for work"),
        "not_working": _("Not working"),
    },
    HOUSING: {
        "public_rental": _("Public rental home"),
        "private_rental": _("Private rental home"),
        "own": _("Own home"),
        "with_others": _("With family or others"),
        "facility": _("Dormitory or facility"),
        "other": pgettext_lazy("housing", "Other"),
    },
    SCHOOL: {
        "school": _("Attends school"),
        "alternative": _("Attends an alternative school"),
        "university": _("Attends a university"),
        "left": _("Left school"),
        "none": _("Attends no school"),
    },
    BENEFIT: {
        "livelihood": _("Livelihood benefit"),
        "other": _("Other benefit"),
        "applying": _("Applied, not yet decided"),
        "none": _("Receives none"),
    },
}
COLUMNS = tuple(VALUES)
WORKING = ("employed", "day_labour", "self_employed")
# What the register of the centres tells; the rest the local government finds out itself.
FROM_REGISTER = (EMPLOYMENT, BENEFIT)
KNOWN_ANSWERS = Q(*(Q(column=column, value__in=list(said)) for column, said in VALUES.items()), _connector=Q.OR)


def label_of(column, value):
    """Return the words for a value of a column; a value that is not in the list as it stands."""
    return str(VALUES.get(column, {}).get(value, value))


def asked_of(age, form):
    """Return the columns that the report asks about somebody of this age (None: not known, then every one) by the
    dated ReportForm `form`: whose age lies outside its limits is not asked."""
    if age is None:
        return COLUMNS
    return tuple(column for column in COLUMNS if _within(age, form.ages.get(column)))


def _within(age, limits):
    if not limits:
        return True
    first, last = limits
    return first <= age and (last is None or age <= last)
