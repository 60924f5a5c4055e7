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
from households.monthly.workflow import MONTHLY, MonthlyStatus

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
class MonthlyReport(models.Model):
    """One version of one month's report. Its status changes only through `monthly.workflow.MONTHLY`.

    `attempt`: how often it was made ready; its lines are those of the last one, and `digest` belongs to them.
    """

    number = models.CharField(max_length=14, unique=True, default=new_monthly_number, editable=False)
    center = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="monthly_reports")
    month = models.DateField()
    version = models.PositiveSmallIntegerField(default=1)
    status = models.CharField(max_length=10, choices=MonthlyStatus, default=MonthlyStatus.DRAFT, editable=False)
    attempt = models.PositiveSmallIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)
    why = models.CharField(max_length=300, blank=True, help_text="why it was sent anew, for a later version")
    reason = models.CharField(max_length=300, blank=True, help_text="why it went back to preparing, the last time")
    reference = models.CharField(_("Number of the document"), max_length=60, blank=True)
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    ready_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ready_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    client_key = models.UUIDField(null=True)

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
                condition=~Q(status=MonthlyStatus.SENT),
                name="one_open_monthly_report",
                violation_error_message=_("A report of this month is being prepared already."),
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="monthly_report_of_a_month"),
            models.CheckConstraint(
                condition=Q(ready_by=None, ready_at=None, signed_by=None, status=MonthlyStatus.DRAFT)
                | (Q(ready_by__isnull=False, ready_at__isnull=False, attempt__gt=0) & ~Q(digest="")),
                name="monthly_report_ready_with_lines",
            ),
            models.CheckConstraint(
                condition=Q(signed_by=None, signed_at=None, status__in=[MonthlyStatus.DRAFT, MonthlyStatus.READY])
                | Q(
                    signed_by__isnull=False,
                    signed_at__isnull=False,
                    status__in=[MonthlyStatus.SIGNED, MonthlyStatus.SENT],
                ),
                name="monthly_report_signed_at",
            ),
            models.CheckConstraint(
                condition=Q(signed_by=None) | ~Q(signed_by=F("ready_by")),
                name="monthly_report_second_person",
                violation_error_message=_("Somebody else than who made the report ready signs it off."),
            ),
            models.CheckConstraint(
                condition=Q(sent_by=None, sent_at=None, status__in=["draft", "ready", "signed"])
                | Q(sent_by__isnull=False, sent_at__isnull=False, status=MonthlyStatus.SENT),
                name="monthly_report_sent_at",
            ),
        ]
        triggers = [
            MONTHLY.trigger(),
            pgtrigger.Protect(
                name="sent_for_good",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__status=MonthlyStatus.SENT),
            ),
        ]

    def __str__(self):
        return self.number


class OfMonthlyQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What hangs on a monthly report is seen by whoever sees the report."""
        return self.filter(led_by(user, "report__"))


def _only_while_prepared():
    """Return the trigger by which nothing is added to a report once it is frozen."""
    return pgtrigger.Trigger(
        name="only_while_prepared",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func="""
            IF (SELECT status FROM households_monthlyreport WHERE id = NEW.report_id) <> 'draft' THEN
                RAISE EXCEPTION 'A report is frozen: nothing is added to it.'
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NEW;
        """,
    )


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
        triggers = [_only_while_prepared()]

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
            _only_while_prepared(),
        ]

    def __str__(self):
        return f"{self.report} · {self.code}"
