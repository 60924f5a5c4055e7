"""Each step of a request works, refuses GET, is 404 to a stranger and 403 to the wrong role; twice changes nothing."""

import pytest

from households.extensions import deciding
from tests.factories import UserFactory
from tests.households.extensions.conftest import said, url

pytestmark = pytest.mark.django_db


STEPS = [
    ("sign", "draft", "worker", "boss", {"signature": "drawn", "signed_on": "today"}),
    ("rewrite", "signed", "worker", "boss", {}),
    ("submit", "signed", "worker", "boss", {}),
    ("receive", "submitted", "first", "second", {"received_on": "today"}),
    ("take_off", "agenda", "first", "second", {"reason": "자료를 기다립니다."}),
    ("prepare", "agenda", "first", "second", {"outcome": "refused", "reasons": "사유를 확인하지 못했습니다."}),
    ("send_back", "prepared", "second", "first", {"reason": "사유를 더 적어 주십시오."}),
    ("decide", "prepared", "second", "second", {}),
    ("tell", "decided", "first", "second", {"told_on": "today", "told_way": "handed", "told_proof": "본인"}),
    ("withdraw", "received", "worker", "first", {"reason": "이사하게 되었습니다."}),
]


@pytest.mark.parametrize(("verb", "stands", "who", "again", "words"), STEPS)
def test_each_step(cast, at, go, verb, stands, who, again, words):
    request = at(stands)
    words = {name: cast.on if said == "today" else said for name, said in words.items()}
    path = url("extension_step", request.number, verb)
    user = getattr(cast, who)
    assert go(user, "get", path).status_code == 405
    assert go(cast.stranger, "post", path, **words).status_code == 404
    wrong = UserFactory(agency=cast.first.agency, role="ministry_officer")
    ours = who == "worker"
    if not ours or verb != "withdraw":
        wrong = cast.worker if not ours else UserFactory(agency=cast.centre, role="counsellor")
        assert go(wrong, "post", path, **words).status_code == (403 if not ours else 404)
    if words:
        assert go(user, "post", path).status_code == 422
    assert go(user, "post", path, **words).status_code == 200
    request.refresh_from_db()
    first = request.status
    assert first != stands
    answer = go(getattr(cast, again), "post", path, **words)
    assert answer.status_code in (200, 403)
    request.refresh_from_db()
    assert request.status == first


def test_the_preparer_may_look_and_not_decide(cast, at, go):
    request = at("prepared")
    page = go(cast.first, "get", url("extension", request.number))
    assert "decide" not in {step.verb for step in page.context["buttons"]}
    assert go(cast.first, "post", url("extension_step", request.number, "decide")).status_code == 403
    assert "준비한 대로 결정" in go(cast.second, "get", url("extension", request.number)).content.decode()


def test_two_at_once_one_wins_and_the_other_is_told(cast, at, go):
    request = at("submitted")
    deciding.receive(request, by=cast.second, now=cast.now, received_on=cast.on)
    late = go(cast.first, "post", url("extension_step", request.number, "receive"), received_on=cast.on)
    assert said(late) == ["이 단계는 더 열려 있지 않습니다. 지금 상태는 “통일부 접수”입니다."]
