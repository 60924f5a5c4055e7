"""The temporary tables of one sweep as models, so that a rule reads as a sentence (design §5).

They live in a registry of their own: no migration, no `visible_to`, nobody reaches them but a sweep.
`faded`: somebody has spoken with the person since and enough days have passed. `settled`: the person was met in
person and a safety plan is recorded, both on or after the day. `unspoken`: nobody has spoken with the person since.
"""

from typing import Any, ClassVar

from django.contrib.postgres.aggregates import BoolAnd, JSONBAgg
from django.db import models
from django.db.models import Count, F, Func, Min, Q, Value
from django.db.models.functions import JSONObject

from risk.facts.homes import SWEEP, HouseFact, PersonFact


class Gathered(models.QuerySet):
    """Facts gathered into one row per household or per person: `since`, `told` (evidence), `number`, `all_faded`."""

    def by_household(self):
        """Gather per household; what holds of the home is nobody's own."""
        return self._gather("household_id").annotate(who=Value(None, models.BigIntegerField()))

    def by_person(self):
        """Gather per person; facts whose person is not known stand for the household."""
        return self._gather("household_id", "person_id").annotate(who=F("person_id"))

    def each(self):
        """Keep one row per fact; several of one person are merged by the judge, the strongest first."""
        alone = Func(self._evidence(), function="JSONB_BUILD_ARRAY", output_field=models.JSONField())
        return self.order_by().annotate(who=F("person_id"), begun=F("since"), told=alone)

    def _evidence(self):
        model: Any = self.model
        return model.evidence()

    def _gather(self, *keys):
        return (
            self.order_by()
            .values(*keys)
            .annotate(
                begun=Min("since"),
                told=JSONBAgg(self._evidence(), order_by=["observed_on", "pk"]),
                number=Count("pk"),
                all_faded=BoolAnd("faded"),
            )
        )


class Counting(Gathered):
    """Words shared by what was told once and goes on counting."""

    def within(self, days):
        """Return what counts: told within `days`, or later than that, unconfirmed, until somebody has spoken with
        the person. Nothing is older than the memory of the sweep (24 months)."""
        return self.filter(Q(age_days__lte=days) | Q(unspoken=True))


class SignalQuerySet(Counting):
    def unverified(self):
        """Return cut-offs after which no contact has found that power, water and gas are there."""
        return self.filter(verified=False)

    def of_months(self, months):
        """Return arrears of at least `months`, as the signal itself told; unknown months are not enough."""
        return self.filter(months__gte=months)


class TagQuerySet(Counting):
    def open(self):
        """Return what no later contact has called recovered."""
        return self.filter(recovered=False)


class SweepFact(models.Model):
    """Columns that what was told has in common."""

    household = models.ForeignKey(HouseFact, models.DO_NOTHING, related_name="+")
    person = models.ForeignKey(PersonFact, models.DO_NOTHING, null=True, related_name="+")
    observed_on = models.DateField()
    since = models.DateField()
    age_days = models.IntegerField()
    unspoken = models.BooleanField()
    faded = models.BooleanField()
    settled = models.BooleanField()
    verified = models.BooleanField()

    class Meta:
        abstract = True
        managed = False
        app_label = "risk"
        apps = SWEEP


class Telling(models.Model):
    """The row in which a signal was told, read only for what a hit names."""

    fact_id = models.BigIntegerField()
    known_at = models.DateTimeField()
    amount_krw = models.BigIntegerField(null=True)

    class Meta:
        managed = False
        app_label = "risk"
        apps = SWEEP
        db_table = "risk_signal"


class SignalFact(SweepFact):
    """The latest crisis signal of its code that has not ended; `person_id` is empty for a fact of the dwelling.

    `months` are the last that were told, be it in an earlier telling; `priced` is the last telling with an amount.
    """

    row = models.OneToOneField(Telling, models.DO_NOTHING, primary_key=True)
    priced = models.ForeignKey(Telling, models.DO_NOTHING, null=True, related_name="+")
    code = models.CharField(max_length=3)
    kind = models.CharField(max_length=20)
    in_overlap = models.BooleanField()
    months = models.IntegerField(null=True)

    objects = SignalQuerySet.as_manager()

    class Meta(SweepFact.Meta):
        abstract = False
        db_table = "sweep_signal"

    @staticmethod
    def evidence():
        return JSONObject(
            fact_id="row__fact_id",
            kind=Value("signal"),
            code="code",
            observed="observed_on",
            known="row__known_at",
            field="kind",
            months="months",
            since="since",
            unspoken="unspoken",
        )


class TagFact(SweepFact):
    """The latest contact at which something on the closed list of tags was learnt, or a notice that came back."""

    fact_id = models.BigIntegerField(primary_key=True)
    known_at = models.DateTimeField()
    tag = models.CharField(max_length=20)
    source = models.CharField(max_length=10)
    recovered = models.BooleanField()
    rung = models.BooleanField(help_text="reached by telephone or message since")
    placed = models.BooleanField(help_text="met at a visit since, or a new home was registered")
    heard_on = models.DateField(help_text="spoken with, or told of by another agency: the latest day")
    frail_home = models.BooleanField(help_text="a child under 13 or anybody of 65 lived there on that day")

    objects = TagQuerySet.as_manager()

    class Meta(SweepFact.Meta):
        abstract = False
        db_table = "sweep_tag"

    @staticmethod
    def evidence():
        return JSONObject(
            fact_id="fact_id",
            kind="source",
            code="tag",
            observed="observed_on",
            known="known_at",
            unspoken="unspoken",
        )


class AttemptFact(models.Model):
    """An attempt that met nobody, since somebody was last spoken with."""

    household_id = models.BigIntegerField()
    fact_id = models.BigIntegerField(primary_key=True)
    occurred_at = models.DateTimeField()
    observed_on = models.DateField()
    known_at = models.DateTimeField()
    channel = models.CharField(max_length=10)
    in_hours = models.BooleanField()
    no_signal = models.BooleanField()

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        managed = False
        app_label = "risk"
        apps = SWEEP
        db_table = "sweep_attempt"

    @staticmethod
    def evidence():
        return JSONObject(
            fact_id="fact_id",
            kind=Value("attempt"),
            code="channel",
            observed="observed_on",
            at="occurred_at",
            known="known_at",
        )


class PeriodFact(models.Model):
    """The last day of a person's protection, extensions counted in; `wish`: what the person said of an extension,
    "unwritten" where it is wanted and no request was submitted."""

    household_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    fact_id = models.BigIntegerField(primary_key=True)
    basis = models.CharField(max_length=10)
    ends_on = models.DateField()
    days_left = models.IntegerField()
    known_at = models.DateTimeField()
    wish = models.CharField(max_length=10)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        managed = False
        app_label = "risk"
        apps = SWEEP
        db_table = "sweep_period"

    @staticmethod
    def evidence():
        return JSONObject(
            fact_id="fact_id",
            kind=Value("protection"),
            code="basis",
            observed="ends_on",
            known="known_at",
            wish="wish",
        )


class GapFact(models.Model):
    """How long a household was not spoken with, against its limit; made by the judge from the other rules' band."""

    household_id = models.BigIntegerField(primary_key=True)
    band = models.PositiveSmallIntegerField()
    score = models.IntegerField()
    contact_on = models.DateField(null=True)
    contact_fact = models.BigIntegerField(null=True)
    contact_known_at = models.DateTimeField(null=True)
    counted_from = models.DateField()
    limit_days = models.IntegerField()
    due_on = models.DateField()
    days = models.IntegerField()
    doubled = models.BooleanField()
    declined = models.BooleanField()
    in_arrears = models.BooleanField()
    attempts = models.IntegerField()

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        managed = False
        app_label = "risk"
        apps = SWEEP
        db_table = "sweep_gap"

    @staticmethod
    def evidence():
        return JSONObject(
            fact_id="contact_fact",
            kind=Value("gap"),
            code=Value("last_contact"),
            observed="counted_from",
            known="contact_known_at",
            limit_days="limit_days",
            doubled="doubled",
        )
