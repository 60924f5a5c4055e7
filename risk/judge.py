"""From facts to bands: the rules' hits, points under the caps, floors, and the contact gap at the very end.

Everything happens in the transaction's temporary tables (`risk/sql`), whatever the number of people. The result is a
function of the day asked about, of what was known, and of what was written down before: the rules themselves read facts
alone, but `asks.sql` reads the assessment that a household had when a referral's clock ran out, and `verdict.sql` the
flag that somebody dismissed, as long as it was not cleared.
"""

import json
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction

from risk.criteria import CODE, Criteria, criteria_from
from risk.facts.gathering import statements
from risk.models import RuleVersion
from risk.rules import RULES, Rule
from risk.rules.pattern import SignalPattern

INSERT = """
    INSERT INTO sweep_raw
    SELECT %s, household_id, who::bigint, begun, weight, bonus, floor::int, trump, variant, told
    FROM (__ROWS__) hit (household_id, who, begun, weight, bonus, floor, trump, variant, told)
"""

# Where judging was stopped at the person's request, the hits of every rule but those for the safety of life are
# dropped: the person's own, and those of a household in which everybody asked for it.
STOPPED = """
    DELETE FROM sweep_raw raw
    WHERE raw.rule = ANY(%(others)s::text[]) AND CASE
        WHEN raw.person_id IS NOT NULL
            THEN EXISTS (SELECT FROM sweep_stopped stopped WHERE stopped.person_id = raw.person_id)
        ELSE EXISTS (SELECT FROM sweep_stopped stopped WHERE stopped.household_id = raw.household_id)
            AND NOT EXISTS (SELECT FROM sweep_member member WHERE member.household_id = raw.household_id
                AND NOT EXISTS (SELECT FROM sweep_stopped stopped WHERE stopped.person_id = member.person_id))
    END
"""


@dataclass(frozen=True)
class InForce:
    """A rule with the numbers of the version in force on a day."""

    rule: Rule
    version_id: int
    version: int

    def as_row(self):
        return {
            "code": self.rule.code,
            "kind": self.rule.group,
            "version_id": self.version_id,
            "version": self.version,
            "params": self.rule.params,
            "is_last": self.rule.last,
        }


def in_force(on):
    """Return (criteria, [InForce]) of the day, in the order in which rules are shown; one query.

    Rules first, then the patterns that people composed; what is switched off on that day is left out.
    """
    return standing_of(RuleVersion.objects.in_force(on=on).order_by("id"))


def standing_of(versions):
    """Return (criteria, [InForce]) of `versions`, one of each code, saved or only proposed."""
    by_code = {version.code: version for version in versions}
    criteria = criteria_from(by_code[CODE].parameters) if CODE in by_code else Criteria()
    order = [*RULES, *sorted(code for code in by_code if code not in RULES and by_code[code].pattern)]
    standing = [
        InForce(rule_from(by_code[code], criteria=criteria), by_code[code].pk, by_code[code].version)
        for code in order
        if code in by_code and not by_code[code].off
    ]
    return criteria, standing


def rule_from(version, *, criteria=None):
    """Return the rule with the numbers of a version, or of a proposal with the same fields."""
    if version.pattern:
        names = {"name_ko": version.name_ko, "name_en": version.name_en}
        return SignalPattern(version.pattern, code=version.code, criteria=criteria, **names)
    return RULES[version.code](version.parameters, criteria=criteria)


def judge(facts, rules):
    """Judge all households of `facts`: makes `sweep_hit`, `sweep_whole`, `sweep_gap`, `sweep_judged` and `sweep_shown`.

    `rules` is what `in_force()` returned; `facts` has been gathered in this transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute(statements("tables"), {"rules": _rows(rules)})
        _collect(cursor, facts, [standing.rule for standing in rules if is_first(standing.rule)])
        _conclude(cursor, facts, rules)
        cursor.execute(statements("verdict"), facts.scope)
        _score(cursor, facts, "sweep_left", "sweep_rest")
        cursor.execute(statements("standing"), facts.scope)


def judge_by_each(facts, code, choices, read):
    """Return what `read()` returns after each of `choices`, lists of rules that differ in the rule `code` alone.

    The hits of the other rules are collected once. Makes what `judge()` makes up to `sweep_judged`, without what people
    decided; and takes it all back, so that the gathered facts stand as before.
    """
    found = []
    with connection.cursor() as cursor, undone():
        cursor.execute(statements("tables"), {"rules": _rows(choices[0])})
        _collect(cursor, facts, [s.rule for s in choices[0] if is_first(s.rule) and s.rule.code != code])
        for rules in choices:
            with undone():
                cursor.execute("DROP TABLE sweep_rule")
                cursor.execute(statements("tables").split(";")[0], {"rules": _rows(rules)})
                _collect(cursor, facts, [s.rule for s in rules if is_first(s.rule) and s.rule.code == code])
                _conclude(cursor, facts, rules)
                found.append(read())
    return found


@contextmanager
def undone():
    """Take back what is done inside: temporary tables that were made are gone, rows that were taken are there."""
    mark = transaction.savepoint()
    yield
    transaction.savepoint_rollback(mark)


def is_first(rule):
    """Tell whether a rule is judged before what others say: neither from the run of attempts nor from their band."""
    return not rule.last and not rule.counts_attempts


def _rows(rules):
    return json.dumps([standing.as_row() for standing in rules])


def _conclude(cursor, facts, rules):
    """From the hits of the first rules to what the machine says of each household."""
    _end_runs(cursor, facts)
    _collect(cursor, facts, [standing.rule for standing in rules if standing.rule.counts_attempts])
    _add_bonus(cursor, facts)
    _score(cursor, facts, "sweep_hit", "sweep_base")
    cursor.execute(statements("gap"), facts.scope)
    _collect(cursor, facts, [standing.rule for standing in rules if standing.rule.last])
    _score(cursor, facts, "sweep_hit", "sweep_whole")
    cursor.execute(statements("judged"), facts.scope)


def _collect(cursor, facts, rules):
    """Let each rule write its hits, then merge several ways to the same hit."""
    if not rules:
        return
    for rule in rules:
        for rows in rule.hits(facts):
            sql, params = rows.query.sql_with_params()
            cursor.execute(INSERT.replace("__ROWS__", sql), (rule.code, *params))
    cursor.execute(STOPPED, {"others": [rule.code for rule in rules if not rule.trump]})
    cursor.execute(statements("merge"), {"rules": [rule.code for rule in rules]})


def _end_runs(cursor, facts):
    """Take away the attempts before an answered message where the other rules leave a household below Moderate."""
    cursor.execute(statements("answered"))
    cursor.execute("SELECT EXISTS (SELECT FROM sweep_answered)")
    if not cursor.fetchone()[0]:
        return
    _score(cursor, facts, "sweep_apart_hit", "sweep_apart")
    cursor.execute(
        """
        UPDATE sweep_house house SET run_since = answered.answered_at
        FROM sweep_answered answered
        LEFT JOIN sweep_apart apart ON apart.household_id = answered.household_id
        WHERE house.household_id = answered.household_id AND COALESCE(apart.band, 1) < 3;
        DELETE FROM sweep_attempt attempt
        USING sweep_answered answered
        JOIN sweep_house house ON house.household_id = answered.household_id
        WHERE attempt.household_id = answered.household_id AND attempt.occurred_at <= house.run_since
        """
    )


def _add_bonus(cursor, facts):
    """Add the points that a rule keeps for households which the other rules already hold at Moderate or above."""
    cursor.execute("SELECT EXISTS (SELECT FROM sweep_hit WHERE bonus > 0)")
    if not cursor.fetchone()[0]:
        return
    _score(cursor, facts, "sweep_hit", "sweep_plain")
    cursor.execute(
        """
        UPDATE sweep_hit hit SET weight = hit.weight + hit.bonus
        FROM sweep_plain plain
        WHERE hit.bonus > 0 AND plain.household_id = hit.household_id AND plain.band >= 3
        """
    )


def _score(cursor, facts, hits, out):
    """Make the table `out` of scores and bands from the table `hits`; both names are ours."""
    cursor.execute(statements("score").replace("__HITS__", hits).replace("__OUT__", out), facts.scope)
