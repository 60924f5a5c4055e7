"""The one statement of the household page; `desks.household.file` fills in OPENED, KEEPS, REFERRALS and SURVEYS."""

from desks.household.moved import MOVED
from desks.household.periods import PERIODS
from desks.household.stands import SCREENS, STANDS
from desks.tries import tries

FILE = (
    """
SELECT (WITH opened (id) AS MATERIALIZED (OPENED),
KEEPS,
member AS (
    SELECT id, person_id, role FROM households_membership
    WHERE household_id = (SELECT id FROM opened) AND superseded_at IS NULL AND during @> %(on)s::date
),
standing AS (
    -- Not yet judged: as General, so that attempts can be shown at once.
    SELECT (SELECT id FROM opened) AS household_id,
        coalesce((SELECT band FROM risk_standing WHERE household_id = (SELECT id FROM opened)), 1) AS band,
        coalesce((SELECT address_protected FROM risk_standing WHERE household_id = (SELECT id FROM opened)), false)
            AS address_protected,
        (SELECT run_since FROM risk_standing WHERE household_id = (SELECT id FROM opened)) AS run_since
),
met AS (
    SELECT id, fact_id, occurred_at, channel FROM households_contact
    WHERE household_id = (SELECT id FROM opened) AND superseded_at IS NULL AND contact_made
        AND (channel <> 'message' OR (SELECT band FROM standing) < 3)
    ORDER BY occurred_at DESC LIMIT 1
)
SELECT jsonb_build_object(
    'household', (SELECT to_jsonb(household) FROM households_household household WHERE id = (SELECT id FROM opened)),
    'members', (SELECT jsonb_agg(jsonb_build_object(
        'id', person.id, 'case_number', person.case_number, 'role', member.role,
        'names', (SELECT jsonb_agg(jsonb_build_object('kind', kind, 'family', family, 'given', given) ORDER BY id)
            FROM households_personname WHERE person_id = person.id AND superseded_at IS NULL AND during @> %(on)s::date
            AND kind IN ('hangul', 'latin')),
        'about', (SELECT to_jsonb(fact) FROM households_particulars fact
            WHERE person_id = person.id AND superseded_at IS NULL),
        'status', (SELECT status FROM households_residence
            WHERE person_id = person.id AND superseded_at IS NULL AND during @> %(on)s::date),
        'phone', (SELECT number FROM households_phone
            WHERE person_id = person.id AND superseded_at IS NULL AND during @> %(on)s::date ORDER BY id DESC LIMIT 1),
        'wish', (SELECT to_jsonb(fact) FROM households_contactpreference fact
            WHERE person_id = person.id AND superseded_at IS NULL ORDER BY stated_on DESC, id DESC LIMIT 1),
        'period', (SELECT jsonb_build_object('lower', lower(during), 'upper', upper(during))
            FROM households_protectionperiod WHERE person_id = person.id AND superseded_at IS NULL
            ORDER BY during @> %(on)s::date DESC, upper(during) DESC LIMIT 1),
        'stands', STANDS, 'screens', SCREENS, 'periods', PERIODS
        ) ORDER BY member.role <> 'head', member.id)
        FROM member JOIN households_person person ON person.id = member.person_id),
    'home', (SELECT jsonb_build_object('town', town, 'district', district.name, 'district_en', district.name_en,
            'sido', sido.short, 'sido_en', sido.name_en)
        FROM households_dwelling LEFT JOIN agencies_district district ON district.id = district_id
        LEFT JOIN agencies_district sido ON sido.id = district.parent_id
        WHERE household_id = (SELECT id FROM opened) AND superseded_at IS NULL AND during @> %(on)s::date),
    'centre', (SELECT jsonb_build_object('id', agency.id, 'ko', name_ko, 'en', name_en, 'moved', MOVED)
        FROM households_responsibility JOIN agencies_agency agency ON agency.id = center_id
        WHERE household_id = (SELECT id FROM opened) AND superseded_at IS NULL AND during @> %(on)s::date),
    'workers', (SELECT jsonb_agg(jsonb_build_object('id', worker.id, 'name', worker.name, 'kind', kind)
            ORDER BY kind, worker.name)
        FROM households_assignment JOIN agencies_user worker ON worker.id = worker_id
        WHERE household_id = (SELECT id FROM opened) AND superseded_at IS NULL AND during @> %(on)s::date),
    'standing', (SELECT to_jsonb(known) FROM risk_standing known WHERE household_id = (SELECT id FROM opened)),
    'flags', (SELECT jsonb_agg(to_jsonb(flag)
            ORDER BY trump DESC, coalesce(floor, 0) >= 4 DESC, points DESC, rule, flag.id)
        FROM risk_flag flag WHERE household_id = (SELECT id FROM opened) AND cleared_at IS NULL),
    'reviews', (SELECT jsonb_agg(to_jsonb(review)
            || jsonb_build_object('by', author.name, 'endorsed', endorsement.id IS NOT NULL)
            ORDER BY review.recorded_at DESC, review.id DESC)
        FROM risk_review review JOIN agencies_user author ON author.id = review.recorded_by_id
        LEFT JOIN risk_endorsement endorsement ON endorsement.review_id = review.id
        WHERE household_id = (SELECT id FROM opened) AND review_on > %(on)s::date - 90),
    'met', (SELECT jsonb_build_object('fact_id', fact_id, 'occurred_at', occurred_at, 'channel', channel, 'people',
            (SELECT jsonb_agg(person_id ORDER BY id) FROM households_participant WHERE contact_id = met.id)) FROM met),
    'attempts', (SELECT TRIES FROM standing),
    'planned', (SELECT jsonb_build_object('next_at', next_at, 'next_channel', next_channel)
        FROM households_contact WHERE household_id = (SELECT id FROM opened) AND superseded_at IS NULL
        ORDER BY occurred_at DESC LIMIT 1),
    'rules', (SELECT jsonb_agg(code) FROM risk_ruleversion WHERE in_force @> %(on)s::date AND NOT off),
    -- Of a past day, too, on which nobody was judged: the name of the schema leads past what covers the table.
    'hidden', EXISTS (SELECT FROM public.risk_standing
        WHERE household_id = (SELECT id FROM opened) AND address_protected),
    'keeps', (SELECT household FROM keeps),
    'waiting', EXISTS (SELECT FROM touched WHERE household_id = (SELECT id FROM opened))
        OR EXISTS (SELECT FROM touched_lease WHERE (SELECT id FROM opened) = ANY (household_ids)),
    'referrals', REFERRALS, 'surveys', SURVEYS,
    'closed', EXISTS (SELECT FROM households_closing WHERE household_id = (SELECT id FROM opened)),
    'linked', EXISTS (SELECT FROM member JOIN households_personlink link ON link.status = 'linked'
        AND (link.person_id = member.person_id OR link.duplicate_id = member.person_id)),
    'seen_today', (SELECT count(DISTINCT actor_id) FROM audit_accesslog
        WHERE subjects && ARRAY(SELECT person_id FROM member) AND at >= %(on)s::date AND act IN ('open', 'reveal')
            AND actor_id <> %(viewer)s)
))
""".replace("TRIES", tries("standing", "%(on)s"))
    .replace("PERIODS", PERIODS)
    .replace("STANDS", STANDS)
    .replace("SCREENS", SCREENS)
    .replace("MOVED", MOVED)
)
