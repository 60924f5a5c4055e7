"""Everything that happened in a household, newest first, by months: one question to the database (LOOK, timeline).

A contact or a note that the user may not read is there all the same, without its content: that it took place is known
to whoever may see the household. Of somebody who lives in another household since, it shows what had happened and
was known here by the day of leaving.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from casework.agencies.models import User
from casework.clock import day_begins, day_ends
from casework.prepared import ME, Question, named
from desks.household.file import moment_of
from households.models import Contact, Household

ENOUGH = 30
"""A page holds whole months: as many as it takes to reach this number of entries."""
KINDS = {
    "contacts": ("contact", "addendum", "search"),
    "signals": ("signal", "raised", "cleared", "band", "review", "incident"),
    "referrals": ("referral",),
    "register": ("joined", "left", "home", "assigned", "deed", "period", "period_end", "circumstance", "screening"),
    "looks": ("look",),
}
OF_RISK = ("signal", "raised", "cleared", "band", "review", "contact", "addendum", "search")
"""What only those see who look after households (a share shows a town officer no notes, signals or scores)."""
_NOBODY = -1


@dataclass(frozen=True)
class Happened:
    """One entry: when, of which kind (a word of KINDS), and the columns that `told` puts into words."""

    at: datetime
    kind: str
    data: dict[str, Any]


@dataclass(frozen=True)
class Timeline:
    """One page of entries; `older` counts what lies before `oldest`, the first day of the last month shown."""

    entries: list[Happened]
    total: int
    older: int
    oldest: date | None


def timeline_of(
    household: Household,
    user: User,
    *,
    on: date,
    show: str = "",
    before: date | None = None,
    risk: bool = True,
    keeps: bool = False,
    referrals: tuple[int, ...] = (),
    notes: tuple[int, ...] | None = None,
) -> Timeline:
    """Return what happened up to the end of the day `on`, or before the day `before`; one query.

    `show` is a word of KINDS or "" for everything but looks. `risk` False leaves out OF_RISK. `keeps`: the user
    reads the results of screenings. `referrals` are the ids of those that the user may see, `notes` those of
    the contacts that the user may read, where that was asked before.
    """
    kinds = [kind for kind in _kinds(show) if risk or kind not in OF_RISK]
    values = {
        "household": household.pk,
        "kinds": kinds,
        "referrals": list(referrals) or [_NOBODY],
        "until": day_begins(before) if before else day_ends(on),
        "today": on,
        "keeps": keeps,
    }
    if notes is None:
        rows = _question().ask(**values, me=user.pk)
    else:
        fixed = {"enough": ENOUGH, "notes": list(notes)}
        rows = Question(_asked("SELECT unnest(%(notes)s::bigint[])"), fixed, {}).once(**values)
    found = json.loads(rows[0][0])
    entries = [Happened(moment_of(row["at"]), row["kind"], row["data"]) for row in found["entries"] or ()]
    oldest = moment_of(found["oldest"])
    return Timeline(entries, found["total"], found["older"], oldest.date() if oldest else None)


def _kinds(show: str) -> list[str]:
    if show in KINDS:
        return list(KINDS[show])
    return [kind for word, kinds in KINDS.items() if word != "looks" for kind in kinds]


@lru_cache(maxsize=1)
def _question() -> Question:
    """The question of whoever may read what `readable_by` says; kept, because it reads rights anew."""
    notes = Contact.objects.readable_by(User(pk=ME)).filter(household=_NOBODY).order_by().values("pk")
    readable, fixed = named(notes.query.sql_with_params(), {"me": ME, "household": _NOBODY})
    return Question(_asked(readable), {**fixed, "enough": ENOUGH}, _GIVEN)


def _asked(readable: str) -> str:
    return _TIMELINE % {"readable": readable, "rule": _RULE}


_GIVEN = {
    "household": "bigint",
    "kinds": "text[]",
    "referrals": "bigint[]",
    "until": "timestamptz",
    "today": "date",
    "keeps": "boolean",
    "me": "bigint",
}
# The name of a pattern that people composed stands in its evidence and nowhere else.
_RULE = """jsonb_build_object('code', flag.rule,
        'params', CASE WHEN starts_with(flag.rule, 'P-') THEN flag.evidence -> 'params' END)"""

_TIMELINE = """
SELECT (WITH stay AS (
    SELECT person_id, kind, max(coalesce(upper(during), 'infinity')) AS ended FROM households_membership
    WHERE household_id = %%(household)s AND superseded_at IS NULL AND NOT isempty(during) GROUP BY person_id, kind
),
person AS (
    SELECT person_id AS id, CASE WHEN EXISTS (
        SELECT FROM households_membership elsewhere
        WHERE elsewhere.person_id = stay.person_id AND elsewhere.kind = stay.kind AND superseded_at IS NULL
            AND household_id <> %%(household)s AND lower(during) BETWEEN ended AND %%(today)s
    ) THEN ended ELSE 'infinity' END AS until FROM stay
),
head_name AS (
    SELECT DISTINCT ON (person_id) person_id, family || given AS name
    FROM households_personname JOIN person ON person.id = person_id AND coalesce(lower(during), '-infinity') < until
    WHERE superseded_at IS NULL AND kind IN ('hangul', 'latin')
    ORDER BY person_id, kind <> 'hangul', lower(during) DESC NULLS LAST
),
note AS (SELECT id FROM households_contact WHERE id IN (%(readable)s)),
happened (at, kind, data) AS (
    SELECT occurred_at, 'contact', jsonb_build_object('fact_id', fact_id, 'channel', channel, 'made', contact_made,
        'minutes', minutes, 'level', level, 'by', coalesce(worker.name, ''), 'readable', note.id IS NOT NULL,
        'topics', CASE WHEN note.id IS NOT NULL THEN to_jsonb(topics) END,
        'seen', CASE WHEN note.id IS NOT NULL THEN seen END,
        'summary', CASE WHEN note.id IS NOT NULL THEN left(summary, 400) END,
        'next_at', next_at, 'people', (SELECT jsonb_agg(name) FROM households_participant
            JOIN head_name USING (person_id) WHERE contact_id = contact.id))
    FROM households_contact contact LEFT JOIN agencies_user worker ON worker.id = worker_id
    LEFT JOIN note ON note.id = contact.id
    WHERE household_id = %%(household)s AND superseded_at IS NULL
    UNION ALL
    SELECT addendum.recorded_at, 'addendum', jsonb_build_object('fact_id', contact_fact_id, 'by', author.name,
        'text', CASE WHEN note.id IS NOT NULL THEN left(addendum.text, 400) END)
    FROM households_addendum addendum JOIN agencies_user author ON author.id = addendum.recorded_by_id
    JOIN households_contact contact ON contact.fact_id = contact_fact_id AND contact.superseded_at IS NULL
    LEFT JOIN note ON note.id = contact.id
    WHERE addendum.household_id = %%(household)s
    UNION ALL
    SELECT observed_on, 'signal', jsonb_build_object('code', told.code, 'ko', told.name_ko, 'en', told.name_en,
        'who', head_name.name, 'known', known_at, 'ended', ended_on, 'months', months, 'reference', reference,
        'feed', jsonb_build_object('ko', COALESCE(feed.name_ko, source), 'en', NULLIF(feed.name_en, '')))
    FROM risk_signal signal JOIN risk_signalcode told ON told.code = code_id LEFT JOIN head_name USING (person_id)
    LEFT JOIN risk_feed feed USING (source) JOIN person ON person.id = person_id
    WHERE observed_on < until AND known_at < until AND superseded_at IS NULL
    UNION ALL
    SELECT raised_at, 'raised', jsonb_build_object('rules', jsonb_agg(DISTINCT %(rule)s)) FROM risk_flag flag
    WHERE household_id = %%(household)s GROUP BY raised_at
    UNION ALL
    SELECT cleared_at, 'cleared', jsonb_build_object('rules', jsonb_agg(DISTINCT %(rule)s)) FROM risk_flag flag
    WHERE household_id = %%(household)s AND cleared_at IS NOT NULL GROUP BY cleared_at
    UNION ALL
    SELECT recorded_at, 'band', jsonb_build_object('band', band, 'was', was) FROM (
        SELECT recorded_at, band, lag(band) OVER (ORDER BY recorded_at, id) AS was
        FROM risk_assessment WHERE household_id = %%(household)s) judged
    WHERE band <> was
    UNION ALL
    SELECT review.recorded_at, 'review', jsonb_build_object('decision', decision, 'band', review.band,
        'was', machine_band, 'reason', reason, 'review_on', review_on, 'by', author.name,
        'rule', CASE WHEN flag.id IS NOT NULL THEN %(rule)s END)
    FROM risk_review review JOIN agencies_user author ON author.id = recorded_by_id
    LEFT JOIN risk_flag flag ON flag.id = flag_id
    WHERE review.household_id = %%(household)s
    UNION ALL
    SELECT event.at, 'referral', jsonb_build_object('verb', verb, 'number', number, 'title', title, 'by', actor_label,
        'reason', event.reason, 'to', agency.name_ko, 'to_en', agency.name_en)
    FROM audit_event event JOIN referrals_referral referral ON referral.id = subject_id
    JOIN agencies_agency agency ON agency.id = to_agency_id
    WHERE event.household_id = %%(household)s AND subject_type = 'referrals.referral' AND verb <> 'draft changed'
        AND subject_id = ANY(%%(referrals)s)
    UNION ALL
    SELECT at, 'deed', jsonb_build_object('verb', verb, 'by', actor_label, 'reason', reason, 'data', data)
    FROM audit_event WHERE household_id = %%(household)s AND subject_type <> 'referrals.referral'
        AND verb IN ('household_shared', 'share_ended', 'share_moved', 'unassigned', 'head_changed',
            'name_changed', 'hometown_recorded', 'phone_changed', 'preference_recorded', 'consent_given',
            'consent_withdrawn', 'taken_in', 'divorced', 'married', 'birth_registered', 'death_recorded',
            'end_step_recorded', 'end_step_taken_back', 'end_notice_sent', 'end_notice_outcome', 'notice_asked',
            'protection_decided', 'protection_period_corrected', 'personal_period_recorded')
    UNION ALL
    SELECT at, 'deed', jsonb_build_object('verb', verb, 'by', actor_label, 'reason', reason, 'data', '{}'::jsonb)
    FROM audit_event WHERE household_id = %%(household)s AND (subject_type = 'referrals.transfer'
        OR verb IN ('agenda item proposed', 'agenda item withdrawn', 'council decision'))
    UNION ALL
    SELECT at, 'search', jsonb_build_object('verb', verb, 'by', actor_label, 'reason', reason, 'data', data)
    FROM audit_event WHERE household_id = %%(household)s
        AND verb IN ('whereabouts_recorded', 'search_step_recorded', 'personal_protection_recorded', 'search ended',
            'search end agreed')
    UNION ALL
    SELECT lower(during), 'joined', jsonb_build_object('who', head_name.name, 'role', role)
    FROM households_membership LEFT JOIN head_name USING (person_id)
    WHERE household_id = %%(household)s AND superseded_at IS NULL AND lower(during) IS NOT NULL
    UNION ALL
    SELECT upper(during), 'left', jsonb_build_object('who', head_name.name)
    FROM households_membership LEFT JOIN head_name USING (person_id)
    WHERE household_id = %%(household)s AND superseded_at IS NULL AND upper(during) IS NOT NULL
    UNION ALL
    SELECT lower(during), 'home', jsonb_build_object('ko', district.name, 'en', district.name_en, 'town', town)
    FROM households_dwelling LEFT JOIN agencies_district district ON district.id = district_id
    WHERE household_id = %%(household)s AND superseded_at IS NULL AND lower(during) IS NOT NULL
    UNION ALL
    SELECT lower(during), 'assigned', jsonb_build_object('worker', worker.name, 'kind', kind, 'reason', reason)
    FROM households_assignment JOIN agencies_user worker ON worker.id = worker_id
    WHERE household_id = %%(household)s AND superseded_at IS NULL AND lower(during) IS NOT NULL
    UNION ALL
    SELECT lower(during), 'period', jsonb_build_object('who', head_name.name, 'until', upper(during) - 1)
    FROM households_protectionperiod LEFT JOIN head_name USING (person_id) JOIN person ON person.id = person_id
    WHERE lower(during) < until AND known_at < until AND superseded_at IS NULL
    UNION ALL
    SELECT upper(during) - 1, 'period_end', jsonb_build_object('who', head_name.name)
    FROM households_protectionperiod LEFT JOIN head_name USING (person_id) JOIN person ON person.id = person_id
    WHERE upper(during) <= least(until, %%(today)s) AND known_at < until AND superseded_at IS NULL
    UNION ALL
    SELECT lower(during), 'circumstance', jsonb_build_object('kind', kind, 'value', value, 'detail', detail,
        'was', was, 'who', head_name.name, 'source', source, 'known', learnt)
    FROM (SELECT *, lag(value) OVER (PARTITION BY person_id, kind, detail ORDER BY during) AS was
        FROM (SELECT *, min(known_at) OVER (PARTITION BY fact_id) AS learnt FROM households_circumstance
            WHERE person_id IN (SELECT id FROM person)) version
        WHERE superseded_at IS NULL AND NOT isempty(during)) stated
    LEFT JOIN head_name USING (person_id) JOIN person ON person.id = person_id
    WHERE lower(during) < until AND known_at < until
    UNION ALL
    SELECT observed_on, 'screening', jsonb_build_object('instrument', instrument, 'who', head_name.name,
        'score', CASE WHEN %%(keeps)s THEN score END, 'item9', %%(keeps)s AND item9, 'known', known_at)
    FROM households_screening LEFT JOIN head_name USING (person_id) JOIN person ON person.id = person_id
    WHERE observed_on < until AND known_at < until AND superseded_at IS NULL
    UNION ALL
    SELECT occurred_on, 'incident', jsonb_build_object('kind', kind, 'who', head_name.name, 'source', source,
        'note', left(incident.note, 400), 'known', known_at)
    FROM risk_incident incident LEFT JOIN head_name USING (person_id)
    WHERE household_id = %%(household)s AND superseded_at IS NULL AND %%(keeps)s
    UNION ALL
    SELECT max(at), 'look', jsonb_build_object('by', actor_label, 'act', act, 'n', count(*))
    FROM audit_accesslog WHERE 'look' = ANY(%%(kinds)s) AND subjects && ARRAY(SELECT id FROM person)
        AND EXISTS (SELECT FROM person WHERE id = ANY(subjects) AND at < until)
        AND act IN ('open', 'reveal', 'export') GROUP BY actor_label, act, at::date
),
wanted AS (SELECT * FROM happened WHERE kind = ANY(%%(kinds)s) AND at < %%(until)s),
month AS (SELECT date_trunc('month', at) AS began, count(*) AS n FROM wanted GROUP BY 1),
shown AS (
    SELECT min(began) AS oldest FROM (SELECT began, sum(n) OVER (ORDER BY began DESC) - n AS above FROM month) placed
    WHERE above < %%(enough)s
)
SELECT jsonb_build_object(
    'total', (SELECT count(*) FROM happened WHERE kind = ANY(%%(kinds)s) AND at < %%(today)s::date + 1),
    'older', (SELECT count(*) FROM wanted, shown WHERE at < oldest),
    'oldest', (SELECT oldest FROM shown),
    'entries', (SELECT jsonb_agg(jsonb_build_object('at', at, 'kind', kind, 'data', data) ORDER BY at DESC, kind)
        FROM wanted, shown WHERE at >= oldest)))
"""
