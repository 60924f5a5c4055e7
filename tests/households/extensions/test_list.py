"""The list of requests: empty, protected, always the same number of questions."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import PersonFactory, UserFactory
from tests.factories.extensions import request_of
from tests.factories.households import members_of
from tests.factories.standings import stands
from tests.households.extensions.conftest import url

pytestmark = pytest.mark.django_db


def test_the_list_is_empty_in_words_and_closed_to_others(cast, go):
    for user in (cast.worker, cast.officer, cast.first):
        assert "진행 중인 요청이 없습니다" in go(user, "get", url("extensions")).content.decode()
    assert go(UserFactory(role="town_worker"), "get", url("extensions")).status_code == 403


def test_a_protected_household_is_called_by_its_number_in_lists(cast, at, go):
    at("submitted")
    stands(cast.household, address_protected=True)
    page = go(cast.first, "get", url("extensions")).content.decode()
    assert cast.person.case_number in page
    assert "정금주" not in page


def test_of_a_protected_household_no_place_is_asked_for(cast, go):
    path = url("extension_new", cast.person.pk)
    assert "place" in go(cast.worker, "get", path).context["form"].fields
    stands(cast.household, address_protected=True)
    assert "place" not in go(cast.worker, "get", path).context["form"].fields


def own_queries(go, user, path):
    go(user, "get", path)
    with CaptureQueriesContext(connection) as queries:
        assert go(user, "get", path).status_code == 200
    asked = [one["sql"] for one in queries]
    return [sql for sql in asked if ("FROM (" not in sql[:80] and 'FROM "households_' in sql) or "risk_" in sql[:300]]


def test_the_list_asks_the_same_for_two_and_for_twenty(cast, go):
    counts = []
    for more in (2, 18):
        for _n in range(more):
            one = PersonFactory(household=cast.household)
            request_of(one, by=cast.worker)
        counts.append({user.pk: own_queries(go, user, url("extensions")) for user in (cast.worker, cast.first)})
    for user in (cast.worker, cast.first):
        assert len(counts[0][user.pk]) == len(counts[1][user.pk]) <= 5, counts[1][user.pk]
    assert len(members_of(cast.household)) == 21
