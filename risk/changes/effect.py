"""The effect of a change, counted from two judgements: bands, flags, centres, contacts owed, and whom to read."""

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import connection

from risk.bands import Band

SAMPLE = 20

OTHERS = """
    SELECT band, count(*)::int FROM risk_standing
    WHERE household_id NOT IN (SELECT unnest(%s::bigint[])) GROUP BY band
"""
# Contacts that a limit owes in a week; before an Emergency was met it is one a day (risk.md, 1).
OWED = """
    SELECT duty.center_id, main.worker_id, count(*)::int,
        sum(CASE WHEN standing.limit_days = 0 THEN 7 ELSE 7.0 / standing.limit_days END)::float
    FROM risk_standing standing
    LEFT JOIN households_responsibility duty ON duty.household_id = standing.household_id
        AND duty.superseded_at IS NULL AND duty.during @> %(on)s::date
    LEFT JOIN households_assignment main ON main.household_id = standing.household_id
        AND main.superseded_at IS NULL AND main.during @> %(on)s::date AND main.kind = 'main'
    GROUP BY 1, 2
"""
PLACES = """
    SELECT household.id, household.number, duty.center_id, main.worker_id
    FROM households_household household
    LEFT JOIN households_responsibility duty ON duty.household_id = household.id
        AND duty.superseded_at IS NULL AND duty.during @> %(on)s::date
    LEFT JOIN households_assignment main ON main.household_id = household.id
        AND main.superseded_at IS NULL AND main.during @> %(on)s::date AND main.kind = 'main'
    WHERE household.id = ANY(%(ids)s)
"""
HOMES = """
    SELECT household_id, count(*)::int, bool_or(violence), array_agg(person_id)
    FROM sweep_person WHERE household_id = ANY(%s) GROUP BY household_id
"""


@dataclass(frozen=True)
class Judged:
    """How one household was judged: band, score, days within which a contact is owed, codes of the rules that hit."""

    band: int = int(Band.GENERAL)
    score: int = 0
    limit_days: int = 0
    rules: frozenset = frozenset()


@dataclass
class Effect:
    """What a change would do. `moves`: {(before, after): households}; the rest counts by centre and by worker.

    `rests_on`: the versions that it was judged by (RuleVersionQuerySet.standing).
    """

    on: date
    known_by: datetime
    seconds: float = 0.0
    households: int = 0
    moves: Counter = field(default_factory=Counter)
    new: int = 0
    new_up: int = 0
    cleared: int = 0
    cleared_down: int = 0
    entered: int = 0
    left: int = 0
    centres: dict = field(default_factory=dict)
    workers: dict = field(default_factory=dict)
    sample: list = field(default_factory=list)
    changed: int = 0
    rests_on: dict = field(default_factory=dict)

    @property
    def up(self):
        return sum(count for (before, after), count in self.moves.items() if after > before)

    @property
    def down(self):
        return sum(count for (before, after), count in self.moves.items() if after < before)

    def as_json(self):
        """Return the object that a Simulation keeps: counts, [before, after, households] of the bands, one row for each
        centre and each worker, by id; a centre of None answers for nobody. A centre's `owed`, by bands: [before, after,
        households whose limit changes, contacts a week more, most of them for one household]."""
        counts = ("households", "changed", "new", "new_up", "cleared", "cleared_down", "up", "down", "entered", "left")
        return {
            "v": 2,
            **{name: getattr(self, name) for name in counts},
            "moves": [[before, after, count] for (before, after), count in sorted(self.moves.items())],
            "centres": [
                {"centre": centre, **row, "owed": [[*bands, *sums] for bands, sums in sorted(row["owed"].items())]}
                for centre, row in self.centres.items()
            ],
            "workers": [{"worker": worker, **row} for (worker, __), row in self.workers.items()],
        }


def compare(was, became, code, told, effect, seed):
    """Fill `effect` from two judgements of the same households.

    `code`: the rule that changes, or None where all rules may. `told(ids)` returns their hits before and after and
    leaves `sweep_person` of these households behind. `seed` draws the sample.
    """
    changed = [household for household in sorted(was) if _differs(was[household], became[household], code)]
    owed = [household for household in was if was[household].limit_days != became[household].limit_days]
    places = _places({*changed, *owed}, effect.on)
    _count_moves(was, became, effect)
    _count_owed(was, became, owed, places, effect)
    for household in changed:
        _count_flags(was[household], became[household], code, _centre(effect, places[household]["centre"]), effect)
    effect.changed = len(changed)
    sample = sorted(changed, key=lambda household: _draw(seed, household))[:SAMPLE]
    effect.sample = _lines(sample, was, became, told(sample), places) if sample else []


def _differs(before, after, code):
    if before.band != after.band or _more(before, after, code) or _more(after, before, code):
        return True
    return code is None and before.limit_days != after.limit_days


def _more(before, after, code):
    """Return the rules that hit afterwards and did not before: `code` alone, or all."""
    more = after.rules - before.rules
    return more & {code} if code else more


def _draw(seed, household):
    return hashlib.sha256(f"{seed}:{household}".encode()).hexdigest()


def _places(households, on):
    with connection.cursor() as cursor:
        cursor.execute(PLACES, {"ids": sorted(households), "on": on})
        return {
            household: {"number": number, "centre": centre, "worker": worker}
            for household, number, centre, worker in cursor.fetchall()
        }


def _count_moves(was, became, effect):
    with connection.cursor() as cursor:
        cursor.execute(OTHERS, [sorted(was)])
        effect.moves.update({(band, band): count for band, count in cursor.fetchall()})
    effect.moves.update((was[household].band, became[household].band) for household in was)
    effect.households = sum(effect.moves.values())
    emergency = int(Band.EMERGENCY)
    effect.entered = sum(n for (old, new), n in effect.moves.items() if new == emergency != old)
    effect.left = sum(n for (old, new), n in effect.moves.items() if old == emergency != new)


def _count_owed(was, became, owed, places, effect):
    """Count what is owed in a week by each worker and centre, as it stands and as it would be."""
    with connection.cursor() as cursor:
        cursor.execute(OWED, {"on": effect.on})
        for centre, worker, households, weekly in cursor.fetchall():
            for row in (_centre(effect, centre), _worker(effect, worker, centre)) if worker else ():
                row["households"] += households
                row["before"] += weekly
                row["after"] += weekly
    for household in owed:
        place = places[household]
        more = _weekly(became[household].limit_days) - _weekly(was[household].limit_days)
        if place["worker"]:
            centre = _centre(effect, place["centre"])
            centre["after"] += more
            _worker(effect, place["worker"], place["centre"])["after"] += more
            sums = centre["owed"].setdefault((was[household].band, became[household].band), [0, 0.0, 0.0])
            sums[:] = sums[0] + 1, sums[1] + more, max(sums[2], abs(more))
    for row in effect.workers.values():
        _centre(effect, row["centre"])["workers"] += 1


def _weekly(limit):
    return 7.0 / limit if limit else 7.0


def _count_flags(before, after, code, centre, effect):
    came, went = bool(_more(before, after, code)), bool(_more(after, before, code))
    up, down = after.band > before.band, after.band < before.band
    effect.new, effect.cleared = effect.new + came, effect.cleared + went
    effect.new_up, effect.cleared_down = effect.new_up + (came and up), effect.cleared_down + (went and down)
    for name, counted in (("new", came), ("cleared", went), ("up", up), ("down", down)):
        centre[name] += counted


def _centre(effect, centre):
    counts = ("households", "workers", "new", "cleared", "up", "down")
    return effect.centres.setdefault(centre, {**dict.fromkeys(counts, 0), "before": 0.0, "after": 0.0, "owed": {}})


def _worker(effect, worker, centre):
    return effect.workers.setdefault((worker, centre), {"centre": centre, "households": 0, "before": 0.0, "after": 0.0})


def _lines(sample, was, became, hits, places):
    """Return the households to read: number, size, centre, bands, and the hits that come, go or weigh differently."""
    before, after = hits
    with connection.cursor() as cursor:
        cursor.execute(HOMES, [sample])
        homes = {household: rest for household, *rest in cursor.fetchall()}
    lines = []
    for household in sample:
        size, protected, people = homes.get(household, (0, True, []))
        old, new = before.get(household, []), after.get(household, [])
        lines.append(
            {
                "household": household,
                "number": places[household]["number"],
                "centre": places[household]["centre"],
                "size": size,
                "protected": protected,
                "people": people,
                "before": was[household].band,
                "after": became[household].band,
                "score": [was[household].score, became[household].score],
                "limit": [was[household].limit_days, became[household].limit_days],
                "went": _without(old, new),
                "came": _without(new, old),
            }
        )
    return lines


def _without(hits, others):
    """Return the hits that the others have not, or not with the same points and the same floor."""
    keys = ("rule", "person", "points", "floor", "trump")
    there = {tuple(hit[key] for key in keys) for hit in others}
    kept = ("rule", "since", "points", "floor", "trump", "evidence")
    return [{key: hit[key] for key in kept} for hit in hits if tuple(hit[key] for key in keys) not in there]
