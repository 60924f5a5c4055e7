"""The attempts since the person was last spoken with, as every desk reads them: what the contact steps follow."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

# A JSON list of the run, oldest first: the attempts, and beside them whom one asked (ASKED) and since when no
# personal-protection officer is in charge (UNGUARDED). What ended the run before is found by the sweep alone, in
# risk/sql/homes.sql, and read here. A talk that was saved since then counts at once, but only where it must end the run
# for the sweep too: where a violence marker exists that depends on who was spoken with, for an answered message on the
# band. Whatever else might end the run waits for the sweep, for seconds; an attempt waits for nothing.
_TRIES = """(
    SELECT jsonb_agg(jsonb_build_object('occurred_at', trail.at, 'channel', trail.word) ORDER BY trail.at, trail.place)
    FROM (SELECT greatest({standing}.run_since, (
            SELECT max(spoken.occurred_at) FROM households_contact spoken
            WHERE spoken.household_id = {standing}.household_id AND spoken.superseded_at IS NULL
                AND spoken.contact_made AND (spoken.channel <> 'message' OR {standing}.band < 3)
                AND NOT {standing}.address_protected
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
            WHERE latest.person_id = home.person_id AND latest.superseded_at IS NULL AND latest.stated_on <= {on}
            ORDER BY stated_on DESC, id DESC LIMIT 1
        ) guard
        WHERE home.household_id = {standing}.household_id AND home.superseded_at IS NULL AND home.during @> {on}
        HAVING bool_and(guard.state <> 'running')
    ) trail
)"""
ASKED = ("town", "police", "rescue")
UNGUARDED = "unguarded"


def tries(standing: str, on: date | str) -> str:
    """Return the question for the run of attempts as of a day, as SQL; `attempts_of` reads the answer.

    `standing`: the table or alias of the standing in the question around it. `on`: a day, or a placeholder for one.
    """
    return _TRIES.format(standing=standing, on=f"DATE '{on}'" if isinstance(on, date) else f"{on}::date")


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
    """Return what `tries` found, JSON as text or already read; nothing where nobody tried."""
    rows = json.loads(found) if isinstance(found, str) else found
    trail = [Attempt(datetime.fromisoformat(row["occurred_at"]), row["channel"]) for row in rows or ()]
    return trail if any(attempt.tried for attempt in trail) else []
