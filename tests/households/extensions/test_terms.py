"""The numbers and grounds of the procedure: in force, past and to come, each with what it rests on."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext

from households.extensions.terms import tables_of
from households.models import ExtensionGround, ExtensionTerm
from tests.factories import UserFactory
from tests.households.extensions.conftest import url

pytestmark = pytest.mark.django_db

ON = date(2026, 3, 1)


def entries(code, on=ON):
    return next(table["entries"] for table in tables_of(on) if table["code"] == code)


def replaced(row, day, **changes):
    """End a dated row before a day, and let another one begin on it."""
    words = {f.name: getattr(row, f.name) for f in row._meta.concrete_fields if f.name != "id"}
    type(row).objects.filter(pk=row.pk).update(during=DateRange(None, day))
    return type(row).objects.create(**words | {"during": DateRange(day, None), **changes})


def test_what_ended_and_what_is_to_come_stands_there_with_its_days():
    day = date(2026, 6, 1)
    replaced(ExtensionTerm.objects.get(code="objection"), day, value=60, source="북한이탈주민법 제32조(개정)")
    before = [(one.said, one.state) for one in entries("numbers") if "개정" in one.source or one.said == "90"]
    assert before == [("90", "now"), ("60", "coming")]
    after = {
        one.said: one.state for one in entries("numbers", day) if one.said in ("90", "60") and "32조" in one.source
    }
    assert after == {"90": "past", "60": "now"}
    assert "2026. 5. 31." in next(one.days for one in entries("numbers", day) if one.said == "90")


def test_law_is_told_from_our_own_and_no_ground_is_said_to_be_law():
    numbers = {one.name: one for one in entries("numbers")}
    assert {one.law for one in entries("grounds")} == {False}
    assert len(entries("grounds")) == ExtensionGround.objects.count()
    assert all(one.source for one in numbers.values() if one.law)
    assert {one.said for one in numbers.values() if not one.law} >= {"50", "14"}
    notice = next(one for one in entries("days") if one.law)
    assert "2024. 8. 7." in notice.days
    assert sum(one.law for one in entries("days")) == 1, "the other days are our own"


def test_the_page_is_read_by_who_works_with_protection_and_no_other(go, cast):
    for user in (cast.first, cast.worker, cast.officer):
        page = go(user, "get", url("terms"))
        assert page.status_code == 200
        assert "진단서" in page.content.decode()
        assert "자체 분류" in page.content.decode()
    assert go(UserFactory(role="privacy_auditor"), "get", url("terms")).status_code == 403
    assert go(cast.first, "post", url("terms")).status_code == 405
    assert url("terms") in go(cast.first, "get", url("extensions")).content.decode()


def test_more_rows_ask_no_more(go, cast):
    with CaptureQueriesContext(connection) as few:
        go(cast.first, "get", url("terms"))
    for n in range(15):
        words = {"code": f"MORE{n}", "during": DateRange(ON - timedelta(days=n), None)}
        ExtensionGround.objects.create(name_ko="-", name_en="-", evidence_ko="-", evidence_en="-", **words)
    with CaptureQueriesContext(connection) as many:
        go(cast.first, "get", url("terms"))
    assert len(many) <= len(few)
