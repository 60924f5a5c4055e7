"""What other rooms know: the steps before the end of protection, referrals where it is our turn, surveys."""

from datetime import timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    CharField,
    DateField,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast, Concat
from django.db.models.lookups import Exact
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from casework.agencies.roles import May, agency_of, granted
from casework.clock import day_ends
from desks.day.due import Due, Scope, Source, due_rows, home_of
from households.models import EndStep, Person, ProtectionPeriod
from households.models.circle import on_duty
from households.protection.dates import CENTRE_STEPS, CRITERIA, LOOK_AHEAD, LOOK_BACK
from referrals.lateness import SeoulDay, limit_unit, runs_out
from referrals.models import Referral
from risk.models import CampaignHousehold

STEPS = {one.step: one.days for one in CRITERIA if one.step in CENTRE_STEPS}
AHEAD = timedelta(days=31)


class DaysBefore(Func):
    """A day so many days before another: (day, days)."""

    template, arg_joiner, output_field = "(%(expressions)s)", " - ", DateField()


def end_steps(scope: Scope) -> QuerySet[Any]:
    """Return the centre's step that is to be done next before each last day of protection: as `Ending.todo` says it,
    the latest of those whose day has come, else the first."""
    people = Person.objects.living_in(scope.households).order_by().values("pk")
    ends: Any = ProtectionPeriod.objects
    ends = ends.filter(person__in=people).ending_between(scope.on - LOOK_BACK, scope.on + LOOK_AHEAD + AHEAD)
    done = EndStep.objects.current().filter(person=OuterRef("person"), last_day=OuterRef("last_on")).order_by()
    found = ends.annotate(last_on=_before("during__endswith", 1)).annotate(done=ArraySubquery(done.values("step")))
    found = found.annotate(todo=_todo(scope)).filter(todo__isnull=False)
    day = Case(*(When(todo=step, then=_before("last_on", days)) for step, days in STEPS.items()))
    key = Concat("person__case_number", Value("/"), "todo")
    home = home_of("person", scope.on)
    return due_rows(found, "end_step", day=day, household=home, person="person", key=key)


def _todo(scope: Scope) -> Case:
    left = {step: ~Q(done__contains=[step]) for step in STEPS}
    come = {step: Q(last_on__lte=scope.on + timedelta(days=days)) for step, days in STEPS.items()}
    late = [When(come[step] & left[step], then=Value(step)) for step in reversed(STEPS)]
    return Case(*late, *(When(left[step], then=Value(step)) for step in STEPS), output_field=CharField())


def _before(day: str, days: int) -> DaysBefore:
    return DaysBefore(F(day), Value(days, output_field=IntegerField()))


def referrals(scope: Scope) -> QuerySet[Any]:
    """Return the referrals in which our side must do the next step: of these households as their sender; beside them
    what came in, where the user has it, nobody has it yet, the user oversees the centre, or, where hours count, is on
    duty for it. The words are the number."""
    rows: Any = Referral.objects
    ours = Q(household__in=scope.households, from_agency=agency_of(scope.user))
    wanted = ours
    if scope.beside:
        has = Q(handler=scope.user.pk) | Q(handler=None) | Q(Exists(granted(May.SEE_CENTRE, scope.user)))
        has |= Q(Exact(limit_unit(), Value("h"))) & Q(Exists(on_duty(scope.user)))
        wanted = ours | Q(to_agency=agency_of(scope.user)) & has
    found = rows.waiting_on(scope.user).filter(wanted).annotate(day=SeoulDay(runs_out(day_ends(scope.on))))
    household = Case(When(ours, then=F("household_id")), default=None)
    found = found.filter(day__isnull=False)
    return due_rows(found, "referral", day="day", household=household, key="number", words="number")


def surveys(scope: Scope) -> QuerySet[Any]:
    """Return the running surveys that are still to be asked, by their last day; the words are the survey's name."""
    rows: Any = CampaignHousehold.objects
    open_still = rows.unanswered().filter(campaign__status="running", household__in=scope.households)
    key = Concat(Cast("campaign_id", CharField()), Value("/"), Cast("household_id", CharField()))
    return due_rows(
        open_still, "survey", day="campaign__reply_by", household="household", key=key, words="campaign__name"
    )


def _end_step(due: Due, number: str) -> str:
    return reverse("households:end_step", args=due.key.split("/"))


def _referral(due: Due, number: str) -> str:
    return reverse("referrals:detail", args=[due.key])


def _survey(due: Due, number: str) -> str:
    return reverse("desks:campaign_answer", args=[due.key.partition("/")[0], number])


OF_OTHERS = (
    Source("referral", _("A referral where it is our turn"), referrals, _referral, waits=False),
    Source("end_step", _("Step before the end of protection"), end_steps, _end_step, dated=False),
    Source("survey", _("Survey to be asked"), surveys, _survey),
)
