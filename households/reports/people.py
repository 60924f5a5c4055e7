"""Who stands in a local government's report, or in its register, on a day, and what is known of each; set-based."""

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import OuterRef, Subquery

from casework.agencies.models import Jurisdiction
from casework.clock import PROTECTION_YEARS, add_months, age_on
from households.members import marked_among, names_on
from households.models import (
    Circumstance,
    Dwelling,
    Household,
    Membership,
    Particulars,
    ProtectionDecision,
    ProtectionPeriod,
    Residence,
    Responsibility,
    SettlementAnswer,
)
from households.models.circumstance import Aspect
from households.models.conflict import barred_people
from households.reports.columns import BENEFIT, EMPLOYMENT, asked_of
from households.reports.halves import last_day

REGISTER, OFFICE = "register", "office"
GONE = (Residence.Status.DECEASED, Residence.Status.EMIGRATED)
MONTHS = PROTECTION_YEARS * 12
# What the report says of a benefit on record: what is received before what is asked for, and never why not.
RECEIVED = "receiving"
_WEIGHT = {"none": 0, "applying": 1, "other": 2, "livelihood": 3}
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Row:
    """One person: `cells` is what the report shows (JSON), `asked` the columns that are asked, `missing` of those the
    ones nobody has answered. `guarded`: a violence marker keeps the name and the place back."""

    person: int
    household: int
    cells: dict
    asked: tuple = ()
    missing: tuple = ()
    guarded: bool = False
    line: int | None = field(default=None, compare=False)


def reported(agency_id, on):
    """Return Particulars, one for each person of an agency's report: a defector who lives in its districts on the day
    and whose first move-in lies less than five years back.

    Left out, by our own reading of 북한이탈주민법 제23조 (보호대상자의 실태): who was decided not to be protected, has
    died or emigrated. Five years end the day before the anniversary, as in `clock.five_years_from`.
    """
    gone = Residence.objects.current().during(on).filter(status__in=GONE)
    refused = ProtectionDecision.objects.current().during(on)
    refused = refused.filter(decision=ProtectionDecision.Decision.NON_PROTECTED)
    rows = Particulars.objects.current().filter(
        is_defector=True,
        moved_in_on__gt=add_months(on, -MONTHS),
        moved_in_on__lte=on,
        person__in=_living(agency_id, on),
    )
    rows = rows.exclude(person__in=gone.values("person")).exclude(person__in=refused.values("person"))
    return located(rows, on).order_by("person")


def registered(by, on, *, today):
    """Return ProtectionPeriods of the residence-protection register (거주지보호대장) of the agency of `by` on a day:
    those that run then, of the people who lived in its districts then and live there today; the next to end first.

    Who may be read is always today's: whoever has left is named to the agency no more, of whatever day it asks, and
    nobody to an officer whom a conflict of interest bars from them.
    """
    rows = ProtectionPeriod.objects.current().during(on).filter(person__in=_living(by.agency_id, on))
    rows = rows.filter(person__in=_living(by.agency_id, today)).exclude(person__in=barred_people(by))
    return located(rows, on).order_by("during__endswith", "id")


def all_live_there(people, agency_id, *, on):
    """Say whether all of `people` (ids) live, on a day, in the districts of an agency; one query."""
    return not set(people) - set(_living(agency_id, on).filter(person__in=people).values_list("person", flat=True))


def located(rows, on):
    """Add to rows about people where they live on a day: household, district, town, and the centre that answers."""
    home = Membership.objects.current().during(on).filter(person=OuterRef("person"), kind=Household.Kind.LIVING)
    inner = (
        Membership.objects.current().during(on).filter(person=OuterRef(OuterRef("person")), kind=Household.Kind.LIVING)
    )
    dwelling = Dwelling.objects.current().during(on).filter(household__in=inner.values("household"))
    duty = Responsibility.objects.current().during(on).filter(household__in=inner.values("household"))
    return rows.annotate(
        household=Subquery(home.order_by("id").values("household")[:1]),
        district=Subquery(dwelling.order_by("id").values("district__name")[:1]),
        town=Subquery(dwelling.order_by("id").values("town")[:1]),
        centre=Subquery(duty.order_by("id").values("center__name_ko")[:1]),
    )


def stamp_of(row):
    """Return the checksum of what a Row says in the columns that are asked: whoever answers on a page that says
    something else by now has not seen it."""
    told = json.dumps([row.cells[column] for column in row.asked], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def rows_of(agency_id, half_begins, form, people=None):
    """Return the Row of everybody in a half-year's report, in the order of their case numbers; ten queries at most,
    however many they are. `people`: of these ids alone."""
    on = last_day(half_begins)
    found = reported(agency_id, on).select_related("person")
    found = list(found if people is None else found.filter(person__in=people))
    ids = [row.person_id for row in found]
    names, marked = names_on(ids, on), marked_among(ids)
    told, ends = _told(ids, agency_id, half_begins, on), _ends(ids, on)
    rows = [_row(row, names, row.person_id in marked, told[row.person_id], ends, form, on) for row in found]
    return sorted(rows, key=lambda row: row.cells["case"])


def _row(row, names, marked, told, ends, form, on):
    born = row.birth_on if row.birth_on and row.birth_on <= on else None
    asked = asked_of(age_on(born, on) if born else None, form)
    cells = {
        "case": row.person.case_number,
        "name": row.person.case_number if marked else names.get(row.person_id, ""),
        "sex": row.sex,
        "born": row.birth_on.year if row.birth_on else None,
        "moved_in": row.moved_in_on.isoformat(),
        "until": ends.get(row.person_id, ""),
        "district": row.district or "",
        "town": "" if marked else row.town or "",
        "centre": row.centre or "",
        "guarded": marked,
        "asked": list(asked),
        **{column: told.get(column) for column in asked},
    }
    missing = tuple(column for column in asked if not cells[column])
    return Row(row.person_id, row.household, cells, asked, missing, marked)


def frozen_rows(lines):
    """Return the Row of each SettlementLine as it was frozen; who carries a violence marker by now is called by the
    case number, and the town is kept back, whatever was frozen."""
    lines = list(lines)
    marked = marked_among([line.person_id for line in lines])
    return [_thawed(line, line.person_id in marked) for line in lines]


def _thawed(line, marked):
    cells = dict(line.cells)
    if marked or cells["guarded"]:
        cells |= {"name": cells["case"], "town": "", "guarded": True}
    asked = tuple(cells["asked"])
    missing = tuple(column for column in asked if not cells[column])
    return Row(line.person_id, line.household_id, cells, asked, missing, cells["guarded"], line.pk)


def _living(agency_id, on):
    """Return the ids of those who live, on a day, in a household in a district that the agency covers that day."""
    area = Jurisdiction.objects.filter(agency=agency_id, during__contains=on).order_by()
    homes = Dwelling.objects.current().during(on).filter(district__in=area.values("district"))
    members = Membership.objects.current().during(on).filter(household__in=homes.values("household"))
    return members.filter(kind=Household.Kind.LIVING).values("person")


def _ends(ids, on):
    """Return {person: last day of the protection that runs, as ISO}; one query."""
    rows = ProtectionPeriod.objects.current().during(on).filter(person__in=ids, during__endswith__isnull=False)
    last = rows.order_by("id").values_list("person", "during")
    return {person: (during.upper - _DAY).isoformat() for person, during in last}


def _told(ids, agency_id, half_begins, on):
    """Return {person: {column: {"value", "on", "from"}}}: what the local government found out for this half-year,
    else what the register says for its last day; two queries."""
    found = defaultdict(dict)
    aspects = (Aspect.EMPLOYMENT, Aspect.BENEFIT)
    stated = Circumstance.objects.current().during(on).filter(person__in=ids, kind__in=aspects)
    for row in stated.order_by("id"):
        _hear(found[row.person_id], row)
    own = SettlementAnswer.objects.current().filter(person__in=ids, agency=agency_id, half_begins=half_begins)
    for row in own.order_by("id"):
        found[row.person_id][row.column] = _cell(row.value, row.observed_on, OFFICE)
    return found


def _hear(told, row):
    if row.kind == Aspect.EMPLOYMENT:
        if row.value != "unknown":
            told[EMPLOYMENT] = _cell(row.value, row.during.lower, REGISTER)
        return
    value = _benefit(row)
    known = told.get(BENEFIT)
    if known is None or _WEIGHT[value] > _WEIGHT[known["value"]]:
        told[BENEFIT] = _cell(value, row.during.lower, REGISTER)


def _benefit(row):
    if row.value == RECEIVED:
        return "livelihood" if row.detail == "livelihood" else "other"
    return "applying" if row.value == "applying" else "none"


def _cell(value, day, source):
    return {"value": value, "on": day.isoformat() if day else "", "from": source}
