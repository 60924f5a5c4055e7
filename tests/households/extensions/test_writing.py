"""Writing a request: at the centre, at an office, from paper; papers added to it."""

from uuid import uuid4

import pytest

from households.models import ExtensionRequest, RequestEvidence
from tests.factories import ShareFactory
from tests.households.extensions.conftest import ground, said, sent, url

pytestmark = pytest.mark.django_db


def test_a_worker_writes_a_request_and_a_double_tap_is_one(cast, go):
    path, data = url("extension_new", cast.person.pk), sent(cast, grounds=[ground("ELDERLY").pk])
    form = go(cast.worker, "get", path).context["form"]
    assert form.initial["applicant"] == "정금주"
    assert form.initial["place"] == "서울특별시 관악구 신림동"
    answer = go(cast.worker, "post", path, **data)
    assert answer.status_code == 200
    go(cast.worker, "post", path, **data)
    made = ExtensionRequest.objects.get()
    assert (made.kind, made.route, made.status) == ("extend", "person", "draft")
    assert [one.what for one in made.evidence.all()] == ["진단서", "소득 확인서"]
    assert go(cast.stranger, "get", path).status_code == 404
    assert go(cast.first, "get", path).status_code == 404


def test_while_a_request_is_open_its_page_is_shown_instead_of_a_second_form(cast, go):
    path = url("extension_new", cast.person.pk)
    go(cast.worker, "post", path, **sent(cast))
    made = ExtensionRequest.objects.get()
    again = go(cast.worker, "get", path)
    assert again.redirect_chain[-1][0] == url("extension", made.number)
    assert "이미 진행 중인 요청" in said(again)[0]
    protection = go(cast.worker, "get", url("person_protection", cast.person.case_number)).content.decode()
    assert url("extension", made.number) in protection
    assert path not in protection
    # Who does not see the centre's draft is not told of it.
    assert go(cast.officer, "get", path).context["form"].fields
    go(cast.worker, "post", url("extension_step", made.number, "withdraw"), reason="본인이 철회함")
    assert go(cast.worker, "get", path).context["form"].fields


def test_what_was_typed_stands_beside_the_error(cast, go, last_day):
    path = url("extension_new", cast.person.pk)
    answer = go(cast.worker, "post", path, **sent(cast, asked_until=last_day()))
    assert answer.status_code == 422
    assert "수술 뒤 혼자 지내고" in answer.content.decode()
    assert answer.context["form"].errors["asked_until"]
    assert go(cast.worker, "post", path, **sent(cast, proxy="김대리")).context["form"].errors["proxy_relation"]
    assert not ExtensionRequest.objects.exists()


def test_a_counsellor_of_another_household_writes_nothing_and_a_share_is_not_enough(cast, go):
    ShareFactory(household=cast.household, to_user=cast.stranger)
    assert go(cast.stranger, "get", url("extension_new", cast.person.pk)).status_code == 403


def test_an_office_writes_from_its_register(cast, go):
    register = go(cast.officer, "get", url("register")).content.decode()
    path = url("extension_new", cast.person.pk)
    assert path in register
    form = go(cast.officer, "get", path).context["form"]
    assert form.initial["born_on"] is None  # the register of a district does not hold it
    codes = {one.code for one in form.fields["grounds"].queryset}
    assert "VIOLENCE_VICTIM" not in codes
    go(cast.officer, "post", path, **sent(cast))
    assert ExtensionRequest.objects.get().route == "local"


def test_paper_is_taken_down_by_number_and_birth_date_alone(cast, go):
    path, data = url("extension_on_paper"), sent(cast)
    assert go(cast.worker, "get", path).status_code == 403
    wrong = go(cast.first, "post", path, **data, case_number="1234-5678-9")
    assert wrong.context["form"].errors["case_number"]
    other = go(cast.first, "post", path, **{**data, "born_on": cast.on, "case_number": cast.person.case_number})
    assert other.context["form"].errors["case_number"] == ["사례번호와 생년월일이 서로 맞지 않습니다."]
    go(cast.first, "post", path, **data, case_number=cast.person.case_number.lower())
    assert ExtensionRequest.objects.get().agency == cast.first.agency


def test_the_form_is_changed_while_it_is_a_draft(cast, at, go):
    request = at("draft")
    path = url("extension_edit", request.number)
    assert go(cast.worker, "get", path).context["form"].initial["reason"] == request.reason
    go(cast.worker, "post", path, **sent(cast, reason="고쳐 썼습니다."))
    request.refresh_from_db()
    assert request.reason == "고쳐 썼습니다."
    assert go(cast.stranger, "get", path).status_code == 404
    ExtensionRequest.objects.filter(pk=request.pk).update(submitted_at=cast.now)
    assert go(cast.first, "get", path).status_code == 403
    go(cast.worker, "post", url("extension_step", request.number, "sign"), signature="paper", signed_on=cast.on)
    assert "열려 있지 않습니다" in said(go(cast.worker, "get", path))[0]


def test_a_paper_is_added_once(cast, at, go):
    request, key = at("submitted"), str(uuid4())
    path = url("extension_evidence", request.number)
    for _twice in range(2):
        go(cast.worker, "post", path, what="소견서", client_key=key)
    assert RequestEvidence.objects.count() == 1
    assert go(cast.worker, "get", path).status_code == 405
    assert go(cast.worker, "post", path).status_code == 422
    assert go(cast.stranger, "post", path, what="-").status_code == 404
    assert go(cast.officer, "post", path, what="-").status_code == 404
