"""Dated reference data of requests: the grounds with their evidence, and the numbers that law or we ourselves set."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class DatedQuerySet(models.QuerySet):
    def on(self, day):
        """Return the rows that hold on a day."""
        return self.filter(during__contains=day)


class TermQuerySet(DatedQuerySet):
    def numbers(self, day):
        """Return {code: ExtensionTerm} of a day; one query."""
        return {row.code: row for row in self.on(day).order_by("id")}


def _one_at_a_time(name):
    return ExclusionConstraint(
        name=name,
        expressions=[("code", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
        violation_error_message=_("This stands on some of these days already."),
    )


class ExtensionGround(models.Model):
    """A ground that a request may give (자체 분류: the official criteria were not found), and its evidence.

    `checked`: the condition of `extensions.conditions` that the register can speak to; empty where it cannot.
    `private`: offered only where the person asks, so that no local government reads it.
    """

    may_only_end = ("during",)

    code = models.CharField(max_length=30)
    name_ko = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    evidence_ko = models.CharField(max_length=200)
    evidence_en = models.CharField(max_length=200)
    checked = models.CharField(max_length=30, blank=True)
    private = models.BooleanField(default=False)
    place = models.PositiveSmallIntegerField(default=0)
    during = DateRangeField()

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["place", "id"]
        constraints = [_one_at_a_time("one_extension_ground_at_a_time")]

    def __str__(self):
        return self.name_en if get_language() == "en" else self.name_ko

    @property
    def evidence(self):
        """What the ground is shown by."""
        return self.evidence_en if get_language() == "en" else self.evidence_ko


class ExtensionTerm(models.Model):
    """One number of the procedure, on some days, with where it comes from."""

    may_only_end = ("during",)

    class Code(models.TextChoices):
        YEARS = "years", _("Years of one extension, at most")
        OBJECTION = "objection", _("Days for an objection")
        ANSWER = "answer", _("Days for the answer to an objection")
        WARNED = "warned", _("Day from which a missing answer is warned of")
        NOTICE = "notice", _("Days between the notice to members and a sitting")
        MEMBERS = "members", _("Members of the Consultative Council, at most")
        QUORUM = "quorum", _("Share of the members, in per cent, that more than must be present")
        OPINION = "opinion", _("Days for the opinion of a local government")
        ELDERLY = "elderly", _("Age from which somebody who lives alone counts as old")
        MINOR = "minor", _("Age from which a child is of age")
        YOUTH = "youth", _("Age up to which an unaccompanied youth counts as one")

    class Basis(models.TextChoices):
        LAW = "law", _("Law")
        OWN = "own", _("Our own criterion")

    code = models.CharField(max_length=12, choices=Code)
    value = models.PositiveSmallIntegerField()
    basis = models.CharField(max_length=4, choices=Basis)
    source = models.CharField(max_length=120, blank=True)
    during = DateRangeField()

    objects = TermQuerySet.as_manager()

    class Meta:
        ordering = ["code", "id"]
        constraints = [_one_at_a_time("one_extension_term_at_a_time")]

    def __str__(self):
        return f"{self.get_code_display()}: {self.value}"
