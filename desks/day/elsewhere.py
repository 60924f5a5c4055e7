"""What other rooms know: the steps before the end of protection, referrals where it is our turn, surveys."""

from datetime import timedelta
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DateField,
    Exists,
    F,
    Func,
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
from households.models import Person, ProtectionPeriod
from households.models.circle import on_duty
from households.protection.dates import CENTRE_STEPS, CRITERIA, LOOK_AHEAD, LOOK_BACK
from referrals.lateness import SeoulDay, limit_unit, runs_out
from referrals.models import Referral
from risk.models import CampaignHousehold

STEPS = {one.step: one.days for one in CRITERIA if one.step in CENTRE_STEPS}
AHEAD = timedelta(days=31)


class DayBefore(Func):
    """The day before another."""

    template, output_field = "(%(expressions)s - 1)", DateField()


_STEPS = ", ".join(f"('{step}', {days})" for step, days in STEPS.items())


class NextStep(Func):
    """The centre's step that is to be done next before a last day of protection, or nothing: (person, last day, today).
    As `Ending.todo` says it, the latest of the undone whose day has come, else the first; `what`: "step" or "day".

    Written out, because as expressions each step was looked up anew for each use of the answer."""

    template = f"""(SELECT %(what)s
        FROM (VALUES {_STEPS}) AS steps (step, days),
            (SELECT %(expressions)s) AS period (person, last_on, today), LATERAL (SELECT last_on - days AS day) AS falls
        WHERE NOT EXISTS (SELECT FROM households_endstep done WHERE done.person_id = period.person
            AND done.superseded_at IS NULL AND done.last_day = last_on AND done.step = steps.step)
        ORDER BY day <= today DESC, abs(today - day) LIMIT 1)"""


def end_steps(scope: Scope) -> QuerySet[Any]:
    """Return the centre's step that is to be done next before each last day of protection."""
    people = Person.objects.living_in(scope.households).order_by().values("pk")
    ends: Any = ProtectionPeriod.objects
    ends = ends.filter(person__in=people).ending_between(scope.on - LOOK_BACK, scope.on + LOOK_AHEAD + AHEAD)
    about = F("person"), DayBefore("during__endswith"), Value(scope.on, output_field=DateField())
    step = NextStep(*about, what="step", output_field=CharField())
    day = NextStep(*about, what="day", output_field=DateField())
    key = Concat("person__case_number", Value("/"), step)
    found = ends.annotate(home=home_of("person", scope.on)).annotate(day=day).filter(day__isnull=False)
    return due_rows(found, "end_step", day="day", household="home", person="person", key=key)


def referrals(scope: Scope) -> QuerySet[Any]:
    """Return the referrals in which our side must do the next step: of these households as their sender; beside them
    what came in, where the user has it, nobody has it yet, the user oversees the centre, or, where hours count, is on
    duty for it. The words are the number."""
    rows: Any = Referral.objects
    came_in = None
    if scope.beside:
        came_in = Q(handler=scope.user.pk) | Q(handler=None) | Q(Exists(granted(May.SEE_CENTRE, scope.user)))
        came_in |= Q(Exact(limit_unit(), Value("h"))) & Q(Exists(on_duty(scope.user)))
    found = rows.about(scope.households, scope.user, came_in=came_in).our_turn(scope.user)
    found = found.annotate(day=SeoulDay(runs_out(day_ends(scope.on)))).filter(day__isnull=False)
    ours = Q(household__in=scope.households, from_agency=agency_of(scope.user))
    household = Case(When(ours, then=F("household_id")), default=None)
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
