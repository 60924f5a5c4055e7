"""What is printed: the form, the result, the record of a sitting."""

import pytest

from casework.audit.models import AccessLog
from tests.factories.standings import stands
from tests.households.extensions.conftest import held, said, url

pytestmark = pytest.mark.django_db


def test_letters_are_printed_and_logged(cast, at, go):
    request = at("told")
    for kind, user in (("form", cast.worker), ("result", cast.worker), ("result", cast.first), ("local", cast.first)):
        answer = go(user, "get", url("extension_paper", request.number, kind))
        assert answer.content[:5] == b"%PDF-"
        assert f"{request.number}-{kind}.pdf" in answer["Content-Disposition"]
    assert AccessLog.objects.filter(act="export", subjects=[cast.person.pk]).count() == 4
    assert go(cast.worker, "get", url("extension_paper", request.number, "other")).status_code == 404
    assert go(cast.stranger, "get", url("extension_paper", request.number, "form")).status_code == 404


def test_the_result_tells_the_reasons_and_the_objection_and_the_office_is_told_neither(cast, at, go, written):
    request = at("told", outcome="refused")
    go(cast.first, "get", url("extension_paper", request.number, "result"))
    told = "\n".join(written)
    for words in ("혼자 지내시고 치료가 이어집니다.", "90일", "60일", "제32조", "제50조", "정금주"):
        assert words in told
    written.clear()
    go(cast.officer, "get", url("extension_paper", request.number, "local"))
    assert "치료가 이어집니다" not in "\n".join(written)
    assert "정금주" in "\n".join(written)


def test_of_a_protected_household_the_office_is_told_the_case_number(cast, at, go, written):
    request = at("decided")
    stands(cast.household, address_protected=True)
    go(cast.officer, "get", url("extension_paper", request.number, "local"))
    assert cast.person.case_number in "\n".join(written)
    assert "정금주" not in "\n".join(written)


def test_there_is_no_result_before_the_decision(cast, at, go):
    request = at("draft")
    answer = go(cast.worker, "get", url("extension_paper", request.number, "result"))
    assert "결정하기 전에는" in said(answer)[0]


def test_the_record_of_a_sitting_is_printed_without_names_of_people(cast, at, go):
    meeting = held(cast, at("received"), closed=True)
    answer = go(cast.first, "get", url("sitting_minutes", meeting.number))
    assert answer.content[:5] == b"%PDF-"
    assert go(cast.worker, "get", url("sitting_minutes", meeting.number)).status_code == 403
