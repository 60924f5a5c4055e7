"""Each button works, refuses GET, is 404 to a stranger and 403 to the wrong role; twice changes nothing."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils.translation import override

from casework.audit.models import AccessLog
from households.models import DataRequest, Restriction
from households.requests import correcting, paper
from tests.factories import HouseholdFactory
from tests.factories.households import members_of
from tests.factories.standings import stands
from tests.households.requests.conftest import taken

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"households:{name}", args=args)


def form(**words):
    said = {"kind": "see", "words": "제 기록을 보여 주십시오.", "way": "person", "asker": "self"}
    return {"client_key": str(uuid4()), **said, **words}


GRANTED = {"outcome": "granted", "reasons": "보여 드리겠습니다."}
STEPS = [
    ("check", "received", "boss", {"identity": "document"}),
    ("extend", "checked", "boss", {"until": "later", "reason": "기록이 많아 더 걸립니다."}),
    ("answer", "checked", "boss", GRANTED),
    ("send_back", "proposed", "head", {"reason": "사유를 더 적어 주십시오."}),
    ("sign", "proposed", "head", {}),
    ("tell", "answered", "boss", {"told_on": "today", "told_way": "handed"}),
    ("withdraw", "checked", "worker", {"reason": "필요 없게 되었습니다."}),
]


@pytest.mark.parametrize(("verb", "status", "who", "words"), STEPS)
def test_each_step(cast, at, go, verb, status, who, words):
    made = at(status)
    days = {"today": cast.on, "later": cast.on + timedelta(days=15)}
    words = {name: days.get(said, said) for name, said in words.items()}
    path, user = url("data_request_step", made.number, verb), getattr(cast, who)
    assert go(user, "get", path).status_code == 405
    assert go(cast.stranger, "post", path, **words).status_code == 404
    if who != "worker":
        assert go(cast.worker, "post", path, **words).status_code == 403
    if words:
        assert go(user, "post", path).status_code == 422
        assert DataRequest.objects.get(pk=made.pk).status == status
    assert go(user, "post", path, **words).status_code == 200
    first = DataRequest.objects.get(pk=made.pk)
    assert (first.status, first.extended_until) != (status, None)
    go(user, "post", path, **words)
    again = DataRequest.objects.get(pk=made.pk)
    assert {f.attname: getattr(first, f.attname) for f in first._meta.fields} == {
        f.attname: getattr(again, f.attname) for f in again._meta.fields
    }


def test_the_second_signature_is_not_the_first_ones(cast, at, go):
    made = at("proposed")
    assert go(cast.boss, "post", url("data_request_step", made.number, "sign")).status_code == 403


def test_what_is_decided_beside_the_steps(cast, at, go):
    made = at("checked")
    stands(cast.household, address_protected=True)
    for verb, user, wrong, words in (
        ("harm", cast.boss, cast.worker, {"words": "본인이 혼자 와서 확인하였습니다."}),
        ("notes", cast.counsellor, cast.boss, {"give": "no", "words": "치료 중입니다."}),
    ):
        path = url("data_request_beside", made.number, verb)
        assert go(user, "get", path).status_code == 405
        assert go(cast.stranger, "post", path, **words).status_code == 404
        assert go(wrong, "post", path, **words).status_code == 403
        assert go(user, "post", path).status_code == 422
        assert go(user, "post", path, **words).status_code == 200
        go(user, "post", path, **words)
    made.refresh_from_db()
    assert (made.harm_by, made.notes_given) == (cast.boss, False)


def test_a_correction_is_named_on_the_page(cast, at, go):
    entry = correcting.entries_of(cast.person.pk)[0]
    made = at("answered", "correct", fact=entry.fact_id)
    shown = go(cast.boss, "get", url("data_request", made.number)).content.decode()
    assert reverse("households:name", args=[cast.person.case_number]) in shown
    path = url("data_request_beside", made.number, "done")
    assert go(cast.boss, "get", path).status_code == 405
    assert go(cast.stranger, "post", path).status_code == 404
    assert go(cast.worker, "post", path).status_code == 403
    assert go(cast.boss, "post", path).status_code == 422
    assert go(cast.boss, "post", path, facts=[entry.fact_id]).status_code == 200
    made.refresh_from_db()
    assert made.done_facts == [entry.fact_id]


def test_a_restriction_is_lifted_on_its_page(cast, at, go):
    made = at("answered", "restrict", scopes=["surveys"])
    held = Restriction.objects.current().get(person=cast.person)
    path = url("restriction_lift", made.number, held.fact_id)
    assert go(cast.boss, "get", path).status_code == 405
    assert go(cast.stranger, "post", path, reason="원함").status_code == 404
    assert go(cast.worker, "post", path, reason="원함").status_code == 403
    assert go(cast.boss, "post", path).status_code == 422
    assert go(cast.boss, "post", path, reason="당사자가 원합니다.").status_code == 200
    versions = Restriction.objects.count()
    assert go(cast.boss, "post", path, reason="당사자가 원합니다.").status_code == 200
    assert Restriction.objects.count() == versions
    assert not Restriction.objects.current().filter(during__contains=cast.on).exists()


def test_a_request_is_taken_down_and_nothing_typed_is_lost(cast, go):
    path = url("data_request_new", cast.person.case_number)
    assert go(cast.stranger, "get", path).status_code == 404
    missing = go(cast.worker, "post", path, **form(asker="representative", received_on=cast.on))
    assert missing.status_code == 422
    assert "제 기록을 보여 주십시오." in missing.content.decode()
    key = str(uuid4())
    for _each in range(2):
        answer = go(cast.worker, "post", path, **form(client_key=key, received_on=cast.on))
        assert answer.status_code == 200
    assert DataRequest.objects.count() == 1


def test_the_list_costs_the_same_for_two_and_for_twenty(cast, go, django_assert_max_num_queries):
    for _each in range(2):
        taken(cast)
    go(cast.boss, "get", url("data_requests"))
    seen = []
    for number in (2, 20):
        while DataRequest.objects.count() < number:
            home = HouseholdFactory(worker=cast.worker)
            taken(cast, "restrict", person=members_of(home)[0])
        with django_assert_max_num_queries(30) as asked:
            answer = go(cast.boss, "get", url("data_requests"))
        assert answer.content.decode().count("data-row") == number
        seen.append(len(asked))
    assert seen[0] == seen[1]


def test_an_empty_list_says_so_and_looking_is_logged(cast, go):
    with override("ko"):
        assert go(cast.worker, "get", url("data_requests")).status_code == 200
    assert AccessLog.objects.filter(view="households:data_requests").exists()
    made = taken(cast)
    go(cast.worker, "get", url("data_request", made.number))
    assert AccessLog.objects.filter(view="households:data_request").latest("id").subjects == [cast.person.pk]


def test_each_state_has_its_page(cast, at, go):
    stages = [("received", "see"), ("checked", "correct"), ("proposed", "see"), ("answered", "correct")]
    for status, kind in [*stages, ("told", "explain"), ("checked", "explain")]:
        made = at(status, kind)
        assert go(cast.boss, "get", url("data_request", made.number)).status_code == 200
    made = at("answered", "restrict", scopes=["sharing"])
    for do in ("tell", "lift", "withdraw", "x"):
        assert go(cast.boss, "get", url("data_request", made.number), do=do).status_code == 200


def test_the_letter_says_the_answer_and_how_to_object(cast, at, go):
    made = at("answered", "restrict", outcome="partly", scopes=["surveys"])
    assert go(cast.boss, "get", url("data_request_letter", made.number))["Content-Type"] == "application/pdf"
    with override("ko"):
        said = " ".join(str(word) for _title, words in paper.parts_of(made) for word in words)
    assert "제35조제4항" in said
    assert "확인하지 못하였습니다" in said
    early = go(cast.boss, "get", url("data_request_letter", at("checked").number))
    assert early["Content-Type"].startswith("text/html")
    assert go(cast.stranger, "get", url("data_request_letter", made.number)).status_code == 404
