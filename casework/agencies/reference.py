"""Reference data that stands after every `migrate`: districts, agencies, who covers what, holidays, the system user.

Facts are in `data/*.csv`. 시·군·구 are the bodies with a local government of their own (226) with 세종 and the two
administrative cities of 제주: not the 구 of 수원 and other cities. Codes are the five-digit standard administrative
codes after 강원 (2023-06), 군위 (2023-07) and 전북 (2024-01). 인천 keeps its 8 구 and 2 군 here: the law that makes
제물포구, 영종구 and 검단구 from 2026-07-01 splits 중구 and 서구 by 동, and a register that says only 인천 중구 could no
longer be placed; one centre covers all of 인천 either way.

Names, areas and jurisdictions of the Hana Centers come from no official list; rows marked `unofficial` say so. An
administrator corrects jurisdictions on screen: rows are added where nothing was ever said, and never overwritten.
"""

import csv
from pathlib import Path

import holidays
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import connections, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from casework.agencies.districts import SEJONG
from casework.agencies.models import Agency, District, Jurisdiction, User
from casework.agencies.models import Kind as AgencyKind
from casework.agencies.models.user import SYSTEM
from casework.clock import Holiday

DATA = Path(__file__).parent / "data"
HOLIDAY_YEARS = range(1998, 2036)


def load_reference(using="owner"):
    """Put in what is missing and correct what changed; a second run changes nothing.

    The number of statements does not depend on the number of rows. Does nothing while the tables are not all there
    (a migration that stopped half-way, or went back).
    """
    models = (District, Group, Agency, Jurisdiction, Holiday, User)
    if not {model._meta.db_table for model in models} <= set(connections[using].introspection.table_names()):
        return
    with transaction.atomic(using=using):
        districts = _load_districts(using)
        agencies = _load_agencies(districts, using)
        _load_jurisdictions(agencies, districts, using)
        _load_holidays(using)
        _load_system_user(using)


def rows(path):
    """Return the rows of a reference file as dicts."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def upsert(model, items, key, fields, using):
    """Insert or update `items` by their unique `key` in one statement; each comes back with its primary key."""
    return model.objects.using(using).bulk_create(
        items, update_conflicts=True, unique_fields=[key], update_fields=fields
    )


def _load_districts(using):
    """Return {code: District}: the 17 시·도 first, since the others hang on them."""
    fields = ["kind", "parent", "name", "short", "name_en"]
    table = rows(DATA / "districts.csv")
    sido = [
        District(
            code=r["code"], kind=District.Kind.SIDO, name=r["sido_full"], short=r["sido_short"], name_en=r["name_en"]
        )
        for r in table
        if not r["name"]
    ]
    by_code = {d.code: d for d in upsert(District, sido, "code", fields, using)}
    sigungu = [
        District(
            code=r["code"],
            kind=District.Kind.SIGUNGU,
            parent=by_code[r["code"][:2]],
            name=r["name"],
            name_en=r["name_en"],
        )
        for r in table
        if r["name"]
    ]
    return by_code | {d.code: d for d in upsert(District, sigungu, "code", fields, using)}


def _load_agencies(districts, using):
    """Return {name: Agency}; an agency comes after the one it belongs to. Each gets its own group, once."""
    wanted = [*_national(), *_centers(), *_local_governments(districts)]
    names = [agency["name_ko"] for agency in wanted]
    groups = Group.objects.using(using)
    groups.bulk_create([Group(name=name) for name in names], ignore_conflicts=True)
    group_ids = dict(groups.filter(name__in=names).values_list("name", "id"))
    loaded = {}
    for tier in (False, True):
        items = [
            Agency(**{**a, "parent": loaded.get(a["parent"]), "group_id": group_ids[a["name_ko"]]})
            for a in wanted
            if bool(a["parent"]) is tier
        ]
        # The group stays what it was: shares hang on it.
        fields = ["kind", "name_en", "parent", "region", "unofficial"]
        loaded |= {agency.name_ko: agency for agency in upsert(Agency, items, "name_ko", fields, using)}
    return loaded


def _national():
    for r in rows(DATA / "agencies.csv"):
        yield {name: r[name] for name in ("kind", "name_ko", "name_en", "parent", "region")} | {"unofficial": _yes(r)}


def _centers():
    for r in rows(DATA / "hana_centers.csv"):
        english = r["name_en"].split(" (")[0] + " Hana Center"
        yield _agency(AgencyKind.HANA_CENTER, r["name_ko"], english, "통일부", r["region"]) | {"unofficial": _yes(r)}


def _local_governments(districts):
    """Name the office of every 시·도 and 시·군·구. 세종 is one body doing the work of both: it stands in both."""
    for district in districts.values():
        sido = district.parent or district
        if district is sido:
            yield _agency(AgencyKind.PROVINCE, f"{sido.name}청", f"{sido.name_en} Government", "", sido.short)
        else:
            english = f"{district.name_en} Office, {sido.name_en}"
            yield _agency(AgencyKind.CITY, _office(district), english, f"{sido.name}청", sido.short)


def _office(district):
    return "세종시청" if district.code == SEJONG else f"{district.parent.short} {district.name}청"


def _agency(kind, name_ko, name_en, parent, region):
    return {
        "kind": kind,
        "name_ko": name_ko,
        "name_en": name_en,
        "parent": parent,
        "region": region,
        "unofficial": False,
    }


def _load_jurisdictions(agencies, districts, using):
    """Say who covers each 시·군·구 where no agency of that kind was ever said to; open at both ends."""
    known = Jurisdiction.objects.using(using).values_list("agency__kind", "district_id")
    taken = set(known)
    items = [
        Jurisdiction(agency=agency, district=district, during=DateRange(None, None))
        for agency, district in _covered(agencies, districts)
        if (agency.kind, district.pk) not in taken
    ]
    Jurisdiction.objects.using(using).bulk_create(items)


def _covered(agencies, districts):
    """Yield (agency, 시·군·구): centres by their list, offices their own, the rest the whole of their 시·도."""
    for r in rows(DATA / "jurisdictions.csv"):
        yield agencies[r["center"]], districts[r["district_code"]]
    whole = {r["name_ko"]: r["sido_code"] for r in rows(DATA / "agencies.csv") if r["sido_code"]}
    for district in districts.values():
        if district.parent:
            yield agencies[_office(district)], district
            yield agencies[f"{district.parent.name}청"], district
            for name in (name for name, code in whole.items() if code == district.parent.code):
                yield agencies[name], district


def _load_holidays(using):
    korean = holidays.country_holidays("KR", years=HOLIDAY_YEARS, language="ko")
    english = holidays.country_holidays("KR", years=HOLIDAY_YEARS, language="en_US")
    items = [
        Holiday(day=day, name_ko=name.replace("; ", " · "), name_en=english[day].replace("; ", " · "))
        for day, name in sorted(korean.items())
    ]
    upsert(Holiday, items, "day", ["name_ko", "name_en"], using)


def _load_system_user(using):
    """Make the user that commands act as; it has no password and is not active, so it cannot log in."""
    system = User(username=SYSTEM, name="시스템", password=make_password(None), is_active=False)
    User.objects.using(using).bulk_create([system], ignore_conflicts=True)


def _yes(row):
    return row["unofficial"] == "yes"
