"""An opinion of the local government: asked for, given once, and what its officer reads."""

import pytest

from casework.audit.models import AccessLog
from households.extensions import deciding
from households.models import ExtensionRequest, LocalOpinion
from tests.households.extensions.conftest import ground, said, sent, url

pytestmark = pytest.mark.django_db


def test_who_only_gives_an_opinion_reads_the_minimum_and_gives_it_once(cast, at, go):
    request = at("received", grounds=[ground("SEVERE_ILLNESS")])
    path = url("extension_opinion", request.number)
    assert go(cast.worker, "post", path, agency=cast.office.pk).status_code == 403
    assert go(cast.first, "get", path).status_code == 405
    assert go(cast.first, "post", path).status_code == 422
    go(cast.first, "post", path, agency=cast.office.pk)
    go(cast.first, "post", path, agency=cast.office.pk)
    opinion = LocalOpinion.objects.get()
    page = go(cast.officer, "get", url("extension", request.number))
    assert "중증질환" not in page.content.decode()
    assert "수술 뒤" not in page.content.decode()
    assert go(cast.officer, "get", url("extension_paper", request.number, "form")).status_code == 404
    give = url("extension_opinion_give", request.number, opinion.pk)
    assert go(cast.officer, "get", give).status_code == 405
    assert go(cast.first, "post", give, words="-").status_code == 403
    assert go(cast.stranger, "post", give, words="-").status_code == 404
    assert go(cast.officer, "post", give).status_code == 422
    go(cast.officer, "post", give, words="연장이 필요합니다.")
    assert "열려 있지 않습니다" in said(go(cast.officer, "post", give, words="아닙니다."))[0]
    opinion.refresh_from_db()
    assert opinion.words == "연장이 필요합니다."


def test_who_only_gave_an_opinion_does_not_read_the_reasons_of_the_decision(cast, at, go):
    request = at("received")
    deciding.ask_opinion(request, agency=cast.office, by=cast.first, now=cast.now)
    said_why = {"decided_by": cast.second, "decided_on": cast.on, "prepared_by": cast.first, "outcome": "refused"}
    ExtensionRequest.objects.filter(pk=request.pk).update(**said_why, reasons="혼자 지내시고 치료가 이어집니다.")
    path = url("extension", request.number)
    assert "치료가 이어집니다" in go(cast.worker, "get", path).content.decode()
    assert "치료가 이어집니다" not in go(cast.officer, "get", path).content.decode()


def test_the_office_that_was_asked_sees_its_turn_and_trying_numbers_leaves_a_trace(cast, at, go):
    request = at("received")
    deciding.ask_opinion(request, agency=cast.office, by=cast.first, now=cast.now)
    assert go(cast.officer, "get", url("extensions")).context["rows"][0]["ours"] is True
    assert go(cast.worker, "get", url("extensions")).context["rows"][0]["ours"] is False
    sent_words = {**sent(cast), "born_on": cast.on, "case_number": cast.person.case_number}
    go(cast.first, "post", url("extension_on_paper"), **sent_words)
    assert AccessLog.objects.filter(act="search", detail={"on_paper": cast.person.case_number}).count() == 1
