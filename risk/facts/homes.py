"""The households and people of one sweep, which what was told about them can name: `household__size`, `person__ill`."""

from typing import Any, ClassVar

from django.apps.registry import Apps
from django.db import models

SWEEP = Apps()


class HouseFact(models.Model):
    """A household that is judged: who lives there and what it lives on."""

    household_id = models.BigIntegerField(primary_key=True)
    size = models.IntegerField()
    minor = models.BooleanField(help_text="somebody under the age of an adult lives there")
    income = models.BooleanField(help_text="income above or near the line, or work, stands on record")
    benefit_since = models.DateField(null=True, help_text="the latest day on which a benefit of any kind began")
    receiving = models.BooleanField(help_text="a benefit for the poor comes in")
    rested_on = models.DateField(null=True, help_text="last said: not wanted, applied for, over the asset limit")

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        managed = False
        app_label = "risk"
        apps = SWEEP
        db_table = "sweep_house"


class PersonFact(models.Model):
    """A member of a household that is judged; `work_since`: when the work began that is on record today."""

    person_id = models.BigIntegerField(primary_key=True)
    household_id = models.BigIntegerField()
    born_first = models.DateField(null=True, help_text="the day of birth, or the first it may have been")
    main_earner = models.BooleanField()
    ill = models.BooleanField(help_text="a serious or chronic illness is on record")
    work_since = models.DateField(null=True)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        managed = False
        app_label = "risk"
        apps = SWEEP
        db_table = "sweep_person"
