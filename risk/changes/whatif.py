"""What a change of the rules would do to everybody, both ways, before anybody decides about it.

Only households whose hits would differ are judged, twice over the same gathered facts; the others stand where the last
live sweep left them. A test holds that this equals two judgements of everybody. Nothing is written that lasts.
"""

import json
import time

from django.db import connection, transaction

from risk.changes.affected import candidates, differing
from risk.changes.effect import Effect, Judged, compare
from risk.criteria import CODE
from risk.facts.gathering import Facts
from risk.judge import judge_by_each, standing_of, undone
from risk.models import RuleVersion
from risk.sweeps import forget, one_snapshot

JUDGED = """
    SELECT judged.household_id, judged.band, judged.score, gap.limit_days,
        ARRAY(SELECT jsonb_array_elements(judged.hits) ->> 'rule') AS rules
    FROM sweep_judged judged JOIN sweep_gap gap ON gap.household_id = judged.household_id
"""
HITS = "SELECT household_id, hits::text FROM sweep_judged"
# The hits of so many fit into memory.
FEW = 6_000


def simulate(proposed, as_of, *, seed=""):
    """Return the Effect of putting `proposed` in force on the day asked about; reads one snapshot, writes nothing.

    `proposed` has the fields of a RuleVersion (code, version, parameters, off, pattern, names), saved or not. `seed`
    makes the sample of 20 households that change: the same seed and the same facts give the same households.
    """
    begun = time.perf_counter()
    with one_snapshot(live=False):
        stand = list(RuleVersion.objects.in_force(on=as_of.on).order_by("id"))
        instead = [version for version in stand if version.code != proposed.code] + [proposed]
        pair = standing_of(stand), standing_of(instead)
        rests_on = RuleVersion.objects.standing(on=as_of.on)
        effect = Effect(on=as_of.on, known_by=as_of.known_by, rests_on=rests_on)
        _of_bands(pair, as_of, effect, seed) if proposed.code == CODE else _of_rule(pair, proposed, as_of, effect, seed)
    effect.seconds = time.perf_counter() - begun
    return effect


def _of_rule(pair, proposed, as_of, effect, seed):
    """One rule: find out whom it would treat differently, and judge those by the old and by the new rules."""
    (criteria, old), (__, new) = pair
    before, after = (_by_code(rules, proposed.code) for rules in (old, new))
    facts, touched = _gathered([rule for rule in (before, after) if rule], before, after, as_of, criteria)
    few = touched is not None and len(touched) <= FEW
    choices = [old, new]
    (was, old_hits), (became, new_hits) = judge_by_each(facts, proposed.code, choices, lambda: _judged(with_hits=few))

    def told(sample):
        if few:
            return [{household: json.loads(hits[household]) for household in sample} for hits in (old_hits, new_hits)]
        forget()
        some = Facts(as_of, criteria, households=sample, live=True)
        some.gather()
        return judge_by_each(some, proposed.code, choices, _hits)

    compare(was, became, proposed.code, told, effect, seed)


def _gathered(versions, before, after, as_of, criteria):
    """Return (gathered facts, ids of their households or None for everybody): all whom the change may touch.

    Where few of those who might differ do, the few are gathered anew: judging costs more than finding that out, for
    which signals and tags are enough where the rule reads nothing else.
    """
    ids = candidates(versions, Facts(as_of, criteria, live=True)) if versions else set()
    facts = Facts(as_of, criteria, households=ids, live=True)
    mark = transaction.savepoint()
    facts.gather() if ids is None else facts.gather_told()
    touched = differing(before, after, facts) if versions else ids
    if touched is None or (ids is not None and len(touched) * 3 > len(ids)):
        if ids is not None:
            facts.gather_entitled()
        return facts, ids
    transaction.savepoint_rollback(mark)
    facts = Facts(as_of, criteria, households=touched, live=True)
    facts.gather()
    return facts, touched


def _of_bands(pair, as_of, effect, seed):
    """The numbers of all rules together: everybody is judged twice, each time from facts gathered by those numbers."""

    def twice(read, ids=None):
        found = []
        for numbers, rules in pair:
            facts = Facts(as_of, numbers, households=ids, live=True)
            with undone():
                facts.gather()
                found += judge_by_each(facts, CODE, [rules], read)
        return found

    (was, __), (became, __) = twice(_judged)

    def told(sample):
        hits = twice(_hits, sample)
        Facts(as_of, pair[0][0], households=sample, live=True).gather()
        return hits

    compare(was, became, None, told, effect, seed)


def _by_code(rules, code):
    return next((known.rule for known in rules if known.rule.code == code), None)


def _judged(with_hits=False):
    """Return {household: Judged} as just judged and, if asked, {household: its hits as JSON text}."""
    with connection.cursor() as cursor:
        cursor.execute(JUDGED)
        rows = cursor.fetchall()
        cursor.execute(HITS if with_hits else f"{HITS} WHERE FALSE")
        hits = dict(cursor.fetchall())
    return {
        household: Judged(band, score, limit, frozenset(codes)) for household, band, score, limit, codes in rows
    }, hits


def _hits():
    """Return {household: its hits as an assessment keeps them} of the households just judged."""
    return {household: json.loads(hits) for household, hits in _judged(with_hits=True)[1].items()}
