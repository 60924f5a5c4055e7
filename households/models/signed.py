"""What the two kinds of report share that are made ready by one, signed off by another, and frozen as sent."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from households.signed.workflow import ReportStatus


class SignedReport(models.Model):
    """One version of one report: where it stands, and who did what with it when.

    `attempt`: how often it was made ready; its lines are those of the last one, and `digest` belongs to them.
    """

    version = models.PositiveSmallIntegerField(default=1)
    status = models.CharField(max_length=10, choices=ReportStatus, default=ReportStatus.DRAFT, editable=False)
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

    class Meta:
        abstract = True


def signed_in_order(name):
    """Return the constraints by which each step has who and when, and a second person signs; `name`: the table's short
    name."""
    return [
        models.CheckConstraint(
            condition=Q(ready_by=None, ready_at=None, signed_by=None, status=ReportStatus.DRAFT)
            | (Q(ready_by__isnull=False, ready_at__isnull=False, attempt__gt=0) & ~Q(digest="")),
            name=f"{name}_ready_with_lines",
        ),
        models.CheckConstraint(
            condition=Q(signed_by=None, signed_at=None, status__in=[ReportStatus.DRAFT, ReportStatus.READY])
            | Q(
                signed_by__isnull=False,
                signed_at__isnull=False,
                status__in=[ReportStatus.SIGNED, ReportStatus.SENT],
            ),
            name=f"{name}_signed_at",
        ),
        models.CheckConstraint(
            condition=Q(signed_by=None) | ~Q(signed_by=F("ready_by")),
            name=f"{name}_second_person",
            violation_error_message=_("Somebody else than who made the report ready signs it off."),
        ),
        models.CheckConstraint(
            condition=Q(sent_by=None, sent_at=None, status__in=["draft", "ready", "signed"])
            | Q(sent_by__isnull=False, sent_at__isnull=False, status=ReportStatus.SENT),
            name=f"{name}_sent_at",
        ),
    ]


def sent_for_good():
    """Return the trigger by which nothing of a report changes once it was sent."""
    return pgtrigger.Protect(
        name="sent_for_good",
        operation=pgtrigger.Update | pgtrigger.Delete,
        condition=pgtrigger.Q(old__status=ReportStatus.SENT),
    )


def only_while_prepared(table):
    """Return the trigger by which nothing is added to a report of `table` once it is frozen."""
    return pgtrigger.Trigger(
        name="only_while_prepared",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=f"""
            IF (SELECT status FROM {table} WHERE id = NEW.report_id) <> 'draft' THEN
                RAISE EXCEPTION 'A report is frozen: nothing is added to it.'
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NEW;
        """,
    )
