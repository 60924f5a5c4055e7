"""Who is told of a handover: the centre that is to answer, the worker who is named, the Ministry when it comes back.
Numbers only."""

from django.utils.translation import gettext_lazy as _

from casework.agencies.models import User
from casework.agencies.roles import May
from casework.telling.actions import Notice, tell, tell_each
from casework.telling.kinds import Kind

KINDS = (
    Kind("handover_announced", _("A household from Hanawon is announced")),
    Kind("handover_named", _("You are to look after a household from Hanawon")),
    Kind("handover_back", _("A handover came back to the Ministry")),
    Kind("handover_changed", _("A handover from Hanawon changed")),
)


def the_centre(handover, *, by, now, kind="handover_announced"):
    """Tell those who assign the work of the centre."""
    leads = User.objects.who_may(May.ASSIGN).people().filter(agency=handover.center_id)
    _tell(leads, kind, handover, by=by, now=now)


def the_centres(handovers, *, by, now):
    """Tell those who assign the work of the centres of several new handovers, in one go."""
    leads = User.objects.who_may(May.ASSIGN).people().filter(agency__in={one.center_id for one in handovers})
    at: dict[int, list[int]] = {}
    for user, agency in leads.order_by("id").values_list("id", "agency"):
        at.setdefault(agency, []).append(user)
    notices = [
        Notice(user, "handover_announced", one.number, ("households:handover", one.number), one.number)
        for one in handovers
        for user in at.get(one.center_id, ())
        if user != by.pk
    ]
    tell_each(notices, now=now, without={by.pk})


def the_worker(handover, *, by, now, kind="handover_named"):
    """Tell the worker who is named, where there is one."""
    _tell(User.objects.filter(pk=handover.worker_id, is_active=True), kind, handover, by=by, now=now)


def the_ministry(handover, *, by, now):
    """Tell the Ministry's officers that nobody takes the household on."""
    _tell(User.objects.who_may(May.DECIDE_PROTECTION).people(), "handover_back", handover, by=by, now=now)


def _tell(users, kind, handover, *, by, now):
    url = ("households:handover", handover.number)
    tell(list(users.order_by("id")), kind, label=handover.number, url=url, now=now, by=by)
