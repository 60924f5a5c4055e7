"""What is stated and screened, moves, and referrals whose clock ran out, as tables of one sweep (see `tables`)."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Value
from django.db.models.functions import JSONObject

from risk.facts.homes import SWEEP
from risk.facts.tables import Counting, SweepFact


class StatedFact(SweepFact):
    """Columns of what was stated or screened of one person."""

    fact_id = models.BigIntegerField(primary_key=True)
    known_at = models.DateTimeField()

    class Meta(SweepFact.Meta):
        abstract = True


class CircumstanceFact(StatedFact):
    """What is stated of a person and true on the day; `dated`: it is known since when, and that is not long ago."""

    kind = models.CharField(max_length=12)
    value = models.CharField(max_length=12)
    detail = models.CharField(max_length=12)
    dated = models.BooleanField()

    objects = Counting.as_manager()

    class Meta(StatedFact.Meta):
        abstract = False
        db_table = "sweep_circumstance"

    @staticmethod
    def evidence():
        return JSONObject(
            fact_id="fact_id",
            kind=Value("stated"),
            code="value",
            about="kind",
            detail="detail",
            observed="observed_on",
            known="known_at",
        )


class ScreeningFact(StatedFact):
    """The latest screening of a person by one instrument; `settled`: the danger told by item 9 was assessed since.

    "item9" is an instrument of its own: the latest PHQ-9 of which it is known.
    """

    instrument = models.CharField(max_length=8)
    score = models.IntegerField()
    item9 = models.BooleanField()

    objects = Counting.as_manager()

    class Meta(StatedFact.Meta):
        abstract = False
        db_table = "sweep_screening"

    @staticmethod
    def evidence():
        return JSONObject(
            fact_id="fact_id",
            kind=Value("screening"),
            code="instrument",
            score="score",
            observed="observed_on",
            known="known_at",
        )


class LonelyFact(StatedFact):
    """Something that weighs on a person who lives alone; `factor` says what, by whichever source."""

    source = models.CharField(max_length=10)
    code = models.CharField(max_length=20)
    factor = models.CharField(max_length=12)
    age = models.IntegerField(null=True)

    objects = Counting.as_manager()

    class Meta(StatedFact.Meta):
        abstract = False
        db_table = "sweep_lonely"

    @staticmethod
    def evidence():
        return JSONObject(
            fact_id="fact_id",
            kind="source",
            code="code",
            factor="factor",
            age="age",
            observed="observed_on",
            known="known_at",
        )


class MoveFact(models.Model):
    """A household that moved to a district which the centre that answers for it does not cover."""

    household_id = models.BigIntegerField()
    fact_id = models.BigIntegerField(primary_key=True)
    known_at = models.DateTimeField()
    moved_on = models.DateField()
    age_days = models.IntegerField()

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        managed = False
        app_label = "risk"
        apps = SWEEP
        db_table = "sweep_move"

    @staticmethod
    def evidence():
        return JSONObject(
            fact_id="fact_id", kind=Value("dwelling"), code=Value("moved"), observed="moved_on", known="known_at"
        )


class StallFact(models.Model):
    """A referral one of whose clocks has run out. `held_band`: the band that was written down last by that moment.

    A referral is no fact with two dates: its steps carry the moment at which they were taken, which is also when we
    knew. Replay reads these moments, and the history of the row for an outcome that was given back later. It cannot
    see what was never written: a referral that came from elsewhere has no history before it came, and a household that
    was judged for the first time after the clock ran out is held at nothing.
    """

    household_id = models.BigIntegerField()
    station = models.CharField(max_length=12)
    begins_at = models.DateTimeField()
    ran_out_at = models.DateTimeField()
    ran_out_on = models.DateField()
    days_late = models.IntegerField()
    held_band = models.PositiveSmallIntegerField(null=True)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        managed = False
        app_label = "risk"
        apps = SWEEP
        db_table = "sweep_stall"

    @staticmethod
    def evidence():
        return JSONObject(
            fact_id="id", kind=Value("referral"), code="station", observed="ran_out_on", known="ran_out_at"
        )
