"""What a monthly report counts of case work: conferences and their decisions, plans, education, closings."""

from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from desks.monthly.entry import Counted, tally
from desks.monthly.month import Month
from households.conferences.workflow import TOOK_PLACE
from households.models import (
    CaseConference,
    Closing,
    ConferenceDecision,
    ConferenceItem,
    CourseRecord,
    PlanReview,
    ServicePlan,
)

Kind, Result = CourseRecord.Kind, CourseRecord.Result


def _held(month: Month) -> QuerySet[Any]:
    return CaseConference.objects.filter(centre=month.center, status__in=TOOK_PLACE, **month.moments("held_at"))


def _items(month: Month) -> QuerySet[Any]:
    return ConferenceItem.objects.standing().filter(conference__in=_held(month).order_by().values("pk"))


def _decided(month: Month) -> QuerySet[Any]:
    return ConferenceDecision.objects.standing().filter(item__in=_items(month).order_by().values("pk"))


def _attended(month: Month, **about: Any) -> QuerySet[Any]:
    rows = CourseRecord.objects.current().alias(last=Coalesce("ends_on", "begins_on")).filter(last__range=month.days)
    # What somebody learned at Hanawon was given before the centre knew them.
    rows = rows.exclude(kind=Kind.HANAWON).exclude(result=Result.MISSED)
    return rows.filter(person__in=month.people(), **about)


def _closed(month: Month) -> QuerySet[Any]:
    return Closing.objects.filter(centre=month.center, **month.moments("approved_at"))


CASEWORK: tuple[Counted, ...] = (
    Counted(
        "conferences",
        _("Case conferences held"),
        _("That began in the month, of the centre."),
        lambda m: tally(_held(m), "conferences"),
    ),
    Counted(
        "conference_households",
        _("Households talked about at case conferences"),
        _("Each household once, however often; what was taken off the agenda does not count."),
        lambda m: tally(_items(m), "conference_households", of="household"),
    ),
    Counted(
        "decisions",
        _("Decisions of case conferences"),
        _("Of the conferences held in the month, by what follows; what was taken back does not count."),
        lambda m: tally(_decided(m), "decisions", by="kind"),
        dict(ConferenceDecision.Kind.choices),
    ),
    Counted(
        "plans",
        pgettext_lazy("monthly report", "Service plans made"),
        _("To which the client agreed in the month, or declined to sign; those that follow an earlier plan too."),
        lambda m: tally(m.ours_on(ServicePlan.objects.all(), "agreed_on"), "plans"),
    ),
    Counted(
        "plan_reviews",
        _("Service plans reviewed"),
        _("Reviews held in the month, those that were due and those held besides."),
        lambda m: tally(m.ours_on(PlanReview.objects.all(), "done_on", "plan__household"), "plan_reviews"),
    ),
    Counted(
        "courses",
        pgettext_lazy("monthly report", "Education given"),
        _("Attended whole or in part, by the last day; who attended two counts twice. Not the course at Hanawon."),
        lambda m: tally(_attended(m), "courses", by="kind"),
        {kind.value: kind.label for kind in Kind if kind != Kind.HANAWON},
    ),
    Counted(
        "courses_completed",
        pgettext_lazy("monthly report", "Of these completed"),
        _("With the result “completed”."),
        lambda m: tally(_attended(m, result=Result.COMPLETED), "courses_completed"),
    ),
    Counted(
        "closings",
        _("Cases closed"),
        _("Whose closing was approved in the month, by the reason; those that were reopened since too."),
        lambda m: tally(_closed(m), "closings", by="reason"),
        dict(Closing.Reason.choices),
    ),
    Counted(
        "reopened",
        _("Cases reopened"),
        _("In the month, whenever they were closed."),
        lambda m: tally(Closing.objects.filter(centre=m.center, **m.moments("reopened_at")), "reopened"),
    ),
)
