"""Employment, education and health on the page of a case: what is on record, and what a referral proposes to record.

Of treatments nothing stands here, not even whether there is one: they are read on a page of their own.
"""

from datetime import datetime
from typing import Any

from django.db.models import F, Value
from django.urls import reverse
from django.utils.translation import gettext as _

from casework.agencies.models import User
from casework.agencies.roles import May, can
from casework.clock import seoul_day
from desks.case.section import Line, Section
from desks.day.due import Scope
from desks.day.outcomes import WITHIN, address, unrecorded
from households.models import Household, Job, Membership, Schooling
from households.outcomes.shown import tenure

SHOWN = 6


def outcomes(household: Household, user: User, now: datetime) -> Section:
    """Return the section; two queries."""
    lines = [*_proposed(household, user, now), *_recorded(household, now)]
    acts = [(_("Jobs, school, treatment"), reverse("households:outcomes", args=[household.number]))]
    if can(user, May.RECORD_CONTACT):
        acts.append((_("Record a job"), reverse("households:outcome", args=[household.number]) + "?kind=job"))
    empty = _("No job and no schooling is on record.")
    return Section(_("Employment, education, health"), "outcomes", lines, empty, acts)


def _proposed(household: Household, user: User, now: datetime) -> list[Line]:
    """One line for each referral that brought help and of which nobody recorded what came."""
    if not can(user, May.RECORD_CONTACT):
        return []
    on = seoul_day(now)
    scope = Scope(user, Household.objects.filter(pk=household.pk).values("pk"), on)
    lines = []
    for row in unrecorded(scope).select_related("person").order_by("confirmed_at", "pk"):
        more = {"who": row.person.case_number} if row.person else {}
        if row.provided_at:
            more["on"] = seoul_day(row.provided_at).isoformat()
        label = _("Record what came of %(number)s") % {"number": row.number}
        late = on - seoul_day(row.confirmed_at) > WITHIN
        words = str(row.get_need_display())
        lines.append(
            Line(label, words, address(household.number, row.need, row.number, **more), "late" if late else "")
        )
    return lines


def _recorded(household: Household, now: datetime) -> list[Line]:
    """The latest jobs and schoolings of the members of today."""
    on = seoul_day(now)
    members = Membership.objects.current().filter(household=household.pk, during__contains=on).values("person")
    jobs = Job.objects.current().filter(person__in=members)
    schools = Schooling.objects.current().filter(person__in=members)
    days = ("began_on", "ended_on", "fact_id")
    both = _as(jobs, "job", "employer", *days).union(_as(schools, "schooling", "result", *days), all=True)
    rows = both.order_by("-began", "-fact")[:SHOWN]
    return [_line(household, on, *row) for row in rows]


def _as(rows: Any, what: str, second: str, began: str, ended: str, fact: str) -> Any:
    words = F("kind") if what == "job" else F("level")
    columns = {"what": Value(what), "first": words, "second": F(second), "began": F(began), "ended": F(ended)}
    return rows.order_by().annotate(**columns, fact=F(fact)).values_list(*columns, "fact")


def _line(household: Household, on: Any, what: str, first: str, second: str, began: Any, ended: Any, fact: int) -> Line:
    href = reverse("households:outcomes", args=[household.number]) + f"#{what}"
    if what == "job":
        job = Job(kind=first, employer=second, began_on=began, ended_on=ended)
        return Line(str(job), _kept(job, on), href, "done" if ended is None else "")
    schooling = Schooling(level=first, result=second)
    words = str(schooling.get_result_display()) if ended else _("goes on")
    return Line(str(schooling), words, href, "done" if ended is None else "")


def _kept(job: Job, on: Any) -> str:
    """Return "14개월째" or "14개월 근무 후 종료"."""
    if job.ended_on is None:
        return _("for %(months)s") % {"months": tenure(job, on)}
    return _("ended after %(months)s") % {"months": tenure(job, on)}
