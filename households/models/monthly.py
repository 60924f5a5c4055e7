"""The monthly report of a centre: its versions, the numbers that were put right by hand, its frozen lines."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from casework.agencies.models import Kind
from casework.agencies.roles import May, agency_of, granted
from casework.landing import landed_once
from casework.numbers import make_number
from households.models.signed import SignedReport, only_while_prepared, sent_for_good, signed_in_order
from households.monthly.workflow import MONTHLY
from households.signed.workflow import ReportStatus

NUMBER_GROUPS = (4, 4)


def new_monthly_number():
    """Return a random number of a monthly report with a check digit, such as "M-7QX4-1DTM-5"."""
    return f"M-{make_number(NUMBER_GROUPS)}"


def led_by(user, path=""):
    """Return the condition that a row belongs to the user's own Hana Center and that the user leads it today; `path`
    leads from the row to its report."""
    own = Q(**{f"{path}center": agency_of(user), f"{path}center__kind": Kind.HANA_CENTER})
    return own & Q(Exists(granted(May.SEE_CENTRE, user)))


class MonthlyReportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A monthly report is seen by the supervisors and the head of the centre whose report it is. It holds numbers
        of the centre, and nobody."""
        return self.filter(led_by(user))


@pghistory.track()
class MonthlyReport(SignedReport):
    """One version of one month's report. Its status changes only through `monthly.workflow.MONTHLY`."""

    number = models.CharField(max_length=14, unique=True, default=new_monthly_number, editable=False)
    center = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="monthly_reports")
    month = models.DateField()

    objects = MonthlyReportQuerySet.as_manager()

    class Meta:
        ordering = ["-month", "-version"]
        constraints = [
            landed_once("monthly_report", author="begun_by"),
            models.UniqueConstraint(
                fields=["center", "month", "version"],
                name="monthly_report_version_once",
                violation_error_message=_("A report of this month was begun just now. Please look again."),
            ),
            models.UniqueConstraint(
                fields=["center", "month"],
                condition=~Q(status=ReportStatus.SENT),
                name="one_open_monthly_report",
                violation_error_message=_("A report of this month is being prepared already."),
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="monthly_report_of_a_month"),
            *signed_in_order("monthly_report"),
        ]
        triggers = [
            MONTHLY.trigger(),
            sent_for_good(),
        ]

    def __str__(self):
        return self.number


class OfMonthlyQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What hangs on a monthly report is seen by whoever sees the report."""
        return self.filter(led_by(user, "report__"))


class MonthlyCorrection(models.Model):
    """One number of a report, put right by hand with the reason; the latest of a line counts. `value` None: what was
    put right before is taken back. `counted`: what the log said at that moment."""

    append_only = True

    report = models.ForeignKey(MonthlyReport, models.PROTECT, related_name="corrections")
    code = models.CharField(max_length=40)
    counted = models.PositiveIntegerField()
    value = models.PositiveIntegerField(null=True)
    reason = models.CharField(_("Reason"), max_length=300)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = OfMonthlyQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        triggers = [only_while_prepared("households_monthlyreport")]

    def __str__(self):
        return f"{self.report} · {self.code}"


class MonthlyLine(models.Model):
    """One line as the report tells it, frozen when it was made ready: its words in Korean, what was counted, what
    stands in the report (`value`), and why where both differ by hand."""

    append_only = True

    report = models.ForeignKey(MonthlyReport, models.PROTECT, related_name="lines")
    attempt = models.PositiveSmallIntegerField()
    place = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=40)
    label = models.CharField(max_length=120)
    definition = models.CharField(max_length=300)
    counted = models.PositiveIntegerField()
    value = models.PositiveIntegerField()
    reason = models.CharField(max_length=300, blank=True)
    corrected_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = OfMonthlyQuerySet.as_manager()

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["report", "attempt", "code"], name="monthly_line_once"),
            models.CheckConstraint(
                condition=Q(value=F("counted"), reason="", corrected_by=None)
                | (~Q(reason="") & Q(corrected_by__isnull=False)),
                name="monthly_line_corrected_with_reason",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="frozen", operation=pgtrigger.Update | pgtrigger.Delete),
            only_while_prepared("households_monthlyreport"),
        ]

    def __str__(self):
        return f"{self.report} · {self.code}"
