"""Whom a change of one rule can touch: first everybody who might be, by what the rule reads; then who really is.

Households are judged apart from each other, so whoever the rule treats as before is judged as before.
"""

from typing import Any

from django.db import connection
from django.db.models.lookups import GreaterThanOrEqual, In
from django.db.models.sql.where import AND

from risk.facts.tables import SignalFact, TagFact

TOLD = """
    SELECT DISTINCT member.household_id
    FROM risk_signal signal JOIN households_membership member ON member.person_id = signal.person_id
    WHERE signal.superseded_at IS NULL AND signal.code_id = ANY(%(codes)s)
        AND (signal.ended_on IS NULL OR signal.ended_on > %(on)s::date)
        AND signal.observed_on BETWEEN %(on)s::date - %(memory_days)s AND %(on)s::date
        AND (%(months)s = 0 OR signal.months >= %(months)s)
"""
LEARNT = """
    SELECT household_id FROM households_contact
    WHERE superseded_at IS NULL AND tags && %(tags)s::varchar[]
    UNION
    SELECT member.household_id
    FROM households_contact contact
    JOIN households_participant present ON present.contact_id = contact.id
    JOIN households_membership member ON member.person_id = present.person_id
    WHERE contact.superseded_at IS NULL AND contact.tags && %(tags)s::varchar[]
"""
HITS = """
    SELECT household_id, who::bigint, begun, weight, bonus, floor::int, trump, variant, jsonb_array_length(told)
    FROM (__ROWS__) hit (household_id, who, begun, weight, bonus, floor, trump, variant, told)
"""


def candidates(rules, facts):
    """Return the ids of all households that any of `rules` can hit as of the facts, or None for everybody.

    A rule that reads nothing but named signals and named tags is asked of those of whom such a thing was ever told.
    """
    told, learnt = {}, set()
    for rule in rules:
        if rule.last or rule.counts_attempts:
            return None
        for rows in rule.hits(facts):
            held = _held(rows.query.where)
            if rows.model is SignalFact and held["code"] is not None:
                codes, months = tuple(sorted(held["code"])), held["months"] or 0
                told[codes] = min(months, told.get(codes, months))
            elif rows.model is TagFact and held["tag"] is not None:
                learnt |= held["tag"]
            else:
                return None
    found = set()
    with connection.cursor() as cursor:
        for codes, months in told.items():
            cursor.execute(TOLD, {**facts.scope, "codes": list(codes), "months": months})
            found.update(row[0] for row in cursor.fetchall())
        if learnt:
            cursor.execute(LEARNT, {"tags": sorted(learnt)})
            found.update(row[0] for row in cursor.fetchall())
    return found


def _held(where):
    """Return to what every row is held: {code, tag: the set they lie in, months: at least}, None for nothing."""
    held: dict[str, Any] = {"code": None, "tag": None, "months": None}
    if where.connector != AND or where.negated:
        return held
    for child in where.children:
        column = getattr(getattr(getattr(child, "lhs", None), "target", None), "column", None)
        if isinstance(child, In) and column in ("code", "tag") and not hasattr(child.rhs, "query"):
            held[column] = set(child.rhs)
        elif isinstance(child, GreaterThanOrEqual) and column == "months":
            held["months"] = child.rhs
        elif hasattr(child, "children"):
            held |= {name: value for name, value in _held(child).items() if value is not None}
    return held


def differing(before, after, facts):
    """Return the ids of households whose hits of the rule differ between its two versions, on gathered facts.

    `before` and `after`: the rule, or None where it is switched off or not there yet. None for everybody: a
    rule that is judged from the bands of the others. What R-CON-FAIL counts is cut by those bands, so whoever was tried
    may differ.
    """
    rule = after or before
    if rule.last:
        return None
    with connection.cursor() as cursor:
        if rule.counts_attempts:
            cursor.execute("SELECT DISTINCT household_id FROM sweep_attempt")
            return {row[0] for row in cursor.fetchall()}
        (old, old_values), (new, new_values) = _all_hits(before, facts), _all_hits(after, facts)
        cursor.execute(
            f"WITH old (household_id) AS ({old}), new (household_id) AS ({new}) SELECT DISTINCT household_id FROM "
            "((TABLE old EXCEPT ALL TABLE new) UNION ALL (TABLE new EXCEPT ALL TABLE old)) different",
            [*old_values, *new_values],
        )
        return {row[0] for row in cursor.fetchall()}


def _all_hits(rule, facts):
    """Return all hits of a rule as one statement with its values; no rows for no rule."""
    if rule is None:
        return "SELECT NULL::bigint, NULL::bigint, NULL::date, 0, 0, 0, FALSE, NULL::text, 0 WHERE FALSE", []
    parts, values = [], []
    for rows in rule.hits(facts):
        sql, params = rows.query.sql_with_params()
        parts.append(HITS.replace("__ROWS__", sql))
        values.extend(params)
    return " UNION ALL ".join(f"({part})" for part in parts), values
