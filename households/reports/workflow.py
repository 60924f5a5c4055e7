"""What can happen to a settlement report: one table, from which come the verbs, the trigger and the diagram."""

from casework.agencies.models import Kind
from casework.agencies.roles import May, can
from casework.workflow import Workflow
from households.signed.workflow import steps_of


def drafts(user):
    """Tell whether the user prepares reports: the residence-protection officers of a city, county or district."""
    return user.agency is not None and user.agency.kind == Kind.CITY and can(user, May.SEE_REGISTER)


def reads(user):
    """Tell whether the user reads the reports of the own local government: its officers and its supervisors."""
    return drafts(user) or (user.agency is not None and user.agency.kind == Kind.CITY and can(user, May.REVIEW))


def is_drafter(report, user):
    """Any residence-protection officer of the local government: a report waits for nobody's holiday."""
    return report.agency_id == user.agency_id and drafts(user)


def is_office(report, user):
    """An officer or a supervisor of the local government."""
    return report.agency_id == user.agency_id and reads(user)


def is_second(report, user):
    """Another officer, or a supervisor, of the local government than the one who made it ready."""
    return is_office(report, user) and report.ready_by_id != user.pk


REPORT = Workflow(
    *steps_of("settlement report", preparer="drafter", takes_back="office"),
    actors={"drafter": is_drafter, "office": is_office, "second": is_second},
)
