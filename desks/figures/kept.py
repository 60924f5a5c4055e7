"""What came of the work, counted by year and sex as known by a moment: people once a year, defectors alone."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

JOBS, PUBLIC, SCHOOL, TRAINED, TREATED = "jobs", "public", "school", "trained", "treated"
TABLES = (JOBS, PUBLIC, SCHOOL, TRAINED, TREATED)
GROUPS = {
    JOBS: _("People who began a job in the year"),
    PUBLIC: _("People in a public-sector job at the end of the year"),
    SCHOOL: _("People at school or university at the end of the year"),
    TRAINED: _("People who completed a training in the year"),
    TREATED: _("People who began a treatment in the year"),
}
# How long the job of the year that was kept longest was kept, up to the day asked about.
KEPT = {
    "twelve": _("Kept 12 months or more"),
    "six": _("Kept 6 to 11 months"),
    "less": _("Less than 6 months, or not yet 6"),
}
Counts = dict[str, dict[int, dict[str, Counter]]]


def counted_by_year(years: Iterable[int], on: date, known_by: datetime) -> Counts:
    """Return {table: {year: {"sex": Counter, "kept": Counter}}} of a day; three queries, however many people there are.

    A year that runs on the day is counted up to it; "at its end" is then the day itself.
    """
    wanted = list(years)
    found: Counts = {table: {year: {"sex": Counter(), "kept": Counter()} for year in wanted} for table in TABLES}
    asked: dict[str, Any] = {"on": on, "known": known_by, "years": wanted}
    with connection.cursor() as cursor:
        for sql in (_JOBS, _SCHOOLS, _TREATMENTS):
            cursor.execute(sql, asked)
            for table, year, sex, kept, number in cursor.fetchall():
                found[table][year]["sex"][sex] += number
                found[table][year]["kept"][kept] += number
    return found


def _stood(name: str) -> str:
    """Return the condition that the version of a fact stood for somebody who knew what was known then."""
    return f"{name}.known_at <= %(known)s AND ({name}.superseded_at IS NULL OR {name}.superseded_at > %(known)s)"


# The years asked about, each with its end or the day asked about; who is counted; from when until when somebody was
# dead or had emigrated, as known then. A death that the register has ended again was none.
_ASKED = f"""
WITH asked AS (
    SELECT year, make_date(year, 1, 1) AS first, LEAST(make_date(year, 12, 31), %(on)s::date) AS last
    FROM unnest(%(years)s::int[]) year
), people AS (
    SELECT about.person_id, about.sex FROM households_particulars about WHERE about.is_defector AND {_stood("about")}
), gone AS (
    SELECT stay.person_id, lower(stay.during) AS left_on, upper(stay.during) AS back_on FROM households_residence stay
    WHERE NOT isempty(stay.during) AND {_stood("stay")}
        AND (stay.status = 'emigrated' OR (stay.status = 'deceased' AND upper_inf(stay.during)))
)
"""


def _left(table: str) -> str:
    """Return the subquery (id, left_on) of the rows of a table during which, or before which, their person was gone: no
    job and no school goes on from that day, whatever its last day says. What began after the return goes on."""
    return f"""(
        SELECT ran.id, min(gone.left_on) AS left_on FROM {table} ran JOIN gone USING (person_id)
        WHERE gone.back_on IS NULL OR gone.back_on > ran.began_on GROUP BY ran.id
    )"""


_JOBS = f"""
{_ASKED}, job AS (
    SELECT job.person_id, job.began_on, job.public_sector,
        CASE WHEN LEAST(job.ended_on, job.left_on) <= %(on)s
            THEN GREATEST(LEAST(job.ended_on, job.left_on), job.began_on) END AS over_on
    FROM (
        SELECT job.*, gone.left_on FROM households_job job LEFT JOIN {_left("households_job")} gone USING (id)
    ) job WHERE {_stood("job")} AND job.began_on <= %(on)s
), began AS (
    SELECT asked.year, job.person_id, max(CASE
        WHEN COALESCE(job.over_on, %(on)s::date) + 1 >= job.began_on + interval '12 months' THEN 2
        WHEN COALESCE(job.over_on, %(on)s::date) + 1 >= job.began_on + interval '6 months' THEN 1
        ELSE 0 END) AS kept
    FROM asked JOIN job ON job.began_on BETWEEN asked.first AND asked.last
    GROUP BY asked.year, job.person_id
)
SELECT '{JOBS}', began.year, people.sex, (ARRAY['less', 'six', 'twelve'])[began.kept + 1], count(*)
FROM began JOIN people USING (person_id) GROUP BY 2, 3, 4
UNION ALL
SELECT '{PUBLIC}', asked.year, people.sex, '', count(DISTINCT job.person_id)
FROM asked JOIN job ON job.public_sector AND job.began_on <= asked.last
    AND (job.over_on IS NULL OR job.over_on >= asked.last)
JOIN people USING (person_id) GROUP BY 2, 3
"""

_SCHOOLS = f"""
{_ASKED}, schooling AS (
    SELECT schooling.person_id, schooling.kind, schooling.result, schooling.began_on,
        LEAST(schooling.ended_on, gone.left_on) AS ended_on
    FROM households_schooling schooling LEFT JOIN {_left("households_schooling")} gone USING (id)
    WHERE {_stood("schooling")}
)
SELECT '{SCHOOL}', asked.year, people.sex, '', count(DISTINCT schooling.person_id)
FROM asked JOIN schooling ON schooling.kind = 'school' AND schooling.began_on <= asked.last
    AND (schooling.ended_on IS NULL OR schooling.ended_on >= asked.last)
JOIN people USING (person_id) GROUP BY 2, 3
UNION ALL
SELECT '{TRAINED}', asked.year, people.sex, '', count(DISTINCT schooling.person_id)
FROM asked JOIN schooling ON schooling.kind = 'training' AND schooling.result = 'completed'
    AND schooling.ended_on BETWEEN asked.first AND asked.last
JOIN people USING (person_id) GROUP BY 2, 3
"""

_TREATMENTS = f"""
{_ASKED}
SELECT '{TREATED}', asked.year, people.sex, '', count(DISTINCT treatment.person_id)
FROM asked JOIN households_treatment treatment ON {_stood("treatment")}
    AND treatment.began_on BETWEEN asked.first AND asked.last
JOIN people USING (person_id) GROUP BY 2, 3
"""
