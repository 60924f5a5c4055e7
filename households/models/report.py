"""The half-yearly settlement report of a local government: its form, its versions, its frozen lines, and answers."""

import pghistory
import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Exists, F, Q
from django.utils.translation import gettext_lazy as _

from casework.agencies.models import Kind
from casework.agencies.roles import May, agency_of, granted
from casework.facts import one_version
from casework.landing import landed_once
from casework.numbers import make_number
from households.models.base import OfPersonQuerySet
from households.models.conflict import barred_people
from households.models.person import OfPerson, Person
from households.models.signed import SignedReport, only_while_prepared, sent_for_good, signed_in_order
from households.reports.columns import COLUMNS, KNOWN_ANSWERS, LABELS
from households.reports.workflow import REPORT
from households.signed.workflow import ReportStatus

NUMBER_GROUPS = (4, 4)


def new_report_number():
    """Return a random report number with a check digit, such as "S-7QX4-1DTM-5"."""
    return f"S-{make_number(NUMBER_GROUPS)}"


def reported_by(user, path=""):
    """Return the condition that a row belongs to the user's own local government and that the user is one of its
    residence-protection officers or supervisors today; `path` leads from the row to its report."""
    theirs = Exists(granted(May.SEE_REGISTER, user)) | Exists(granted(May.REVIEW, user))
    return Q(**{f"{path}agency": agency_of(user), f"{path}agency__kind": Kind.CITY}) & Q(theirs)


class ReportForm(models.Model):
    """What the report asks and until when it is due, for half-years that end on some days; reference data.

    `ages`: {column: [first age, last age or None]} of those who are asked; a column without limits is asked of all.
    """

    during = DateRangeField()
    due_months = models.PositiveSmallIntegerField(help_text="months after the last month of the half-year")
    due_day = models.PositiveSmallIntegerField()
    ages = models.JSONField(default=dict)
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [
            ExclusionConstraint(name="one_report_form_at_a_time", expressions=[("during", RangeOperators.OVERLAPS)]),
            models.CheckConstraint(condition=Q(due_day__range=(1, 28)), name="report_form_due_day"),
        ]

    def __str__(self):
        return self.source


class SettlementReportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A report is seen by the residence-protection officers and the supervisors of the local government whose
        report it is. The Ministry reads of it how many people it tells of, and nobody: see `counted`."""
        return self.filter(reported_by(user))

    def counted(self):
        """Return what was sent, the latest version of each, for counts: numbers alone may leave this queryset."""
        sent = self.filter(status=ReportStatus.SENT).order_by("agency_id", "half_begins", "-version")
        return sent.distinct("agency_id", "half_begins")


@pghistory.track()
class SettlementReport(SignedReport):
    """One version of one half-year's report. Its status changes only through `reports.workflow.REPORT`.

    `counts`: what the Ministry may count of its last attempt."""

    number = models.CharField(max_length=14, unique=True, default=new_report_number, editable=False)
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="settlement_reports")
    half_begins = models.DateField()
    form = models.ForeignKey(ReportForm, models.PROTECT, related_name="+")
    counts = models.JSONField(default=dict)

    objects = SettlementReportQuerySet.as_manager()

    class Meta:
        ordering = ["-half_begins", "-version"]
        constraints = [
            landed_once("settlement_report", author="begun_by"),
            models.UniqueConstraint(
                fields=["agency", "half_begins", "version"],
                name="settlement_report_version_once",
                violation_error_message=_("A report of this half-year was begun just now. Please look again."),
            ),
            models.UniqueConstraint(
                fields=["agency", "half_begins"],
                condition=~Q(status=ReportStatus.SENT),
                name="one_open_settlement_report",
                violation_error_message=_("A report of this half-year is being prepared already."),
            ),
            models.CheckConstraint(
                condition=Q(half_begins__day=1, half_begins__month__in=[1, 7]), name="settlement_report_of_a_half"
            ),
            *signed_in_order("settlement_report"),
        ]
        triggers = [
            REPORT.trigger(),
            sent_for_good(),
        ]

    def __str__(self):
        return self.number


class SettlementLineQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A line is seen by whoever sees its report: the law asks the head of the local government to tell how the
        people within five years of their first move-in live. It holds the report's columns and nothing else. A line
        about somebody with whom the reader has a conflict of interest is for the colleagues."""
        return self.filter(reported_by(user, "report__"), ~Q(person__in=barred_people(user)))

    def last(self):
        """Return the lines that stand in their report now: those of its last attempt."""
        return self.filter(attempt=F("report__attempt"))


class SettlementLine(models.Model):
    """One person as the report tells of them, frozen when it was made ready; never changed, never deleted."""

    append_only = True

    report = models.ForeignKey(SettlementReport, models.PROTECT, related_name="lines")
    attempt = models.PositiveSmallIntegerField()
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    household = models.ForeignKey("households.Household", models.PROTECT, related_name="+")
    cells = models.JSONField()

    objects = SettlementLineQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["report", "attempt", "person"], name="settlement_line_once"),
        ]
        triggers = [
            pgtrigger.Protect(name="frozen", operation=pgtrigger.Update | pgtrigger.Delete),
            only_while_prepared("households_settlementreport"),
        ]

    def __str__(self):
        return f"{self.report} · {self.person}"


class SettlementAnswerQuerySet(OfPersonQuerySet):
    def visible_to(self, user):
        """What a local government found out for its report is seen by its own officers and supervisors, and by
        whoever may see the person; not by whom a conflict of interest bars from the person."""
        return super().visible_to(user) | self.filter(reported_by(user), ~Q(person__in=barred_people(user)))


class SettlementAnswer(OfPerson):
    """What the local government found out about a person for one half-year's report: one column, from a day."""

    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", db_index=False)
    half_begins = models.DateField()
    column = models.CharField(max_length=12, choices=[(column, LABELS[column]) for column in COLUMNS])
    value = models.CharField(max_length=16)
    observed_on = models.DateField()

    objects = SettlementAnswerQuerySet.as_manager()

    class Meta(OfPerson.Meta):
        abstract = False
        constraints = [
            one_version("settlement_answer"),
            models.UniqueConstraint(
                fields=["person", "agency", "half_begins", "column"],
                condition=Q(superseded_at=None),
                name="one_settlement_answer",
                violation_error_message=_("Somebody else answered this just now. Please look again."),
            ),
            models.CheckConstraint(condition=KNOWN_ANSWERS, name="settlement_answer_known"),
        ]
