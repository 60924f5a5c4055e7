"""The same ten rules the way they are usually written: rows fetched beforehand, then household by household in Python.

With the package `rule-engine` from PyPI, its rules compiled once, and a handful of queries however many people there
are. Both sides find hits only, no points and no bands. A test holds that they find the same.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import rule_engine
from django.db import connection
from django.db.models import Max, Q
from django.utils import timezone

from casework.clock import day_ends
from desks.bench.timing import took
from households.entitlements.ending import ending
from households.models import (
    Circumstance,
    Contact,
    Entitlement,
    Household,
    Membership,
    Participant,
    ProtectionPeriod,
    Residence,
    Screening,
)
from risk.facts.gathering import Facts
from risk.judge import in_force
from risk.models import Signal, SignalCode
from risk.sweeps import one_snapshot

MEMORY_DAYS, HALF_YEAR, YEAR = 730, 180, 365
LATELY = "(s['age'] <= %d or s['unspoken'])"
TAGGED = "[t for t in tags if t['tag'] in %s and not t['recovered'] and (t['age'] <= %d or t['unspoken'])%s].length > 0"


def _owed(codes: str, days: int, more: str) -> str:
    return f"[s for s in signals if s['code'] in {codes} and {LATELY % days} and {more}].length > 0"


BILLS, CUTS, HOME = "['S04', 'S10', 'S11']", "['S12', 'S13', 'S14']", "['S05', 'S06']"
MONTHS, AMOUNT = "s['months'] >= 3", "(s['code'] == 'S08' or (s['amount'] >= 1000000 and s['amount'] <= 20000000))"
NOTICES = TAGGED % ("['eviction_notice', 'lease_cancelled']", YEAR, "")
DEAD = TAGGED % ("['number_invalid']", HALF_YEAR, " and not t['rung']")
ABSENT = TAGGED % ("['school_absence']", YEAR, "")
SELF_HARM = "[t for t in tags if t['tag'] == 'self_harm'].length > 0"
CHILD_HARM = "[t for t in tags if t['tag'] == 'child_harm'].length > 0"
RULES = {
    "R-UTIL-CUT": f"[s for s in signals if s['code'] in {CUTS} and not s['verified']].length > 0",
    "R-UTIL-MULTI": f"[s for s in signals if s['code'] in {BILLS} and {LATELY % HALF_YEAR}].length >= 2 or "
    + _owed(BILLS, HALF_YEAR, MONTHS),
    "R-NHI-ARR": _owed("['S01']", YEAR, MONTHS),
    "R-RENT-ARR": f"{_owed(HOME, YEAR, MONTHS)} or {NOTICES}",
    "R-TEL-ARR": _owed("['S07']", HALF_YEAR, MONTHS) + f" or {DEAD}",
    "R-DEBT": _owed("['S03', 'S08']", MEMORY_DAYS, AMOUNT),
    "R-MULTI-SIG": f"[s['code'] for s in signals if s['overlap'] and {LATELY % YEAR}].to_set.length >= 3",
    "R-PROT-END": "[d for d in days_left if d >= 0 and d <= 180].length > 0 or support_ends",
    "R-SUI": SELF_HARM + " or [s for s in signals if s['code'] in ['S24', 'S25']].length > 0 or item9",
    "R-CHILD": f"{CHILD_HARM} or {ABSENT} or " + _owed("['S44']", YEAR, "true"),
}


def measure(as_of: Any) -> dict[str, float]:
    """Return the seconds of both ways over every household, how many times faster the sweep is, and whether the hits
    are the same: `engine`, `ours`, `times`, `hits`, `apart`."""
    found: dict[str, set] = {}
    seconds = {
        "engine": took(lambda: found.update(engine=by_engine(as_of.on))),
        "ours": took(lambda: found.update(ours=by_sweep(as_of))),
    }
    apart = len(found["engine"] ^ found["ours"])
    return {**seconds, "times": seconds["engine"] / seconds["ours"], "hits": len(found["ours"]), "apart": apart}


def by_sweep(as_of: Any) -> set[tuple[str, int]]:
    """Return {(rule, household)} as a sweep finds them: the facts of all rules gathered, these ten asked of them."""
    criteria, standing = in_force(as_of.on)
    found: set[tuple[str, int]] = set()
    with one_snapshot(live=False), connection.cursor() as cursor:
        facts = Facts(as_of, criteria, live=True)
        facts.gather()
        for rule in (known.rule for known in standing if known.rule.code in RULES):
            for rows in rule.hits(facts):
                sql, params = rows.query.sql_with_params()
                cursor.execute(f"SELECT DISTINCT household_id FROM ({sql}) hit", params)
                found.update((rule.code, row[0]) for row in cursor.fetchall())
    return found


def by_engine(on: date) -> set[tuple[str, int]]:
    """Return {(rule, household)} as rule-engine finds them."""
    rules = {code: rule_engine.Rule(text) for code, text in RULES.items()}
    return {
        (code, household)
        for household, facts in Prefetched(on).households()
        for code, rule in rules.items()
        if rule.matches(facts)
    }


class Prefetched:
    """All rows that the ten rules read, fetched in some fifteen queries and put beside each other by household."""

    def __init__(self, on: date) -> None:
        self.on, self.end = on, day_ends(on)
        self.codes = {code.code: code for code in SignalCode.objects.order_by("code")}
        self._people()
        self._contacts()
        self.signals = self._signals()
        self.days_left = self._periods()
        self.support_ends = self._support()
        self.item9 = self._screened()

    def households(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield each household with what the rules ask for."""
        for household, people in self.members.items():
            yield (
                household,
                {
                    "signals": self.signals.get(household, []),
                    "tags": self._tags(household),
                    "days_left": [self.days_left[one] for one in people if one in self.days_left],
                    "support_ends": household in self.support_ends,
                    "item9": any(one in self.item9 for one in people),
                },
            )

    def _people(self) -> None:
        gone = Residence.objects.current().filter(during__contains=self.on, status__in=["deceased", "emigrated"])
        left = set(gone.order_by().values_list("person", flat=True))
        rows = Membership.objects.current().filter(kind="living").order_by("id")
        self.lived: dict[int, list] = defaultdict(list)
        self.members: dict[int, list[int]] = defaultdict(list)
        self.home: dict[int, int] = {}
        for person, household, during in rows.values_list("person", "household", "during"):
            self.lived[person].append((household, during))
            if self._within(during, self.on) and person not in left:
                self.members[household].append(person)
                self.home[person] = household

    def _within(self, during: Any, day: date) -> bool:
        low, high = during.lower, during.upper
        return not during.isempty and (low is None or low <= day) and (high is None or day < high)

    def _contacts(self) -> None:
        """Keep when each household was last spoken with, rung, found with power again; and the latest of each tag."""
        self.spoken: dict[int, Any] = {}
        self.rung: dict[int, Any] = {}
        self.told: dict[int, dict[str, Any]] = defaultdict(dict)
        rows = Contact.objects.current().filter(occurred_at__lt=self.end).order_by("occurred_at", "id")
        columns = ("household", "occurred_at", "channel", "contact_made", "tags")
        for household, at, channel, made, tags in rows.values_list(*columns).iterator(20_000):
            if made and channel != "message":
                self.spoken[household] = at
            if made and channel in ("phone", "message"):
                self.rung[household] = at
            for tag in tags:
                self.told[household][tag] = at
        alone = Participant.objects.filter(contact__superseded_at=None, contact__contact_made=True)
        alone = alone.filter(contact__occurred_at__lt=self.end).exclude(contact__channel="message").order_by()
        self.own = dict(alone.values("person").annotate(at=Max("contact__occurred_at")).values_list("person", "at"))

    def _tags(self, household: int) -> list[dict[str, Any]]:
        told, spoken = self.told.get(household, {}), self.spoken.get(household)
        recovered = told.get("recovered")
        return [
            {
                "tag": tag,
                "age": age,
                "unspoken": spoken is None or spoken <= at,
                "recovered": recovered is not None and recovered > at,
                "rung": household in self.rung and self.rung[household] > at,
            }
            for tag, at in told.items()
            if (age := (self.on - timezone.localtime(at).date()).days) < MEMORY_DAYS
        ]

    def _signals(self) -> dict[int, list[dict[str, Any]]]:
        known = Signal.objects.current().filter(observed_on__lte=self.on)
        standing = Q(ended_on=None) | Q(ended_on__gt=self.on)
        columns = ("person", "code", "observed_on", "months", "id", "amount_krw", "ended_on")
        opened: dict[Any, list] = defaultdict(list)
        ended: dict[Any, list] = defaultdict(list)
        for person, code, *rest in known.filter(standing).order_by().values_list(*columns).iterator(20_000):
            if (self.on - rest[0]).days < MEMORY_DAYS:
                for subject in self._subjects(person, code, rest[0]):
                    opened[subject, code].append(rest)
        for person, code, *rest in known.exclude(standing).order_by().values_list(*columns).iterator(20_000):
            for subject in self._subjects(person, code, rest[0]):
                ended[subject, code].append(rest)
        found: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for (subject, code), rows in opened.items():
            home = -subject if subject < 0 else self.home.get(subject)
            if home in self.members and not self._closed(rows, ended.get((subject, code), ())):
                found[home].append(self._one(subject, home, code, rows))
        return found

    def _subjects(self, person: int, code: str, day: date) -> Iterable[int]:
        """Return whom a signal is about: the person, or (negative) the home in which the person then lived."""
        if not self.codes[code].of_dwelling:
            return (person,)
        return [-household for household, during in self.lived[person] if self._within(during, day)]

    def _closed(self, rows: list, ended: Iterable) -> bool:
        """Tell whether the latest telling is that it ended."""
        last = (max(row[0] for row in rows), max(row[2] for row in rows))
        return any((row[0], row[2]) > last for row in ended)

    def _one(self, subject: int, home: int, code: str, rows: list) -> dict[str, Any]:
        observed, _months, _id, amount, _ended = max(rows, key=lambda row: (row[0], row[1] or -1, row[2]))
        counted = max(((row[0], row[1], row[2]) for row in rows if row[1] is not None), default=None)
        spoken = self.spoken.get(home) or self.own.get(subject)
        again = self.told.get(home, {}).get("utilities_ok")
        return {
            "code": code,
            "months": counted[1] if counted else 0,
            "amount": amount or 0,
            "age": (self.on - observed).days,
            "unspoken": spoken is None or timezone.localtime(spoken).date() < observed,
            "verified": again is not None and timezone.localtime(again).date() >= observed,
            "overlap": self.codes[code].in_overlap,
        }

    def _periods(self) -> dict[int, int]:
        rows = ProtectionPeriod.objects.current().filter(during__endswith__gt=self.on).order_by()
        last: dict[int, date] = {}
        begun = set()
        for person, during in rows.values_list("person", "during"):
            last[person] = max(last.get(person, during.upper), during.upper)
            if during.lower is None or during.lower <= self.on:
                begun.add(person)
        return {person: (day - self.on).days - 1 for person, day in last.items() if person in begun}

    def _support(self) -> set[int]:
        """Return the households where what was granted, or a benefit that comes in, ends within 90 days."""
        told = Circumstance.objects.current().filter(kind="benefit", value="receiving", during__contains=self.on)
        comes_in: dict[str, set[int | None]] = defaultdict(set)
        numbers = dict(Household.objects.filter(pk__in=self.members).order_by().values_list("number", "pk"))
        for person, benefit in told.order_by().values_list("person", "detail"):
            comes_in[benefit].add(self.home.get(person))
        benefits = dict(Entitlement.objects.exclude(benefit="").values_list("code", "benefit"))
        return {
            numbers[line.household]
            for line in ending(list(self.members), self.on)
            if line.why == "grant" or numbers[line.household] in comes_in[benefits.get(line.code, "")]
        }

    def _screened(self) -> set[int]:
        rows = (
            Screening.objects.current()
            .filter(instrument="phq9", item9__isnull=False, observed_on__lte=self.on)
            .order_by("observed_on", "fact_id")
        )
        latest = {person: (day, item9) for person, day, item9 in rows.values_list("person", "observed_on", "item9")}
        return {one for one, (day, item9) in latest.items() if item9 and (self.on - day).days < MEMORY_DAYS}
