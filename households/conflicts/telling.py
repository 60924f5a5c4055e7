"""Who assigns the work is told when a conflict of interest leaves a household without its worker. Numbers only."""

from django.utils.translation import gettext_lazy as _

from casework.agencies.models import User
from casework.agencies.roles import May
from casework.telling.actions import tell
from casework.telling.kinds import Kind

KINDS = (
    Kind("conflict_declared", _("A conflict of interest leaves a household without its worker")),
    Kind("conflict_elsewhere", _("A colleague has a conflict of interest: somebody else takes over")),
)
# At an office that keeps no file nobody assigns work as at a centre: where nobody leads it, the colleagues are told.
COLLEAGUES = (May.RECEIVE, May.SEE_REGISTER)


def who_assigns(worker, numbers, conflict, *, by, now):
    """Tell those who assign work where `worker` works of each household that was left."""
    leads = User.objects.who_may(May.ASSIGN).people().filter(agency=worker.agency_id).exclude(pk=worker.pk)
    for number in numbers:
        key = f"{number} {conflict.fact_id}"
        url = ("households:conflicts",)
        said = {"label": number, "url": url, "key": key, "without": [worker.pk]}
        tell(list(leads.order_by("id")), "conflict_declared", now=now, by=by, **said)


def the_office(conflict, *, by, now, label="", url=("households:register",)):
    """Tell those who assign work at the office of `by`, else the colleagues, that somebody else takes over. `label`,
    `url`: of the referral where one came in; of the register alone the number of the conflict, as the register says."""
    leads, others = (
        User.objects.who_may(*words).people().filter(agency=by.agency_id).exclude(pk=by.pk).order_by("id")
        for words in ((May.ASSIGN,), COLLEAGUES)
    )
    told = list(leads) or list(others)
    said = {"label": label or conflict.mark, "url": url, "key": conflict.mark, "without": [by.pk]}
    tell(told, "conflict_elsewhere", now=now, by=by, **said)
