"""Outcomes as pages show them: in words, with how long a job was kept as of a day."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casework.clock import add_months
from households.models import Job, Schooling, Treatment

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Shown:
    """One outcome: whose, what in words, from when until when, more in words, the page on which it is put right."""

    kind: str
    name: str
    title: str
    began_on: date
    ended_on: date | None
    notes: list = field(default_factory=list)
    source: str = ""
    href: str = ""


def months_kept(job, on):
    """Return the whole months for which a job was kept, as of a day; its last day counts, and so does the day."""
    after = min(job.ended_on or on, on) + DAY
    months = (after.year - job.began_on.year) * 12 + after.month - job.began_on.month
    return max(months - (add_months(job.began_on, months) > after), 0)


def tenure(job, on):
    """Return how long a job was kept in words: "14개월", "1개월 미만"."""
    months = months_kept(job, on)
    if not months:
        return _("less than a month")
    return ngettext("%(n)s month", "%(n)s months", months) % {"n": months}


def outcomes_of(household, members, user, on, *, private=True):
    """Return {"job": [Shown], "schooling": […], "treatment": […] or None} of the members, the latest first.

    `private`: treatments are read only where the user may; left out (None) on pages that show several things.
    """
    people = {member.pk: member.name for member in members}
    models = {"job": Job, "schooling": Schooling} | ({"treatment": Treatment} if private else {})
    found: dict = {"treatment": None}
    for kind, model in models.items():
        rows = model.objects.current().visible_to(user).filter(person__in=people).order_by("-began_on", "-id")
        found[kind] = [_shown(kind, row, people, household, on) for row in rows]
    return found


@dataclass(frozen=True)
class Running:
    """An outcome of somebody who died or left that nobody has ended, and since when it cannot run any more."""

    person: int
    shown: Shown
    until: date
    died: bool


def running_of(household, former, user, on, *, private=True):
    """Return what still runs of the Formers of a household, as far as the user reads it."""
    people, found = {one.pk: one for one in former}, []
    for kind, model in {"job": Job, "schooling": Schooling, "treatment": Treatment}.items():
        if kind == "treatment" and not private:
            continue
        rows = model.objects.current().visible_to(user).filter(person__in=people, ended_on=None)
        for row in rows.order_by("-began_on", "-id"):
            whose = people[row.person_id]
            shown = _shown(kind, row, {whose.pk: whose.name}, household, min(on, whose.until))
            found.append(Running(whose.pk, shown, whose.until, whose.died))
    return found


def _shown(kind, row, people, household, on):
    notes = {"job": _of_job, "schooling": _of_schooling, "treatment": _of_treatment}[kind](row, on)
    href = reverse("households:outcome_edit", args=[household.number, kind, row.fact_id])
    about = (people[row.person_id], str(row), row.began_on, row.ended_on)
    return Shown(kind, *about, [str(note) for note in notes if note], row.source, href)


def _of_job(job, on):
    yield tenure(job, on)
    if job.public_sector:
        yield _("public sector")
    if job.incentive not in (Job.Incentive.NONE, Job.Incentive.UNKNOWN):
        yield job.get_incentive_display()
    yield job.get_end_why_display()


def _of_schooling(schooling, on):
    yield schooling.get_kind_display()
    yield schooling.get_result_display()


def _of_treatment(treatment, on):
    yield treatment.get_place_display()
