"""The page of a request: what is known, what is not, what is kept from whom."""

from datetime import timedelta

import pytest

from casework.audit.models import AccessLog
from households.extensions import paper
from households.models import ExtensionRequest
from tests.factories.standings import stands
from tests.households.extensions.conftest import ground, url

pytestmark = pytest.mark.django_db


def test_the_page_says_what_is_known_and_what_is_not(cast, at, go):
    request = at("received", grounds=[ground("ELDERLY"), ground("SEVERE_ILLNESS")])
    page = go(cast.worker, "get", url("extension", request.number)).content.decode()
    for words in (
        "요청하는 길은 두 가지이고 서로 기다리지 않습니다",
        "없거나 늦어도 요청은 멈추지 않습니다",
        "무엇이 유지되는지 법령에 적힌 문장을 찾지 못했습니다",
        "1인 가구, 만 66세",
        "알 수 없음",
        "자체 기준",
        "북한이탈주민법 제5조제4항",
        "<b>90일 안에</b> 이의신청할 수 있습니다.",
        "<b>60일 안에 답이 없으면</b> 받아들인 것으로 봅니다",
    ):
        assert words in page
    assert AccessLog.objects.filter(subjects=[cast.person.pk], detail={"request": request.number}).exists()


def test_past_the_end_it_says_so_in_words(cast, at, go):
    request = at("received")
    ExtensionRequest.objects.filter(pk=request.pk).update(period_until=cast.on - timedelta(days=1))
    page = go(cast.first, "get", url("extension", request.number)).content.decode()
    assert "끝났고 아직 결정이 없습니다" in page
    row = go(cast.first, "get", url("extensions")).context["rows"][0]
    assert row["clock"]["state"] == "late"


def test_a_marker_set_later_hides_the_address_and_from_the_office_the_name(cast, at, go):
    request = at("submitted", by=cast.officer)
    path = url("extension", request.number)
    assert "신림동" in go(cast.officer, "get", path).content.decode()
    stands(cast.household, address_protected=True)
    for user in (cast.worker, cast.first, cast.officer):
        assert "신림동" not in go(user, "get", path).content.decode()
    assert "정금주" not in go(cast.officer, "get", path).content.decode()
    assert "신림동" not in str(paper._form(request, cast.on).facts)
