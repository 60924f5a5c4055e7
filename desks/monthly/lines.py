"""What a monthly report counts: one entry of LINES for each number, with its definition; all of them one statement.
Those of conferences, plans, education and closings stand in `casework`.

No official form of the monthly report was found: lines and definitions are our own (자체 서식). To add a line, add an
entry; what a later entry says touches no report that is frozen, for its words were frozen with it.
"""

from functools import reduce
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from desks.monthly.casework import CASEWORK
from desks.monthly.entry import Counted, Spoken, tally
from desks.monthly.month import DAY, Month
from households.models import (
    Contact,
    Job,
    Membership,
    Participant,
    Schooling,
    Screening,
)
from households.models.contact import Channel
from referrals.models import Referral
from referrals.states import NEEDS
from risk.models import Review


def counted(month: Month) -> dict[str, int]:
    """Return {code: number} of every line of a month as known now; one statement."""
    parts = [entry.rows(month) for entry in LINES]
    sql, params = reduce(lambda left, right: left.union(right, all=True), parts).order_by().query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found = dict(cursor.fetchall())
    return {line.code: found.get(line.code, 0) for line in spoken()}


def spoken() -> list[Spoken]:
    """Return the lines of the report in their order."""
    return [line for entry in LINES for line in entry.lines()]


def _contacts(month: Month) -> QuerySet[Any]:
    return month.ours(Contact.objects.current(), "occurred_at")


def _met(month: Month) -> QuerySet[Any]:
    return _contacts(month).filter(contact_made=True)


def _began(model: Any, month: Month, **about: Any) -> QuerySet[Any]:
    rows = model.objects.current().filter(began_on__range=month.days, **about)
    return rows.filter(person__in=month.people())


def _ended(model: Any, month: Month, **about: Any) -> QuerySet[Any]:
    rows = model.objects.current().filter(ended_on__range=month.days, **about)
    return rows.filter(person__in=month.people())


def _sent(month: Month) -> QuerySet[Any]:
    return Referral.objects.filter(from_agency=month.center, **month.moments("sent_at"))


LINES: tuple[Counted, ...] = (
    Counted(
        "households",
        _("Households at the end of the month"),
        _("For which the centre answered on the last day."),
        lambda m: tally(m.duties().filter(during__contains=m.last), "households", of="household"),
    ),
    Counted(
        "people",
        _("People at the end of the month"),
        _("Members of these households on the last day."),
        lambda m: tally(
            Membership.objects.current().filter(
                kind="living",
                during__contains=m.last,
                household__in=m.duties().filter(during__contains=m.last).order_by().values("household"),
            ),
            "people",
            of="person",
        ),
    ),
    Counted(
        "new",
        _("New households"),
        _("For which the centre began to answer in the month."),
        lambda m: tally(m.duties().filter(during__startswith__range=m.days), "new", of="household"),
    ),
    Counted(
        "given",
        _("Households given to other centres"),
        _("For which the centre stopped answering in the month."),
        lambda m: tally(m.duties().filter(during__endswith__range=(m.first + DAY, m.after)), "given", of="household"),
    ),
    Counted(
        "met",
        _("Contacts"),
        _("Somebody of the household was met or spoken with, by the way it was done."),
        lambda m: tally(_met(m), "met", by="channel"),
        dict(Channel.choices),
    ),
    Counted(
        "attempts",
        _("Attempts that met nobody"),
        _("By the way it was tried."),
        lambda m: tally(_contacts(m).filter(contact_made=False), "attempts", by="channel"),
        dict(Channel.choices),
    ),
    Counted(
        "reached",
        _("Households reached"),
        _("With at least one contact in the month."),
        lambda m: tally(_met(m), "reached", of="household"),
    ),
    Counted(
        "visited",
        _("Households visited"),
        _("Met at least once on a visit."),
        lambda m: tally(_met(m).filter(channel=Channel.VISIT), "visited", of="household"),
    ),
    Counted(
        "spoken_with",
        _("People spoken with"),
        _("Each person once, however often."),
        lambda m: tally(
            Participant.objects.filter(contact__in=_met(m).order_by().values("pk")), "spoken_with", of="person"
        ),
    ),
    Counted(
        "screenings",
        _("Screenings"),
        _("Taken in the month, of the members of the centre's households."),
        lambda m: tally(
            Screening.objects.current().filter(observed_on__range=m.days, person__in=m.people()),
            "screenings",
        ),
    ),
    Counted(
        "reviews",
        _("Reviews of the at-risk list"),
        _("Decided in the month; each decision once."),
        lambda m: tally(m.ours(Review.objects.all(), "recorded_at"), "reviews"),
    ),
    Counted(
        "referred",
        pgettext_lazy("monthly report", "Referrals sent"),
        _("Sent in the month, by what is needed."),
        lambda m: tally(_sent(m), "referred", by="need"),
        dict(NEEDS),
    ),
    Counted(
        "received",
        pgettext_lazy("monthly report", "Referrals received"),
        _("That other agencies sent to the centre in the month."),
        lambda m: tally(Referral.objects.filter(to_agency=m.center, **m.moments("sent_at")), "received"),
    ),
    Counted(
        "confirmed",
        _("Referrals confirmed"),
        _("Of those the centre sent: the centre confirmed in the month that the help arrived."),
        lambda m: tally(Referral.objects.filter(from_agency=m.center, **m.moments("confirmed_at")), "confirmed"),
    ),
    Counted(
        "jobs",
        _("Jobs that began"),
        _("First day in the month; whoever began two counts twice."),
        lambda m: tally(_began(Job, m), "jobs"),
    ),
    Counted(
        "public_jobs",
        _("Of these in the public sector"),
        _("Government, local government, public institution."),
        lambda m: tally(_began(Job, m, public_sector=True), "public_jobs"),
    ),
    Counted(
        "jobs_ended",
        _("Jobs that ended"),
        _("Last day in the month."),
        lambda m: tally(_ended(Job, m), "jobs_ended"),
    ),
    Counted(
        "schooling",
        _("School and training that began"),
        _("First day in the month, school and training apart."),
        lambda m: tally(_began(Schooling, m), "schooling", by="kind"),
        dict(Schooling.Kind.choices),
    ),
    Counted(
        "trained",
        _("Training completed"),
        _("Ended in the month with the result “completed”."),
        lambda m: tally(_ended(Schooling, m, kind="training", result="completed"), "trained"),
    ),
    *CASEWORK,
)
