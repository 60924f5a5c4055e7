"""Who is told of the end of protection: the worker when a step is due, the Ministry when a centre finds no notice.

A tick asks by range which steps fell due, so that a missed night loses nothing; the ledgers of telling keep each
(person, last day, step) from being told twice, however often it is asked. Numbers only.
"""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from casework.agencies.models import User
from casework.agencies.roles import May
from casework.clock import seoul_day
from casework.telling.actions import Notice, tell, tell_of_occasions
from casework.telling.kinds import Kind
from casework.telling.models import Occasion
from households.models import Assignment, EndStep, Household, Membership, ProtectionPeriod, Responsibility
from households.protection.dates import CENTRE_STEPS, LOOK_AHEAD, SUPERVISOR, steps_before

KINDS = (
    Kind("end_step", _("A step before the end of protection is due"), mailed=False),
    Kind("notice_asked", _("A centre asks whether a written notice was sent")),
)
TOLD_FOR = timedelta(days=14)
"""How long after its day a step is told of that no night has told of before; later it stands on the list only."""


def ask_of(person, last_day, *, by, now):
    """Tell the Ministry's officers that a centre finds no notice of this last day; the same question once."""
    officers = User.objects.who_may(May.DECIDE_PROTECTION).people().order_by("id")
    number = person.case_number
    url = ("households:end_notices",)
    tell(officers, "notice_asked", label=number, url=url, now=now, by=by, key=f"{number} {last_day.isoformat()}")


def tell_due(now):
    """Tell of each step that fell due lately and is not done: the responsible worker, of the step with the supervisor
    those who assign the work as well. Once each; return how many steps. Eight queries, whatever their number."""
    on = seoul_day(now)
    due = _untold(_due(on))
    if not due:
        return 0
    homes = _homes({person for person, _last, _step, _number in due}, on)
    notices = [one for item in due for one in _notices(item, homes)]
    tell_of_occasions("end_step", [_key(*item) for item in due], notices, now=now)
    return len(due)


def _due(on):
    """Return (person, last day, step, case number) of the steps whose day fell into the last fortnight."""
    rows = ProtectionPeriod.objects.ending_between(on - TOLD_FOR, on + LOOK_AHEAD).order_by("id")
    ends = [
        (person, upper - timedelta(days=1), number)
        for person, upper, number in rows.values_list("person", "during__endswith", "person__case_number")
    ]
    people = [person for person, _last, _number in ends]
    done = set(EndStep.objects.current().filter(person__in=people).order_by().values_list("person", "last_day", "step"))
    return [
        (person, last, due.step, number)
        for person, last, number in ends
        for due in steps_before(last)
        if due.step in CENTRE_STEPS and on - TOLD_FOR < due.on <= on and (person, last, due.step) not in done
    ]


def _untold(due):
    keys = {_key(*item): item for item in due}
    told = set(Occasion.objects.filter(kind="end_step", key__in=keys).values_list("key", flat=True))
    return [item for key, item in keys.items() if key not in told]


def _key(person, last, step, number):
    return f"{number} {last.isoformat()} {step}"


def _homes(people, on):
    """Return {person id: (worker ids, supervisors' ids)}; four queries."""
    member = Membership.objects.current().during(on).filter(person__in=people, kind=Household.Kind.LIVING)
    home = dict(member.order_by("id").values_list("person", "household"))
    working = Assignment.objects.current().during(on).filter(household__in=home.values(), kind="main")
    workers = dict(working.order_by("id").values_list("household", "worker"))
    duty = Responsibility.objects.current().during(on).filter(household__in=home.values())
    centres = dict(duty.order_by("id").values_list("household", "center"))
    leads = User.objects.who_may(May.ASSIGN).people().filter(agency__in=centres.values()).by_agency()
    return {
        person: (workers.get(house), [one.pk for one in leads.get(centres.get(house), [])])
        for person, house in home.items()
    }


def _notices(item, homes):
    person, _last, step, number = item
    worker, leads = homes.get(person, (None, []))
    users = {worker} - {None} or set(leads)
    if step == SUPERVISOR:
        users |= set(leads)
    url, key = ("households:person_protection", number), _key(*item)
    return [Notice(user, "end_step", number, url, key) for user in sorted(users)]
