"""Who is told of what happens to a request: who must act on it, and the worker who follows it. Numbers only."""

from django.utils.translation import gettext_lazy as _

from casework.agencies.models import User
from casework.agencies.roles import May
from casework.clock import seoul_day
from casework.telling.actions import tell
from casework.telling.kinds import Kind
from households.models import Assignment, Membership

KINDS = (
    Kind("extension_submitted", _("A request about a protection period was submitted")),
    Kind("extension_prepared", _("A prepared decision waits for a second officer")),
    Kind("extension_moved", _("A request about a protection period moved on"), mailed=False),
    Kind("extension_opinion", _("An opinion on a protection period is asked for")),
    Kind("extension_local", _("A decision on a protection period concerns your district")),
    Kind("extension_objection", _("An objection has to be answered")),
)


def the_ministry(request, kind, *, by, now):
    """Tell the Ministry's officers who decide on protection."""
    _tell(User.objects.who_may(May.DECIDE_PROTECTION).people(), kind, request, by=by, now=now)


def the_office(request, agency, *, by, now, kind="extension_opinion"):
    """Tell the residence-protection officers of an office that its opinion is asked for, or what was decided."""
    officers = User.objects.who_may(May.SEE_REGISTER).people().filter(agency=agency)
    _tell(officers, kind, request, by=by, now=now)


def who_follows(request, *, by, now):
    """Tell those who look after the person today, and who took the request down at another office."""
    homes = Membership.objects.current().during(seoul_day(now)).filter(person=request.person_id)
    workers = (
        Assignment.objects.current().during(seoul_day(now)).filter(household__in=homes.order_by().values("household"))
    )
    people = User.objects.filter(is_active=True, pk__in=workers.order_by().values("worker"))
    taken_by = User.objects.filter(is_active=True, pk=request.taken_by_id)
    _tell(people | taken_by, "extension_moved", request, by=by, now=now)


def _tell(users, kind, request, *, by, now):
    url = ("households:extension", request.number)
    tell(list(users.order_by("id")), kind, label=request.number, url=url, now=now, by=by)
