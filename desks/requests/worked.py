"""The parts of a record that come from working together: courses, work and school, plans."""

from collections import defaultdict

from django.db.models import Q
from django.utils.translation import gettext as _

from casework.templatetags.format import fullday
from desks.requests.about import About
from households.models import (
    CourseRecord,
    Job,
    Membership,
    NeedsAssessment,
    PlanGoal,
    PlanStep,
    Schooling,
    ServicePlan,
    Treatment,
)
from households.models.assessment import Domain

TOLD = frozenset(model._meta.label for model in (CourseRecord, Job, NeedsAssessment, Schooling, Treatment, ServicePlan))
ASSESSED = tuple(domain for domain in Domain if domain != Domain.SAFETY)
"""The domains that are told. What was found out about safety is left out of every record, be there something or not:
it may have been told by who is in danger, or about a child."""


def _rows(model, about, order):
    return model.objects.current().filter(person=about.person).order_by(order, "id")


def _days(first, last):
    return f"{fullday(first)} ~ {fullday(last)}".strip()


def _joined(*words):
    return " · ".join(str(word) for word in words if word)


def courses(about: About) -> list[str]:
    """Each course with its days, hours and result."""
    return [
        _joined(
            one.get_kind_display(),
            one.title,
            _days(one.begins_on, one.ends_on),
            _("%(n)s hours") % {"n": one.hours} if one.hours else "",
            one.get_result_display(),
            about.veil.text(one.reason),
            one.place,
        )
        for one in _rows(CourseRecord, about, "begins_on")
    ]


def outcomes(about: About) -> list[str]:
    """Jobs, schools and training; treatments, which only counsellors read, as counselling notes are."""
    lines = [
        _joined(_("Work"), one, _days(one.began_on, one.ended_on), one.get_end_why_display())
        for one in _rows(Job, about, "began_on")
    ]
    lines += [
        _joined(one.get_kind_display(), one, _days(one.began_on, one.ended_on), one.get_result_display())
        for one in _rows(Schooling, about, "began_on")
    ]
    found = list(_rows(Treatment, about, "began_on"))
    if found and not about.notes:
        return [*lines, _("Treatments are on record; a counsellor decides whether they are told")]
    return lines + [
        _joined(_("Treatment"), one.get_kind_display(), one.get_place_display(), _days(one.began_on, one.ended_on))
        for one in found
    ]


def assessments(about: About) -> list[str]:
    """Those of the person in full. Of those of the household on days on which the person lived there the needs alone,
    for nobody knows whose words stand there; where the household is protected, none."""
    own = NeedsAssessment.objects.current().filter(person=about.person).order_by("assessed_on", "id")
    lines = [_joined(*_assessed(one), *(about.veil.text(text) for text in _own_words(one))) for one in own]
    if about.protected:
        return lines
    there = Q(pk__in=[])
    for row in Membership.objects.current().filter(person=about.person, during__isempty=False):
        there |= Q(household=row.household_id) & _within(row.during)
    shared = NeedsAssessment.objects.current().filter(there, person=None).order_by("assessed_on", "id")
    return lines + [_joined(_("Of the household"), *_assessed(one)) for one in shared]


def _within(during):
    first = Q(assessed_on__gte=during.lower) if during.lower else Q()
    return first & (Q(assessed_on__lt=during.upper) if during.upper else Q())


def _assessed(one):
    return [one.get_kind_display(), fullday(one.assessed_on), *(f"{d.label}: {one.level(d).label}" for d in ASSESSED)]


def _own_words(one):
    """The person's words and wishes, and what was written about each domain that is told."""
    pairs = ((_("In your own words"), one.client_words), (_("What you wish"), one.wishes))
    said = [f"{label}: {text}" for label, text in pairs if text]
    for domain in ASSESSED:
        texts = (one.words.get(domain.value, ""), one.strengths.get(domain.value, ""))
        said += [f"{domain.label}: {text}" for text in texts if text]
    return said


def plans(about: About) -> list[str]:
    """Plans for the person, and for the household in which the person lives today while it is not protected."""
    wanted = Q(person=about.person)
    if not about.protected:
        homes = Membership.objects.current().during(about.on).filter(person=about.person, kind="living")
        wanted |= Q(person=None, household__in=homes.order_by().values("household"))
    found = list(ServicePlan.objects.filter(wanted).order_by("id"))
    parts = defaultdict(list)
    for goal in PlanGoal.objects.filter(plan__in=found).order_by("place", "id"):
        parts[goal.plan_id].append(_joined(goal.client_words, goal.words, goal.get_outcome_display()))
    for step in PlanStep.objects.filter(plan__in=found).order_by("due_on", "id"):
        parts[step.plan_id].append(_joined(step.what, fullday(step.due_on)))
    lines = []
    for plan in found:
        head = _joined(plan.get_status_display(), _days(plan.agreed_on, plan.ended_on) if plan.agreed_on else "")
        texts = (plan.wish, plan.summary, *parts[plan.pk], plan.get_outcome_display(), plan.ended_words)
        lines.append(_joined(head, *(about.veil.text(text) for text in texts if text)))
    return lines
