"""The attempts since the person was last spoken with, as every desk reads them: what the contact steps follow."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

# A JSON list of the run, oldest first: the attempts, and beside them whom one asked (ASKED) and since when no
# personal-protection officer is in charge (UNGUARDED). `{standing}` is the table or alias of the standing in
# the question around it. What ends a run is what ends it for the rules (risk/sql/found.sql): a talk (an answered
# message only below Moderate), a whereabouts that was confirmed (not where a violence marker exists), a decision.
TRIES = """(
    SELECT jsonb_agg(jsonb_build_object('occurred_at', trail.at, 'channel', trail.word) ORDER BY trail.at, trail.place)
    FROM (SELECT greatest((
            SELECT max(spoken.occurred_at) FROM households_contact spoken
            WHERE spoken.household_id = {standing}.household_id AND spoken.superseded_at IS NULL
                AND spoken.contact_made AND (spoken.channel <> 'message' OR {standing}.band < 3)
        ), (
            SELECT (max(found.observed_on) + 1)::timestamptz FROM households_whereabouts found
            JOIN households_membership home ON home.person_id = found.person_id AND home.superseded_at IS NULL
                AND home.household_id = {standing}.household_id AND upper_inf(home.during)
            WHERE found.superseded_at IS NULL AND NOT {standing}.address_protected
        ), (
            SELECT max(decided.recorded_at) FROM risk_searchend decided
            LEFT JOIN risk_searchagreement agreed ON agreed.end_id = decided.id
            WHERE decided.household_id = {standing}.household_id
                AND ((decided.machine_band < 4 AND decided.reason <> 'other') OR agreed.id IS NOT NULL)
        ), '-infinity') AS since) run
    CROSS JOIN LATERAL (
        SELECT tried.occurred_at AS at, tried.channel AS word, tried.id AS place FROM households_contact tried
        WHERE tried.household_id = {standing}.household_id AND tried.superseded_at IS NULL AND NOT tried.contact_made
            AND tried.occurred_at > run.since
        UNION ALL
        SELECT asked.occurred_at, asked.step, asked.id FROM households_searchstep asked
        WHERE asked.household_id = {standing}.household_id AND asked.superseded_at IS NULL
            AND asked.occurred_at > run.since
        UNION ALL
        SELECT max(guard.stated_on)::timestamptz, 'unguarded', 0
        FROM households_membership home
        CROSS JOIN LATERAL (
            SELECT state, stated_on FROM households_personalprotection latest
            WHERE latest.person_id = home.person_id AND latest.superseded_at IS NULL
            ORDER BY stated_on DESC, id DESC LIMIT 1
        ) guard
        WHERE home.household_id = {standing}.household_id AND home.superseded_at IS NULL AND upper_inf(home.during)
        HAVING bool_and(guard.state <> 'running')
    ) trail
)"""
ASKED = ("town", "police", "rescue")
UNGUARDED = "unguarded"


@dataclass(frozen=True)
class Attempt:
    """An attempt since the person was last spoken with; `channel` may also be a word of ASKED, or UNGUARDED."""

    occurred_at: datetime
    channel: str

    @property
    def tried(self) -> bool:
        """Whether somebody tried to reach the person."""
        return self.channel not in (*ASKED, UNGUARDED)


def attempts_of(found: Any) -> list[Attempt]:
    """Return what `TRIES` found, JSON as text or already read; nothing where nobody tried."""
    rows = json.loads(found) if isinstance(found, str) else found
    trail = [Attempt(datetime.fromisoformat(row["occurred_at"]), row["channel"]) for row in rows or ()]
    return trail if any(attempt.tried for attempt in trail) else []
