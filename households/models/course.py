"""An education record: a course that a person was to attend, and what came of it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from casework.facts import one_version
from casework.landing import landed_once
from households.models.base import OfPersonQuerySet
from households.models.person import OfPerson, Person


class CourseRecordQuerySet(OfPersonQuerySet):
    def visible_to(self, user):
        """An education record is seen at the centre that keeps the person's file, by whoever sees the person there. A
        share does not open it."""
        return self.filter(person__in=Person.objects.kept_by(user).order_by().values("pk"))

    def completes_initial(self):
        """Return the records by which somebody has completed the initial education of a Hana Center."""
        return self.current().filter(kind=CourseRecord.Kind.INITIAL, result=CourseRecord.Result.COMPLETED)


class CourseRecord(OfPerson):
    """One course of one person: dates, hours, result. Corrected by a version."""

    class Kind(models.TextChoices):
        HANAWON = "hanawon", _("Course at Hanawon")
        INITIAL = "initial", _("Initial education of the Hana Center")
        LATER = "later", _("Later course")
        OTHER = "other", _("Other course")

    class Result(models.TextChoices):
        COMPLETED = "completed", _("Completed")
        PARTLY = "partly", _("Attended in part")
        MISSED = "missed", _("Not attended")

    kind = models.CharField(_("Which course"), max_length=8, choices=Kind)
    title = models.CharField(_("Title"), max_length=120, blank=True)
    begins_on = models.DateField(_("First day"))
    ends_on = models.DateField(_("Last day"), null=True)
    hours = models.PositiveSmallIntegerField(_("Hours attended"), null=True)
    result = models.CharField(_("What came of it"), max_length=9, choices=Result)
    reason = models.CharField(_("Why not, or why in part"), max_length=200, blank=True)
    place = models.CharField(_("Place"), max_length=80, blank=True)
    client_key = models.UUIDField(null=True)

    objects = CourseRecordQuerySet.as_manager()

    class Meta(OfPerson.Meta):
        abstract = False
        constraints = [
            one_version("course_record"),
            landed_once("course_record", versions=True),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("begins_on")),
                name="course_ends_after_it_begins",
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                condition=Q(result="completed") | ~Q(reason=""),
                name="course_missed_with_reason",
                violation_error_message=_("Please say why the course was not attended, or only in part."),
            ),
        ]
        indexes = [models.Index(fields=["person"], include=["kind", "result"], name="course_person")]

    def __str__(self):
        return self.title or self.get_kind_display()
