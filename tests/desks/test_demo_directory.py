"""The demo lists services of the agencies that receive, with numbers that are nobody's."""

from datetime import date

import pytest

from desks.demo import directory
from referrals.models import Service

pytestmark = pytest.mark.django_db


def test_every_kind_that_receives_offers_something_generic():
    listed = directory.write(on=date(2026, 11, 22))
    rows = list(Service.objects.select_related("agency").order_by("id"))
    assert len(rows) == listed > 0
    assert {row.agency.kind for row in rows} >= {"job_centre", "education_office", "mental_health", "foundation"}
    for row in {row.need: row for row in rows}.values():
        row.full_clean()
        assert row.unofficial
        assert "-000-" in row.phone
        assert row.name_en
