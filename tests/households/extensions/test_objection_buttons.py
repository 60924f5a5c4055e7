"""An objection by its buttons, and the sixty days that count as an answer."""

from datetime import timedelta
from uuid import uuid4

import pytest

from households.extensions import objecting
from households.models import ExtensionRequest, Objection, ProtectionPeriod
from tests.households.extensions.conftest import said, url

pytestmark = pytest.mark.django_db


def test_an_objection_by_its_buttons(cast, at, go):
    request = at("told", outcome="refused")
    new = url("objection_new", request.number)
    words = {"received_on": cast.on, "words": "다시 살펴 주십시오.", "client_key": str(uuid4())}
    assert go(cast.worker, "post", new, **words).status_code == 403
    assert go(cast.stranger, "post", new, **words).status_code == 404
    assert go(cast.first, "get", new).status_code == 405
    assert go(cast.first, "post", new).status_code == 422
    go(cast.first, "post", new, **words)
    go(cast.first, "post", new, **words)
    objection = Objection.objects.get()
    step = lambda verb: url("objection_step", request.number, objection.pk, verb)  # noqa: E731
    answer = {"answer": "accepted", "follow": "nothing", "reasons": "사정을 다시 살폈습니다.", "answered_on": cast.on}
    assert go(cast.worker, "post", step("prepare"), **answer).status_code == 403
    assert go(cast.first, "post", step("prepare")).status_code == 422
    assert go(cast.first, "post", step("prepare"), **{**answer, "follow": "extend"}).status_code == 422
    assert go(cast.first, "post", step("prepare"), **answer).status_code == 200
    assert go(cast.first, "post", step("confirm")).status_code == 403
    go(cast.second, "post", step("confirm"))
    assert "열려 있지 않습니다" in said(go(cast.second, "post", step("confirm")))[0]
    objection.refresh_from_db()
    assert (objection.status, objection.confirmed_by) == ("answered", cast.second)


def test_after_sixty_days_the_page_says_it_counts_as_accepted_and_a_look_changes_nothing(cast, at, go):
    request = at("told", outcome="refused")
    since = cast.on - timedelta(days=61)
    ExtensionRequest.objects.filter(pk=request.pk).update(told_on=since - timedelta(days=5))
    made = objecting.receive(request, received_on=since, words="-", by=cast.first, now=cast.now)
    page = go(cast.first, "get", url("extension", request.number)).content.decode()
    assert "이의신청 받아들인 것으로 봄" in page
    assert f"{cast.on.year}. {cast.on.month}. {cast.on.day}.부터" in page
    assert "시행령 제50조" in page
    row = go(cast.first, "get", url("extensions")).context["rows"][0]
    assert (row["clock"]["state"], row["ours"]) == ("late", True)
    made.refresh_from_db()
    assert made.answer == ""
    assert ProtectionPeriod.objects.current().filter(person=cast.person).count() == 1


@pytest.mark.parametrize(("days", "state"), [(49, ""), (50, "soon"), (60, "soon"), (61, "late")])
def test_the_list_warns_from_the_fiftieth_day(cast, at, go, days, state):
    request = at("told")
    since = cast.on - timedelta(days=days)
    Objection.objects.create(request=request, received_on=since, words="-", received_by=cast.first)
    assert go(cast.first, "get", url("extensions")).context["rows"][0]["clock"]["state"] == state
