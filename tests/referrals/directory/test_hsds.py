"""The directory out and back in as Open Referral HSDS 3: valid, exact, and refused rows are named."""

import json
from datetime import date
from io import StringIO

import jsonschema
import pytest
from django.core.management import call_command
from django.db.backends.postgresql.psycopg_any import DateRange

from referrals.models import Service
from tests.factories.referrals import OfficeFactory
from tests.factories.services import WEEK, ServiceFactory
from tests.referrals.directory.hsds_facts import schema

pytestmark = pytest.mark.django_db


@pytest.fixture
def listed():
    office = OfficeFactory(name_ko="시험 구청 하나", region="서울")
    ServiceFactory(agency=office, name_ko="생계", covers=["서울 관악구", "서울 강남구"], source="목록", unofficial=True)
    ServiceFactory(
        agency=office,
        need="mind",
        name_ko="마음",
        name_en="",
        bring_ko="",
        guidance_ko="밤에도 전화할 수 있습니다.",
        guidance_en="You can call at night too.",
        channels=["online", "post"],
        url="https://example.org/mind",
        phone="",
        capacity=4,
        capacity_on=date(2026, 11, 2),
        hours=WEEK + ", sat 10:00-24:00",
        during=DateRange(date(2025, 3, 1), date(2025, 9, 1)),
        source="목록",
    )


@pytest.fixture
def file(tmp_path):
    return tmp_path / "services.json"


def exported(file):
    call_command("export_services", str(file), stdout=StringIO())
    return json.loads(file.read_text(encoding="utf-8"))


def brought(file, rows=None, source="목록"):
    """Return (exit code, what the command printed as JSON)."""
    if rows is not None:
        file.write_text(rows if isinstance(rows, str) else json.dumps(rows), encoding="utf-8")
    out, code = StringIO(), 0
    try:
        call_command("import_services", str(file), "--source", source, "--json", stdout=out, stderr=StringIO())
    except SystemExit as stopped:
        code = stopped.code
    return code, json.loads(out.getvalue())


def stated():
    skip = {"id", "agency_id", "_state", "_prefetched_objects_cache"}
    rows = Service.objects.order_by("uid").prefetch_related("districts")
    return [
        {**{k: v for k, v in vars(row).items() if k not in skip}, "in": [d.code for d in row.districts.all()]}
        for row in rows
    ]


def test_what_is_exported_fits_the_published_schema(listed, file):
    page = exported(file)
    assert page["total_items"] == 2
    jsonschema.Draft202012Validator(schema(), format_checker=jsonschema.FormatChecker()).validate(page)


def test_an_empty_directory_is_a_valid_page(file):
    page = exported(file)
    assert page["empty"]
    jsonschema.validate(page, schema())


def test_the_round_trip_is_exact(listed, file):
    first, before = exported(file), stated()
    Service.objects.all().delete()
    assert brought(file) == (0, {"rows": 2, "loaded": 2, "unchanged": 0, "superseded": 0, "refused": []})
    assert stated() == before
    assert exported(file) == first


def test_a_second_import_changes_nothing_and_a_changed_row_is_superseded(listed, file):
    rows = exported(file)["contents"]
    assert brought(file, rows)[1]["unchanged"] == 2
    rows[0]["eligibility_description"] = "누구나"
    code, told = brought(file, rows, source="새 목록")
    assert (code, told["superseded"], told["loaded"], told["unchanged"]) == (0, 1, 1, 1)
    assert Service.objects.get(uid=rows[0]["id"]).source == "새 목록"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"id": "7"}, "id"),
        ({"name": ""}, "name"),
        ({"name": 7}, "name"),
        ({"organization": {"name": "없는 기관"}}, "organization"),
        ({"attributes": []}, "attributes"),
        ({"schedules": [{"freq": "MONTHLY", "byday": "2MO"}]}, "schedules"),
        ({"schedules": [{"freq": "WEEKLY", "byday": "MO", "opens_at": "9", "closes_at": "18"}]}, "schedules"),
        ({"service_areas": [{"uri": "urn:kr:district:0"}]}, "service_areas"),
        ({"capacities": [{"available": 3}]}, "capacities"),
        ({"url": "no address"}, "url"),
        ({"phones": "02-000-0000"}, "phones"),
        ({"service_at_locations": [{"location": "x"}]}, ""),
    ],
)
def test_a_refused_row_is_named_and_the_rest_is_kept(listed, file, change, field):
    rows = exported(file)["contents"]
    Service.objects.all().delete()
    code, told = brought(file, [rows[0] | change, rows[1]])
    assert (code, told["loaded"]) == (1, 1)
    assert [(row["row"], row["field"]) for row in told["refused"]] == [(1, field)]
    assert told["refused"][0]["reason"]


@pytest.mark.parametrize("text", ["no json", '{"contents": 7}', "7"])
def test_a_file_that_cannot_be_read_is_refused_whole(file, text):
    code, told = brought(file, text)
    assert (code, told["loaded"], told["refused"][0]["row"]) == (2, 0, 0)


def test_a_file_that_is_not_there_is_refused_in_words(tmp_path):
    with pytest.raises(SystemExit) as stopped:
        call_command("import_services", str(tmp_path / "none"), "--source", "목록", stderr=StringIO())
    assert stopped.value.code == 2
