"""What can happen to a monthly report: one table, from which come the verbs, the trigger and the diagram."""

from casework.agencies.models import Kind
from casework.agencies.roles import May, can
from casework.workflow import Workflow
from households.signed.workflow import steps_of


def leads(user):
    """Tell whether the user leads a Hana Center: its supervisors and its head prepare and sign the report."""
    return user.agency is not None and user.agency.kind == Kind.HANA_CENTER and can(user, May.SEE_CENTRE)


def is_leader(report, user):
    """Anybody who leads the centre: a report waits for nobody's holiday."""
    return report.center_id == user.agency_id and leads(user)


def is_second(report, user):
    """Somebody else who leads the centre than the one who made it ready."""
    return is_leader(report, user) and report.ready_by_id != user.pk


MONTHLY = Workflow(
    *steps_of("monthly report", preparer="leader", takes_back="leader"),
    actors={"leader": is_leader, "second": is_second},
)
