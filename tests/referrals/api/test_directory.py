"""The directory as systems read it: pages of HSDS services, by need and district."""

import pytest

from tests.factories.agencies import district
from tests.factories.referrals import OfficeFactory
from tests.factories.services import ServiceFactory

pytestmark = pytest.mark.django_db


def test_the_services_of_a_need_and_a_district_page_by_page(ours):
    here, there = OfficeFactory(), OfficeFactory(covers=["부산 해운대구"])
    mine = [ServiceFactory(agency=here, need="utilities") for _ in range(3)]
    ServiceFactory(agency=there, need="utilities")
    ServiceFactory(agency=here, need="health")
    asked = f"services?need=utilities&district={district('서울 관악구').code}&per_page=2"
    pages = [ours.get(f"{asked}&page={n}").json() for n in (1, 2, 3)]
    found = [one["id"] for page in pages for one in page["contents"]]
    assert set(found) == {str(one.uid) for one in mine}
    assert len(found) == 3
    assert [(page["total_items"], page["total_pages"], page["last_page"], page["empty"]) for page in pages] == [
        (3, 2, False, False),
        (3, 2, True, False),
        (3, 2, True, True),
    ]


def test_what_is_no_district_or_no_need_is_said(ours):
    for wrong in ("district=999", "district=x", "need=flying", "page=0", "per_page=101"):
        assert ours.get(f"services?{wrong}").status_code == 422, wrong
