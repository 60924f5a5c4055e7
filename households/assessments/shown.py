"""Assessments as pages show them: one with its screenings, two side by side with what changed in words."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from households.models import NeedsAssessment, Screening
from households.models.assessment import Domain, Need
from households.readings import reading_of

WEIGHT = {Need.NONE: 0, Need.SOME: 1, Need.SERIOUS: 2}


def assessments_of(household, user):
    """Return the assessments of a household that stand, the newest first; one query."""
    rows = NeedsAssessment.objects.current().visible_to(user).filter(household=household)
    return list(rows.select_related("recorded_by", "person").order_by("-assessed_on", "-fact_id"))


def domains_of(assessment):
    """Return [{"label", "need", "said", "words", "strengths"}] in the order of the form."""
    return [
        {
            "label": domain.label,
            "need": assessment.level(domain),
            "said": assessment.level(domain).label,
            "words": assessment.words.get(domain.value, ""),
            "strengths": assessment.strengths.get(domain.value, ""),
        }
        for domain in Domain
    ]


def serious_of(assessment):
    """Return the labels of the domains with a serious need."""
    return [str(domain.label) for domain in Domain if assessment.level(domain) == Need.SERIOUS]


def found_serious(assessment):
    """Return in words in which domains a need is serious, and how many could not be asked; that there is none is said
    only where all were asked."""
    serious, unasked = serious_of(assessment), unasked_of(assessment)
    words = [_("serious need: %(domains)s") % {"domains": ", ".join(serious)}] if serious else []
    if unasked:
        words.append(could_not_ask(unasked))
    return " · ".join(words) or _("no serious need")


def unasked_of(assessment):
    """Return the number of domains that could not be asked."""
    return sum(assessment.level(domain) == Need.NOT_ASKED for domain in Domain)


def could_not_ask(number):
    """Return in words that so many domains could not be asked."""
    return ngettext("could not ask: %(n)s domain", "could not ask: %(n)s domains", number) % {"n": number}


def screenings_of(user, people, day):
    """Return [{"person", "instrument", "score", "reading", "on"}]: of each person and instrument the latest result by
    a day, of those that the user may read; one query."""
    rows = Screening.objects.current().visible_to(user).filter(person__in=people, observed_on__lte=day)
    latest = rows.order_by("person_id", "instrument", "-observed_on", "-pk").distinct("person_id", "instrument")
    return [
        {
            "person": one.person_id,
            "instrument": one.get_instrument_display(),
            "score": one.score,
            "reading": reading_of(one.instrument, one.score).words,
            "on": one.observed_on,
        }
        for one in latest
    ]


def named(assessment, names):
    """Return whom an assessment is about, in words; `names`: {person id: how the person is called}. Somebody who lives
    here no longer is called by the case number."""
    if assessment.person_id is None:
        return _("The household as a whole")
    return names.get(assessment.person_id) or assessment.person.case_number


def side_by_side(earlier, later):
    """Return [{"label", "before", "after", "change", "changed"}] for each domain of two assessments."""
    return [
        {
            "label": before["label"],
            "before": before,
            "after": after,
            "change": change_of(before["need"], after["need"]),
            "changed": before["need"] != after["need"],
        }
        for before, after in zip(domains_of(earlier), domains_of(later), strict=True)
    ]


def change_of(before, after):
    """Return in words what became of one domain."""
    if before == after:
        return _("As before")
    if after == Need.NOT_ASKED:
        return _("This time it could not be asked")
    if before == Need.NOT_ASKED:
        return _("Asked for the first time")
    return _("More need than before") if WEIGHT[after] > WEIGHT[before] else _("Less need than before")
