"""What a list calls a household by, as one text for every question that names households."""

from django.utils.translation import gettext as _

from households.requests.restricting import stopped_people

# Who lives in a household, its head's name and the town, beside `{household}` (an id in the question around it), as
# `members`, `head` and `dwelling`; by no head of whose death a file tells, before anybody named another.
# Values: the day, the day, the kind of name preferred ("hangul" or "latin"), the day.
CALLED = """LEFT JOIN LATERAL (
    SELECT count(*) AS people, array_agg(person_id) AS subjects, max(person_id) FILTER (WHERE role = 'head') AS head_id,
        max(asked.day) AS day
    FROM households_membership CROSS JOIN (SELECT %s::date AS day) asked
    WHERE household_id = {household} AND superseded_at IS NULL AND during @> asked.day
) members ON true
LEFT JOIN LATERAL (
    SELECT CASE kind WHEN 'latin' THEN concat_ws(' ', family, given) ELSE family || given END AS name
    FROM households_personname
    WHERE person_id = members.head_id AND superseded_at IS NULL AND kind IN ('hangul', 'latin') AND during @> %s::date
        AND NOT EXISTS (SELECT FROM households_residence gone WHERE gone.person_id = members.head_id
            AND gone.superseded_at IS NULL AND gone.status = 'deceased' AND gone.during @> members.day)
    ORDER BY kind = %s DESC LIMIT 1
) head ON true
LEFT JOIN LATERAL (
    SELECT town FROM households_dwelling
    WHERE household_id = {household} AND superseded_at IS NULL AND during @> %s::date LIMIT 1
) dwelling ON true"""

# Whether somebody of `members` has had the use of their data stopped today, as `restricted`, be it under a second
# record that is linked. Rights are today's, also on a page about a past day.
RESTRICTED = f"COALESCE(members.subjects && {stopped_people()}, FALSE) AS restricted"


def by_number(number: str) -> str:
    """Return how a household is called in lists where somebody in it had the use of their data stopped."""
    return _("%(number)s · use of data stopped") % {"number": number}
