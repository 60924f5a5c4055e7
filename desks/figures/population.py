"""Who came, how old, and where they live now: counted from the register for any day, in the shape in which the
Ministry publishes them (북한이탈주민 입국인원 현황, 입국 당시 연령, 거주지역별 현황).

`known_by` is the moment whose knowledge counts: what was entered late stands in the figures of a past day only when
today's knowledge is asked for.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import Count
from django.db.models.functions import ExtractYear

from desks.figures.regions import JOINED
from households.models import Particulars

# The Ministry's table sums up the first years: until 1998, and 1999 to 2001.
FIRST_YEARS = ((None, 1998), (1999, 2001))
# Ages at entry in tens of years, the last one open.
OLDEST = 60
SEXES = ("M", "F")
NOT_KNOWN = ""
Counts = dict[str, Counter]


@dataclass(frozen=True)
class Population:
    """Counts of defectors by sex ("M", "F", "U"): `years` by label of the Ministry's table, `ages` by ten years,
    `regions` by code of the region; "" is what nobody knows."""

    on: date
    known_by: datetime
    years: Counts
    ages: Counts
    regions: Counts


def counted(on: date, known_by: datetime) -> Population:
    """Return the Population of a day as known by a moment; three queries, however many people there are."""
    return Population(on, known_by, _by_year(on, known_by), _by_age(on, known_by), _by_region(on, known_by))


def band_of_year(year: int | None) -> str:
    """Return the label of the row in which a year of entry is counted: "~1998", "1999–2001", "2002", or ""."""
    if year is None:
        return NOT_KNOWN
    for first, last in FIRST_YEARS:
        if (first is None or year >= first) and year <= last:
            return f"~{last}" if first is None else f"{first}–{last}"
    return str(year)


def last_year_of(label: str) -> int | None:
    """Return the last year that a label of the table covers; None for "not known"."""
    return int(label[-4:]) if label else None


def band_of_age(ten: int | None) -> str:
    """Return "0-9", "10-19", … "60+" for the ten in which an age lies, or ""."""
    if ten is None or ten < 0:
        return NOT_KNOWN
    return f"{OLDEST}+" if ten >= OLDEST else f"{ten}-{ten + 9}"


def _by_year(on: date, known_by: datetime) -> Counts:
    rows = Particulars.objects.known_by(known_by).filter(is_defector=True).exclude(entered_on__gt=on)
    grouped = rows.order_by().values_list(ExtractYear("entered_on"), "sex").annotate(Count("pk"))
    found: Counts = {}
    for year, sex, number in grouped:
        found.setdefault(band_of_year(year), Counter())[sex] += number
    return dict(sorted(found.items(), key=lambda item: last_year_of(item[0]) or 9999))


_CAME = """
    SELECT person_id, sex, birth_on, entered_on FROM households_particulars
    WHERE is_defector AND known_at <= %(known)s AND (superseded_at IS NULL OR superseded_at > %(known)s)
        AND (entered_on IS NULL OR entered_on <= %(on)s)
"""


def _by_age(on: date, known_by: datetime) -> Counts:
    return _grouped(
        f"""
        SELECT floor(extract(year FROM age(entered_on, birth_on)) / 10)::int * 10, sex, count(*)
        FROM ({_CAME}) came GROUP BY 1, 2 ORDER BY 1, 2
        """,
        on,
        known_by,
        band_of_age,
    )


def _by_region(on: date, known_by: datetime) -> Counts:
    """By the region in which the household lives whose member the person is on the day; of residents alone."""
    return _grouped(
        f"""
        SELECT sido.code, came.sex, count(DISTINCT came.person_id)
        FROM ({_CAME}) came
        JOIN households_residence here ON here.person_id = came.person_id AND here.status = 'resident'
            AND {_then("here")}
        LEFT JOIN households_membership member ON member.person_id = came.person_id AND member.kind = 'living'
            AND {_then("member")}
        LEFT JOIN households_dwelling home ON home.household_id = member.household_id AND {_then("home")}
        LEFT JOIN agencies_district district ON district.id = home.district_id
        LEFT JOIN agencies_district sido ON sido.id = coalesce(district.parent_id, district.id)
        GROUP BY 1, 2 ORDER BY 1, 2
        """,
        on,
        known_by,
        lambda code: JOINED.get(code or NOT_KNOWN, code or NOT_KNOWN),
    )


def _then(name: str) -> str:
    """Return the condition that the version of a fact stood then and held on the day."""
    known = f"{name}.known_at <= %(known)s AND ({name}.superseded_at IS NULL OR {name}.superseded_at > %(known)s)"
    return f"{known} AND {name}.during @> %(on)s::date"


def _grouped(sql: str, on: date, known_by: datetime, label) -> Counts:
    found: Counts = {}
    with connection.cursor() as cursor:
        cursor.execute(sql, {"on": on, "known": known_by})
        for key, sex, number in cursor.fetchall():
            found.setdefault(label(key), Counter())[sex] += number
    return found
