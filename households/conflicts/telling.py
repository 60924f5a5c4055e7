"""Who assigns the work is told when a conflict of interest leaves a household without its worker. Numbers only."""

from django.utils.translation import gettext_lazy as _

from casework.agencies.models import User
from casework.agencies.roles import May
from casework.telling.actions import tell
from casework.telling.kinds import Kind

KINDS = (Kind("conflict_declared", _("A conflict of interest leaves a household without its worker")),)


def who_assigns(worker, numbers, conflict, *, by, now):
    """Tell those who assign work where `worker` works of each household that was left."""
    leads = User.objects.who_may(May.ASSIGN).people().filter(agency=worker.agency_id).exclude(pk=worker.pk)
    for number in numbers:
        key = f"{number} {conflict.fact_id}"
        url = ("households:conflicts",)
        said = {"label": number, "url": url, "key": key, "without": [worker.pk]}
        tell(list(leads.order_by("id")), "conflict_declared", now=now, by=by, **said)
