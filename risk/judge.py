"""From facts to bands: the rules' hits, points under the caps, floors, and the contact gap at the very end.

Everything happens in the transaction's temporary tables (`risk/sql`), whatever the number of people. The result is a
pure function of the day asked about and of what was known: nothing here reads a flag or an earlier judgement.
"""

import json
from dataclasses import dataclass

from django.db import connection

from risk.criteria import CODE, Criteria, criteria_from
from risk.facts import statements
from risk.models import RuleVersion
from risk.rules import RULES, Rule

INSERT = """
    INSERT INTO sweep_raw
    SELECT %s, household_id, who::bigint, begun, weight, bonus, floor::int, trump, variant, told
    FROM (__ROWS__) hit (household_id, who, begun, weight, bonus, floor, trump, variant, told)
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
    """Return (criteria, [InForce]) of the day, in the order in which rules are shown; one query."""
    versions = {version.code: version for version in RuleVersion.objects.in_force(on=on).order_by("id")}
    criteria = criteria_from(versions[CODE].parameters) if CODE in versions else Criteria()
    standing = [
        InForce(rule(versions[code].parameters, criteria=criteria), versions[code].pk, versions[code].version)
        for code, rule in RULES.items()
        if code in versions
    ]
    return criteria, standing


def judge(facts, rules):
    """Judge all households of `facts`: makes `sweep_hit`, `sweep_whole`, `sweep_gap`, `sweep_judged` and `sweep_shown`.

    `rules` is what `in_force()` returned; `facts` has been gathered in this transaction.
    """
    with connection.cursor() as cursor:
        rows = json.dumps([standing.as_row() for standing in rules])
        cursor.execute(statements("tables"), {"rules": rows})
        _collect(cursor, facts, [standing.rule for standing in rules if not standing.rule.last])
        _add_bonus(cursor, facts)
        _score(cursor, facts, "sweep_hit", "sweep_base")
        cursor.execute(statements("gap"), facts.scope)
        _collect(cursor, facts, [standing.rule for standing in rules if standing.rule.last])
        _score(cursor, facts, "sweep_hit", "sweep_whole")
        cursor.execute(statements("verdict"), facts.scope)
        _score(cursor, facts, "sweep_left", "sweep_rest")
        cursor.execute(statements("standing"), facts.scope)


def _collect(cursor, facts, rules):
    """Let each rule write its hits, then merge several ways to the same hit."""
    for rule in rules:
        for rows in rule.hits(facts):
            sql, params = rows.query.sql_with_params()
            cursor.execute(INSERT.replace("__ROWS__", sql), (rule.code, *params))
    cursor.execute(statements("merge"), {"rules": [rule.code for rule in rules]})


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
