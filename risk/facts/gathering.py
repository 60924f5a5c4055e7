"""The facts of one sweep: gathered once into temporary tables, which rules then read (design §5).

The tables live in the transaction that made them. The number of statements does not depend on the number of people.
"""

from datetime import timedelta
from pathlib import Path

from django.contrib.postgres.aggregates import JSONBAgg
from django.db import connection, models
from django.db.models import Count, ExpressionWrapper, F, Func, Max, Min, Value
from django.utils.translation import gettext

from casework.clock import SEOUL, AsOf, add_months, day_ends
from households.models import Circumstance, Contact, Membership
from households.models.screening import Instrument
from risk.facts import entitled, linked
from risk.facts.entitled import EndingFact, EntitledFact
from risk.facts.stated import CircumstanceFact, LonelyFact, MoveFact, ScreeningFact, StallFact
from risk.facts.tables import AttemptFact, GapFact, PeriodFact, SignalFact, TagFact
from risk.models import SignalCode

SQL = Path(__file__).parents[1] / "sql"
GATHERED = ("people", "asks", "found", "homes", "moves", "signals", "stated", "met")
# Tags that say something of the person who was spoken with and follow them wherever they live; and those about a home.
PERSONAL = ["self_harm", "violence", "divorce", "bereavement", "release", "long_absence", "childbirth", "alcohol"]
PERSONAL += ["chronic_illness", "disability", "isolation", "job_loss"]
OF_HOME = ["no_food", "no_heat_power", "child_harm", "school_absence", "number_invalid", "eviction_notice"]
OF_HOME += ["lease_cancelled", "returned_mail", "address_mismatch", "covered_elsewhere"]
# The death of the head is told of the dead, who hit no rule; it concerns the home that is left.
OF_ALL = ["S37"]
FOREVER = "infinity"
# Room for the hashes of a million rows; a small sample is enough to plan by; compiling costs more than it saves; and a
# merge over an index would fetch a million rows one by one.
SETTINGS = """
    SET LOCAL work_mem = '96MB';
    SET LOCAL default_statistics_target = 20;
    SET LOCAL jit = off;
    SET LOCAL enable_mergejoin = off;
"""
USUAL = "SET LOCAL enable_mergejoin = on"
CHOSEN = "contact.id IN (SELECT chosen.id FROM sweep_chosen chosen)"


def statements(name):
    """Return the SQL of risk/sql/<name>.sql; its head says which parameters it takes."""
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")


class Facts:
    """What was true on a day, by what was known at a moment, for all households or some of them."""

    def __init__(self, as_of: AsOf, criteria, *, households=None, live=False):
        """`households`: ids, or None for all. `live`: everything recorded so far counts as known.

        A live sweep does not compare clocks: what stands in its snapshot is known, so that a difference between the
        clocks of two machines cannot hide a fact that was taken off the queue.
        """
        self.as_of = as_of
        self.on = as_of.on
        self.criteria = criteria
        self.households = None if households is None else linked.with_kept_homes(households)
        self.scope = {
            **criteria.as_dict(),
            "on": as_of.on,
            "known": FOREVER if live else as_of.known_by,
            # As the text of an array: thousands of numbers, each an expression, would be read anew in every statement.
            "ids": None if self.households is None else f"{{{','.join(map(str, self.households))}}}",
        }
        ends = day_ends(as_of.on)
        moment = min(as_of.known_by, ends)
        self.live = live
        self.asked = {"live": live, "moment": moment, "heard": ends if live else moment}

    def gather(self):
        """Make the temporary tables; must run inside a transaction, which drops them at its end."""
        self.gather_told()
        self.gather_entitled()

    def gather_told(self):
        """Make all but what people may be entitled to: enough where a rule reads signals and tags alone."""
        with connection.cursor() as cursor:
            cursor.execute(SETTINGS)
            dwelling = list(SignalCode.objects.filter(of_dwelling=True).order_by("code").values_list("code", flat=True))
            tags = {"personal": PERSONAL, "counted": PERSONAL + OF_HOME}
            params = {**self.scope, **self.asked, **tags, "dwelling": dwelling + OF_ALL}
            cursor.execute(statements("links"), self.scope)
            with linked.covered(cursor, self.scope):
                among = "TRUE" if self.households is None else CHOSEN
                for name in GATHERED:
                    cursor.execute(statements(name).replace("__AMONG__", among), params)
            cursor.execute(USUAL)

    def gather_entitled(self):
        """Make what people may be entitled to, beside what is gathered already."""
        with connection.cursor() as cursor, linked.covered(cursor, self.scope):
            cursor.execute(SETTINGS)
            entitled.gather(cursor, self.scope, self.as_of, live=self.live)
            cursor.execute(USUAL)

    def days_ago(self, days):
        """Return the day that lies so many days before the one asked about."""
        return self.on - timedelta(days=days)

    def years_ago(self, years):
        """Return the day of birth of somebody who turns so many years on the day asked about."""
        return add_months(self.on, -12 * years)

    def signals(self, *codes):
        """Return the crisis signals that have not ended; of `codes`, or all."""
        rows = SignalFact.objects.order_by()
        return rows.filter(code__in=codes) if codes else rows

    def tags(self, *tags):
        """Return the latest contact at which each of `tags` was learnt."""
        return TagFact.objects.order_by().filter(tag__in=tags)

    def circumstances(self, kind, *values):
        """Return what is stated of people and true on the day, of one kind; of `values`, or all a rule may ask for."""
        rows = CircumstanceFact.objects.order_by().filter(kind=kind)
        return rows.filter(value__in=values) if values else rows

    def screenings(self, instrument):
        """Return the latest screening of each person by an instrument."""
        return ScreeningFact.objects.order_by().filter(instrument=instrument)

    def lonely(self):
        """Return what weighs on people who live alone."""
        return LonelyFact.objects.order_by()

    def entitled(self):
        """Return what households may be entitled to and nobody there is on record of having applied for."""
        return EntitledFact.objects.order_by()

    def endings(self, look_ahead):
        """Return what was granted or is received and ends at most `look_ahead` days ahead."""
        ends = F("ends_on")
        return (
            EndingFact.objects.order_by()
            .annotate(
                who=F("person_id"),
                told=_alone(EndingFact.evidence()),
                begun=_date(ends - Value(look_ahead, models.IntegerField())),
            )
            .filter(days_left__lte=look_ahead)
        )

    def moves(self):
        """Return the households that moved to a district which the centre that answers for them does not cover."""
        return MoveFact.objects.order_by().annotate(
            who=Value(None, models.BigIntegerField()), begun=F("moved_on"), told=_alone(MoveFact.evidence())
        )

    def stalls(self):
        """Return the referrals of which a clock has run out, gathered per household."""
        return (
            StallFact.objects.order_by()
            .values("household_id")
            .annotate(
                who=Value(None, models.BigIntegerField()),
                begun=Min("ran_out_on"),
                told=JSONBAgg(StallFact.evidence(), order_by=["ran_out_at", "id"]),
                held=Max("held_band"),
            )
        )

    def attempts(self):
        """Return the attempts since somebody was last spoken with, gathered per household."""
        return (
            AttemptFact.objects.order_by()
            .values("household_id")
            .annotate(
                who=Value(None, models.BigIntegerField()),
                begun=Min("observed_on"),
                told=JSONBAgg(AttemptFact.evidence(), order_by=["occurred_at", "fact_id"]),
                number=Count("fact_id"),
            )
        )

    def periods(self, look_ahead):
        """Return the protection periods whose last day is at most `look_ahead` days ahead."""
        ends = F("ends_on")
        return (
            PeriodFact.objects.order_by()
            .annotate(
                who=F("person_id"),
                told=_alone(PeriodFact.evidence()),
                begun=_date(ends - Value(look_ahead, models.IntegerField())),
            )
            .filter(days_left__lte=look_ahead, days_left__gte=0)
        )

    def gaps(self):
        """Return the contact gap of each household against its limit; stands only after the other rules were judged."""
        return GapFact.objects.order_by().annotate(
            who=Value(None, models.BigIntegerField()),
            begun=_date(F("due_on") + Value(1)),
            told=_alone(GapFact.evidence()),
        )

    def unknown_months(self, *codes):
        """Return sentences on arrears whose months the sender did not tell."""
        told = self.signals(*codes).filter(months=None).values_list("code", flat=True)
        return [gettext("{code}: the sender did not say how many months.").format(code=code) for code in told]

    def unknown_amounts(self, *codes):
        """Return sentences on debts whose amount the sender did not tell."""
        told = self.signals(*codes).filter(priced__amount_krw=None).values_list("code", flat=True)
        return [gettext("{code}: the sender did not say the amount.").format(code=code) for code in told]

    def never_stated(self, *kinds):
        """Return a sentence for each kind of circumstance of which nothing is on record of anybody here."""
        asked = Circumstance.objects.known_by(self.as_of.known_by).during(self.on).exclude(value="unknown")
        people = Membership.objects.known_by(self.as_of.known_by).during(self.on)
        here = people.filter(household_id__in=self.households or [], kind="living").order_by().values("person")
        said = set(asked.filter(person__in=here, kind__in=kinds).order_by().values_list("kind", flat=True))
        return [
            gettext("{what}: nothing on record.").format(what=Circumstance.Kind(kind).label)
            for kind in kinds
            if kind not in said
        ]

    def never_screened(self, instrument):
        """Return a sentence on the latest screening by an instrument, or that there is none."""
        last = self.screenings(instrument).order_by("-observed_on").values_list("observed_on", flat=True).first()
        words = {"name": Instrument(instrument).label, "day": last and last.isoformat()}
        if last is None:
            return [gettext("{name}: no screening on record.").format(**words)]
        return [gettext("{name}: last on {day}.").format(**words)]

    def never_asked(self, question):
        """Return a sentence when no contact asked the risk `question` (a field of Contact) of anybody here."""
        asked = Contact.objects.known_by(self.as_of.known_by).filter(
            household_id__in=self.households or [],
            occurred_at__lt=day_ends(self.on),
            **{f"{question}__in": ["yes", "no"]},
        )
        last = asked.order_by("-occurred_at").values_list("occurred_at", flat=True).first()
        if last is None:
            return [gettext("No contact on record has asked about it.")]
        return [gettext("Last asked on {day}.").format(day=last.astimezone(SEOUL).date().isoformat())]

    def next_end(self):
        """Return the earliest last day of a running protection period, or None."""
        return PeriodFact.objects.order_by("ends_on").values_list("ends_on", flat=True).first()

    def next_ending(self):
        """Return what ends next of what was granted or is received, or None."""
        return EndingFact.objects.order_by("ends_on", "code").first()


def _alone(evidence):
    return Func(evidence, function="JSONB_BUILD_ARRAY", output_field=models.JSONField())


def _date(expression):
    return ExpressionWrapper(expression, output_field=models.DateField())
