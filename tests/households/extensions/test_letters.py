"""What is printed: the form, the result, the record of a sitting."""

import pytest

from casework.audit.models import AccessLog
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


def test_there_is_no_result_before_the_decision(cast, at, go):
    request = at("draft")
    answer = go(cast.worker, "get", url("extension_paper", request.number, "result"))
    assert "결정하기 전에는" in said(answer)[0]


def test_the_record_of_a_sitting_is_printed_without_names_of_people(cast, at, go):
    meeting = held(cast, at("received"), closed=True)
    answer = go(cast.first, "get", url("sitting_minutes", meeting.number))
    assert answer.content[:5] == b"%PDF-"
    assert go(cast.worker, "get", url("sitting_minutes", meeting.number)).status_code == 403
