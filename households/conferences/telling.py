"""Who is told of a case conference: who leads it, who brings a household, and who looks after one. Numbers only."""

from django.utils.translation import gettext_lazy as _

from casework.agencies.models import User
from casework.clock import seoul_day
from casework.telling.actions import tell
from casework.telling.kinds import Kind
from households.models import Assignment

KINDS = (
    Kind("conference_announced", _("A case conference was announced or put off")),
    Kind("conference_decided", _("A case conference gave you something to do")),
)


def of_conference(conference, *, by, now):
    """Tell those it concerns when and where it is; in the transaction of the step."""
    items = conference.items.standing().order_by()
    workers = Assignment.objects.current().during(seoul_day(now)).filter(household__in=items.values("household"))
    ids = {conference.chair_id, *items.values_list("brought_by", flat=True)}
    ids |= set(workers.order_by().values_list("worker", flat=True))
    people = User.objects.filter(pk__in=ids, is_active=True, agency=conference.centre_id)
    _tell(people, "conference_announced", conference, by=by, now=now)


def of_decision(decision, *, by, now):
    """Tell who is to do what was decided."""
    if decision.owner_id:
        _tell(User.objects.filter(pk=decision.owner_id), "conference_decided", decision.item.conference, by=by, now=now)


def _tell(people, kind, conference, *, by, now):
    url = ("desks:conference", conference.number)
    tell(list(people.order_by("id")), kind, label=conference.number, url=url, now=now, by=by)
