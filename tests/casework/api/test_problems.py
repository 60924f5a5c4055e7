"""Every error is a problem detail and tells nothing about our insides."""

import json

import pytest
from django.test import Client

from casework.api.problems import TYPES
from tests.factories.api import Caller
from tests.factories.referrals import OfficeFactory, ReferralFactory

pytestmark = pytest.mark.django_db


def told(answer, code):
    status, _title = TYPES[code]
    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    body = json.loads(answer.content)
    assert (body["status"], body["code"]) == (status, code)
    assert body["type"].endswith(f"#{code}")
    assert body["title"]
    return body


@pytest.fixture
def caller():
    return Caller(OfficeFactory())


def test_without_a_token_or_with_a_wrong_one_nothing_is_told(client):
    for headers in (
        {},
        {"Authorization": "Bearer cw_nobody"},
        {"Authorization": "Bearer"},
        {"Authorization": "Basic x"},
    ):
        answer = client.get("/api/v1/referrals", headers=headers)
        told(answer, "no_token")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_session_is_no_token(client):
    from tests.factories import UserFactory

    client.force_login(UserFactory())
    told(client.get("/api/v1/referrals"), "no_token")


def test_an_address_that_does_not_exist_is_a_problem_too(caller, client):
    told(caller.get("referrals/R-0000-0000-0"), "not_found")
    told(caller.get("nothing/here"), "not_found")
    told(client.get("/api/v9"), "not_found")
    assert client.get("/nothing/").headers["Content-Type"].startswith("text/html")


def test_a_method_a_body_and_a_kind_that_are_not_read_here(caller):
    answer = caller.post("agencies")
    told(answer, "method")
    assert "GET" in answer.headers["Allow"]
    told(caller.post("referrals", b"{", "application/json"), "malformed")
    told(caller.post("referrals", b"a=1", "application/x-www-form-urlencoded"), "media_type")
    told(caller.get("referrals", Accept="text/html"), "not_acceptable")


@pytest.mark.parametrize(
    "raw",
    [
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"title": "\\u0000"}',
        b'{"title": "\\ud800"}',
        b'{"title": NaN}',
        b"",
        b"[]",
        b"1",
        b"null",
        b'"text"',
    ],
)
def test_no_body_is_too_strange_to_be_refused(caller, raw):
    answer = caller.post("referrals", raw)
    assert answer.status_code in (400, 422)
    told(answer, "malformed" if answer.status_code == 400 else "invalid")


def test_a_text_that_only_looks_like_an_escape_is_a_text(caller):
    from casework.api.parsing import parsed

    assert parsed(b'{"a": "\\\\u0000"}') == {"a": "\\u0000"}


def test_what_is_too_large_is_not_read(caller, settings):
    settings.API_MOST_BYTES = 100
    told(caller.post("referrals", {"title": "x" * 200}), "too_large")


def test_what_is_not_right_is_said_field_by_field(caller):
    body = told(caller.post("referrals", {"title": "", "need": "gold", "desired": [{"text": ""}]}), "invalid")
    fields = {error["field"] for error in body["errors"]}
    assert {"title", "need", "to_agency", "request", "ground"} <= fields
    assert any(field.startswith("desired") for field in fields)


def test_what_fails_here_tells_nothing(monkeypatch):
    from referrals.api import listing

    def fail(*arguments):
        raise RuntimeError("secret of the house")

    monkeypatch.setattr(listing, "page", fail)
    caller = Caller(OfficeFactory())
    caller.client = Client(raise_request_exception=False)
    answer = caller.get("referrals")
    body = told(answer, "failed")
    assert "house" not in json.dumps(body)


def test_the_sentences_come_in_the_callers_language(caller):
    english = told(caller.get("referrals/R-0000-0000-0"), "not_found")["title"]
    korean = told(caller.get("referrals/R-0000-0000-0", Accept_Language="ko"), "not_found")["title"]
    assert english != korean
    assert any("가" <= char <= "힣" for char in korean)


def test_a_stranger_and_nothing_are_answered_the_same(caller):
    foreign = ReferralFactory()
    there = caller.get(f"referrals/{foreign.number}")
    nowhere = caller.get("referrals/R-0000-0000-0")
    assert there.content == nowhere.content
