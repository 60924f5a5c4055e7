"""The password once more before a file with names leaves, by the same gate for XLSX, CSV and PDF."""

import time

import pytest
from django.urls import resolve, reverse

from casework.agencies.fresh import FIELD, KNOWN
from casework.audit.models import AccessLog, Act
from casework.exports.models import Export
from tests.factories import UserFactory
from tests.factories.exports import REASON, ExportFactory

pytestmark = pytest.mark.django_db
ASK = reverse("exports:ask", args=["agencies"])
PASSWORD = "긴 비밀번호 하나 둘 셋"


@pytest.fixture
def user():
    made = UserFactory(role="supervisor")
    made.set_password(PASSWORD)
    made.save()
    return made


@pytest.fixture
def long_since(client, user):
    """The client of the user, who gave the password long ago."""
    client.force_login(user)
    session = client.session
    session[KNOWN] = int(time.time()) - 400
    session.save()
    return client


def test_who_has_just_logged_in_is_not_asked(client, user, kind):
    client.force_login(user)
    assert client.post(ASK, {"reason": REASON}).status_code == 302


def test_later_it_is_asked_for_and_nothing_typed_is_lost(long_since, kind):
    body = long_since.post(f"{ASK}?kind=전체", {"reason": REASON}).content.decode()
    assert REASON in body
    assert 'type="password"' in body
    assert not Export.objects.exists()
    assert long_since.post(f"{ASK}?kind=전체", {"reason": REASON, FIELD: PASSWORD}).status_code == 302
    assert (Export.objects.get().reason, Export.objects.get().asked) == (REASON, {"kind": "전체"})
    export = ExportFactory(asker=Export.objects.get().asker, kind="agencies", made=True)
    answer = long_since.post(reverse("exports:file", args=[export.number]))
    assert answer.content.startswith(b"PK"), "and not again at once"


def test_a_wrong_password_makes_nothing_and_counts_as_a_failed_log_in(long_since, kind, user):
    answer = long_since.post(ASK, {"reason": REASON, FIELD: "모르는 비밀번호"})
    assert answer.status_code == 422
    assert "비밀번호가 아닙니다" in answer.content.decode()
    assert "모르는 비밀번호" not in answer.content.decode()
    assert not Export.objects.exists()
    assert AccessLog.objects.get(act=Act.LOGIN_FAILED).detail == {"tried": user.username}


def test_somebody_elses_password_is_none(long_since, kind):
    other = UserFactory()
    other.set_password("다른 사람의 비밀번호 12")
    other.save()
    assert long_since.post(ASK, {"reason": REASON, FIELD: "다른 사람의 비밀번호 12"}).status_code == 422


def test_after_so_many_failures_nobody_guesses_on(long_since, kind):
    for _try in range(6):
        answer = long_since.post(ASK, {"reason": REASON, FIELD: "틀림"})
    assert long_since.post(ASK, {"reason": REASON, FIELD: PASSWORD}).status_code != 302
    assert answer.status_code in (403, 422, 429)
    assert not Export.objects.exists()


def test_a_page_that_is_opened_is_opened_after_it(long_since):
    again = reverse("agencies:again")
    assert long_since.get(again).status_code == 405
    answer = long_since.post(again, {"next": "/exports/", FIELD: "틀림"})
    assert answer.status_code == 422
    assert 'value="/exports/"' in answer.content.decode()
    assert long_since.post(again, {"next": "https://elsewhere.example/", FIELD: PASSWORD})["Location"] == "/"
    assert long_since.post(again, {"next": "/exports/", FIELD: PASSWORD})["Location"] == "/exports/"


@pytest.mark.parametrize(
    ("name", "args", "method"),
    [
        ("exports:ask", ["referrals"], "post"),
        ("exports:file", ["X-1"], "post"),
        ("imports:refused", [1], "get"),
        ("households:register_paper", [], "post"),
        ("households:notice_letters", [], "post"),
        ("households:report_paper", ["S-1"], "post"),
        ("households:sitting_minutes", ["C-1"], "get"),
        ("referrals:meeting_minutes", ["M-1"], "post"),
        ("desks:inquiry_file", ["H-1"], "post"),
        ("desks:conference_material_file", ["K-1"], "post"),
        ("desks:conference_record", ["K-1"], "post"),
        ("desks:request_record", ["D-1"], "post"),
        ("desks:logs_file", [], "post"),
    ],
)
def test_every_file_of_several_people_or_a_whole_record_passes_by_it(long_since, name, args, method):
    address = reverse(name, args=args)
    assert resolve(address)
    body = getattr(long_since, method)(address).content.decode()
    assert FIELD in body
