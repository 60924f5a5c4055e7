"""The assessments of a household on the page of its case: the latest one, and what was begun."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from casework.agencies.models import User
from casework.agencies.roles import May, can
from casework.templatetags.format import fullday
from desks.case.section import Line, Section
from households.assessments.shown import assessments_of, found_serious
from households.models import Draft, Household


def assessments(household: Household, user: User, now: datetime) -> Section:
    """The latest assessments, with the domains of serious need; the user's own draft."""
    found = assessments_of(household, user)
    lines = [_line(one, household) for one in found[:2]]
    drafts = Draft.objects.visible_to(user).filter(household=household, kind=Draft.Kind.ASSESSMENT)
    for draft in drafts[:2]:
        href = reverse("households:draft", args=[draft.client_key])
        lines.insert(0, Line(_("Being written by you"), fullday(draft.saved_at), href, "soon"))
    acts = [(_("All assessments"), reverse("households:assessments", args=[household.number]))] if found else []
    if can(user, May.RECORD_CONTACT):
        acts.append((_("New assessment"), reverse("households:assessment_new", args=[household.number])))
    empty = _("No assessment on record.")
    return Section(_("Needs and risk assessment"), "assessments", lines, empty, acts)


def _line(one, household) -> Line:
    href = reverse("households:assessment", args=[household.number, one.fact_id])
    return Line(f"{fullday(one.assessed_on)} · {one.get_kind_display()}", found_serious(one), href)
